//! Proposals and votes in the answers.

use super::{show, text};
use cybermiles_primitives::governance::{
	BarInfo, CallFailure, DepositInfo, DryRun, PositionPower, ProposalBlocks, ProposalInfo,
	ProposalState, ProposedCall, SeatVote, TallyInfo, TrackId, TrackInfo, Undecodable, Vote,
};
use cybermiles_runtime::{AccountId, BlockNumber};
use serde::Serialize;

/// Bytes in hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
	sp_core::bytes::to_hex(bytes, false)
}

/// A proposal. What the chain has forgotten of one that ended is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Proposal {
	/// Its number. The first chain had a hash here.
	#[serde(rename = "Id")]
	pub(crate) id: u32,
	/// The name of its track. The first chain told by it what the proposal was about.
	#[serde(rename = "Type")]
	pub(crate) kind: Option<String>,
	/// Who submitted it, as long as the deposit is there.
	#[serde(rename = "Proposer")]
	pub(crate) proposer: Option<String>,
	/// The block in which it was submitted.
	#[serde(rename = "BlockHeight")]
	pub(crate) block_height: Option<BlockNumber>,
	/// The block in which it ends without approval, as things are.
	#[serde(rename = "ExpireBlockHeight")]
	pub(crate) expire_block_height: Option<BlockNumber>,
	/// How it ended: `Approved` or `Rejected`; none as long as it goes on, or where it ended in
	/// another way.
	#[serde(rename = "Result")]
	pub(crate) result: Option<&'static str>,
	/// The block in which it ended.
	#[serde(rename = "ResultBlockHeight")]
	pub(crate) result_block_height: Option<BlockNumber>,
	/// What it would do.
	#[serde(rename = "Detail")]
	pub(crate) detail: Option<Proposed>,

	/// Ours: the number of its track.
	pub(crate) track: Option<TrackId>,
	/// Ours: how far it is.
	pub(crate) state: ProposalState,
	/// Ours: the blocks that matter to it.
	pub(crate) blocks: Blocks,
	/// Ours: what its proposer left.
	pub(crate) submission_deposit: Option<Deposit>,
	/// Ours: what was left for its decision.
	pub(crate) decision_deposit: Option<Deposit>,
	/// Ours: the votes on it.
	pub(crate) tally: Option<Tally>,
}

impl From<ProposalInfo<AccountId>> for Proposal {
	fn from(info: ProposalInfo<AccountId>) -> Self {
		let blocks = info.blocks;
		let deposit = info.submission_deposit.as_ref();
		Self {
			id: info.index,
			kind: info.track_name.map(text),
			proposer: deposit.map(|deposit| show(&deposit.who)),
			block_height: blocks.submitted,
			expire_block_height: blocks.decision_ends.or(blocks.times_out),
			result: match info.state {
				ProposalState::Approved => Some("Approved"),
				ProposalState::Rejected => Some("Rejected"),
				_ => None,
			},
			result_block_height: blocks.ended,
			detail: info.proposed.map(Proposed::from),
			track: info.track,
			state: info.state,
			blocks: blocks.into(),
			submission_deposit: info.submission_deposit.map(Deposit::from),
			decision_deposit: info.decision_deposit.map(Deposit::from),
			tally: info.tally.map(Tally::from),
		}
	}
}

/// The blocks that matter to a proposal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Blocks {
	/// When it was submitted.
	pub(crate) submitted: Option<BlockNumber>,
	/// When it times out if nobody leaves the decision deposit.
	pub(crate) times_out: Option<BlockNumber>,
	/// When its decision began, or begins at the earliest.
	pub(crate) decision_starts: Option<BlockNumber>,
	/// When it is rejected if it does not reach its bars then.
	pub(crate) decision_ends: Option<BlockNumber>,
	/// When it is approved if it reaches its bars until then.
	pub(crate) confirmation_ends: Option<BlockNumber>,
	/// When it ended.
	pub(crate) ended: Option<BlockNumber>,
	/// When its call is to run.
	pub(crate) enactment: Option<BlockNumber>,
}

impl From<ProposalBlocks> for Blocks {
	fn from(blocks: ProposalBlocks) -> Self {
		let ProposalBlocks {
			submitted,
			times_out,
			decision_starts,
			decision_ends,
			confirmation_ends,
			ended,
			enactment,
		} = blocks;
		Self {
			submitted,
			times_out,
			decision_starts,
			decision_ends,
			confirmation_ends,
			ended,
			enactment,
		}
	}
}

/// What a proposal would do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Proposed {
	/// Hash of the encoded call.
	pub(crate) hash: String,
	/// Length of the encoded call.
	pub(crate) length: Option<u32>,
	/// Whether the call is known.
	pub(crate) available: bool,
	/// Its pallet, as in metadata.
	pub(crate) pallet: Option<String>,
	/// Its name, as in metadata.
	pub(crate) call: Option<String>,
	/// The encoded call in hexadecimal digits, where it is short.
	pub(crate) bytes: Option<String>,
}

impl From<ProposedCall> for Proposed {
	fn from(info: ProposedCall) -> Self {
		Self {
			hash: hex(info.hash.as_bytes()),
			length: info.length,
			available: info.available,
			pallet: info.pallet.map(text),
			call: info.call.map(text),
			bytes: info.bytes.map(|bytes| hex(&bytes)),
		}
	}
}

/// What somebody left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Deposit {
	/// Who.
	pub(crate) who: String,
	/// How much, in planck.
	pub(crate) amount: String,
}

impl From<DepositInfo<AccountId>> for Deposit {
	fn from(info: DepositInfo<AccountId>) -> Self {
		Self { who: show(&info.who), amount: info.amount.to_string() }
	}
}

/// The votes on a proposal. All power is in planck.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Tally {
	/// The session with which voting opens.
	pub(crate) opens: u32,
	/// Power of all seats; none until voting opens.
	pub(crate) total: Option<String>,
	/// Power in favour.
	pub(crate) ayes: String,
	/// Power against.
	pub(crate) nays: String,
	/// Power that was voted with for neither.
	pub(crate) abstentions: String,
	/// Power that has to join the ayes for both bars to be reached.
	pub(crate) needed: Option<String>,
}

impl From<TallyInfo> for Tally {
	fn from(info: TallyInfo) -> Self {
		Self {
			opens: info.opens,
			total: info.total.map(|power| power.to_string()),
			ayes: info.ayes.to_string(),
			nays: info.nays.to_string(),
			abstentions: info.abstentions.to_string(),
			needed: info.needed.map(|power| power.to_string()),
		}
	}
}

/// What a referendum of one track needs. Times are in blocks, deposits in planck.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Track {
	/// Its number.
	pub(crate) id: TrackId,
	/// Its name.
	pub(crate) name: String,
	/// How many of its referenda are decided at the same time.
	pub(crate) max_deciding: u32,
	/// What whoever submits one leaves.
	pub(crate) submission_deposit: String,
	/// What whoever wants a decision leaves.
	pub(crate) decision_deposit: String,
	/// From the submission to the decision at the earliest.
	pub(crate) prepare_period: BlockNumber,
	/// How long a decision may take.
	pub(crate) decision_period: BlockNumber,
	/// How long the bars have to be reached without a break.
	pub(crate) confirm_period: BlockNumber,
	/// From the approval to the enactment at the earliest.
	pub(crate) min_enactment_period: BlockNumber,
	/// The part of all voting power that has to be in favour, as a fraction.
	pub(crate) support: String,
	/// The part of the power for or against that has to be in favour, as a fraction.
	pub(crate) approval: String,
}

impl From<TrackInfo> for Track {
	fn from(info: TrackInfo) -> Self {
		let fraction = |bar: BarInfo| format!("{}/{}", bar.numerator, bar.denominator);
		Self {
			id: info.id,
			name: text(info.name),
			max_deciding: info.max_deciding,
			submission_deposit: info.submission_deposit.to_string(),
			decision_deposit: info.decision_deposit.to_string(),
			prepare_period: info.prepare_period,
			decision_period: info.decision_period,
			confirm_period: info.confirm_period,
			min_enactment_period: info.min_enactment_period,
			support: fraction(info.support),
			approval: fraction(info.approval),
		}
	}
}

/// What a seat voted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Ballot {
	/// The candidate.
	pub(crate) candidate: String,
	/// What the whole seat counts for, in planck.
	pub(crate) power: String,
	/// Its vote; none as long as it has not voted.
	pub(crate) vote: Option<Vote>,
	/// The part of `power` that its delegators vote with themselves, in planck.
	pub(crate) taken_out: String,
}

impl From<SeatVote<AccountId>> for Ballot {
	fn from(info: SeatVote<AccountId>) -> Self {
		Self {
			candidate: show(&info.candidate),
			power: info.power.to_string(),
			vote: info.vote,
			taken_out: info.taken_out.to_string(),
		}
	}
}

/// What an account can say with its stake behind one candidate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Power {
	/// The candidate.
	pub(crate) candidate: String,
	/// What the stake counts for, in planck.
	pub(crate) power: String,
	/// The account's own vote; none where the stake goes with the candidate's.
	pub(crate) vote: Option<Vote>,
}

impl From<PositionPower<AccountId>> for Power {
	fn from(info: PositionPower<AccountId>) -> Self {
		let candidate = show(&info.candidate);
		Self { candidate, power: info.power.to_string(), vote: info.vote }
	}
}

/// What would happen if a referendum enacted a call now. Weights are in picoseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum Trial {
	/// It would succeed.
	Succeeds {
		/// What it would take.
		weight: u64,
	},
	/// It would succeed, but a call in it would fail.
	SucceedsInPart {
		/// What it would take.
		weight: u64,
		/// Why that call would fail.
		failure: Failure,
	},
	/// It would fail.
	Fails {
		/// Why.
		failure: Failure,
	},
	/// It may not be called in the name of this track.
	WrongOrigin,
	/// It would never run.
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
	Undecodable {
		/// Why not, in words.
		reason: String,
	},
	/// There is no such track.
	UnknownTrack,
}

impl From<DryRun> for Trial {
	fn from(run: DryRun) -> Self {
		match run {
			DryRun::Succeeds { weight } => Self::Succeeds { weight },
			DryRun::SucceedsInPart { weight, failure } => {
				Self::SucceedsInPart { weight, failure: failure.into() }
			},
			DryRun::Fails(failure) => Self::Fails { failure: failure.into() },
			DryRun::WrongOrigin => Self::WrongOrigin,
			DryRun::TooHeavy { weight, limit } => Self::TooHeavy { weight, limit },
			DryRun::TooLong { length, limit } => Self::TooLong { length, limit },
			DryRun::Undecodable(why) => Self::Undecodable { reason: reason(why) },
			DryRun::UnknownTrack => Self::UnknownTrack,
		}
	}
}

/// Why bytes are no call.
fn reason(why: Undecodable) -> String {
	match why {
		Undecodable::TooShort => "a call has at least two bytes".into(),
		Undecodable::UnknownPallet { pallet } => {
			format!("no pallet with calls has the number {pallet}, which is the first byte")
		},
		Undecodable::UnknownCall { pallet, call } => {
			format!("{} has no call with the number {call}, which is the second byte", text(pallet))
		},
		Undecodable::WrongArguments { pallet, call } => {
			format!(
				"what follows are not the arguments of {}.{}, or one is out of its range",
				text(pallet),
				text(call)
			)
		},
		Undecodable::BytesLeft { count } => format!("after the call are {count} bytes more"),
	}
}

/// Why a call fails.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Failure {
	/// The pallet whose error it is; none for errors of the chain itself.
	pub(crate) pallet: Option<String>,
	/// The name of the error.
	pub(crate) error: String,
	/// What the error's documentation says.
	pub(crate) docs: String,
}

impl From<CallFailure> for Failure {
	fn from(failure: CallFailure) -> Self {
		let pallet = failure.pallet.map(text);
		Self { pallet, error: text(failure.name), docs: text(failure.docs) }
	}
}

#[cfg(test)]
mod tests;
