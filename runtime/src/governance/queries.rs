//! Proposals and votes as nodes, wallets and contracts read them.

use super::{names, tracks::Tracks};
use crate::{
	configs::governance::{PollCount, UndecidingTimeout},
	constants::currency::SUBMISSION_DEPOSIT,
	AccountId, Balance, BlockNumber, Hash, OriginCaller, Preimage, Runtime, RuntimeCall,
	StakeVoting,
};
use alloc::vec::Vec;
use codec::Encode;
use cybermiles_primitives::governance::{
	BarInfo, DepositInfo, PositionPower, ProposalBlocks, ProposalInfo, ProposalState, Proposals,
	ProposedCall, SeatVote, TallyInfo, TrackId, TrackInfo, MAX_CALL_BYTES, MAX_PROPOSALS,
};
use frame_support::traits::{Bounded, Get, QueryPreimage};
use pallet_cmt_dpos::PositionsOf;
use pallet_preimage::PreimageFor;
use pallet_referenda::{
	Deposit, ReferendumInfo, ReferendumInfoFor, ReferendumInfoOf, ReferendumStatusOf, TracksInfo,
};
use pallet_scheduler::{Agenda, Lookup};
use pallet_stake_voting::{Bar, Bars, PollIndex, Snapshots, Tally};

/// A call as a referendum names it.
type Call = Bounded<RuntimeCall, <Runtime as frame_system::Config>::Hashing>;
/// A referendum that goes on.
type Status = ReferendumStatusOf<Runtime, ()>;
/// What somebody left for a referendum.
type Left = Option<Deposit<AccountId, Balance>>;

/// At most `count` proposals, the newest first, without the `start` newest ones.
pub fn proposals(start: u32, count: u32) -> Vec<ProposalInfo<AccountId>> {
	page(start, count).filter_map(proposal).collect()
}

/// How far each of these proposals is, without a look at its call.
pub fn proposal_states(start: u32, count: u32) -> Vec<ProposalState> {
	let infos = page(start, count).filter_map(ReferendumInfoFor::<Runtime>::get);
	infos.map(|info| state_of(&info)).collect()
}

/// At most `count` numbers of proposals, the newest first, without the `start` newest ones.
fn page(start: u32, count: u32) -> impl Iterator<Item = PollIndex> {
	let end = PollCount::get().saturating_sub(start);
	let count = count.min(MAX_PROPOSALS).min(end);
	(end - count..end).rev()
}

/// One proposal, with its call.
pub fn proposal(index: PollIndex) -> Option<ProposalInfo<AccountId>> {
	let (info, call) = read(index)?;
	Some(ProposalInfo { proposed: call.as_ref().map(describe), ..info })
}

/// What referenda need, track by track.
pub fn tracks() -> Vec<TrackInfo> {
	Tracks::tracks()
		.map(|track| TrackInfo {
			id: track.id,
			name: name(&track.info.name),
			max_deciding: track.info.max_deciding,
			submission_deposit: SUBMISSION_DEPOSIT,
			decision_deposit: track.info.decision_deposit,
			prepare_period: track.info.prepare_period,
			decision_period: track.info.decision_period,
			confirm_period: track.info.confirm_period,
			min_enactment_period: track.info.min_enactment_period,
			support: bar(Tracks::support(track.id)),
			approval: bar(Tracks::approval(track.id)),
		})
		.collect()
}

/// What each seat voted, the most powerful first.
pub fn votes(index: PollIndex) -> Vec<SeatVote<AccountId>> {
	let mut seats: Vec<_> = StakeVoting::seats_in(index)
		.into_iter()
		.map(|(candidate, power, record)| SeatVote {
			candidate,
			power,
			vote: record.vote,
			taken_out: record.taken_out,
		})
		.collect();
	seats.sort_by(|a, b| b.power.cmp(&a.power).then_with(|| a.candidate.cmp(&b.candidate)));
	seats
}

/// What `who` can say with each of its positions.
pub fn voting_power(index: PollIndex, who: &AccountId) -> Vec<PositionPower<AccountId>> {
	let candidates = PositionsOf::<Runtime>::get(who).into_iter();
	candidates
		.map(|candidate| {
			let (power, vote) = StakeVoting::voting_power(index, &candidate, who);
			PositionPower { candidate, power, vote }
		})
		.collect()
}

/// What contracts read.
pub struct Reader;

impl Proposals<AccountId> for Reader {
	fn count() -> PollIndex {
		PollCount::get()
	}

	fn max_scheduled() -> u32 {
		<Runtime as pallet_scheduler::Config>::MaxScheduledPerBlock::get()
	}

	fn proposal(index: PollIndex) -> Option<ProposalInfo<AccountId>> {
		read(index).map(|(info, _)| info)
	}

	fn tracks() -> Vec<TrackInfo> {
		tracks()
	}
}

fn bar(bar: Bar) -> BarInfo {
	let Bar { numerator, denominator } = bar;
	BarInfo { numerator, denominator, perbill: bar.perbill() }
}

/// A name without the zeros that fill it up.
fn name(padded: &[u8]) -> Vec<u8> {
	padded.iter().copied().take_while(|byte| *byte != 0).collect()
}

fn deposit(left: Left) -> Option<DepositInfo<AccountId>> {
	left.map(|Deposit { who, amount }| DepositInfo { who, amount })
}

/// A proposal, and its call where the chain still knows it.
fn read(index: PollIndex) -> Option<(ProposalInfo<AccountId>, Option<Call>)> {
	use ReferendumInfo::*;
	let info = ReferendumInfoFor::<Runtime>::get(index)?;
	let state = state_of(&info);
	Some(match info {
		Ongoing(status) => ongoing(index, status),
		Approved(at, submission, decision) => {
			approved(ended(index, state, at, (submission, decision)))
		},
		Rejected(at, submission, decision)
		| Cancelled(at, submission, decision)
		| TimedOut(at, submission, decision) => (ended(index, state, at, (submission, decision)), None),
		Killed(at) => (ended(index, state, at, (None, None)), None),
	})
}

fn state_of(info: &ReferendumInfoOf<Runtime, ()>) -> ProposalState {
	match info {
		ReferendumInfo::Ongoing(status) => state(status),
		ReferendumInfo::Approved(..) => ProposalState::Approved,
		ReferendumInfo::Rejected(..) => ProposalState::Rejected,
		ReferendumInfo::Cancelled(..) => ProposalState::Cancelled,
		ReferendumInfo::TimedOut(..) => ProposalState::TimedOut,
		ReferendumInfo::Killed(..) => ProposalState::Killed,
	}
}

fn ended(
	index: PollIndex,
	state: ProposalState,
	at: BlockNumber,
	(submission, decision): (Left, Left),
) -> ProposalInfo<AccountId> {
	ProposalInfo {
		index,
		track: None,
		track_name: None,
		submission_deposit: deposit(submission),
		decision_deposit: deposit(decision),
		state,
		blocks: ProposalBlocks { ended: Some(at), ..Default::default() },
		proposed: None,
		tally: None,
	}
}

/// Adds what the scheduler knows until it runs the call.
fn approved(mut info: ProposalInfo<AccountId>) -> (ProposalInfo<AccountId>, Option<Call>) {
	let Some((when, origin, call)) = enactment(info.index) else { return (info, None) };
	info.blocks.enactment = Some(when);
	info.track = Tracks::track_for(&origin).ok();
	info.track_name = info.track.and_then(track_name);
	(info, Some(call))
}

/// When, in whose name, and what the scheduler runs for an approved referendum.
fn enactment(index: PollIndex) -> Option<(BlockNumber, OriginCaller, Call)> {
	// The name that pallet-referenda gives it.
	let name = (*b"assembly", "enactment", index).using_encoded(sp_io::hashing::blake2_256);
	let (when, place) = Lookup::<Runtime>::get(name)?;
	let mut agenda = Agenda::<Runtime>::get(when).into_iter();
	let task = agenda.nth(place as usize).flatten()?;
	Some((when, task.origin, task.call))
}

fn track_name(track: TrackId) -> Option<Vec<u8>> {
	Tracks::info(track).map(|info| name(&info.name))
}

fn ongoing(index: PollIndex, status: Status) -> (ProposalInfo<AccountId>, Option<Call>) {
	let info = ProposalInfo {
		index,
		track: Some(status.track),
		track_name: track_name(status.track),
		state: state(&status),
		blocks: blocks(&status),
		tally: Some(tally(index, status.track, &status.tally)),
		submission_deposit: deposit(Some(status.submission_deposit)),
		decision_deposit: deposit(status.decision_deposit),
		proposed: None,
	};
	(info, Some(status.proposal))
}

fn state(status: &Status) -> ProposalState {
	match &status.deciding {
		Some(deciding) if deciding.confirming.is_some() => ProposalState::Confirming,
		Some(_) => ProposalState::Deciding,
		None if status.in_queue => ProposalState::Queued,
		None if status.decision_deposit.is_some() => ProposalState::Preparing,
		None => ProposalState::AwaitingDeposit,
	}
}

fn blocks(status: &Status) -> ProposalBlocks {
	let track = Tracks::info(status.track);
	let after =
		|block: BlockNumber, length: Option<BlockNumber>| Some(block.saturating_add(length?));
	let prepare = track.as_ref().map(|track| track.prepare_period);
	let deciding = status.deciding.as_ref();
	let waits = deciding.is_none() && !status.in_queue && status.decision_deposit.is_none();
	ProposalBlocks {
		submitted: Some(status.submitted),
		times_out: after(status.submitted, waits.then(UndecidingTimeout::get)),
		decision_starts: match deciding {
			Some(deciding) => Some(deciding.since),
			None if status.in_queue => None,
			None => after(status.submitted, prepare),
		},
		decision_ends: deciding
			.and_then(|deciding| after(deciding.since, track.map(|track| track.decision_period))),
		confirmation_ends: deciding.and_then(|deciding| deciding.confirming),
		ended: None,
		enactment: None,
	}
}

fn tally(index: PollIndex, track: TrackId, tally: &Tally<Runtime>) -> TallyInfo {
	let open = StakeVoting::is_open(index);
	let snapshot = Snapshots::<Runtime>::get(tally.opens).filter(|_| open);
	let total = snapshot.map(|snapshot| snapshot.total);
	let bars = (Tracks::support(track), Tracks::approval(track));
	TallyInfo {
		opens: tally.opens,
		total,
		ayes: tally.ayes,
		nays: tally.nays,
		abstentions: tally.abstentions,
		needed: total.map(|total| needed(bars, total, tally.nays).saturating_sub(tally.ayes)),
	}
}

/// The least power in favour with which both bars, for support and approval, are reached.
pub(crate) fn needed((support, approval): (Bar, Bar), total: Balance, nays: Balance) -> Balance {
	let least = |whole: Balance, parts: u32, of: u32| match of {
		0 if whole == 0 => 0,
		0 => Balance::MAX,
		_ => whole.saturating_mul(parts.into()).div_ceil(of.into()),
	};
	let supported = least(total, support.numerator, support.denominator);
	// Of all that votes for or against, the nays leave room for so many.
	let approved = least(nays, approval.numerator, approval.denominator - approval.numerator);
	// Nothing of nothing reaches no bar.
	supported.max(approved).max(1)
}

/// A call by name and, where it is short, byte by byte.
fn describe(call: &Call) -> ProposedCall {
	let (hash, length) = (call.hash(), length(call));
	let bytes = match (call, length) {
		(Call::Inline(bytes), _) => Some(bytes.to_vec()),
		(_, Some(length)) if length <= MAX_CALL_BYTES => preimage(hash, length),
		_ => None,
	};
	let head = match (&bytes, length) {
		(Some(bytes), _) => bytes.first().copied().zip(bytes.get(1).copied()),
		(None, Some(length)) => preimage_head(hash, length),
		_ => None,
	};
	let available = bytes.is_some() || length.is_some_and(|length| has_preimage(hash, length));
	let (pallet, call) = head.and_then(|(pallet, call)| names::call(pallet, call)).unzip();
	ProposedCall { hash, length, available, pallet, call, bytes }
}

fn length(call: &Call) -> Option<u32> {
	match call {
		Call::Inline(bytes) => Some(bytes.len() as u32),
		Call::Lookup { len, .. } => Some(*len),
		Call::Legacy { hash, .. } => <Preimage as QueryPreimage>::len(hash),
	}
}

fn preimage(hash: Hash, length: u32) -> Option<Vec<u8>> {
	PreimageFor::<Runtime>::get((hash, length)).map(Into::into)
}

fn has_preimage(hash: Hash, length: u32) -> bool {
	PreimageFor::<Runtime>::contains_key((hash, length))
}

/// The first two bytes of a preimage, whatever its length, without fetching the rest.
fn preimage_head(hash: Hash, length: u32) -> Option<(u8, u8)> {
	let key = PreimageFor::<Runtime>::hashed_key_for((hash, length));
	let prefix = codec::Compact(length).encode().len() as u32;
	let mut head = [0; 2];
	let left = sp_io::storage::read(&key, &mut head, prefix)?;
	(left >= 2).then_some((head[0], head[1]))
}
