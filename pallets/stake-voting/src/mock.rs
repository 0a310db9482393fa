//! A chain of this pallet alone; stake, seats, owners, standing and polls are fakes.
//!
//! Stake is counted in planck, so that the numbers of tests are short. See [`ExtBuilder`] for who
//! has what.

use crate::{
	self as pallet_stake_voting, Bar, Bars, Event, Pallet, PollIndex, SeatThen, SeatsThen, Tally,
	TrackId, Vote,
};
use cybermiles_primitives::{
	traits::{
		BondedStake, Candidacies, Eras, OnSession, PollObserver, PositionObserver, Seats, Standing,
	},
	Balance, ClassId, EraIndex, Rate, SessionIndex,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{Hooks, PollStatus, Polling, VoteTally},
	weights::Weight,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, Perbill};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) type AccountId = u64;
pub(crate) type Voting = Pallet<Test>;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		StakeVoting: pallet_stake_voting,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
}

/// The class of delegators who pay 10 %.
pub(crate) const TEN: ClassId = ClassId::agreed_at(Rate(100));
/// The class of delegators who pay 5 %.
pub(crate) const FIVE: ClassId = ClassId::agreed_at(Rate(50));
/// All candidates; 7 has something behind it in benchmarks only.
const CANDIDATES: [AccountId; 7] = [1, 2, 3, 4, 5, 6, 7];
/// A track that asks for two thirds of all power.
pub(crate) const ROOT_TRACK: TrackId = 0;
/// A track that asks for a fifth of all power and half of the votes.
pub(crate) const SMALL_TRACK: TrackId = 1;

/// A poll that goes on; whether it was approved, where it ended; nothing, where it was killed.
type Poll = Result<(Tally<Test>, TrackId), Option<bool>>;
type Pools = BTreeMap<(AccountId, ClassId), (Balance, Balance)>;
type Positions = BTreeMap<(AccountId, AccountId), (ClassId, Balance)>;

parameter_types! {
	pub static StakeCap: Perbill = Perbill::one();
	/// The present session.
	pub static Session: SessionIndex = 1;
	/// Polls by number.
	pub static PollsNow: BTreeMap<PollIndex, Poll> = BTreeMap::new();
	/// How many polls were submitted.
	pub static PollCount: PollIndex = 0;
	/// Polls of which nothing is kept any more, as this pallet told.
	pub static Removed: Vec<PollIndex> = Vec::new();
	pub static Awaited: Vec<PollIndex> = Vec::new();
	/// Who sits as validator.
	pub static Validators: Vec<AccountId> = Vec::new();
	/// Who stands by.
	pub static Standbys: Vec<AccountId> = Vec::new();
	/// Owners that are not the candidate's own account.
	pub static Owners: BTreeMap<AccountId, AccountId> = BTreeMap::new();
	/// Closed candidates.
	pub static Retired: BTreeSet<AccountId> = BTreeSet::new();
	/// Candidates in jail, each with the error.
	pub static Jailed: BTreeMap<AccountId, &'static str> = BTreeMap::new();
	/// Stake and shares of each class.
	pub static PoolsNow: Pools = BTreeMap::new();
	/// Class and shares of each position.
	pub static PositionsNow: Positions = BTreeMap::new();
}

pub struct Fake;

impl Polling<Tally<Test>> for Fake {
	type Index = PollIndex;
	type Votes = Balance;
	type Class = TrackId;
	type Moment = u64;

	fn classes() -> Vec<TrackId> {
		vec![ROOT_TRACK, SMALL_TRACK]
	}

	fn as_ongoing(index: PollIndex) -> Option<(Tally<Test>, TrackId)> {
		PollsNow::get().remove(&index)?.ok()
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
			Some(Ok((tally, track))) => PollStatus::Ongoing(tally, *track),
			Some(Err(Some(approved))) => PollStatus::Completed(1, *approved),
			Some(Err(None)) | None => PollStatus::None,
		})?;
		PollsNow::set(polls);
		Ok(result)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn create_ongoing(track: TrackId) -> Result<PollIndex, ()> {
		Ok(submit_to(track))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn end_ongoing(index: PollIndex, approved: bool) -> Result<(), ()> {
		Self::as_ongoing(index).ok_or(())?;
		PollsNow::mutate(|polls| polls.insert(index, Err(Some(approved))));
		Ok(())
	}
}

impl PollObserver for Fake {
	fn on_removed(poll: PollIndex) {
		Removed::mutate(|removed| removed.push(poll));
	}

	fn on_awaited(poll: PollIndex) {
		Awaited::mutate(|awaited| awaited.push(poll));
	}
}

impl Bars for Fake {
	fn support(track: TrackId) -> Bar {
		match track {
			ROOT_TRACK => Bar::new(2, 3),
			_ => Bar::new(1, 5),
		}
	}

	fn approval(_: TrackId) -> Bar {
		Bar::new(1, 2)
	}
}

impl Candidacies<AccountId> for Fake {
	fn owned_by(owner: &AccountId) -> Result<AccountId, DispatchError> {
		let candidate = CANDIDATES.into_iter().find(|of| Self::owner_of(of) == Some(*owner));
		let candidate = candidate.ok_or(DispatchError::Other("NotOwner"))?;
		match Retired::get().contains(&candidate) {
			true => Err(DispatchError::Other("CandidateRetired")),
			false => Ok(candidate),
		}
	}

	fn owner_of(candidate: &AccountId) -> Option<AccountId> {
		let owner = Owners::get().get(candidate).copied().unwrap_or(*candidate);
		CANDIDATES.contains(candidate).then_some(owner)
	}

	fn max_rate(_: &AccountId) -> Option<Rate> {
		None
	}
}

impl Standing<AccountId> for Fake {
	fn ensure_may_stand(candidate: &AccountId) -> DispatchResult {
		match Jailed::get().get(candidate) {
			Some(reason) => Err(DispatchError::Other(reason)),
			None => Ok(()),
		}
	}
}

impl Seats<AccountId> for Fake {
	/// What counted at the election is none of this pallet's business.
	fn validators() -> Vec<(AccountId, Balance)> {
		Validators::get().into_iter().map(|who| (who, 1)).collect()
	}

	fn standbys() -> Vec<(AccountId, Balance)> {
		Standbys::get().into_iter().map(|who| (who, 1)).collect()
	}
}

impl BondedStake<AccountId> for Fake {
	fn pools(candidate: &AccountId) -> Vec<(ClassId, Balance, Balance)> {
		let pools = PoolsNow::get().into_iter().filter(|((of, _), _)| of == candidate);
		pools.map(|((_, class), (stake, shares))| (class, stake, shares)).collect()
	}

	fn shares(candidate: &AccountId, who: &AccountId) -> Option<(ClassId, Balance)> {
		PositionsNow::get().get(&(*candidate, *who)).copied()
	}
}

impl Eras for Fake {
	fn current_era() -> EraIndex {
		0
	}

	fn current_session() -> SessionIndex {
		Session::get()
	}

	fn era_of(_: SessionIndex) -> Option<EraIndex> {
		Some(0)
	}
}

/// A candidate with a pool for each delegator that agreed to a rate of its own.
#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId> for Fake {
	fn seated_candidate() -> AccountId {
		for rate in 0..16u16 {
			join(7, 700 + AccountId::from(rate), ClassId::agreed_at(Rate(rate)), 10);
		}
		join(7, 7, ClassId::OWNER, 100);
		Validators::mutate(|validators| validators.push(7));
		7
	}

	fn delegator_of(_: &AccountId) -> AccountId {
		715
	}
}

impl pallet_stake_voting::Config for Test {
	type Polls = Fake;
	type PollCount = PollCount;
	type PollObserver = Fake;
	type Bars = Fake;
	type Candidacies = Fake;
	type Standing = Fake;
	type Seats = Fake;
	type Stake = Fake;
	type StakeCap = StakeCap;
	type Eras = Fake;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Fake;
}

/// Builds test externalities in session 1, with this stake, in planck:
///
/// | Candidate | Seat | Owner | Delegators | Sum |
/// |---|---|---|---|---|
/// | 1 | validator | 100 | 11: 200, 12: 100 | 400 |
/// | 2 | validator | 100 | 12: 50 | 150 |
/// | 3 | validator | 120 | 13: 30 | 150 |
/// | 4 | standby | 60 | 14: 40 | 100 |
/// | 5 | standby | 50 | | 50 |
/// | 6 | none | 40 | 16: 60 | 100 |
#[derive(Default)]
pub(crate) struct ExtBuilder {
	cap: Option<Perbill>,
}

/// Power of all seats of [`ExtBuilder`] where no cap holds them down.
pub(crate) const TOTAL: Balance = 850;

impl ExtBuilder {
	/// Holds the seats of each group down to `percent` of what counts of it. With 40 %, validators
	/// count for 200, 150 and 150, and standbys for 50 and 50.
	pub(crate) fn cap(mut self, percent: u32) -> Self {
		self.cap = Some(Perbill::from_percent(percent));
		self
	}

	pub(crate) fn build(self) -> sp_io::TestExternalities {
		reset_statics();
		if let Some(cap) = self.cap {
			StakeCap::set(cap);
		}
		let storage = frame_system::GenesisConfig::<Test>::default()
			.build_storage()
			.expect("system genesis");
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| {
			System::set_block_number(1);
			found();
		});
		ext
	}

	/// Runs `test`, then checks all invariants.
	pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Voting::do_try_state().expect("invariants hold");
		});
	}
}

fn reset_statics() {
	StakeCap::set(Perbill::one());
	Session::set(1);
	PollsNow::take();
	PollCount::set(0);
	Removed::take();
	Awaited::take();
	Validators::set(vec![1, 2, 3]);
	Standbys::set(vec![4, 5]);
	Owners::take();
	Retired::take();
	Jailed::take();
	PoolsNow::take();
	PositionsNow::take();
}

/// The stake of the beginning.
fn found() {
	for (candidate, amount) in [(1, 100), (2, 100), (3, 120), (4, 60), (5, 50), (6, 40)] {
		join(candidate, candidate, ClassId::OWNER, amount);
	}
	for (candidate, who, amount) in
		[(1, 11, 200), (1, 12, 100), (2, 12, 50), (3, 13, 30), (4, 14, 40), (6, 16, 60)]
	{
		join(candidate, who, TEN, amount);
	}
}

fn tell(candidate: AccountId, who: AccountId, (class, shares): (ClassId, Balance)) {
	<Voting as PositionObserver<AccountId>>::before_change(&candidate, &who, class, shares);
}

fn add_to_pool(candidate: AccountId, class: ClassId, stake: Balance, shares: Balance) {
	PoolsNow::mutate(|pools| {
		let pool = pools.entry((candidate, class)).or_default();
		*pool = (pool.0 + stake, pool.1 + shares);
	});
}

/// Takes shares out of a pool; returns what they were worth.
fn take_from_pool(candidate: AccountId, class: ClassId, shares: Balance) -> Balance {
	PoolsNow::mutate(|pools| {
		let pool = pools.get_mut(&(candidate, class)).expect("a pool");
		let amount = pool.0 * shares / pool.1;
		*pool = (pool.0 - amount, pool.1 - shares);
		if pool.1 == 0 {
			pools.remove(&(candidate, class));
		}
		amount
	})
}

/// `who` puts `amount` behind `candidate`: into `class` where it has nothing there yet.
pub(crate) fn join(candidate: AccountId, who: AccountId, class: ClassId, amount: Balance) {
	let position = PositionsNow::get().get(&(candidate, who)).copied();
	let (class, held) = match position {
		Some((class, held)) if held > 0 => (class, held),
		_ => (class, 0),
	};
	tell(candidate, who, (class, held));
	let (stake, shares) = PoolsNow::get().get(&(candidate, class)).copied().unwrap_or_default();
	let bought = if shares == 0 { amount } else { amount * shares / stake };
	add_to_pool(candidate, class, amount, bought);
	PositionsNow::mutate(|all| all.insert((candidate, who), (class, held + bought)));
}

/// `who` takes `shares` out from behind `candidate`; its position stays, even empty.
pub(crate) fn leave(candidate: AccountId, who: AccountId, shares: Balance) -> Balance {
	let (class, held) = PositionsNow::get()[&(candidate, who)];
	tell(candidate, who, (class, held));
	PositionsNow::mutate(|all| all.insert((candidate, who), (class, held - shares)));
	take_from_pool(candidate, class, shares)
}

/// `who` takes everything out from behind `candidate`.
pub(crate) fn leave_all(candidate: AccountId, who: AccountId) -> Balance {
	leave(candidate, who, shares_of(candidate, who))
}

/// The shares of a position.
pub(crate) fn shares_of(candidate: AccountId, who: AccountId) -> Balance {
	PositionsNow::get()[&(candidate, who)].1
}

/// Everything of an empty position was paid.
pub(crate) fn remove_position(candidate: AccountId, who: AccountId) {
	let position = PositionsNow::mutate(|all| all.remove(&(candidate, who)));
	assert_eq!(position.expect("a position").1, 0);
	<Voting as PositionObserver<AccountId>>::on_removed(&candidate, &who);
}

/// Moves a position into another class.
pub(crate) fn move_to(candidate: AccountId, who: AccountId, class: ClassId) {
	let amount = leave_all(candidate, who);
	join(candidate, who, class, amount);
}

/// Adds to every pool of `candidate`, or takes from it, so many per cent.
pub(crate) fn change_pools(candidate: AccountId, percent: i32) {
	PoolsNow::mutate(|pools| {
		for ((of, _), (stake, _)) in pools.iter_mut() {
			if *of == candidate {
				*stake = *stake * (100 + percent) as Balance / 100;
			}
		}
	});
}

/// `candidate` is `to`'s from now on; the owner before leaves.
pub(crate) fn hand_over(candidate: AccountId, to: AccountId) {
	let from = <Fake as Candidacies<AccountId>>::owner_of(&candidate).expect("a candidate");
	leave_all(candidate, from);
	Owners::mutate(|owners| owners.insert(candidate, to));
	join(candidate, to, ClassId::OWNER, 100);
}

fn submit_to(track: TrackId) -> PollIndex {
	let index = PollCount::get();
	PollsNow::mutate(|polls| polls.insert(index, Ok((Tally::new(track), track))));
	PollCount::set(index + 1);
	index
}

/// Submits a poll on a root matter.
pub(crate) fn submit() -> PollIndex {
	submit_to(ROOT_TRACK)
}

/// Begins the next session.
pub(crate) fn next_session() -> SessionIndex {
	Session::mutate(|session| *session += 1);
	Voting::on_session_start(Session::get());
	Session::get()
}

/// Submits a poll and begins the session that opens it.
pub(crate) fn open() -> PollIndex {
	let poll = submit();
	next_session();
	poll
}

/// Ends a poll.
pub(crate) fn end(poll: PollIndex) {
	PollsNow::mutate(|polls| polls.insert(poll, Err(Some(true))));
}

/// Kills a poll.
pub(crate) fn kill(poll: PollIndex) {
	PollsNow::mutate(|polls| polls.insert(poll, Err(None)));
}

/// Ayes, nays and abstentions of a poll.
pub(crate) fn counts(poll: PollIndex) -> (Balance, Balance, Balance) {
	let tally = Voting::tally(poll).expect("goes on");
	(tally.ayes, tally.nays, tally.abstentions)
}

/// Changes the tally of a poll.
pub(crate) fn change_tally(poll: PollIndex, change: impl FnOnce(&mut Tally<Test>)) {
	let changed = Fake::try_access_poll(poll, |status| {
		let PollStatus::Ongoing(tally, _) = status else { panic!("the poll goes on") };
		change(tally);
		Ok(())
	});
	changed.expect("does not fail");
}

/// The seat of `candidate` as it was when the present session began.
pub(crate) fn seat(candidate: AccountId) -> SeatThen {
	SeatsThen::<Test>::get(Session::get(), candidate).expect("a seat")
}

pub(crate) fn vote(who: AccountId, poll: PollIndex, vote: Vote) -> DispatchResult {
	Voting::vote(signed(who), poll, vote)
}

pub(crate) fn withdraw(who: AccountId, poll: PollIndex) -> DispatchResult {
	Voting::withdraw_vote(signed(who), poll)
}

pub(crate) fn vote_stake(
	who: AccountId,
	poll: PollIndex,
	candidate: AccountId,
	vote: Vote,
) -> DispatchResult {
	Voting::vote_stake(signed(who), poll, candidate, vote)
}

pub(crate) fn withdraw_stake(
	who: AccountId,
	poll: PollIndex,
	candidate: AccountId,
) -> DispatchResult {
	Voting::withdraw_stake_vote(signed(who), poll, candidate)
}

/// A block with so much weight left.
pub(crate) fn idle(remaining: Weight) -> Weight {
	Voting::on_idle(System::block_number(), remaining)
}

/// A signed origin.
pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<Event<Test>> {
	let events = System::read_events_for_pallet::<Event<Test>>();
	System::reset_events();
	events
}
