//! Invariant 7 of the protocol for awards: the books match a model that keeps one number for each
//! delegator and loops over all of them each block.
//!
//! The model counts in millionths of a planck. It folds when the chain does (protocol section 6), and
//! takes from the chain only who sits with what counted stake.

use crate::mock::*;
use cybermiles_primitives::{
	traits::{Presence, Seats},
	Balance, Rate, CMT,
};
use proptest::{
	prelude::*,
	test_runner::{Config as Cases, RngSeed},
};
use sp_arithmetic::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};
use std::collections::{BTreeMap, BTreeSet};

/// What the model counts in.
const FINE: Balance = 1_000_000;

fn scale(a: Balance, b: Balance, c: Balance) -> Balance {
	multiply_by_rational_with_rounding(a, b, c, Rounding::Down).expect("fits")
}

#[derive(Clone)]
struct Seat {
	validator: bool,
	weight: Balance,
	earns: bool,
	pending: Balance,
}

/// One number for each delegator.
#[derive(Clone, Default)]
struct Naive {
	seats: BTreeMap<AccountId, Seat>,
	/// Value and rate of each position, by candidate and account; the owner's is 0.
	positions: BTreeMap<(AccountId, AccountId), (Balance, Rate)>,
	carried: Balance,
	fees: Balance,
	/// Changes so far, each of which rounds on the chain.
	steps: Balance,
}

impl Naive {
	fn new() -> Self {
		let own = |candidate: AccountId| {
			let stake = (30_000 - u128::from(candidate) * 1_000) * CMT * FINE;
			((candidate, candidate), (stake, Rate(0)))
		};
		let mut naive = Self { positions: (1..=6).map(own).collect(), ..Self::default() };
		naive.seat();
		naive
	}

	/// Takes over who sits.
	fn seat(&mut self) {
		let seat = |(candidate, weight), validator| {
			let earns = validator && FakePresence::earns(&candidate);
			(candidate, Seat { validator, weight, earns, pending: 0 })
		};
		let validators = Dpos::validators().into_iter().map(|seated| seat(seated, true));
		let standbys = Dpos::standbys().into_iter().map(|seated| seat(seated, false));
		self.seats = validators.chain(standbys).collect();
	}

	/// Awards a block.
	fn award(&mut self) {
		let issued = Compensation::issuance_per_block() * FINE;
		let pot = issued + core::mem::take(&mut self.fees) + core::mem::take(&mut self.carried);
		let alive = self.seats.values().any(|seat| !seat.validator && seat.earns);
		let standbys = if alive { pot / 10 } else { 0 };
		self.share(false, standbys);
		self.share(true, pot - standbys);
	}

	fn share(&mut self, validator: bool, amount: Balance) {
		let group = |seat: &&mut Seat| seat.validator == validator && seat.earns;
		let total: Balance = self.seats.values_mut().filter(group).map(|seat| seat.weight).sum();
		if total == 0 {
			self.carried += amount;
			return;
		}
		for seat in self.seats.values_mut().filter(group) {
			seat.pending += scale(amount, seat.weight, total);
		}
	}

	/// Loops over all delegators of a candidate.
	fn fold(&mut self, candidate: AccountId) {
		let Some(seat) = self.seats.get_mut(&candidate) else { return };
		let pending = core::mem::take(&mut seat.pending);
		let mine = |(of, _): &(AccountId, AccountId)| *of == candidate;
		let total = self.positions.iter().filter(|(key, _)| mine(key)).map(|(_, (v, _))| v).sum();
		let mut compensation = 0;
		for (_, (value, rate)) in self.positions.iter_mut().filter(|(key, _)| mine(key)) {
			let part = scale(pending, *value, total);
			let to_owner = part / 1_000 * Balance::from(rate.0);
			*value += part - to_owner;
			compensation += to_owner;
		}
		self.positions.get_mut(&(candidate, candidate)).expect("an owner").0 += compensation;
		self.steps += 1;
	}

	fn end_session(&mut self) {
		(1..=6).for_each(|candidate| self.fold(candidate));
		self.seat();
	}

	/// Compares what could be read with what the chain tells, as if all were folded now.
	fn compare(&self) -> Result<(), TestCaseError> {
		let mut folded = self.clone();
		(1..=6).for_each(|candidate| folded.fold(candidate));
		// A change rounds once for each seat or class, by a planck or the price of a share.
		let tolerance = 4 * folded.steps;
		for ((candidate, who), (value, rate)) in &folded.positions {
			let position = position(*who, *candidate);
			let off = position.value.abs_diff(value / FINE);
			prop_assert!(off <= tolerance, "{who} behind {candidate}: off by {off} > {tolerance}");
			prop_assert_eq!(position.rate, *rate, "{} behind {}", who, candidate);
		}
		Ok(())
	}
}

#[derive(Clone, Debug)]
enum Op {
	Blocks(u8),
	Fees(Balance),
	/// Agrees to this rate of its candidate.
	Delegate(AccountId, AccountId, Balance, u16),
	Leave(usize),
	Harvest(usize),
	Lower(usize, u16),
	LowerAll(AccountId, u16),
	Accept(usize, u16),
	Toggle(AccountId),
	Beat(AccountId),
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
	let candidate = || prop_oneof![4 => 1..=3u64, 2 => 4..=6u64];
	let (index, rate) = (|| 0..50usize, || 0..=500u16);
	let op = prop_oneof![
		6 => (1..6u8).prop_map(Op::Blocks),
		2 => prop_oneof![0..100u128, 0..100 * CMT].prop_map(Op::Fees),
		4 => (11..=16u64, candidate(), 1_000 * CMT..9_000 * CMT, rate())
			.prop_map(|(who, of, amount, rate)| Op::Delegate(who, of, amount, rate)),
		1 => index().prop_map(Op::Leave),
		2 => index().prop_map(Op::Harvest),
		2 => (index(), rate()).prop_map(|(at, rate)| Op::Lower(at, rate)),
		1 => (candidate(), rate()).prop_map(|(of, rate)| Op::LowerAll(of, rate)),
		1 => (index(), rate()).prop_map(|(at, rate)| Op::Accept(at, rate)),
		2 => candidate().prop_map(Op::Toggle),
		2 => candidate().prop_map(Op::Beat),
	];
	prop::collection::vec(op, 1..60)
}

impl Naive {
	/// A delegator's position, where there is any.
	fn pick(&self, index: usize) -> Option<(AccountId, AccountId)> {
		let others: Vec<_> = self.positions.keys().filter(|(of, who)| of != who).collect();
		(!others.is_empty()).then(|| *others[index % others.len()])
	}

	fn delegate(&mut self, who: AccountId, of: AccountId, amount: Balance, rate: u16) {
		set_default_rate(of, Rate(rate));
		if Dpos::delegate(signed(who), of, amount).is_ok() {
			self.fold(of);
			let agreed = position(who, of).rate;
			let position = self.positions.entry((of, who)).or_insert((0, agreed));
			position.0 += amount * FINE;
		} else {
			self.fold(of);
		}
	}

	/// Takes a position out, or what it earned.
	fn take(&mut self, index: usize, all: bool) {
		let Some((of, who)) = self.pick(index) else { return };
		let before = position(who, of).principal * FINE;
		if all {
			undelegate_all(who, of);
			self.fold(of);
			self.positions.remove(&(of, who));
		} else if Compensation::harvest(signed(who), of).is_ok() {
			self.fold(of);
			self.positions.get_mut(&(of, who)).expect("a position").0 = before;
		}
	}

	fn change_rate(&mut self, index: usize, rate: Rate, by_owner: bool) {
		let Some((of, who)) = self.pick(index) else { return };
		let changed = match by_owner {
			true => Compensation::lower_rate(signed(of), who, rate),
			false => Compensation::accept_rate(signed(who), of, rate),
		};
		if changed.is_ok() {
			self.fold(of);
			let paid = &mut self.positions.get_mut(&(of, who)).expect("a position").1;
			assert!(if by_owner { rate < *paid } else { rate > *paid });
			*paid = rate;
		}
	}

	fn lower_all(&mut self, of: AccountId, rate: Rate) {
		if Compensation::lower_all_rates(signed(of), rate).is_ok() {
			self.fold(of);
			let mine = self.positions.iter_mut().filter(|((other, _), _)| *other == of);
			mine.for_each(|(_, (_, paid))| *paid = rate.min(*paid));
		}
	}

	/// A validator or standby stops to earn, or a validator starts again.
	fn toggle(&mut self, candidate: AccountId) {
		let absent = Absent::get().contains(&candidate);
		if absent {
			come_back(candidate);
		} else {
			go_absent(candidate);
		}
		if let Some(seat) = self.seats.get_mut(&candidate) {
			seat.earns = absent && (seat.validator || seat.earns);
		}
	}

	fn beat(&mut self, candidate: AccountId) {
		let (message, signature) = beat_of(candidate, session(), candidate);
		if Compensation::check_heartbeat(&message, &signature).is_ok() {
			beat(candidate);
			self.seats.get_mut(&candidate).expect("a seat").earns = true;
		}
	}

	fn run_block(&mut self) {
		let before = session();
		next_block();
		self.award();
		if session() > before {
			self.end_session();
		}
	}

	fn run(&mut self, op: Op) {
		match op {
			Op::Blocks(count) => (0..count).for_each(|_| self.run_block()),
			Op::Fees(amount) => {
				pay_fees(50, amount);
				self.fees += amount * FINE;
			},
			Op::Delegate(who, of, amount, rate) => self.delegate(who, of, amount, rate),
			Op::Leave(index) => self.take(index, true),
			Op::Harvest(index) => self.take(index, false),
			Op::Lower(index, rate) => self.change_rate(index, Rate(rate), true),
			Op::LowerAll(of, rate) => self.lower_all(of, Rate(rate)),
			Op::Accept(index, rate) => self.change_rate(index, Rate(rate), false),
			Op::Toggle(candidate) => self.toggle(candidate),
			Op::Beat(candidate) => self.beat(candidate),
		}
		self.steps += 1;
	}
}

/// `COMPENSATION_CASES` raises the number of cases, each run with new seeds.
fn cases() -> Cases {
	let chosen = std::env::var("COMPENSATION_CASES").ok().map(|n| n.parse().expect("number"));
	let seed = if chosen.is_some() { RngSeed::Random } else { RngSeed::Fixed(8) };
	Cases {
		cases: chosen.unwrap_or(150),
		rng_seed: seed,
		failure_persistence: None,
		..Cases::default()
	}
}

proptest! {
	#![proptest_config(cases())]

	#[test]
	fn books_should_match_the_naive_model_when_anything_happens(ops in ops()) {
		let mut result = Ok(());
		ExtBuilder::default().build_and_execute(|| {
			let mut naive = Naive::new();
			result = ops.into_iter().try_for_each(|op| {
				naive.run(op);
				check();
				naive.compare()
			});
		});
		result?;
	}

	/// Two delegators of one validator earn in proportion to stake and to what their rates leave, to
	/// the planck.
	#[test]
	fn delegators_should_earn_in_proportion_when_their_rates_differ(
		stakes in [1_000..20_000u128, 1_000..20_000u128],
		rates in [0..=500u16, 0..=500u16],
		blocks in 1..5u64,
	) {
		let mut gains = [0, 0];
		ExtBuilder::default().build_and_execute(|| {
			for ((who, stake), rate) in [11, 12].into_iter().zip(stakes).zip(rates) {
				set_default_rate(1, Rate(rate));
				delegate(who, 1, stake);
			}
			(0..blocks.min(3)).for_each(|_| next_block());
			gains = [11, 12].map(|who| position(who, 1).earned);
		});
		let kept = rates.map(|rate| 1_000 - Balance::from(rate));
		// g1 / g2 = s1 * k1 / (s2 * k2), each gain less than three planck short of exact: its seat's
		// part, its class's, and what the rate leaves. Where both are in one class there are fewer.
		let (left, right) = (gains[0] * stakes[1] * kept[1], gains[1] * stakes[0] * kept[0]);
		let off = 3 * (stakes[0] * kept[0]).max(stakes[1] * kept[1]);
		prop_assert!(left.abs_diff(right) <= off, "{gains:?}");
	}

	/// No account's rate is above what it agreed to, whatever its owner does.
	#[test]
	fn rates_should_never_rise_when_only_owners_act(
		acts in prop::collection::vec((0..4u8, 0..=500u16), 1..20),
	) {
		ExtBuilder::default().delegation(11, 1, 5_000).delegation(12, 1, 5_000).build_and_execute(|| {
			let mut paid = [MAX_RATE; 2];
			for (act, rate) in acts {
				let rate = Rate(rate);
				let _ = match act {
					0 => Compensation::lower_rate(signed(1), 11, rate),
					1 => Compensation::lower_all_rates(signed(1), rate),
					2 => Dpos::update(signed(1), None, Some(rate), None),
					_ => Dpos::update(signed(1), None, None, Some(rate)),
				};
				next_block();
				let now = [11, 12].map(|who| position(who, 1).rate);
				assert!(now[0] <= paid[0] && now[1] <= paid[1]);
				paid = now;
			}
			let agreed: BTreeSet<_> = Compensation::classes(1).iter().map(|class| class.rate).collect();
			assert!(agreed.contains(&paid[0]) && agreed.contains(&paid[1]));
		});
	}
}
