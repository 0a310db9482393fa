//! What a slash takes, and its record.

use crate::{mock::*, Event, HeldSlashes, HeldTotal, OffenceCounts, SlashesOf};
use cybermiles_primitives::{
	api::{OffenceKind, SlashState},
	traits::InEscrow,
	Balance, ClassId, PoolRef, CMT,
};
use sp_runtime::Perbill;

#[test]
fn slash_should_leave_the_pools_at_once_and_be_held() {
	ExtBuilder::default().unbonding(4, 0, 100).build_and_execute(|| {
		events();
		report_now(4);
		let total = STAKE + 100 * CMT;
		let (index, record) = last_slash();
		assert_eq!((index, record.amount), (0, total / 4));
		assert_eq!(stake_of(4), total / 4 * 3);
		assert_eq!(record.state, SlashState::Held { due: 2 });
		assert_eq!(record.parts.len(), 3);
		assert_eq!(HeldTotal::<Test>::get(), total / 4);
		assert_eq!(<Slashing as InEscrow>::in_escrow(), total / 4);
		assert!(HeldSlashes::<Test>::contains_key(2, 0));
		assert!(SlashesOf::<Test>::contains_key(4, 0));
		assert_eq!(
			events()[0],
			Event::Slashed {
				index: 0,
				candidate: 4,
				kind: OffenceKind::DoubleAuthoring,
				fraction: Perbill::from_percent(25),
				amount: total / 4,
				due: Some(2),
			}
		);
	});
}

/// An offence of candidate 4 in session 1 or 2, where era 1 begins with session 1, and its report in
/// era 2. Candidate 4 has 100 CMT that left in each of the eras.
fn report_in_the_next_era(offence: u32, left: [Balance; 3]) {
	let builder = ExtBuilder::default().unbonding(4, 0, 100).unbonding(4, 1, 100);
	builder.unbonding(4, 2, 100).build_and_execute(|| {
		next_era();
		(1..offence).for_each(|_| {
			next_session();
		});
		run_slots(1, &[]);
		let (proof, key_proof) = report_of(4, SlotNow::get());
		assert_eq!(key_proof.session, offence);
		next_era();
		let reported = Slashing::report_double_authoring(signed(9), Box::new(proof), key_proof);
		assert!(reported.is_ok());
		let pools = [0, 1, 2].map(|era| pool_of(4, PoolRef::Unbonding(era)) / CMT);
		assert_eq!(pools, left);
		assert_eq!(pool_of(4, PoolRef::Class(ClassId::OWNER)), STAKE / 40 * 3);
	});
}

#[test]
fn slash_should_spare_what_left_before_the_seat_was_decided() {
	report_in_the_next_era(2, [100, 75, 75]);
}

#[test]
fn slash_should_reach_what_left_once_the_seat_was_decided() {
	// Bug class "Slash evasion": what left in the era of the election or later pays as if it had
	// stayed. The seats of session 1 were decided in era 0.
	report_in_the_next_era(1, [75, 75, 75]);
}

#[test]
fn slash_should_touch_nobody_else() {
	// Bug class "Slash hook not wired".
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		assert!([1, 2, 3, 5, 6].into_iter().all(|who| stake_of(who) == STAKE));
		assert_eq!(Asked::get(), vec![(4, Perbill::from_percent(25), 0)]);
	});
}

#[test]
fn slash_should_be_recorded_as_settled_when_nothing_was_there_to_take() {
	ExtBuilder::default().build_and_execute(|| {
		Pools::mutate(|pools| pools.retain(|(who, _, _)| *who != 4));
		Seats::set(vec![1, 2, 3, 4, 5, 6]);
		events();
		let booked = pooled() + STAKE;
		report_now(4);
		let (_, record) = last_slash();
		assert_eq!((record.amount, record.state), (0, SlashState::Applied));
		assert!(matches!(events()[0], Event::Slashed { amount: 0, due: None, .. }));
		assert_eq!(HeldTotal::<Test>::get(), 0);
		assert!(Slashing::in_jail(&4));
		assert_eq!(free(ESCROW), booked);
		Pools::mutate(|pools| pools.push((4, PoolRef::Class(DELEGATORS), STAKE)));
	});
}

#[test]
fn slash_should_round_up_when_a_pool_does_not_divide() {
	// Bug class "Rounding panics": pools of one planck and of nothing.
	ExtBuilder::default().build_and_execute(|| {
		Pools::mutate(|pools| {
			for (who, _, stake) in pools.iter_mut().filter(|(who, _, _)| *who == 4) {
				assert_eq!(*who, 4);
				*stake = 1;
			}
		});
		let excess = free(ESCROW) - pooled();
		PotTotal::set(excess);
		report_now(4);
		assert_eq!(stake_of(4), 0);
		assert_eq!(last_slash().1.amount, 2);
		jail_for_downtime(5);
		report_now(5);
	});
}

#[test]
fn slash_should_be_exact_when_the_stake_is_the_largest() {
	// Bug class "Overflow halts the chain".
	ExtBuilder::default().build().execute_with(|| {
		Pools::mutate(|pools| pools[0].2 = u128::MAX / 2);
		EquivocationSlash::set(Perbill::one());
		report_now(1);
		assert_eq!(stake_of(1), 0);
		assert_eq!(HeldTotal::<Test>::get(), u128::MAX / 2 + STAKE / 10 * 9);
	});
}

#[test]
fn offences_should_be_counted_by_kind() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		report_now(5);
		assert_eq!(OffenceCounts::<Test>::get(OffenceKind::Downtime), 1);
		assert_eq!(OffenceCounts::<Test>::get(OffenceKind::DoubleAuthoring), 1);
		assert_eq!(OffenceCounts::<Test>::get(OffenceKind::GrandpaEquivocation), 0);
	});
}

#[test]
fn due_era_should_not_move_when_the_parameter_changes() {
	// Bug class "Parameter shrinks a bound".
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		HoldEras::set(0);
		jail_for_downtime(5);
		HoldEras::set(u32::MAX);
		report_now(6);
		let dues: Vec<_> = Slashing::slashes(0, 9).into_iter().map(|slash| slash.state).collect();
		let held = |due| SlashState::Held { due };
		assert_eq!(dues, vec![held(2), held(1), held(u32::MAX)]);
		run_eras(1);
		assert_eq!(Slashing::slash_info(1).expect("slash").state, SlashState::Applied);
		assert_eq!(Slashing::slash_info(0).expect("slash").state, held(2));
	});
}
