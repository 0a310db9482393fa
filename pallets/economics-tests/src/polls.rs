//! Polls as pallet-referenda has them in the runtime, played by hand: somebody submits them, and at
//! some time they end.

use crate::runtime::{PollCount, PollsNow, Test};
use cybermiles_primitives::Balance;
use frame_support::traits::{PollStatus, Polling, VoteTally};
use pallet_stake_voting::{Bar, Bars, Counted, PollIndex, Tally, TrackId};
use sp_runtime::DispatchError;

/// The tally of a poll that goes on; nothing of one that ended.
pub type Poll = Option<Tally<Test>>;

/// The polls.
pub struct Polls;

const TRACK: TrackId = 0;

impl Polling<Tally<Test>> for Polls {
	type Index = PollIndex;
	type Votes = Balance;
	type Class = TrackId;
	type Moment = u64;

	fn classes() -> Vec<TrackId> {
		vec![TRACK]
	}

	fn as_ongoing(index: PollIndex) -> Option<(Tally<Test>, TrackId)> {
		PollsNow::get().remove(&index).flatten().map(|tally| (tally, TRACK))
	}

	fn access_poll<R>(
		index: PollIndex,
		work: impl FnOnce(PollStatus<&mut Tally<Test>, u64, TrackId>) -> R,
	) -> R {
		let done: Result<R, DispatchError> = Self::try_access_poll(index, |poll| Ok(work(poll)));
		done.expect("the work does not fail")
	}

	/// What fails leaves no trace, as with storage.
	fn try_access_poll<R>(
		index: PollIndex,
		work: impl FnOnce(PollStatus<&mut Tally<Test>, u64, TrackId>) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let mut polls = PollsNow::get();
		let result = work(match polls.get_mut(&index) {
			Some(Some(tally)) => PollStatus::Ongoing(tally, TRACK),
			Some(None) => PollStatus::Completed(0, true),
			None => PollStatus::None,
		})?;
		PollsNow::set(polls);
		Ok(result)
	}
}

impl Bars for Polls {
	fn support(_: TrackId) -> Bar {
		Bar::new(2, 3)
	}

	fn approval(_: TrackId) -> Bar {
		Bar::new(1, 2)
	}
}

/// Submits a poll.
pub fn submit() -> PollIndex {
	let index = PollCount::get();
	PollsNow::mutate(|polls| polls.insert(index, Some(Tally::new(TRACK))));
	PollCount::set(index + 1);
	index
}

/// Ends a poll, where it goes on.
pub fn end(index: PollIndex) {
	PollsNow::mutate(|polls| {
		if let Some(poll) = polls.get_mut(&index) {
			*poll = None;
		}
	});
}

/// The polls that go on and take votes.
pub fn open() -> Vec<PollIndex> {
	let opened = Counted::<Test>::get();
	let polls = PollsNow::get().into_iter();
	polls
		.filter(|(index, poll)| poll.is_some() && *index < opened)
		.map(|(index, _)| index)
		.collect()
}
