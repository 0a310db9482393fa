//! Each invariant, broken on purpose.
//!
//! Three checks cannot be broken from storage: "members are worth more than their pool" and "a pool
//! keeps a planck a member or more" follow from the sum of shares by arithmetic, and guard that
//! arithmetic; "too many positions" is kept by the bound of the list itself.

use crate::{
	mock::*, CandidateOf, Candidates, DuePayment, DuePayments, OwnershipOffers, PayingEra, PoolsOf,
	Position, Positions, PositionsOf, RankKey, Ranking, SeatsOf, StakeTotals, Status,
	UnbondingPools,
};
use cybermiles_primitives::{ClassId, CMT};
use frame_support::assert_ok;
use sp_runtime::{Perbill, TryRuntimeError};
use stake_math::Pool;

/// Runs `corrupt` on a state with every kind of record, and expects exactly `message`.
fn assert_broken(message: &'static str, corrupt: impl FnOnce()) {
	let builder = ExtBuilder::default().delegation(11, 1, 5_000).delegation(12, 1, 7_000);
	builder.build().execute_with(|| {
		undelegate(11, 1, 1_000);
		assert_ok!(Dpos::offer_ownership(signed(2), Some(50)));
		deactivate(5);
		retire(6);
		run_sessions(4);
		assert_ok!(Dpos::do_try_state());
		corrupt();
		assert_eq!(Dpos::do_try_state(), Err(TryRuntimeError::Other(message)));
	});
}

fn pool(stake: u128) -> Pool {
	let mut pool = Pool::default();
	pool.join(stake).expect("some stake");
	pool
}

fn change_position(who: AccountId, change: impl FnOnce(&mut Position)) {
	Positions::<Test>::mutate(1, who, |position| change(position.as_mut().expect("position")));
}

#[test]
fn try_state_should_fail_when_a_candidates_stake_is_wrong() {
	assert_broken("a candidate's stake is not the sum of its class pools", || {
		corrupt_candidate(1, |info| info.stake += 1);
	});
}

#[test]
fn try_state_should_fail_when_a_total_is_wrong() {
	let message = "the totals are not the sums over all pools";
	assert_broken(message, || StakeTotals::<Test>::mutate(|totals| totals.bonded += 1));
	assert_broken(message, || StakeTotals::<Test>::mutate(|totals| totals.unbonding -= 1));
	assert_broken(message, || UnbondingPools::<Test>::insert(1, 9, pool(1)));
}

#[test]
fn try_state_should_fail_when_the_escrow_holds_too_little() {
	assert_broken("the escrow account holds too little", || {
		assert_ok!(Balances::transfer_allow_death(signed(Dpos::escrow()), TREASURY, 1));
	});
}

#[test]
fn try_state_should_hold_when_the_escrow_was_given_a_gift() {
	ExtBuilder::default().build().execute_with(|| {
		assert_ok!(Balances::transfer_allow_death(signed(50), Dpos::escrow(), 1));
		assert_ok!(Dpos::do_try_state());
	});
}

#[test]
fn try_state_should_fail_when_class_shares_do_not_sum_up() {
	let message = "a class pool's shares are not its members'";
	assert_broken(message, || change_position(12, |position| position.shares -= 1));
	assert_broken(message, || Positions::<Test>::remove(1, 12));
}

/// The pool's own methods make no empty pool with stake, nor does the map keep an empty one: it
/// has to be written as bytes.
#[test]
fn try_state_should_fail_when_an_empty_class_pool_is_kept() {
	use codec::Encode;
	assert_broken("an empty class pool is kept", || {
		let mut classes: Vec<(ClassId, Pool)> =
			PoolsOf::<Test>::get(1).iter().map(|(class, pool)| (class, *pool)).collect();
		classes.insert(0, (ClassId::agreed_at(cybermiles_primitives::Rate(1)), Pool::default()));
		frame_support::storage::unhashed::put_raw(
			&PoolsOf::<Test>::hashed_key_for(1),
			&classes.encode(),
		);
	});
}

#[test]
fn try_state_should_fail_when_a_position_has_shares_of_no_pool() {
	assert_broken("shares of a pool that is not there", || {
		let position = Position { shares: 1, ..Position::new(DELEGATORS) };
		Positions::<Test>::insert(2, 13, position);
	});
}

#[test]
fn try_state_should_fail_when_unbonding_shares_do_not_sum_up() {
	assert_broken("an unbonding pool's shares are not its chunks'", || {
		change_position(11, |position| position.chunks[0].shares += 1);
	});
}

#[test]
fn try_state_should_fail_when_a_chunk_has_no_pool() {
	assert_broken("a chunk of an unbonding pool that is not there", || {
		change_position(12, |position| position.add_chunk(1, 3, 5).expect("room"));
	});
}

#[test]
fn try_state_should_fail_when_an_unknown_candidate_is_ranked() {
	assert_broken("an unknown candidate is ranked", || {
		Ranking::<Test>::insert(RankKey::new(1, 77), 77);
	});
}

#[test]
fn try_state_should_fail_when_a_candidate_that_is_not_active_is_ranked() {
	for who in [5, 6] {
		assert_broken("a candidate that is not active is ranked", || {
			Ranking::<Test>::insert(candidate(who).rank_key(), who);
		});
	}
}

#[test]
fn try_state_should_fail_when_a_candidate_is_ranked_under_a_wrong_key() {
	assert_broken("a candidate is ranked under a wrong key", || {
		Ranking::<Test>::insert(RankKey::new(CMT, 0), 1);
	});
}

#[test]
fn try_state_should_fail_when_an_active_candidate_is_not_ranked() {
	assert_broken("an active candidate is not ranked", || {
		Ranking::<Test>::remove(candidate(1).rank_key());
	});
}

#[test]
fn try_state_should_fail_when_an_owner_does_not_point_at_its_candidate() {
	let message = "an owner does not point at its candidate";
	assert_broken(message, || corrupt_candidate(1, |info| info.owner = 50));
	assert_broken(message, || CandidateOf::<Test>::remove(1));
}

#[test]
fn try_state_should_fail_when_a_stranger_is_in_the_owners_class() {
	assert_broken("a stranger in the owner's class", || {
		CandidateOf::<Test>::remove(1);
		CandidateOf::<Test>::insert(50, 1);
		corrupt_candidate(1, |info| info.owner = 50);
	});
}

#[test]
fn try_state_should_fail_when_an_owner_has_no_candidate() {
	assert_broken("an owner without candidate", || CandidateOf::<Test>::insert(50, 77));
}

#[test]
fn try_state_should_fail_when_an_offer_is_of_no_open_candidate() {
	let message = "an offer of no open candidate";
	assert_broken(message, || OwnershipOffers::<Test>::insert(77, 50));
	assert_broken(message, || OwnershipOffers::<Test>::insert(6, 50));
}

#[test]
fn try_state_should_fail_when_a_position_is_listed_twice() {
	assert_broken("a position is listed twice", || {
		PositionsOf::<Test>::mutate(11, |list| list.try_push(1).expect("room"));
	});
}

#[test]
fn try_state_should_fail_when_a_listed_position_is_none() {
	assert_broken("a listed position is none", || {
		PositionsOf::<Test>::mutate(11, |list| list.try_push(2).expect("room"));
	});
}

#[test]
fn try_state_should_fail_when_a_position_is_not_listed() {
	assert_broken("a position is not listed", || PositionsOf::<Test>::remove(11));
}

#[test]
fn try_state_should_fail_when_positions_are_miscounted() {
	assert_broken("positions are miscounted", || {
		corrupt_candidate(1, |info| info.positions += 1);
	});
}

#[test]
fn try_state_should_fail_when_a_position_is_behind_no_candidate() {
	assert_broken("a position behind no candidate", || {
		Positions::<Test>::insert(77, 13, Position::new(DELEGATORS));
		PositionsOf::<Test>::mutate(13, |list| list.try_push(77).expect("room"));
	});
}

#[test]
fn try_state_should_fail_when_a_payment_is_noted_too_early() {
	assert_broken("a payment is noted for an era that was paid", || PayingEra::<Test>::put(3));
}

#[test]
fn try_state_should_fail_when_a_payment_is_noted_of_nothing() {
	assert_broken("a payment is noted of which nothing waits", || {
		let payment = DuePayment::Unbonded { candidate: 1, who: 12 };
		DuePayments::<Test>::insert(9, payment, None::<AccountId>);
	});
}

#[test]
fn try_state_should_fail_when_a_wait_has_no_payment_noted() {
	assert_broken("something waits without its payment noted", || {
		PayingEra::<Test>::put(1);
		DuePayments::<Test>::remove(2, DuePayment::Unbonded { candidate: 1, who: 11 });
	});
}

#[test]
fn try_state_should_fail_when_a_candidate_sits_twice() {
	assert_broken("a candidate sits twice", || {
		SeatsOf::<Test>::mutate(4, |seats| seats.standbys[0] = seats.validators[0].clone());
	});
}

#[test]
fn try_state_should_fail_when_more_counts_than_is_there() {
	assert_broken("more counts than is there", || {
		SeatsOf::<Test>::mutate(4, |seats| seats.validators[0].counted += CMT * 1_000_000);
	});
}

#[test]
fn try_state_should_fail_when_more_counts_than_the_cap() {
	assert_broken("more counts than the cap", || {
		SeatsOf::<Test>::mutate(4, |seats| {
			let seat = &mut seats.validators[0];
			(seat.stake, seat.counted) = (CMT * 1_000_000, CMT * 1_000_000);
		});
	});
}

#[test]
fn try_state_should_hold_when_the_cap_changed_after_the_election() {
	ExtBuilder::default().delegation(11, 1, 100_000).build_and_execute(|| {
		run_sessions(2);
		StakeCap::set(Perbill::from_percent(34));
		assert_ok!(Dpos::do_try_state());
		run_sessions(3);
		assert_eq!(seats_of(5).cap, Perbill::from_percent(34));
	});
}

#[test]
fn try_state_should_leave_the_state_as_it_is_when_it_holds() {
	ExtBuilder::default().build().execute_with(|| {
		let root = || sp_io::storage::root(sp_runtime::StateVersion::V1);
		let before = root();
		assert_ok!(Dpos::do_try_state());
		assert_eq!(root(), before);
		assert!(matches!(candidate(1).status, Status::Active));
		assert_eq!(Candidates::<Test>::iter().count(), 6);
	});
}
