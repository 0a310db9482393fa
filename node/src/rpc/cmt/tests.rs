//! The methods on a chain of the tests' own.

use super::*;
use cybermiles_primitives::{
	api::{
		BlockAward, CandidateInfo, ClassInfo, ConductInfo, ParameterInfo, ParameterUnit,
		PositionInfo, ProfileInfo, Role, SeatAward, SeatInfo, SlashInfo, SolvencyInfo, YieldInfo,
	},
	governance::{
		DryRun, PositionPower, ProposalBlocks, ProposalInfo, ProposalState, SeatVote, TrackInfo,
		Vote,
	},
	EraIndex, Rate, SessionIndex,
};
use jsonrpsee::{core::server::MethodsError, rpc_params, RpcModule};
use sc_client_api::in_mem;
use serde_json::{json, Value};
use sp_api::ApiRef;
use sp_blockchain::{BlockStatus, Info};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::{Block as BlockT, Header as _};

/// Header of a block.
type Header = <Block as BlockT>::Header;

/// Number of the best block.
const BEST: BlockNumber = 5;
/// A block whose state is there, and so is that of its parent.
const KEPT: BlockNumber = 4;
/// A block whose state was pruned.
const PRUNED: BlockNumber = 1;
/// Active candidates: more than one page of them.
const ACTIVE: u32 = 150;

/// A chain of five blocks; the first one lost its state.
struct Chain;

impl HeaderBackend<Block> for Chain {
	fn header(&self, _hash: Hash) -> sp_blockchain::Result<Option<Header>> {
		Ok(Some(Header::new(BEST, Hash::zero(), Hash::zero(), Hash::zero(), Default::default())))
	}

	fn info(&self) -> Info<Block> {
		Info {
			best_hash: Hash::zero(),
			best_number: BEST,
			genesis_hash: Hash::zero(),
			finalized_hash: Hash::zero(),
			finalized_number: 0,
			finalized_state: None,
			number_leaves: 1,
			block_gap: None,
		}
	}

	fn status(&self, _hash: Hash) -> sp_blockchain::Result<BlockStatus> {
		Ok(BlockStatus::InChain)
	}

	fn number(&self, _hash: Hash) -> sp_blockchain::Result<Option<BlockNumber>> {
		Ok(Some(BEST))
	}

	/// The backend of the tests has the state of the block zero only.
	fn hash(&self, number: BlockNumber) -> sp_blockchain::Result<Option<Hash>> {
		Ok(match number {
			PRUNED => Some(Hash::repeat_byte(1)),
			KEPT | BEST => Some(Hash::zero()),
			_ => None,
		})
	}
}

/// The account that names candidate number `n` from 0.
fn candidate(n: u32) -> AccountId {
	let mut bytes = [0; 32];
	bytes[..4].copy_from_slice(&n.to_le_bytes());
	bytes.into()
}

/// The owner of candidate 0.
fn owner() -> AccountId {
	[255; 32].into()
}

fn info(n: u32) -> CandidateInfo<AccountId> {
	let active = n < ACTIVE;
	CandidateInfo {
		candidate: candidate(n),
		owner: if n == 0 { owner() } else { candidate(n) },
		state: if active { CandidateState::Active } else { CandidateState::Inactive },
		role: Role::Candidate,
		rank: active.then_some(n + 1),
		stake: 1_000,
		self_stake: 100,
		max_stake: 1_000,
		max_rate: Rate(500),
		default_rate: Rate(100),
		positions: 1,
	}
}

/// Candidates from `start` on; all but the first [`ACTIVE`] are inactive.
fn places(start: u32, count: u32) -> impl Iterator<Item = u32> {
	start..(start + count).min(ACTIVE + 10)
}

fn conduct() -> ConductInfo {
	ConductInfo {
		absent: false,
		missed_turns: 0,
		jailed_until: None,
		tombstoned: false,
		slashes: 0,
	}
}

fn summary(n: u32) -> CandidateSummary<AccountId> {
	CandidateSummary {
		info: info(n),
		profile: ProfileInfo::default(),
		conduct: conduct(),
		yearly: u64::from(n) * 10,
	}
}

/// How many proposals there are.
const PROPOSALS: u32 = 3;

/// Proposal number `index`, which was killed.
fn killed(index: u32) -> ProposalInfo<AccountId> {
	ProposalInfo {
		index,
		track: None,
		track_name: None,
		submission_deposit: None,
		decision_deposit: None,
		state: ProposalState::Killed,
		blocks: ProposalBlocks { ended: Some(4), ..Default::default() },
		proposed: None,
		tally: None,
	}
}

/// A runtime that answers the same at every block.
struct Runtime;

sp_api::mock_impl_runtime_apis! {
	impl DposApi<Block, AccountId> for Runtime {
		fn candidates(_start: u32, _count: u32) -> Vec<CandidateInfo<AccountId>> {
			unreachable!()
		}

		fn candidate(_who: AccountId) -> Option<CandidateInfo<AccountId>> {
			unreachable!()
		}

		fn candidate_of(who: AccountId) -> Option<AccountId> {
			(who == owner()).then(|| candidate(0))
		}

		fn candidate_with_key(_: AuraId) -> Option<AccountId> {
			None
		}

		fn seats() -> SessionSeats<AccountId> {
			let seat = SeatInfo { candidate: candidate(0), stake: 1_000, counted: 900 };
			SessionSeats { session: 2, validators: vec![seat], standbys: Vec::new() }
		}

		fn next_seats() -> SessionSeats<AccountId> {
			unreachable!()
		}

		fn expected_seats() -> SessionSeats<AccountId> {
			unreachable!()
		}

		fn positions(_who: AccountId) -> Vec<PositionInfo<AccountId>> {
			Vec::new()
		}

		fn era() -> EraIndex {
			unreachable!()
		}

		fn classes(_who: AccountId) -> Vec<ClassInfo> {
			vec![ClassInfo { owners: true, agreed: Rate(0), rate: Rate(0), stake: 100 }]
		}

		fn block_award() -> BlockAward {
			unreachable!()
		}

		fn session_awards(session: SessionIndex) -> Vec<SeatAward<AccountId>> {
			assert_eq!(session, 2);
			vec![SeatAward { candidate: candidate(0), validator: true, award: 7, compensation: 1 }]
		}

		fn yields(_start: u32, _count: u32) -> Vec<YieldInfo<AccountId>> {
			unreachable!()
		}

		fn summaries(start: u32, count: u32) -> Vec<CandidateSummary<AccountId>> {
			places(start, count).map(summary).collect()
		}

		fn summary(who: AccountId) -> Option<CandidateSummary<AccountId>> {
			(who == candidate(0)).then(|| summary(0))
		}

		fn conduct(_who: AccountId) -> ConductInfo {
			unreachable!()
		}

		fn absent_validators() -> Vec<(AccountId, ConductInfo)> {
			vec![(candidate(0), conduct())]
		}

		fn slashes(_start: u32, _count: u32) -> Vec<SlashInfo<AccountId>> {
			unreachable!()
		}

		fn slashes_of(_who: AccountId) -> Vec<SlashInfo<AccountId>> {
			unreachable!()
		}

		fn solvency() -> SolvencyInfo {
			unreachable!()
		}

		fn profile(_: AccountId) -> ProfileInfo {
			unreachable!()
		}

		fn parameters() -> Vec<ParameterInfo> {
			let unit = ParameterUnit::Count;
			vec![ParameterInfo { name: b"Validators".to_vec(), value: 19, unit }]
		}
	}

	impl GovernanceApi<Block, AccountId> for Runtime {
		fn proposals(start: u32, count: u32) -> Vec<ProposalInfo<AccountId>> {
			(0..PROPOSALS - start).rev().take(count as usize).map(killed).collect()
		}

		fn proposal_states(start: u32, count: u32) -> Vec<ProposalState> {
			vec![ProposalState::Killed; PROPOSALS.saturating_sub(start).min(count) as usize]
		}

		fn proposal(index: u32) -> Option<ProposalInfo<AccountId>> {
			(index < PROPOSALS).then(|| killed(index))
		}

		fn tracks() -> Vec<TrackInfo> {
			Vec::new()
		}

		fn votes(index: u32) -> Vec<SeatVote<AccountId>> {
			assert_eq!(index, 1);
			let vote = Some(Vote::Aye);
			vec![SeatVote { candidate: candidate(0), power: 9, vote, taken_out: 2 }]
		}

		fn voting_power(index: u32, who: AccountId) -> Vec<PositionPower<AccountId>> {
			assert_eq!((index, who), (1, owner()));
			vec![PositionPower { candidate: candidate(0), power: 2, vote: None }]
		}

		fn dry_run(track: u16, call: Vec<u8>) -> DryRun {
			assert_eq!((track, call), (10, vec![1, 2]));
			DryRun::WrongOrigin
		}
	}
}

impl ProvideRuntimeApi<Block> for Chain {
	type Api = Runtime;

	fn runtime_api(&self) -> ApiRef<'_, Runtime> {
		Runtime.into()
	}
}

/// Calls a method; the error is its code and sentence.
fn call(method: &str, params: Value) -> Result<Value, (i32, String)> {
	let backend = Arc::new(in_mem::Backend::<Block>::new());
	let module: RpcModule<_> = Cmt::new(Arc::new(Chain), backend).into_rpc();
	let mut array = rpc_params![];
	for param in params.as_array().unwrap() {
		array.insert(param).unwrap();
	}
	jsonrpsee::tokio::runtime::Runtime::new().unwrap().block_on(async {
		module.call(method, array).await.map_err(|error| match error {
			MethodsError::JsonRpc(error) => (error.code(), error.message().to_owned()),
			other => panic!("{other}"),
		})
	})
}

#[test]
fn active_candidates_are_listed_over_all_pages() {
	let answer = call("cmt_queryValidators", json!([])).unwrap();
	let list = answer["data"].as_array().unwrap();
	assert_eq!((answer["height"].as_u64(), list.len()), (Some(BEST.into()), ACTIVE as usize));
	assert_eq!(list[0]["voting_power"], "900");
	assert_eq!(list[1]["voting_power"], "0");
	assert_eq!(list[149]["yearly_yield"], 1_490);
}

#[test]
fn a_candidate_is_found_by_its_address_and_its_owners() {
	for account in [candidate(0), owner()] {
		let answer = call("cmt_queryValidator", json!([address::show(&account)])).unwrap();
		assert_eq!(answer["data"]["candidate"], address::show(&candidate(0)));
		assert_eq!(answer["data"]["classes"].as_array().unwrap().len(), 1);
		assert_eq!(answer["data"]["yearly_yield"], 0);
	}
}

#[test]
fn unknown_candidates_and_bad_addresses_are_told_apart() {
	let stranger = address::show(&candidate(1));
	let error = call("cmt_queryValidator", json!([stranger])).unwrap_err();
	assert_eq!(error, (18_003, format!("{stranger} is neither a candidate nor the owner of one")));
	for method in ["cmt_queryValidator", "cmt_queryDelegator"] {
		assert_eq!(call(method, json!(["nobody"])).unwrap_err().0, -32_602);
	}
}

#[test]
fn an_account_without_stake_has_no_delegations() {
	let answer = call("cmt_queryDelegator", json!([address::show(&owner()), KEPT])).unwrap();
	assert_eq!(answer, json!({ "height": KEPT, "data": [] }));
}

#[test]
fn heights_name_blocks_whose_state_is_there() {
	for height in [json!([]), json!([null]), json!([0]), json!([BEST])] {
		assert_eq!(call("cmt_queryParams", height).unwrap()["height"], BEST);
	}
	let answer = call("cmt_queryParams", json!([KEPT])).unwrap();
	let validators = json!({ "validators": { "value": "19", "unit": "count" } });
	assert_eq!(answer, json!({ "height": KEPT, "data": validators }));
}

#[test]
fn heights_without_block_or_state_are_told_apart() {
	for (height, code, sentence) in [
		(json!([6]), 18_001, "block 6 is not known"),
		(json!([4_294_967_296_u64]), 18_001, "block 4294967296 is not known"),
		(json!([PRUNED]), 18_002, "the state of block 1 was pruned; ask an archive node"),
	] {
		let error = call("cmt_queryAbsentValidators", height).unwrap_err();
		assert_eq!(error, (code, sentence.to_owned()));
	}
	assert_eq!(call("cmt_queryParams", json!(["1"])).unwrap_err().0, -32_602);
}

#[test]
fn awards_are_the_difference_to_the_block_before() {
	let award = &call("cmt_queryAwardInfos", json!([BEST])).unwrap()["data"][0];
	assert_eq!((&award["amount"], &award["session_amount"]), (&json!("0"), &json!("7")));
}

#[test]
fn absences_are_listed() {
	let absent = call("cmt_queryAbsentValidators", json!([])).unwrap();
	assert_eq!(absent["data"]["Validators"].as_object().unwrap().len(), 1);
}

#[test]
fn proposals_are_a_bare_list_from_the_newest_on() {
	for (params, ids) in [
		(json!([]), json!([2, 1, 0])),
		(json!([KEPT]), json!([2, 1, 0])),
		(json!([null, 1]), json!([1, 0])),
		(json!([0, 1, 1]), json!([1])),
	] {
		let list = call("cmt_queryProposals", params).unwrap();
		let found: Vec<_> = list.as_array().unwrap().iter().map(|one| one["Id"].clone()).collect();
		assert_eq!(json!(found), ids);
	}
	assert_eq!(call("cmt_queryProposals", json!([PRUNED])).unwrap_err().0, 18_002);
}

#[test]
fn a_proposal_and_its_votes_are_told() {
	let answer = call("cmt_queryProposal", json!([2, KEPT])).unwrap();
	assert_eq!((&answer["height"], &answer["data"]["Id"]), (&json!(KEPT), &json!(2)));
	let votes = call("cmt_queryVotes", json!([1])).unwrap();
	let candidate = address::show(&candidate(0));
	let seat = json!({ "candidate": candidate, "power": "9", "vote": "aye", "taken_out": "2" });
	assert_eq!(votes, json!({ "height": BEST, "data": [seat] }));
	let powers = call("cmt_queryVotingPower", json!([1, address::show(&owner())])).unwrap();
	let position = json!({ "candidate": candidate, "power": "2", "vote": null });
	assert_eq!(powers, json!({ "height": BEST, "data": [position] }));
	let tracks = call("cmt_queryTracks", json!([KEPT])).unwrap();
	assert_eq!(tracks, json!({ "height": KEPT, "data": [] }));
}

#[test]
fn unknown_proposals_are_refused() {
	let unknown = (18_006, "there is no proposal 3".to_owned());
	assert_eq!(call("cmt_queryProposal", json!([3])).unwrap_err(), unknown);
	assert_eq!(call("cmt_queryVotes", json!([3])).unwrap_err(), unknown);
	let params = json!([3, address::show(&owner())]);
	assert_eq!(call("cmt_queryVotingPower", params).unwrap_err(), unknown);
	assert_eq!(call("cmt_queryVotingPower", json!([1, "nobody"])).unwrap_err().0, -32_602);
}

#[test]
fn a_call_is_tried_where_it_is_hexadecimal() {
	let answer = call("cmt_dryRunProposal", json!([10, "0x0102"])).unwrap();
	assert_eq!(answer, json!({ "height": BEST, "data": { "outcome": "wrong_origin" } }));
	for (text, reason) in [
		("0102", "'0102' are not bytes in hexadecimal digits after 0x: they do not begin with 0x"),
		("0xzz", "'0xzz' are not bytes in hexadecimal digits after 0x: "),
	] {
		let (code, sentence) = call("cmt_dryRunProposal", json!([10, text])).unwrap_err();
		assert_eq!(code, -32_602);
		assert!(sentence.starts_with(reason), "{sentence}");
	}
}
