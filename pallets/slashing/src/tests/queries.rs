//! What nodes and wallets read.

use crate::mock::*;
use cybermiles_primitives::api::{ConductInfo, OffenceKind, SlashState};

#[test]
fn conduct_should_be_clean_when_nothing_happened() {
	ExtBuilder::default().build_and_execute(|| {
		let clean = ConductInfo {
			absent: false,
			missed_turns: 0,
			jailed_until: None,
			tombstoned: false,
			slashes: 0,
		};
		assert_eq!(Slashing::conduct(4), clean);
		assert_eq!(Slashing::get_conduct(99), clean);
		assert!(Slashing::absent_validators().is_empty());
	});
}

#[test]
fn conduct_should_tell_what_happened() {
	ExtBuilder::default().build_and_execute(|| {
		run_rounds(2, &[3]);
		let absent = Slashing::conduct(3);
		assert!(absent.absent && absent.missed_turns > 0);
		run_rounds(1, &[]);
		jail_for_downtime(4);
		report_now(5);
		let (jailed, tombstoned) = (Slashing::conduct(4), Slashing::conduct(5));
		assert!(jailed.jailed_until > Some(Now::get()) && !jailed.tombstoned);
		assert!(tombstoned.jailed_until.is_none() && tombstoned.tombstoned);
		assert_eq!((jailed.slashes, tombstoned.slashes), (1, 1));
		let absent: Vec<_> =
			Slashing::absent_validators().into_iter().map(|(who, _)| who).collect();
		assert_eq!(absent, vec![4, 5]);
		Now::set(u64::MAX);
		assert_eq!(Slashing::conduct(4).jailed_until, None);
	});
}

#[test]
fn slashes_should_be_listed_by_number_and_by_candidate() {
	ExtBuilder::default().build_and_execute(|| {
		jail_for_downtime(4);
		report_later(5);
		report_later(4);
		let all = Slashing::slashes(0, 1_000);
		assert_eq!(all.iter().map(|slash| slash.index).collect::<Vec<_>>(), vec![0, 1, 2]);
		assert_eq!(Slashing::slashes(1, 1), vec![all[1].clone()]);
		assert!(Slashing::slashes(3, 9).is_empty() && Slashing::slashes(0, 0).is_empty());
		let own: Vec<_> = Slashing::slashes_of(4).into_iter().map(|slash| slash.index).collect();
		assert_eq!(own, vec![2, 0]);
		let slash = Slashing::get_slash(1).expect("a slash");
		assert_eq!((slash.candidate, slash.kind), (5, OffenceKind::DoubleAuthoring));
		assert_eq!((slash.reporter, slash.state), (Some(REPORTER), SlashState::Held { due: 2 }));
		assert_eq!(Slashing::get_slash(3), None);
	});
}

#[test]
fn answers_should_be_short_when_there_are_many_slashes() {
	ExtBuilder::default().build_and_execute(|| {
		for _ in 0..120 {
			Slashing::punish_downtime(4, 0);
		}
		assert_eq!(Slashing::slashes(0, u32::MAX).len(), 100);
		assert_eq!(Slashing::slashes_of(4).len(), 100);
		assert_eq!(Slashing::slashes_of(4)[0].index, 119);
	});
}
