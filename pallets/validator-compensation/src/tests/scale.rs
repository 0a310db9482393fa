//! What must not grow with the number of delegators.

use crate::mock::*;
use cybermiles_primitives::CMT;
use frame_support::{assert_ok, traits::fungible::Mutate, weights::Weight};
use sp_io::TestExternalities;

/// Candidate 1 with so many `delegators` in one class, in the middle of a session with awards.
fn crowded(delegators: u64) -> TestExternalities {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		assert_ok!(Dpos::update(signed(1), Some(9_000_000 * CMT), None, None));
		for who in 1_000..1_000 + delegators {
			assert_ok!(Balances::mint_into(&who, 2_000 * CMT));
			delegate(who, 1, 1_000);
		}
		run_sessions(2);
		beat(5);
		run_blocks(2);
		System::reset_events();
	});
	ext.commit_all().expect("writes");
	ext
}

/// Keys written and trie nodes read by `work` with so many `delegators`.
fn cost(delegators: u64, work: fn()) -> (usize, usize) {
	let mut ext = crowded(delegators);
	let nodes = ext.execute_and_prove(work).1.len();
	let written = ext.overlayed_changes().changes().count();
	ext.execute_with(check);
	(written, nodes)
}

#[track_caller]
fn assert_constant(name: &str, work: fn()) {
	let ((few, few_nodes), (many, many_nodes)) = (cost(10, work), cost(2_000, work));
	println!(
		"{name}, 10 / 2000 delegators: {few} / {many} written, {few_nodes} / {many_nodes} read"
	);
	assert_eq!(few, many, "{name}");
	// The same keys are read; their paths grow with the logarithm of the state.
	assert!(many_nodes <= few_nodes * 3, "{name}: {many_nodes} nodes instead of {few_nodes}");
}

#[test]
fn block_should_cost_the_same_when_many_more_delegate() {
	assert_constant("a block", next_block);
}

#[test]
fn session_end_should_cost_the_same_when_many_more_delegate() {
	assert_constant("a session's end", || {
		let start = session();
		while session() == start {
			end_block(Weight::zero());
		}
	});
}

#[test]
fn fold_should_cost_the_same_when_many_more_delegate() {
	assert_constant("a fold", || {
		assert!(owed(1) > 0);
		fold(1);
		assert_eq!(owed(1), 0);
	});
}

#[test]
fn lowering_all_should_cost_the_same_when_many_more_delegate() {
	assert_constant("lowering all rates", || {
		assert_ok!(Compensation::lower_all_rates(signed(1), cybermiles_primitives::Rate(7)));
	});
}
