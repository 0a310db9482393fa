//! What authoring and voting twice costs, as the offences pallet reports it.

use crate::{mock::*, offences::remaining_fraction, Event, Jails, Reporting, WithKind};
use cybermiles_primitives::{api::OffenceKind, traits::Eras};
use frame_support::assert_ok;
use sp_runtime::Perbill;
use sp_staking::offence::{
	Kind, Offence, OffenceDetails, OffenceError, OnOffenceHandler, ReportOffence,
};

/// A vote cast twice, as GRANDPA's pallet describes it.
struct DoubleVote {
	who: AccountId,
	round: u64,
	session: u32,
}

impl Offence<(AccountId, ())> for DoubleVote {
	const ID: Kind = *b"grandpa:equivoca";
	type Slot = u64;

	fn offenders(&self) -> Vec<(AccountId, ())> {
		vec![(self.who, ())]
	}
	fn session_index(&self) -> u32 {
		self.session
	}
	fn validator_set_count(&self) -> u32 {
		Seats::get().len() as u32
	}
	fn slot(&self) -> u64 {
		self.round
	}
	fn slash_fraction(&self, offenders: u32) -> Perbill {
		Perbill::from_rational(3 * offenders, self.validator_set_count()).square()
	}
}

fn vote_twice(who: AccountId, round: u64) -> Result<(), OffenceError> {
	let session = crate::CurrentSession::<Test>::get();
	let offence = DoubleVote { who, round, session };
	WithKind::<Test, Offences>::report_offence(vec![REPORTER], offence)
}

/// Hands an offence of `who` in `session` to the pallet.
fn punish(who: AccountId, percent: u32, session: u32) {
	let details = OffenceDetails { offender: (who, ()), reporters: vec![REPORTER] };
	Slashing::on_offence(&[details], &[Perbill::from_percent(percent)], session);
}

/// What is left of `who`'s stake, in parts of a hundred, if that is exact to a part of a hundred
/// million.
fn percent_left(who: AccountId) -> Option<u128> {
	let left = stake_of(who);
	let percent = (left * 100).div_ceil(STAKE);
	(STAKE / 100 * percent - left <= STAKE / 100_000_000).then_some(percent)
}

#[test]
fn offender_should_pay_at_least_the_floor_when_it_is_one_of_many() {
	ExtBuilder::default().validators(30).build_and_execute(|| {
		report_now(4);
		assert_eq!(percent_left(4), Some(95));
		assert_eq!(last_slash().1.fraction, Perbill::from_percent(5));
	});
}

#[test]
fn offenders_should_pay_more_when_several_do_it_together() {
	// Bug class "Slash too much / too little": the offences pallet names the first offender again
	// with each further one. 30 validators: one owes 1 %, two 4 %, three 9 %, four 16 % each.
	ExtBuilder::default().validators(30).build_and_execute(|| {
		for (reported, left) in [(1, 95), (2, 95), (3, 91), (4, 84)] {
			report_now(reported);
			assert!((1..=reported).all(|who| percent_left(who) == Some(left)), "{reported}");
		}
		// Those who paid the floor for one or two pay the difference only.
		assert_eq!(Slashing::slashes_of(1).len(), 3);
		assert_eq!(Slashing::slashes_of(4).len(), 1);
		assert_eq!(Slashing::conduct(1).slashes, 3);
	});
}

#[test]
fn offender_should_not_pay_twice_when_the_fraction_is_the_same() {
	// Bug class "Slash too much / too little": cosmos#20688 slashed one offence twice.
	ExtBuilder::default().build_and_execute(|| {
		punish(4, 25, 0);
		punish(4, 25, 0);
		punish(4, 10, 0);
		assert_eq!(percent_left(4), Some(75));
		assert_eq!(Asked::get().len(), 1);
	});
}

#[test]
fn offences_before_the_tombstone_should_count_as_one_when_of_both_kinds() {
	ExtBuilder::default().build_and_execute(|| {
		report_now(4);
		assert_ok!(vote_twice(4, 7));
		assert_eq!(percent_left(4), Some(75));
		punish(4, 40, 0);
		assert_eq!(percent_left(4), Some(60));
		punish(4, 100, 0);
		assert_eq!(percent_left(4), Some(0));
		punish(4, 100, 0);
		assert_eq!(Asked::get().len(), 3);
	});
}

#[test]
fn remaining_fraction_should_make_the_total_and_round_up() {
	let percent = Perbill::from_percent;
	assert_eq!(remaining_fraction(Perbill::zero(), percent(5)), percent(5));
	assert_eq!(remaining_fraction(percent(50), percent(75)), percent(50));
	assert_eq!(remaining_fraction(percent(25), percent(100)), percent(100));
	assert_eq!(remaining_fraction(percent(100), percent(100)), Perbill::zero());
	let third = remaining_fraction(percent(40), percent(60));
	assert_eq!(third, Perbill::from_parts(333_333_334));
	let stake = 1_000_000_007u128;
	let left = stake - percent(40).mul_ceil(stake);
	assert!(left - third.mul_ceil(left) <= stake - percent(60).mul_ceil(stake));
}

#[test]
fn double_vote_should_be_recorded_as_such() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(vote_twice(4, 7));
		assert_eq!(last_slash().1.kind, OffenceKind::GrandpaEquivocation);
		assert_eq!(last_slash().1.reporter, Some(REPORTER));
		report_now(5);
		assert_eq!(last_slash().1.kind, OffenceKind::DoubleAuthoring);
		assert!(!Reporting::<Test>::exists());
		assert_eq!(vote_twice(4, 7), Err(OffenceError::DuplicateReport));
		assert!(!Reporting::<Test>::exists());
		let known = <WithKind<Test, Offences> as ReportOffence<_, _, DoubleVote>>::is_known_offence;
		assert!(known(&[(4, ())], &7) && !known(&[(4, ())], &8));
	});
}

#[test]
fn offence_should_not_be_punished_when_its_session_is_too_long_ago() {
	ExtBuilder::default().build_and_execute(|| {
		run_full_eras(40);
		events();
		punish(4, 25, 3);
		assert_eq!(events(), vec![Event::OffenceTooOld { candidate: 4, session: 3 }]);
		assert_eq!(percent_left(4), Some(100));
		assert!(!Jails::<Test>::contains_key(4));
		// The election of this seat is too long ago: it reaches back as far as is remembered.
		punish(4, 25, OldestSession::get());
		assert_eq!(percent_left(4), Some(75));
		let oldest = Fake::current_era() - 28;
		assert_eq!(Asked::get(), [(4, Perbill::from_percent(25), oldest)]);
	});
}

/// From which eras on the slashes of `who` took unbonding stake.
fn reached(who: AccountId) -> Vec<u32> {
	let asked = Asked::get().into_iter().filter(|(candidate, ..)| *candidate == who);
	asked.map(|(_, _, since)| since).collect()
}

#[test]
fn double_blocks_should_reach_back_to_the_election_of_their_seat() {
	// Bug class "Slash too much / too little": sdk#11999, wrong reference era. Eras last one session
	// here; the seats of a session are decided as the session before it begins.
	ExtBuilder::default().build_and_execute(|| {
		report_now(1);
		next_session();
		report_later(2);
		run_full_eras(9);
		report_later(4);
		let (_, record) = last_slash();
		assert_eq!((record.era, record.session), (9, 10));
		next_session();
		report_later(5);
		assert_eq!([1, 2, 4, 5].map(reached), [[0], [0], [8], [9]]);
		assert_eq!(last_slash().1.session, 11);
	});
}

#[test]
fn double_vote_should_reach_back_one_session_more_when_it_may_be_of_the_one_before() {
	ExtBuilder::default().build_and_execute(|| {
		run_full_eras(10);
		punish(4, 25, 6);
		punish(5, 25, 1);
		assert_eq!([4, 5].map(reached), [[4], [0]]);
		assert_eq!((last_slash().1.era, last_slash().1.session), (1, 1));
	});
}

#[test]
fn double_vote_should_reach_back_to_its_own_election_when_the_keys_are_new() {
	// New keys are a new set of voters, whose votes tell it.
	ExtBuilder::default().build_and_execute(|| {
		run_full_eras(5);
		rotate_keys(1, 11);
		run_full_eras(2);
		assert_ok!(vote_twice(4, 7));
		punish(5, 25, 6);
		punish(3, 25, 5);
		assert_eq!([4, 5, 3].map(reached), [[5], [5], [3]]);
	});
}

#[test]
fn offence_of_an_unknown_account_should_change_no_money() {
	// Bug class "Slash of the wrong state".
	ExtBuilder::default().build_and_execute(|| {
		punish(99, 25, 0);
		assert_eq!(last_slash().1.amount, 0);
		assert!(Slashing::in_jail(&99));
	});
}

#[test]
fn owner_should_be_paid_when_the_author_reports() {
	ExtBuilder::default().build_and_execute(|| {
		Owners::set([(2, 77)].into());
		AuthorNow::set(Some(2));
		let session = crate::CurrentSession::<Test>::get();
		let offence = DoubleVote { who: 4, round: 1, session };
		assert_ok!(WithKind::<Test, Offences>::report_offence(vec![2], offence));
		assert_eq!(last_slash().1.reporter, Some(77));
		// The same account as a mere account keeps its own reward.
		AuthorNow::set(Some(3));
		let offence = DoubleVote { who: 5, round: 1, session };
		assert_ok!(WithKind::<Test, Offences>::report_offence(vec![2], offence));
		assert_eq!(last_slash().1.reporter, Some(2));
	});
}

#[test]
fn nobody_should_be_rewarded_when_it_reports_itself() {
	ExtBuilder::default().build_and_execute(|| {
		Owners::set([(4, REPORTER)].into());
		assert_ok!(vote_twice(4, 7));
		assert_eq!(last_slash().1.reporter, None);
	});
}

#[test]
fn handed_over_candidate_should_pay_for_what_it_did_before() {
	// Bug class "Slash evasion": hand-over.
	ExtBuilder::default().build_and_execute(|| {
		let (proof, key_proof) = report_of(4, SlotNow::get());
		Owners::set([(4, 55)].into());
		next_session();
		let reported = Slashing::report_double_authoring(signed(9), Box::new(proof), key_proof);
		assert_ok!(reported);
		assert_eq!(percent_left(4), Some(75));
	});
}
