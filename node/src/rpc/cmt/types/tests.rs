//! What the answers look like in JSON.

use super::*;
use cybermiles_primitives::{api::CandidateInfo, CMT};
use serde_json::json;

/// Addresses of the accounts with only zeros and only ones.
const ZEROS: &str = "5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM";
const ONES: &str = "5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT";

fn account(byte: u8) -> AccountId {
	[byte; 32].into()
}

fn candidate() -> CandidateInfo<AccountId> {
	CandidateInfo {
		candidate: account(0),
		owner: account(1),
		state: CandidateState::Active,
		role: Role::Standby,
		rank: Some(20),
		stake: 2_000_000 * CMT,
		self_stake: 200_000 * CMT,
		max_stake: 2_000_001 * CMT,
		max_rate: Rate(500),
		default_rate: Rate(200),
		positions: 12,
	}
}

fn profile() -> ProfileInfo {
	ProfileInfo {
		aura_key: Some([7; 32]),
		name: b"Ann".to_vec(),
		website: b"a.example".to_vec(),
		verified: true,
		..Default::default()
	}
}

fn conduct() -> ConductInfo {
	ConductInfo {
		absent: true,
		missed_turns: 3,
		jailed_until: Some(1_800_000_000_000),
		tombstoned: false,
		slashes: 1,
	}
}

/// [`conduct`] in JSON.
fn conduct_json() -> serde_json::Value {
	json!({
		"absent": true,
		"missed_turns": 3,
		"jailed_until": 1_800_000_000_000_u64,
		"tombstoned": false,
		"slashes": 1,
	})
}

fn as_json(value: impl Serialize) -> serde_json::Value {
	serde_json::to_value(value).unwrap()
}

#[test]
fn a_validator_has_the_old_fields_and_ours() {
	let class = ClassInfo { owners: false, agreed: Rate(200), rate: Rate(155), stake: 7 };
	let (info, profile, conduct) = (candidate(), profile(), conduct());
	let summary = CandidateSummary { info, profile, conduct, yearly: 61_250 };
	let validator = Validator::new(summary, 1_500_000 * CMT);
	let expected = json!({
		"id": ZEROS,
		"owner_address": ONES,
		"shares": "2000000000000000000000000",
		"voting_power": "1500000000000000000000000",
		"max_shares": "2000001000000000000000000",
		"comp_rate": "1/5",
		"active": "Y",
		"rank": 20,
		"state": "Backup Validator",
		"pub_key": {
			"type": "sr25519",
			"value": "0x0707070707070707070707070707070707070707070707070707070707070707",
		},
		"description": { "name": "Ann", "website": "a.example", "location": "", "email": "" },
		"verified": "Y",
		"num_of_delegators": 12,
		"candidate": ZEROS,
		"role": "standby",
		"standing": "active",
		"self_stake": "200000000000000000000000",
		"default_rate": 200,
		"max_rate": 500,
		"yearly_yield": 61_250,
		"conduct": conduct_json(),
		"classes": [{ "owners": false, "agreed_rate": 200, "rate": 155, "stake": "7" }],
	});
	assert_eq!(as_json(validator.with_classes(vec![class])), expected);
}

#[test]
fn a_retired_candidate_has_no_rank_and_says_when_it_pays() {
	let state = CandidateState::Retired { due: 9 };
	let info = CandidateInfo { state, rank: None, role: Role::Candidate, ..candidate() };
	let (profile, conduct) = (ProfileInfo::default(), conduct());
	let summary = CandidateSummary { info, profile, conduct, yearly: 0 };
	let validator = as_json(Validator::new(summary, 0));
	assert_eq!(validator["active"], "N");
	assert_eq!(validator["state"], "Candidate");
	assert_eq!(validator["standing"], json!({ "retired": { "due": 9 } }));
	assert_eq!(validator["voting_power"], "0");
	assert!(validator["rank"].is_null() && validator["yearly_yield"].is_null());
	assert!(validator.get("classes").is_none());
}

#[test]
fn a_delegation_sums_what_waits() {
	let chunk = |since, amount| UnbondingInfo { since, due: since + 7, amount };
	let info = PositionInfo {
		candidate: account(1),
		value: 1_100,
		principal: 1_000,
		earned: 100,
		rate: Rate(333),
		unbonding: vec![chunk(1, 30), chunk(2, 12)],
	};
	let expected = json!({
		"delegator_address": ZEROS,
		"validator_address": ONES,
		"candidate_id": ONES,
		"delegate_amount": "1000",
		"award_amount": "100",
		"pending_withdraw_amount": "42",
		"comp_rate": "333/1000",
		"voting_power": "1100",
		"state": "Y",
		"value": "1100",
		"principal": "1000",
		"earned": "100",
		"rate": 333,
		"unbonding": [
			{ "since": 1, "due": 8, "amount": "30" },
			{ "since": 2, "due": 9, "amount": "12" },
		],
	});
	assert_eq!(as_json(Delegation::new(&account(0), info)), expected);
}

#[test]
fn an_award_is_that_of_the_block() {
	let seat = |byte, validator, award| SeatAward {
		candidate: account(byte),
		validator,
		award,
		compensation: award / 5,
	};
	let awards =
		Award::of_block(vec![seat(0, true, 150), seat(1, false, 20)], &[seat(0, true, 100)]);
	let expected = json!([
		{
			"address": ZEROS,
			"state": "Validator",
			"amount": "50",
			"session_amount": "150",
			"session_compensation": "30",
		},
		{
			"address": ONES,
			"state": "Backup Validator",
			"amount": "20",
			"session_amount": "20",
			"session_compensation": "4",
		},
	]);
	assert_eq!(as_json(awards), expected);
}

#[test]
fn absences_are_listed_by_address() {
	let absences = Absences::from(vec![(account(0), conduct())]);
	let expected = json!({ "Validators": { ZEROS: { "Count": 3, "conduct": conduct_json() } } });
	assert_eq!(as_json(absences), expected);
}

#[test]
fn parameters_have_old_names_and_their_unit() {
	let parameter = |name: &str, value, unit| ParameterInfo { name: name.into(), value, unit };
	let infos = vec![
		parameter("Inflation", 80_000_000, ParameterUnit::Perbill),
		parameter("MinDelegation", 1_000 * CMT, ParameterUnit::Planck),
	];
	let expected = json!({
		"inflation": { "value": "80000000", "unit": "perbill" },
		"min_delegation": { "value": "1000000000000000000000", "unit": "planck" },
	});
	assert_eq!(as_json(parameters(infos)), expected);
}

#[test]
fn an_answer_names_its_block() {
	let answer = At { height: 5, data: Vec::<Award>::new() };
	assert_eq!(as_json(answer), json!({ "height": 5, "data": [] }));
}

#[test]
fn rates_are_fractions_in_lowest_terms() {
	for (rate, text) in
		[(0, "0/1"), (1, "1/1000"), (155, "31/200"), (500, "1/2"), (800, "4/5"), (1_000, "1/1")]
	{
		assert_eq!(fraction(Rate(rate)), text);
	}
}
