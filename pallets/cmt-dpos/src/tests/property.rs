//! Invariant 7: for every sequence of operations the books match the naive model, and all other
//! invariants hold after each step.

use super::model::{Naive, Place};
use crate::{
	mock::*, CandidateOf, Candidates, CurrentSession, Error, OwnershipOffers, PoolsOf, Position,
	Positions, StakeTotals, Status,
};
use cybermiles_primitives::{traits::StakePools, Balance, Rate, SessionIndex, CMT};
use frame_support::weights::Weight;
use pallet_session::ShouldEndSession;
use proptest::{
	prelude::*,
	test_runner::{Config as Cases, RngSeed},
};
use sp_runtime::{DispatchError, DispatchResult, Perbill, StateVersion};
use std::cmp::Reverse;

/// Candidates of the genesis, newcomers and delegators.
const ACCOUNTS: std::ops::RangeInclusive<AccountId> = 1..=13;

/// An amount, made out when the operation runs.
#[derive(Clone, Copy, Debug)]
enum Amount {
	Planck(Balance),
	Cmt(Balance),
	/// This many thousandths of what the operation can take.
	Part(Balance),
	/// What the operation can take, and so much more or less.
	Off(i8),
	Max,
}

impl Amount {
	fn of(self, whole: Balance) -> Balance {
		match self {
			Self::Planck(planck) => planck,
			Self::Cmt(cmt) => cmt * CMT,
			Self::Part(part) => whole / 1_000 * part,
			Self::Off(off) => whole.saturating_add_signed(off.into()),
			Self::Max => Balance::MAX,
		}
	}
}

/// Who acts on which candidate, made out when the operation runs.
#[derive(Clone, Copy, Debug)]
enum Pick {
	/// One of those for which the operation makes sense.
	Fitting(usize),
	Any(AccountId, AccountId),
}

impl Pick {
	fn of(self, fitting: Vec<(AccountId, AccountId)>) -> (AccountId, AccountId) {
		match self {
			Self::Fitting(index) if fitting.is_empty() => (10, 1 + index as AccountId % 6),
			Self::Fitting(index) => fitting[index % fitting.len()],
			Self::Any(who, candidate) => (who, candidate),
		}
	}
}

/// One step. The first account of each acts.
#[derive(Clone, Debug)]
enum Op {
	Declare(AccountId, Amount, u16, Amount),
	Update(AccountId, Option<Amount>, Option<u16>, Option<u16>),
	Activate(AccountId),
	Deactivate(AccountId),
	Retire(AccountId),
	Offer(AccountId, Option<AccountId>),
	Accept(Pick),
	Delegate(AccountId, AccountId, Amount),
	Undelegate(Pick, Option<Amount>),
	Rebond(Pick, Option<Amount>),
	Withdraw(AccountId, Pick),
	/// Adds a part of its stake to one class of a candidate.
	Award(AccountId, usize, u8),
	/// Slashes for an offence so many eras ago.
	Slash(AccountId, u32, u32),
	StandAside(AccountId),
	/// Gives or takes session keys.
	Keys(AccountId),
	/// Runs blocks, with or without room for payments.
	Blocks(u8, bool),
	Parameter(u8, u32),
}

fn account() -> impl Strategy<Value = AccountId> {
	ACCOUNTS
}

/// Mostly a candidate of the genesis, so that stakes meet.
fn candidate_address() -> impl Strategy<Value = AccountId> {
	prop_oneof![8 => 1..=3u64, 4 => 4..=9u64, 1 => 10..=14u64]
}

fn pick() -> impl Strategy<Value = Pick> {
	prop_oneof![
		9 => (0..100usize).prop_map(Pick::Fitting),
		1 => (account(), candidate_address()).prop_map(|(who, of)| Pick::Any(who, of)),
	]
}

fn amount() -> impl Strategy<Value = Amount> {
	prop_oneof![
		1 => (0..3u128).prop_map(Amount::Planck),
		8 => (900..40_000u128).prop_map(Amount::Cmt),
		4 => (1..1_000u128).prop_map(Amount::Part),
		2 => (-2..3i8).prop_map(Amount::Off),
		1 => Just(Amount::Max),
	]
}

fn maximum() -> impl Strategy<Value = Amount> {
	prop_oneof![
		1 => (0..2u128).prop_map(Amount::Planck),
		9 => (15_000..500_000u128).prop_map(Amount::Cmt),
		1 => Just(Amount::Max),
	]
}

fn maybe<T: std::fmt::Debug + Clone>(
	some: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
	prop::option::of(some)
}

fn staking() -> impl Strategy<Value = Op> {
	prop_oneof![
		6 => (account(), candidate_address(), amount())
			.prop_map(|(who, to, amount)| Op::Delegate(who, to, amount)),
		5 => (pick(), maybe(amount())).prop_map(|(pick, amount)| Op::Undelegate(pick, amount)),
		3 => (pick(), maybe(amount())).prop_map(|(pick, amount)| Op::Rebond(pick, amount)),
		1 => (account(), pick()).prop_map(|(who, pick)| Op::Withdraw(who, pick)),
	]
}

fn owning() -> impl Strategy<Value = Op> {
	let rate = || 0..1_100u16;
	let owner = || prop_oneof![3 => 1..=6u64, 1 => account()];
	prop_oneof![
		3 => (account(), maximum(), rate(), amount())
			.prop_map(|(who, max, rate, own)| Op::Declare(who, max, rate, own)),
		4 => (owner(), maybe(maximum()), maybe(rate()), maybe(rate()))
			.prop_map(|(who, max, default, highest)| Op::Update(who, max, default, highest)),
		4 => owner().prop_map(Op::Activate),
		2 => owner().prop_map(Op::Deactivate),
		1 => owner().prop_map(Op::Retire),
		6 => (owner(), prop::option::weighted(0.9, account()))
			.prop_map(|(who, to)| Op::Offer(who, to)),
		4 => pick().prop_map(Op::Accept),
	]
}

fn surroundings() -> impl Strategy<Value = Op> {
	prop_oneof![
		4 => (candidate_address(), 0..3usize, 0..=20u8)
			.prop_map(|(who, class, percent)| Op::Award(who, class, percent)),
		3 => (candidate_address(), prop_oneof![8 => 0..300_000_000u32, 1 => Just(1_000_000_000)], 0..4u32)
			.prop_map(|(who, parts, age)| Op::Slash(who, parts, age)),
		1 => candidate_address().prop_map(Op::StandAside),
		1 => account().prop_map(Op::Keys),
		6 => (1..20u8, prop::bool::weighted(0.6)).prop_map(|(n, idle)| Op::Blocks(n, idle)),
		2 => (0..11u8, 0..100u32).prop_map(|(which, value)| Op::Parameter(which, value)),
	]
}

fn op() -> impl Strategy<Value = Op> {
	prop_oneof![8 => staking(), 4 => owning(), 5 => surroundings()]
}

/// The errors that the documentation of the call names.
fn documented(op: &Op) -> Vec<Error<Test>> {
	use Error::*;
	match op {
		Op::Declare(..) => vec![
			AlreadyCandidate,
			AddressNamesCandidate,
			RateOutOfRange,
			MaximumTooLow,
			NoSessionKeys,
			SelfStakeTooLow,
			BelowMinimum,
			ExceedsMaximum,
			InsufficientBalance,
			TooManyPositions,
			Arithmetic,
		],
		Op::Update(..) => vec![
			NotOwner,
			CandidateRetired,
			NothingToUpdate,
			MaximumTooLow,
			RateOutOfRange,
			MaximumRateRaised,
			RateAboveMaximum,
			InsufficientBalance,
			BelowMinimum,
			PoolWorthless,
			Arithmetic,
		],
		Op::Activate(..) => {
			vec![NotOwner, CandidateRetired, AlreadyActive, NoSessionKeys, SelfStakeTooLow]
		},
		Op::Deactivate(..) => vec![NotOwner, CandidateRetired, AlreadyInactive],
		Op::Retire(..) => vec![NotOwner, CandidateRetired],
		Op::Offer(..) => vec![NotOwner, CandidateRetired, AlreadyOwner, AlreadyCandidate, NoOffer],
		Op::Accept(..) => vec![
			UnknownCandidate,
			NotOffered,
			CandidateRetired,
			AlreadyCandidate,
			InsufficientBalance,
			TooManyPositions,
			TooManyChunks,
			BelowMinimum,
			PoolWorthless,
			Arithmetic,
		],
		_ => documented_of_stake(op),
	}
}

/// The same for the calls that move stake, and what is no call.
fn documented_of_stake(op: &Op) -> Vec<Error<Test>> {
	use Error::*;
	match op {
		Op::Delegate(..) => vec![
			ZeroAmount,
			UnknownCandidate,
			CandidateRetired,
			ExceedsMaximum,
			InsufficientBalance,
			BelowMinimum,
			TooManyPositions,
			TooManyClasses,
			PoolWorthless,
			Arithmetic,
		],
		Op::Undelegate(..) => vec![
			ZeroAmount,
			UnknownCandidate,
			CandidateRetired,
			NotDelegator,
			MoreThanBonded,
			RemainderTooSmall,
			SelfStakeTooLow,
			TooManyChunks,
			PoolWorthless,
			Arithmetic,
		],
		Op::Rebond(..) => vec![
			ZeroAmount,
			UnknownCandidate,
			CandidateRetired,
			NothingUnbonding,
			MoreThanUnbonding,
			ExceedsMaximum,
			BelowMinimum,
			TooManyClasses,
			PoolWorthless,
			Arithmetic,
		],
		Op::Withdraw(..) => vec![NothingDue],
		_ => vec![UnknownCandidate, CandidateRetired, AlreadyInactive, PoolWorthless],
	}
}

fn root() -> Vec<u8> {
	sp_io::storage::root(StateVersion::V1)
}

/// Runs `op` as a call that takes effect as a whole or not at all; an `Ok` reaches the model too.
fn run(op: &Op, model: &mut Naive) {
	model.note_prices();
	let before = root();
	match apply(op, model) {
		Ok(()) => model.assert_agrees(),
		Err(error) => {
			let known: Vec<DispatchError> =
				documented(op).into_iter().map(DispatchError::from).collect();
			assert!(known.contains(&error), "{op:?} is refused with {error:?}");
			assert_eq!(root(), before, "{op:?} was refused and left an effect");
		},
	}
	assert!(model.largest_slack() < 1_000_000, "the model allows too much");
	Dpos::do_try_state().expect("invariants hold");
	let totals = StakeTotals::<Test>::get();
	assert_eq!(free(Dpos::escrow()), totals.bonded + totals.unbonding);
}

fn apply(op: &Op, model: &mut Naive) -> DispatchResult {
	match op.clone() {
		Op::Declare(who, max, rate, own) => {
			let max = max.of(free(who));
			let own = own.of(max);
			Dpos::declare(signed(who), max, Rate(rate), own)?;
			model.delegate(who, who, own);
		},
		Op::Update(who, max, default, highest) => {
			return update(who, max.map(|max| max.of(0)), default, highest, model);
		},
		Op::Activate(who) => Dpos::activate(signed(who))?,
		Op::Deactivate(who) => Dpos::deactivate(signed(who))?,
		Op::Retire(who) => Dpos::retire(signed(who))?,
		Op::Offer(who, to) => Dpos::offer_ownership(signed(who), to)?,
		Op::Accept(pick) => return accept(pick, model),
		Op::Delegate(who, to, amount) => {
			let room = Candidates::<Test>::get(to)
				.map_or(0, |info| info.terms.max_stake.saturating_sub(info.stake));
			let amount = amount.of(room.min(free(who)));
			Dpos::delegate(signed(who), to, amount)?;
			model.delegate(to, who, amount);
		},
		Op::Undelegate(pick, amount) => return undelegate(pick, amount, model),
		Op::Rebond(pick, amount) => {
			let (who, of) = pick.of(positions(|position| !position.chunks.is_empty()));
			let amount = amount.map(|amount| amount.of(waiting(who, of)));
			Dpos::rebond(signed(who), of, amount).map_err(|error| error.error)?;
			model.rebond(of, who, amount);
		},
		Op::Withdraw(who, pick) => {
			let is_due = |position: &Position| position.chunks.iter().any(|c| c.due <= Dpos::era());
			let (to, _) = pick.of(positions(is_due));
			Dpos::withdraw_unbonded(signed(who), to).map_err(|error| error.error)?;
			model.pay(Some(to));
		},
		other => return apply_from_outside(other, model),
	}
	Ok(())
}

fn apply_from_outside(op: Op, model: &mut Naive) -> DispatchResult {
	match op {
		Op::Award(to, class, percent) => {
			let classes = Dpos::class_stakes(&to);
			let Some((class, stake)) = classes.get(class % classes.len().max(1)) else {
				return Ok(());
			};
			let amount = stake / 100 * Balance::from(percent) + 1;
			if *stake >= CMT && amount < free(PAYER) {
				award(to, *class, amount)?;
				model.award(to, *class, amount);
			}
		},
		Op::Slash(who, parts, age) => {
			let fraction = Perbill::from_parts(parts);
			let since = Dpos::era().saturating_sub(age);
			let (expected, unsure) = model.slash(who, fraction, since);
			let taken = slash(who, fraction, since);
			assert!(taken.abs_diff(expected) <= unsure, "slash took {taken} for {expected}");
		},
		Op::StandAside(who) => Dpos::stand_aside(&who)?,
		Op::Keys(who) => Keyless::mutate(|keyless| {
			if !keyless.remove(&who) {
				keyless.insert(who);
			}
		}),
		Op::Blocks(count, idle) => (0..count).for_each(|_| block(idle, model)),
		Op::Parameter(which, value) => set_parameter(which, value),
		_ => unreachable!("all calls are applied before"),
	}
	Ok(())
}

fn update(
	who: AccountId,
	max: Option<Balance>,
	default: Option<u16>,
	highest: Option<u16>,
	model: &mut Naive,
) -> DispatchResult {
	let before = CandidateOf::<Test>::get(who).map(candidate);
	Dpos::update(signed(who), max, default.map(Rate), highest.map(Rate))?;
	let of = CandidateOf::<Test>::get(who).expect("just updated");
	let terms = candidate(of).terms;
	assert!(terms.default_rate <= terms.max_rate);
	assert!(before.as_ref().is_some_and(|before| terms.max_rate <= before.terms.max_rate));
	if before.is_some_and(|before| before.terms.max_stake < terms.max_stake) {
		model.top_up(of, who, terms.required_self_stake(SelfStakeRatio::get()));
	}
	Ok(())
}

/// Who has a position like this, and behind which candidate.
fn positions(is_fitting: impl Fn(&Position) -> bool) -> Vec<(AccountId, AccountId)> {
	let fitting = Positions::<Test>::iter().filter(|(_, _, position)| is_fitting(position));
	fitting.map(|(candidate, who, _)| (who, candidate)).collect()
}

fn accept(pick: Pick, model: &mut Naive) -> DispatchResult {
	let offers = OwnershipOffers::<Test>::iter().map(|(candidate, to)| (to, candidate));
	let (who, of) = pick.of(offers.collect());
	let before = Candidates::<Test>::get(of);
	Dpos::accept_ownership(signed(who), of)?;
	let before = before.expect("was there");
	let others = candidate(of).stake - PoolsOf::<Test>::get(of).self_stake();
	let required = before.terms.self_stake_to_keep(SelfStakeRatio::get(), others);
	model.accept(of, before.owner, who, required, Dpos::unbonding_eras().1);
	Ok(())
}

fn undelegate(pick: Pick, amount: Option<Amount>, model: &mut Naive) -> DispatchResult {
	let (who, of) = pick.of(positions(|position| position.shares > 0));
	let amount = amount.map(|amount| amount.of(value(who, of)));
	Dpos::undelegate(signed(who), of, amount)?;
	model.undelegate(of, who, amount, Dpos::unbonding_eras().1);
	let info = candidate(of);
	if info.owner == who {
		let class = cybermiles_primitives::ClassId::OWNER;
		let kept = model.bonded(of, who) + model.slack(Place::Class(of, class));
		let ratio = SelfStakeRatio::get();
		assert!(kept >= info.terms.required_self_stake(ratio));
		assert!(kept >= ratio.mul_ceil(info.stake));
	}
	Ok(())
}

/// One block, with the election that a naive scan of all candidates expects.
fn block(idle: bool, model: &mut Naive) {
	let ends = Dpos::should_end_session(System::block_number() + 1);
	let session = CurrentSession::<Test>::get();
	let expected = naive_election().unwrap_or_else(|| kept_seats(session + 1));
	run_block(if idle { Weight::MAX } else { Weight::zero() });
	if ends {
		assert_eq!(CurrentSession::<Test>::get(), session + 1);
		let seats = seats_of(session + 2);
		let standbys: Vec<_> = seats.standbys.into_iter().map(|seat| seat.candidate).collect();
		assert_eq!((elected(session + 2), standbys), expected);
	}
	if idle {
		model.pay(None);
	}
}

/// Validators and standbys of `session` that have keys; all where no validator has.
fn kept_seats(session: SessionIndex) -> (Vec<AccountId>, Vec<AccountId>) {
	let standbys: Vec<_> =
		seats_of(session).standbys.into_iter().map(|seat| seat.candidate).collect();
	let (all, keyless) = ((elected(session), standbys), Keyless::get());
	let mut kept = all.clone();
	kept.0.retain(|who| !keyless.contains(who));
	kept.1.retain(|who| !keyless.contains(who));
	if kept.0.is_empty() {
		all
	} else {
		kept
	}
}

/// Validators and standbys by a look at every candidate; none where too few qualify.
fn naive_election() -> Option<(Vec<AccountId>, Vec<AccountId>)> {
	let mut fit: Vec<_> = Candidates::<Test>::iter()
		.filter(|(who, info)| {
			let own = Positions::<Test>::get(who, info.owner)
				.map_or(0, |position| Dpos::bonded_value(who, &position));
			let required = info.terms.required_self_stake(SelfStakeRatio::get());
			let keys = !Keyless::get().contains(who);
			info.status == Status::Active && keys && own >= required
		})
		.map(|(who, info)| (Reverse(info.stake), info.order, who))
		.collect();
	fit.sort_unstable();
	let validators = (Validators::get() as usize).clamp(1, 64);
	let floor = (MinValidators::get() as usize).clamp(1, validators);
	let mut names: Vec<_> = fit.into_iter().map(|(.., who)| who).collect();
	if names.len() < floor {
		return None;
	}
	names.truncate(validators + Standbys::get() as usize);
	let standbys = names.split_off(validators.min(names.len()));
	Some((names, standbys))
}

fn set_parameter(which: u8, value: u32) {
	let cmt = Balance::from(value) * CMT;
	match which {
		0 => SessionLength::set(u64::from(value % 8)),
		1 => SessionsPerEra::set(value % 5),
		2 => UnbondingEras::set(if value > 90 { value } else { value % 5 }),
		3 => Validators::set(value % 7),
		4 => Standbys::set(value % 4),
		5 => MinValidators::set(value % 8),
		6 => StakeCap::set(Perbill::from_percent(value)),
		7 => MinDelegation::set((cmt * 20).max(CMT)),
		8 => MinMaxStake::set(cmt * 1_000),
		9 => SelfStakeRatio::set(Perbill::from_percent(value % 30)),
		_ => MaxPositions::set(value % 7),
	}
}

/// 300 cases of fixed seed; `CMT_DPOS_CASES` asks for that many of random seed.
fn cases() -> Cases {
	match std::env::var("CMT_DPOS_CASES") {
		Ok(cases) => Cases::with_cases(cases.parse().expect("CMT_DPOS_CASES is a number")),
		Err(_) => Cases { rng_seed: RngSeed::Fixed(19), ..Cases::with_cases(300) },
	}
}

proptest! {
	#![proptest_config(cases())]

	#[test]
	fn books_should_match_the_naive_model_when_anything_happens(
		ops in prop::collection::vec(op(), 20..100),
	) {
		let builder = ExtBuilder::default()
			.delegation(10, 1, 5_000)
			.delegation(11, 1, 7_000)
			.delegation(11, 2, 3_000);
		builder.build_and_execute(|| {
			let mut model = Naive::new(ACCOUNTS);
			ops.iter().for_each(|op| run(op, &mut model));
		});
	}
}
