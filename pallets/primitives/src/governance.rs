//! The runtime API of governance, and what it answers with.

use crate::{Balance, SessionIndex};
use alloc::vec::Vec;
use codec::{Codec, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;
use sp_runtime::Perbill;

/// Number of a proposal: that of its referendum, and of the poll that counts its votes.
pub type ProposalIndex = u32;
/// Number of a track of referenda.
pub type TrackId = u16;

/// Most proposals in one answer, whatever is asked for.
pub const MAX_PROPOSALS: u32 = 100;
/// Length of the longest call that is told byte by byte.
pub const MAX_CALL_BYTES: u32 = 4 * 1024;

/// What a voter says.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Deserialize,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	Serialize,
	TypeInfo,
)]
#[serde(rename_all = "camelCase")]
pub enum Vote {
	/// In favour.
	Aye,
	/// Against.
	Nay,
	/// Neither. Takes a delegator's stake out of its candidate's vote without adding it to a side.
	Abstain,
}

/// A part of a whole that has to be reached: `numerator / denominator`.
#[derive(Clone, Copy, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct BarInfo {
	/// Parts needed.
	pub numerator: u32,
	/// Parts in all.
	pub denominator: u32,
	/// The same in parts per billion, rounded down.
	pub perbill: Perbill,
}

/// What a referendum of one track needs. Times are in blocks, deposits in planck.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct TrackInfo {
	/// Its number.
	pub id: TrackId,
	/// Its name, for instance `root`.
	pub name: Vec<u8>,
	/// How many of its referenda are decided at the same time; further ones queue.
	pub max_deciding: u32,
	/// What whoever submits one leaves.
	pub submission_deposit: Balance,
	/// What whoever wants a decision leaves.
	pub decision_deposit: Balance,
	/// From the submission to the decision at the earliest.
	pub prepare_period: u32,
	/// How long a decision may take.
	pub decision_period: u32,
	/// How long the bars have to be reached without a break.
	pub confirm_period: u32,
	/// From the approval to the enactment at the earliest.
	pub min_enactment_period: u32,
	/// The part of all voting power that has to be in favour.
	pub support: BarInfo,
	/// The part of the power for or against that has to be in favour.
	pub approval: BarInfo,
}

/// How far a proposal is.
#[derive(Clone, Copy, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub enum ProposalState {
	/// Has its decision deposit, and waits for the end of its track's preparation.
	Preparing,
	/// Nobody has left the decision deposit yet.
	AwaitingDeposit,
	/// Its track decides as many as it can; this one is next in line, or waits behind others.
	Queued,
	/// Is decided, and does not reach its bars at present.
	Deciding,
	/// Reaches its bars, and is approved if it does to the end of the confirmation.
	Confirming,
	/// Passed.
	Approved,
	/// Did not reach its bars in time.
	Rejected,
	/// Taken back by governance; deposits are returned.
	Cancelled,
	/// Nobody left the decision deposit in time.
	TimedOut,
	/// Ended by governance; deposits are lost.
	Killed,
}

/// The blocks that matter to a proposal; none where a moment is not known, or will not come.
#[derive(
	Clone, Copy, Debug, Decode, Default, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo,
)]
#[serde(rename_all = "camelCase")]
pub struct ProposalBlocks {
	/// When it was submitted.
	pub submitted: Option<u32>,
	/// When it times out if nobody leaves the decision deposit.
	pub times_out: Option<u32>,
	/// When its decision began, or begins at the earliest; none while it is queued.
	pub decision_starts: Option<u32>,
	/// When it is rejected if it does not reach its bars then.
	pub decision_ends: Option<u32>,
	/// When it is approved if it reaches its bars until then.
	pub confirmation_ends: Option<u32>,
	/// When it ended, in whatever way.
	pub ended: Option<u32>,
	/// When its call is to run: where it is approved, and its call has not run.
	pub enactment: Option<u32>,
}

/// An amount that somebody left.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct DepositInfo<AccountId> {
	/// Who left it, and gets it back.
	pub who: AccountId,
	/// How much, in planck.
	pub amount: Balance,
}

/// The votes on a proposal. All power is in planck.
#[derive(Clone, Copy, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct TallyInfo {
	/// The session with which voting opens. The stake of its beginning counts.
	pub opens: SessionIndex,
	/// Power of all seats; none until voting opens.
	pub total: Option<Balance>,
	/// Power in favour.
	pub ayes: Balance,
	/// Power against.
	pub nays: Balance,
	/// Power that was voted with for neither.
	pub abstentions: Balance,
	/// Power that has to join the ayes, with the nays as they are, for both bars to be reached; none
	/// until voting opens.
	pub needed: Option<Balance>,
}

/// What a proposal would do.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct ProposedCall {
	/// Hash of the encoded call.
	pub hash: H256,
	/// Length of the encoded call; none where only its preimage would tell and is not there.
	pub length: Option<u32>,
	/// Whether the call is known: part of the proposal, or its preimage is there.
	pub available: bool,
	/// Its pallet, as in metadata; none where the call is not known or names none.
	pub pallet: Option<Vec<u8>>,
	/// Its name, as in metadata; likewise.
	pub call: Option<Vec<u8>>,
	/// The encoded call, where it is known and not longer than [`MAX_CALL_BYTES`].
	pub bytes: Option<Vec<u8>>,
}

/// A proposal.
///
/// The chain forgets most of one that has ended: track and call when the call has run or will not
/// run, votes at once. Ask for the block before `blocks.ended` to see them.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct ProposalInfo<AccountId> {
	/// Its number.
	pub index: ProposalIndex,
	/// Its track.
	pub track: Option<TrackId>,
	/// The name of its track.
	pub track_name: Option<Vec<u8>>,
	/// What its proposer left; none when it was returned or lost.
	pub submission_deposit: Option<DepositInfo<AccountId>>,
	/// What was left for its decision; none before that, and when it was returned or lost.
	pub decision_deposit: Option<DepositInfo<AccountId>>,
	/// How far it is.
	pub state: ProposalState,
	/// The blocks that matter to it.
	pub blocks: ProposalBlocks,
	/// What it would do.
	pub proposed: Option<ProposedCall>,
	/// The votes on it.
	pub tally: Option<TallyInfo>,
}

/// What a seat voted.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct SeatVote<AccountId> {
	/// The candidate.
	pub candidate: AccountId,
	/// What the whole seat counts for, in planck.
	pub power: Balance,
	/// Its vote; none as long as it has not voted.
	pub vote: Option<Vote>,
	/// The part of `power` that its delegators took out by voting themselves, in planck.
	pub taken_out: Balance,
}

/// What an account can say with its stake behind one candidate.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct PositionPower<AccountId> {
	/// The candidate.
	pub candidate: AccountId,
	/// What the stake counts for, in planck; zero where it cannot vote in this poll.
	pub power: Balance,
	/// The account's own vote; none where the stake goes with the candidate's.
	pub vote: Option<Vote>,
}

/// Why a call fails.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct CallFailure {
	/// The pallet whose error it is, as in metadata; none for errors of the chain itself.
	pub pallet: Option<Vec<u8>>,
	/// The name of the error.
	pub name: Vec<u8>,
	/// What the error's documentation says; empty where it says nothing.
	pub docs: Vec<u8>,
}

/// Why bytes are not a call. Names are those of metadata.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub enum Undecodable {
	/// There are no bytes, or only the first.
	TooShort,
	/// The first byte names no pallet that has calls.
	UnknownPallet {
		/// The byte.
		pallet: u8,
	},
	/// The second byte names no call of the pallet.
	UnknownCall {
		/// The pallet.
		pallet: Vec<u8>,
		/// The byte.
		call: u8,
	},
	/// What follows are not the arguments of the call, or one of them is out of its range.
	WrongArguments {
		/// The pallet.
		pallet: Vec<u8>,
		/// The call.
		call: Vec<u8>,
	},
	/// More bytes follow the arguments.
	BytesLeft {
		/// How many.
		count: u32,
	},
}

/// What would happen if a referendum enacted a call now. Weights are in picoseconds.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub enum DryRun {
	/// It would succeed.
	Succeeds {
		/// What it would take.
		weight: u64,
	},
	/// It would succeed as a whole, but a call in it, for instance in a batch, would fail.
	SucceedsInPart {
		/// What it would take.
		weight: u64,
		/// Why the first such call would fail.
		failure: CallFailure,
	},
	/// It would fail and change nothing.
	Fails(CallFailure),
	/// It may not be called in the name of this track.
	WrongOrigin,
	/// No block would have the time: it would never run.
	TooHeavy {
		/// What it may take.
		weight: u64,
		/// What scheduled calls may take in a block.
		limit: u64,
	},
	/// No preimage can be so long.
	TooLong {
		/// Its bytes.
		length: u32,
		/// Most bytes of a preimage.
		limit: u32,
	},
	/// It is no call.
	Undecodable(Undecodable),
	/// There is no track of this number.
	UnknownTrack,
}

/// What contracts read of proposals.
pub trait Proposals<AccountId> {
	/// How many were ever submitted: the number of the next.
	fn count() -> ProposalIndex;

	/// Most calls that are scheduled for one block.
	fn max_scheduled() -> u32;

	/// A proposal without its call. Reads at most 12 entries of storage, of which one can be all that
	/// is scheduled for one block.
	fn proposal(index: ProposalIndex) -> Option<ProposalInfo<AccountId>>;

	/// All tracks. Reads at most 2 entries of storage.
	fn tracks() -> Vec<TrackInfo>;
}

sp_api::decl_runtime_apis! {
	/// Governance as nodes and wallets read it. All amounts are in planck.
	pub trait GovernanceApi<AccountId: Codec> {
		/// At most `count` proposals, the newest first, without the `start` newest ones; at most
		/// [`MAX_PROPOSALS`].
		fn proposals(start: u32, count: u32) -> Vec<ProposalInfo<AccountId>>;

		/// How far each of these proposals is. For who only counts them: no call is read.
		fn proposal_states(start: u32, count: u32) -> Vec<ProposalState>;

		/// One proposal.
		fn proposal(index: ProposalIndex) -> Option<ProposalInfo<AccountId>>;

		/// What referenda need, track by track.
		fn tracks() -> Vec<TrackInfo>;

		/// What the seats voted on a proposal that goes on, the most powerful first; none until
		/// voting opens.
		fn votes(index: ProposalIndex) -> Vec<SeatVote<AccountId>>;

		/// What `who` can say on a proposal, for each of its positions.
		fn voting_power(index: ProposalIndex, who: AccountId) -> Vec<PositionPower<AccountId>>;

		/// What would happen if a referendum of `track` enacted the encoded `call` now. Nothing of it
		/// remains.
		fn dry_run(track: TrackId, call: Vec<u8>) -> DryRun;
	}
}
