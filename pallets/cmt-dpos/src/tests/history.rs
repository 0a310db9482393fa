//! What went wrong elsewhere: each class of bug that hit a staking system before, and each flaw of
//! the first CyberMiles chain, as far as it can touch this pallet.

use crate::{mock::*, Candidates, Error, Event, Positions, StakeTotals, UnbondingPools};
use cybermiles_primitives::{traits::StakePools, Balance, ClassId, EraIndex, Rate, CMT};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::Perbill;

fn ten() -> Perbill {
	Perbill::from_percent(10)
}

/// All that `who` has anywhere, in planck.
fn worth(who: AccountId) -> Balance {
	let positions = Dpos::positions(who);
	let waits = positions.iter().flat_map(|p| &p.unbonding).map(|wait| wait.amount);
	free(who) + positions.iter().map(|p| p.value).sum::<Balance>() + waits.sum::<Balance>()
}

/// Bug class "over-mint by a wrong denominator" (moonbeam#3619, #1291, #1821): stacked requests to
/// leave shrank the total by which an award was divided.
#[test]
fn award_should_be_shared_in_full_and_once_when_requests_to_leave_are_stacked() {
	let builder = (11..=15).fold(ExtBuilder::default(), |b, who| b.delegation(who, 1, 3_001));
	builder.build_and_execute(|| {
		for round in 0..5 {
			undelegate(11, 1, 100 + round);
			undelegate(12, 1, 300);
		}
		rebond_all(12, 1);
		undelegate_all(13, 1);
		let before: Vec<_> = (11..=15).map(worth).collect();
		assert_ok!(award(1, DELEGATORS, 1_000 * CMT + 1));
		let gained: Balance = (11..=15).zip(before).map(|(who, before)| worth(who) - before).sum();
		assert!(gained <= 1_000 * CMT + 1 && gained > 1_000 * CMT - 5);
		assert_eq!(worth(13), ENDOWMENT);
	});
}

/// Bug class "shares summing over 100 %" (moonbeam#1080, cosmos#5808), and the first chain's rates
/// as unlimited fractions.
#[test]
fn rates_should_never_exceed_the_whole_when_declared_or_updated() {
	ExtBuilder::default().build_and_execute(|| {
		let declare = |rate| Dpos::declare(signed(21), 100_000 * CMT, rate, 10_000 * CMT);
		assert_noop!(declare(Rate(1_001)), Error::<Test>::RateOutOfRange);
		assert_noop!(
			Dpos::update(signed(1), None, Some(Rate(1_001)), None),
			Error::<Test>::RateOutOfRange
		);
	});
}

/// Flaw of the first chain: a rate "maximum" that the owner could raise.
#[test]
fn maximum_rate_should_never_rise_when_updated() {
	ExtBuilder::default().build_and_execute(|| {
		for higher in [Rate(501), Rate(1_000)] {
			let raise = Dpos::update(signed(1), None, None, Some(higher));
			assert_noop!(raise, Error::<Test>::MaximumRateRaised);
		}
		assert_ok!(Dpos::update(signed(1), None, None, Some(Rate(500))));
		assert_ok!(Dpos::update(signed(1), None, None, Some(Rate(499))));
		let back = Dpos::update(signed(1), None, None, Some(Rate(500)));
		assert_noop!(back, Error::<Test>::MaximumRateRaised);
		// Nor through a new owner.
		hand_over(1, 1, 50);
		let raise = Dpos::update(signed(50), None, None, Some(Rate(500)));
		assert_noop!(raise, Error::<Test>::MaximumRateRaised);
	});
}

/// Bug class "drifting totals" (w3f Grants#472, moonbeam#502, #748: a push forgotten after a pop):
/// every total is recomputed from its leaves after each step by the invariants.
#[test]
fn totals_should_be_the_sums_of_their_leaves_when_amounts_are_popped_and_pushed_back() {
	ExtBuilder::default().delegation(11, 1, 9_000).build_and_execute(|| {
		for step in 0..6 {
			undelegate(11, 1, 1_000);
			assert_ok!(Dpos::rebond(signed(11), 1, Some((1 + step % 3) * 250 * CMT)));
			Dpos::do_try_state().expect("invariants hold");
			run_full_eras(step as EraIndex % 2);
		}
		assert_eq!(worth(11), ENDOWMENT);
	});
}

/// Each way in which stake of 11 behind candidate 1 can leave or hide.
const ROUTES: [(&str, fn()); 8] = [
	("stay", || ()),
	("leave", || undelegate_all(11, 1)),
	("leave in part", || undelegate(11, 1, 6_000)),
	("leave and come back", || {
		undelegate_all(11, 1);
		rebond_all(11, 1);
	}),
	("leave over two eras", || {
		undelegate(11, 1, 5_000);
		run_eras(1);
		undelegate_all(11, 1);
	}),
	("leave and not be paid in time", || {
		undelegate_all(11, 1);
		run_full_eras(2);
	}),
	("the candidate retires", || retire(1)),
	("the candidate is handed over", || {
		undelegate(11, 1, 1_000);
		hand_over(1, 1, 50);
		deactivate(50);
	}),
];

/// Bug class "slash evasion" (GHSA-86h5-xcpx-cfqc), and the first chain's: unbonding stake escaped
/// slashes. Whatever route is taken after the offence, it costs the same as staying.
#[test]
fn slash_should_cost_the_same_when_stake_takes_any_route_after_the_offence() {
	for (name, route) in ROUTES {
		ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
			run_eras(1);
			let offence = Dpos::era();
			route();
			slash(1, ten(), offence);
			assert_eq!(worth(11), ENDOWMENT - 1_000 * CMT, "{name}");
			run_eras(4);
			assert_eq!(worth(11), ENDOWMENT - 1_000 * CMT, "{name}, later");
		});
	}
}

/// The owner's own routes: part of the first chain's flaw "self-stake could be pulled out", and of
/// the hand-over that escaped slashes.
#[test]
fn slash_should_cost_the_owner_the_same_when_it_leaves_after_the_offence() {
	let routes: [(&str, fn()); 4] = [
		("stay", || ()),
		("leave in part", || undelegate(1, 1, 9_000)),
		("retire", || retire(1)),
		("hand over", || hand_over(1, 1, 50)),
	];
	for (name, route) in routes {
		ExtBuilder::default().build_and_execute(|| {
			run_eras(1);
			let offence = Dpos::era();
			route();
			slash(1, ten(), offence);
			assert_eq!(worth(1), ENDOWMENT - 2_900 * CMT, "{name}");
		});
	}
}

/// The rule that goes with the test before: who takes a candidate over, or joins it, between an
/// offence and its report shares the slash; who joins after the report does not.
#[test]
fn slash_should_reach_the_heir_when_it_came_before_the_report() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, 50);
		slash(1, ten(), 0);
		assert_eq!(worth(50), ENDOWMENT - 2_000 * CMT);
		delegate(11, 1, 5_000);
		assert_eq!(worth(11), ENDOWMENT);
	});
}

/// Bug class "slash too much" (cosmos#20688: moved and unbonded stake slashed twice).
#[test]
fn slash_should_be_taken_once_when_stake_moved_to_and_fro_before_the_report() {
	ExtBuilder::default().delegation(11, 1, 10_000).build_and_execute(|| {
		undelegate(11, 1, 4_000);
		assert_ok!(Dpos::rebond(signed(11), 1, Some(2_000 * CMT)));
		run_eras(1);
		undelegate(11, 1, 3_000);
		assert_ok!(Dpos::rebond(signed(11), 1, Some(1_000 * CMT)));
		assert_eq!(slash(1, ten(), 0), 3_900 * CMT);
		assert_eq!(worth(11), ENDOWMENT - 1_000 * CMT);
	});
}

/// Bug classes "slash too little" and "wrong reference era" (sdk#8937, #11999): the sum of what is
/// slashed is the fraction of all stake there was, to one planck a pool.
#[test]
fn slash_should_take_its_fraction_of_everything_when_stake_lies_in_many_pools() {
	ExtBuilder::default()
		.delegation(11, 1, 10_000)
		.delegation(12, 1, 7_777)
		.build_and_execute(|| {
			undelegate(11, 1, 1_111);
			run_eras(1);
			undelegate(12, 1, 2_222);
			assert_ok!(Dpos::update(signed(1), None, Some(Rate(33)), None));
			delegate(13, 1, 3_333);
			let fraction = Perbill::from_parts(123_456_789);
			let all = (29_000 + 10_000 + 7_777 + 3_333) * CMT;
			let taken = slash(1, fraction, 0);
			let pools = Dpos::class_stakes(&1).len() + UnbondingPools::<Test>::iter().count();
			let exact = fraction.mul_floor(all);
			assert!(taken >= exact && taken <= exact + pools as Balance);
		});
}

/// Bug class "slash of the wrong state" (terra-money/classic-core#341, irisnet/irishub#979,
/// cosmos#1433): a slash of a candidate in any state takes its part and panics never.
#[test]
fn slash_should_be_safe_when_the_candidate_is_in_any_state() {
	let states: [(&str, fn(), Balance); 6] = [
		("inactive", || deactivate(1), 2_900),
		("without keys", || Keyless::mutate(|keyless| keyless.extend([1])), 2_900),
		("handed over", || hand_over(1, 1, 50), 4_900),
		("slashed to nothing", || assert!(slash(1, Perbill::one(), 0) > 0), 0),
		("retired", || retire(1), 2_900),
		(
			"gone",
			|| {
				retire(1);
				run_eras(2);
			},
			0,
		),
	];
	for (name, enter, expected) in states {
		ExtBuilder::default().build_and_execute(|| {
			enter();
			assert_eq!(slash(1, ten(), 0), expected * CMT, "{name}");
			run_sessions(2);
		});
	}
}

/// Flaw of the first chain: slashed coins stuck for ever. What a slash takes is exactly what is
/// handed to its caller.
#[test]
fn slash_should_hand_over_exactly_what_the_stakers_lost_when_taken() {
	ExtBuilder::default().delegation(11, 1, 9_999).build_and_execute(|| {
		undelegate(11, 1, 3_333);
		assert_ok!(award(1, DELEGATORS, 7));
		let before = StakeTotals::<Test>::get();
		let taken = slash(1, Perbill::from_parts(333_333_333), 0);
		let after = StakeTotals::<Test>::get();
		assert_eq!(before.bonded + before.unbonding - after.bonded - after.unbonding, taken);
	});
}

/// Bug class "rounding panics" (cosmos#4094, #4389, #10091; sdk#6540): after odd awards and
/// slashes everybody gets out, without panic, and nothing is left behind.
#[test]
fn everybody_should_get_out_when_awards_and_slashes_were_odd() {
	ExtBuilder::default()
		.delegation(11, 1, 1_001)
		.delegation(12, 1, 3_333)
		.build_and_execute(|| {
			for step in 1..=30u32 {
				assert_ok!(award(1, DELEGATORS, Balance::from(step) * 7_777_777_777));
				slash(1, Perbill::from_parts(step * 1_234_567), 0);
				assert_ok!(Dpos::delegate(signed(13), 1, 1_000 * CMT + Balance::from(step)));
			}
			(11..=13).for_each(|who| undelegate_all(who, 1));
			retire(1);
			run_eras(3);
			assert_eq!(Candidates::<Test>::get(1), None);
			assert_eq!(Positions::<Test>::iter_prefix(1).count(), 0);
			assert_eq!(UnbondingPools::<Test>::iter_prefix(1).count(), 0);
		});
}

/// Bug class "overflow halts the chain" (cosmos#24933, celestiaorg/cosmos-sdk#651, #752): one
/// planck staked, and more CMT than exist as award.
#[test]
fn pools_should_not_overflow_when_one_planck_meets_a_giant_award() {
	ExtBuilder::default().build_and_execute(|| {
		MinDelegation::set(1);
		assert_ok!(Dpos::delegate(signed(11), 1, 1));
		assert_ok!(award(1, DELEGATORS, 900_000 * CMT));
		assert_eq!(value(11, 1), 900_000 * CMT + 1);
		assert_noop!(Dpos::delegate(signed(12), 1, 1), Error::<Test>::ExceedsMaximum);
		assert_noop!(
			Dpos::add_to_classes(&1, &[(DELEGATORS, Balance::MAX)]),
			Error::<Test>::Arithmetic
		);
		run_sessions(3);
		undelegate_all(11, 1);
		slash(1, Perbill::from_parts(1), 0);
		run_eras(2);
		assert!(free(11) > ENDOWMENT + 899_999 * CMT);
	});
}

/// Bug class "overflow halts the chain", seen from below: a slash that leaves one planck makes
/// shares all but worthless. Whoever would need more of them than fit is refused.
#[test]
fn pools_should_refuse_when_a_slash_made_shares_all_but_worthless() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		while candidate(1).stake > 100 {
			slash(1, Perbill::from_parts(999_999_999), 0);
		}
		for who in [11, 12] {
			let joins = Dpos::delegate(signed(who), 1, 100_000 * CMT);
			assert!(joins.is_err());
			Dpos::do_try_state().expect("invariants hold");
		}
		undelegate_all(11, 1);
		delegate(12, 1, 1_000);
	});
}

/// Bug class "corrupted records", and the first chain's failed operations that left half their
/// effects: a call that fails in its very last step leaves no trace.
#[test]
fn calls_should_have_no_effect_when_their_last_step_fails() {
	ExtBuilder::default()
		.delegation(11, 1, 5_000)
		.delegation(50, 1, 5_000)
		.build_and_execute(|| {
			undelegate(11, 1, 2_000);
			// The worthless pool is met only after keys and stake were moved.
			slash(1, Perbill::one(), 1);
			assert_noop!(Dpos::rebond(signed(11), 1, None), Error::<Test>::PoolWorthless);
			let raise = Dpos::update(signed(1), Some(300_000 * CMT), Some(Rate(1)), None);
			assert_noop!(raise, Error::<Test>::PoolWorthless);
			assert_ok!(Dpos::offer_ownership(signed(2), Some(51)));
			MinDelegation::set(30_000 * CMT);
			assert_noop!(Dpos::accept_ownership(signed(51), 2), Error::<Test>::BelowMinimum);
		});
}

/// Bug class "parameter shrinks a bound" (fellows#1201, sdk#451), and the first chain's parameters
/// that changed in the middle: every parameter, both ways, on a state full of records.
#[test]
fn state_should_stay_readable_and_everybody_get_out_when_parameters_change() {
	let changes: [(&str, fn()); 14] = [
		("longer sessions", || SessionLength::set(50)),
		("shorter sessions", || SessionLength::set(1)),
		("longer eras", || SessionsPerEra::set(9)),
		("shorter eras", || SessionsPerEra::set(1)),
		("longer wait", || UnbondingEras::set(4)),
		("shorter wait", || UnbondingEras::set(1)),
		("more seats", || (Validators::set(64), Standbys::set(32)).0),
		("fewer seats", || (Validators::set(1), Standbys::set(0)).0),
		("a lower cap", || StakeCap::set(Perbill::from_percent(1))),
		("a higher cap", || StakeCap::set(Perbill::one())),
		("a higher minimum", || MinDelegation::set(500_000 * CMT)),
		("a higher least maximum", || MinMaxStake::set(500_000 * CMT)),
		("a higher self-stake", || SelfStakeRatio::set(Perbill::from_percent(90))),
		("fewer positions", || MaxPositions::set(1)),
	];
	for (name, change) in changes {
		let builder = (1..=4).fold(ExtBuilder::default(), |b, to| b.delegation(11, to, 3_000));
		builder.delegation(12, 1, 60_000).build_and_execute(|| {
			undelegate(11, 1, 1_000);
			retire(6);
			run_sessions(4);
			undelegate(11, 1, 500);
			change();
			Dpos::do_try_state().expect(name);
			(1..=4).for_each(|from| undelegate_all(11, from));
			run_sessions(4);
			(1..=5).for_each(retire);
			run_eras(6);
			assert_eq!(
				(worth(11), free(11), free(12)),
				(ENDOWMENT, ENDOWMENT, ENDOWMENT),
				"{name}"
			);
		});
	}
}

/// A higher self-stake that the owners do not hold sets them aside; it halts nothing.
#[test]
fn seats_should_be_kept_when_a_parameter_makes_everybody_unfit() {
	ExtBuilder::default().build_and_execute(|| {
		SelfStakeRatio::set(Perbill::from_percent(90));
		run_sessions(4);
		assert_eq!(validators(), [1, 2, 3]);
		assert!(ranking().is_empty());
		SelfStakeRatio::set(ten());
		(1..=6).for_each(|who| Dpos::activate(signed(who)).expect("fit again"));
		run_sessions(2);
		assert_eq!(validators(), [1, 2, 3]);
	});
}

/// Bug class "liveness" (sdk#12530, paseo-network/runtimes#347, Kusama referendum 16): the set goes
/// on when all validators but one are set aside at once.
#[test]
fn seats_should_be_kept_when_all_but_one_are_set_aside() {
	ExtBuilder::default().build_and_execute(|| {
		for who in 2..=6 {
			assert_ok!(Dpos::stand_aside(&who));
			Jailed::mutate(|jailed| jailed.insert(who));
		}
		run_sessions(9);
		assert_eq!(validators(), [1, 2, 3]);
		Jailed::take();
		assert_ok!(Dpos::activate(signed(6)));
		run_sessions(2);
		assert_eq!(validators(), [1, 6]);
	});
}

/// Bug class "order-dependent money" (eos#2951, #4300, #3183): whoever is paid first, everybody
/// gets the same, to one planck a payment.
#[test]
fn payments_should_be_the_same_when_made_in_any_order() {
	let orders =
		[[11, 12, 13], [11, 13, 12], [12, 11, 13], [12, 13, 11], [13, 11, 12], [13, 12, 11]];
	let paid = orders.map(|order| {
		let mut paid = Vec::new();
		let builder = (11..=13u64)
			.fold(ExtBuilder::default(), |b, who| b.delegation(who, 1, 1_000 + who as u128));
		builder.build_and_execute(|| {
			assert_ok!(award(1, DELEGATORS, 1_000_003));
			order.into_iter().for_each(|who| undelegate_all(who, 1));
			slash(1, Perbill::from_parts(333_333_333), 0);
			run_full_eras(2);
			order.into_iter().for_each(withdraw);
			paid = (11..=13).map(free).collect();
		});
		paid
	});
	for other in &paid[1..] {
		assert!(paid[0].iter().zip(other).all(|(one, other)| one.abs_diff(*other) <= 3));
	}
}

/// Bug class "spam" (cosmos#3270, SRLabs' slots taken with minimum bonds), and the first chain's
/// free operations: entries are bounded, cost locked CMT, and crowd nobody out.
#[test]
fn delegators_should_not_crowd_out_others_when_there_are_many() {
	ExtBuilder::default().build_and_execute(|| {
		(11..=90).for_each(|who| delegate(who, 1, 1_000));
		delegate(91, 1, 50_000);
		assert_eq!(candidate(1).positions, 82);
		// However often it is done in an era, one amount waits.
		(0..40).for_each(|_| undelegate(91, 1, 100));
		let position = Positions::<Test>::get(1, 91).expect("delegates");
		assert_eq!(position.chunks.len(), 1);
	});
}

/// Flaw of the first chain: unbonding stake kept earning.
#[test]
fn waiting_stake_should_neither_earn_nor_count_when_awards_and_elections_come() {
	ExtBuilder::default()
		.delegation(11, 6, 50_000)
		.delegation(12, 6, 1_000)
		.build_and_execute(|| {
			undelegate_all(11, 6);
			assert_ok!(award(6, DELEGATORS, 10 * CMT));
			assert_eq!((worth(11), worth(12)), (ENDOWMENT, ENDOWMENT + 10 * CMT));
			run_sessions(2);
			assert!(!validators().contains(&6));
		});
}

/// Flaw of the first chain: self-stake could be pulled out through the complete-exit flag.
#[test]
fn self_stake_should_stay_when_the_owner_asks_for_a_complete_exit() {
	ExtBuilder::default().build_and_execute(|| {
		for amount in [None, Some(29_000 * CMT)] {
			let exit = Dpos::undelegate(signed(1), 1, amount);
			assert_noop!(exit, Error::<Test>::SelfStakeTooLow);
		}
		// Nor by turns with another class: a former owner's stake is its own matter, the heir's
		// self-stake is all there.
		hand_over(1, 1, 50);
		let exit = Dpos::undelegate(signed(50), 1, None);
		assert_noop!(exit, Error::<Test>::SelfStakeTooLow);
		assert_eq!(Dpos::candidate(1).expect("known").self_stake, 20_000 * CMT);
	});
}

/// Flaw of the first chain: phantom stake after complete exits.
#[test]
fn stake_should_be_gone_when_everybody_left() {
	ExtBuilder::default()
		.delegation(11, 1, 9_000)
		.delegation(12, 1, 1_234)
		.build_and_execute(|| {
			assert_ok!(award(1, DELEGATORS, 1_111));
			slash(1, Perbill::from_parts(7_654_321), 0);
			undelegate_all(12, 1);
			undelegate_all(11, 1);
			let owner = (ClassId::OWNER, candidate(1).stake);
			assert_eq!(Dpos::class_stakes(&1), [owner]);
			retire(1);
			run_eras(2);
			let left: Balance =
				Candidates::<Test>::iter_values().map(|candidate| candidate.stake).sum();
			let totals = StakeTotals::<Test>::get();
			assert_eq!((totals.bonded, totals.unbonding), (left, 0));
		});
}

/// Flaw of the first chain: the hand-over that took stake or liability out of reach. The old
/// owner's stake is paid no earlier than the wait, and the heir brings its own.
#[test]
fn hand_over_should_let_nothing_escape_when_repeated() {
	ExtBuilder::default().build_and_execute(|| {
		hand_over(1, 1, 50);
		hand_over(1, 50, 51);
		hand_over(1, 51, 1);
		assert_eq!(waiting(1, 1), 29_000 * CMT);
		assert_eq!(free(1), ENDOWMENT - 49_000 * CMT);
		assert_eq!([50, 51].map(|who| waiting(who, 1)), [20_000 * CMT; 2]);
		slash(1, ten(), 0);
		assert_eq!(worth(1), ENDOWMENT - 4_900 * CMT);
		assert_eq!([50, 51].map(worth), [ENDOWMENT - 2_000 * CMT; 2]);
	});
}

/// Flaw of the first chain: an operation could be had for nothing and repeated without end. What
/// changes nothing is refused.
#[test]
fn calls_should_be_refused_when_they_change_nothing() {
	ExtBuilder::default().delegation(11, 1, 5_000).build_and_execute(|| {
		undelegate(11, 1, 1_000);
		assert_noop!(Dpos::delegate(signed(11), 1, 0), Error::<Test>::ZeroAmount);
		assert_noop!(Dpos::undelegate(signed(11), 1, Some(0)), Error::<Test>::ZeroAmount);
		assert_noop!(Dpos::rebond(signed(11), 1, Some(0)), Error::<Test>::ZeroAmount);
		assert_noop!(Dpos::activate(signed(1)), Error::<Test>::AlreadyActive);
		assert_noop!(Dpos::update(signed(1), None, None, None), Error::<Test>::NothingToUpdate);
		assert_noop!(Dpos::withdraw_unbonded(signed(11), 11), Error::<Test>::NothingDue);
		assert_noop!(Dpos::offer_ownership(signed(1), None), Error::<Test>::NoOffer);
	});
}

/// Invariant of issue 2's sibling bugs "rewards lost at the last exit": the last one to leave a
/// class takes all that rounding left in it.
#[test]
fn rounding_should_be_stranded_nowhere_when_the_last_delegator_leaves() {
	ExtBuilder::default()
		.delegation(11, 1, 1_000)
		.delegation(12, 1, 2_000)
		.build_and_execute(|| {
			assert_ok!(award(1, DELEGATORS, 1));
			undelegate_all(11, 1);
			undelegate_all(12, 1);
			assert_eq!(worth(11) + worth(12), 2 * ENDOWMENT + 1);
			assert!(!events().iter().any(|event| matches!(event, Event::PaymentFailed { .. })));
		});
}
