//! What proposals look like in JSON.

use super::*;
use cybermiles_primitives::CMT;
use serde_json::{json, Value};
use sp_core::H256;
use sp_runtime::Perbill;

/// Address of the account with only zeros.
const ZEROS: &str = "5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM";

fn who() -> AccountId {
	[0; 32].into()
}

fn as_json(value: impl Serialize) -> Value {
	serde_json::to_value(value).unwrap()
}

fn ongoing() -> ProposalInfo<AccountId> {
	ProposalInfo {
		index: 7,
		track: Some(1),
		track_name: Some(b"parameters".to_vec()),
		submission_deposit: Some(DepositInfo { who: who(), amount: 100 * CMT }),
		decision_deposit: None,
		state: ProposalState::AwaitingDeposit,
		blocks: ProposalBlocks {
			submitted: Some(1),
			times_out: Some(841),
			decision_starts: Some(11),
			..Default::default()
		},
		proposed: Some(ProposedCall {
			hash: H256::repeat_byte(3),
			length: Some(2),
			available: true,
			pallet: Some(b"System".to_vec()),
			call: Some(b"remark".to_vec()),
			bytes: Some(vec![0, 15]),
		}),
		tally: Some(TallyInfo {
			opens: 4,
			total: Some(10),
			ayes: 2,
			nays: 1,
			abstentions: 0,
			needed: Some(3),
		}),
	}
}

#[test]
fn a_proposal_has_the_old_fields_and_ours() {
	let expected = json!({
		"Id": 7,
		"Type": "parameters",
		"Proposer": ZEROS,
		"BlockHeight": 1,
		"ExpireBlockHeight": 841,
		"Result": null,
		"ResultBlockHeight": null,
		"Detail": {
			"hash": "0x0303030303030303030303030303030303030303030303030303030303030303",
			"length": 2,
			"available": true,
			"pallet": "System",
			"call": "remark",
			"bytes": "0x000f",
		},
		"track": 1,
		"state": "awaitingDeposit",
		"blocks": {
			"submitted": 1,
			"times_out": 841,
			"decision_starts": 11,
			"decision_ends": null,
			"confirmation_ends": null,
			"ended": null,
			"enactment": null,
		},
		"submission_deposit": { "who": ZEROS, "amount": "100000000000000000000" },
		"decision_deposit": null,
		"tally": {
			"opens": 4,
			"total": "10",
			"ayes": "2",
			"nays": "1",
			"abstentions": "0",
			"needed": "3",
		},
	});
	assert_eq!(as_json(Proposal::from(ongoing())), expected);
}

#[test]
fn a_result_is_told_where_votes_made_it() {
	let blocks = ProposalBlocks { decision_ends: Some(90), ended: Some(99), ..Default::default() };
	for (state, result) in [
		(ProposalState::Approved, json!("Approved")),
		(ProposalState::Rejected, json!("Rejected")),
		(ProposalState::Cancelled, json!(null)),
		(ProposalState::Deciding, json!(null)),
	] {
		let told = as_json(Proposal::from(ProposalInfo { state, blocks, ..ongoing() }));
		assert_eq!(told["Result"], result);
		assert_eq!(
			(&told["ResultBlockHeight"], &told["ExpireBlockHeight"]),
			(&json!(99), &json!(90))
		);
	}
}

#[test]
fn a_track_has_its_bars_as_fractions() {
	let bar = |numerator, denominator| {
		let perbill = Perbill::from_rational(numerator, denominator);
		BarInfo { numerator, denominator, perbill }
	};
	let info = TrackInfo {
		id: 12,
		name: b"big_spend".to_vec(),
		max_deciding: 5,
		submission_deposit: 1,
		decision_deposit: 20_000 * CMT,
		prepare_period: 20,
		decision_period: 420,
		confirm_period: 60,
		min_enactment_period: 20,
		support: bar(9, 20),
		approval: bar(3, 5),
	};
	let expected = json!({
		"id": 12,
		"name": "big_spend",
		"max_deciding": 5,
		"submission_deposit": "1",
		"decision_deposit": "20000000000000000000000",
		"prepare_period": 20,
		"decision_period": 420,
		"confirm_period": 60,
		"min_enactment_period": 20,
		"support": "9/20",
		"approval": "3/5",
	});
	assert_eq!(as_json(Track::from(info)), expected);
}

#[test]
fn a_trial_names_its_outcome() {
	let failure = || CallFailure {
		pallet: Some(b"Governance".to_vec()),
		name: b"NotPaused".to_vec(),
		docs: b"The call is not paused.".to_vec(),
	};
	let told = json!({
		"pallet": "Governance",
		"error": "NotPaused",
		"docs": "The call is not paused.",
	});
	for (run, expected) in [
		(DryRun::Succeeds { weight: 5 }, json!({ "outcome": "succeeds", "weight": 5 })),
		(
			DryRun::SucceedsInPart { weight: 5, failure: failure() },
			json!({ "outcome": "succeeds_in_part", "weight": 5, "failure": told }),
		),
		(DryRun::Fails(failure()), json!({ "outcome": "fails", "failure": told })),
		(DryRun::WrongOrigin, json!({ "outcome": "wrong_origin" })),
		(
			DryRun::TooHeavy { weight: 9, limit: 8 },
			json!({ "outcome": "too_heavy", "weight": 9, "limit": 8 }),
		),
		(
			DryRun::TooLong { length: 9, limit: 8 },
			json!({ "outcome": "too_long", "length": 9, "limit": 8 }),
		),
		(DryRun::UnknownTrack, json!({ "outcome": "unknown_track" })),
	] {
		assert_eq!(as_json(Trial::from(run)), expected);
	}
}

#[test]
fn bytes_that_are_no_call_are_explained() {
	let (pallet, call) = (|| b"System".to_vec(), || b"remark".to_vec());
	for (why, words) in [
		(Undecodable::TooShort, "a call has at least two bytes"),
		(
			Undecodable::UnknownPallet { pallet: 200 },
			"no pallet with calls has the number 200, which is the first byte",
		),
		(
			Undecodable::UnknownCall { pallet: pallet(), call: 99 },
			"System has no call with the number 99, which is the second byte",
		),
		(
			Undecodable::WrongArguments { pallet: pallet(), call: call() },
			"what follows are not the arguments of System.remark, or one is out of its range",
		),
		(Undecodable::BytesLeft { count: 2 }, "after the call are 2 bytes more"),
	] {
		let told = as_json(Trial::from(DryRun::Undecodable(why)));
		assert_eq!(told, json!({ "outcome": "undecodable", "reason": words }));
	}
}
