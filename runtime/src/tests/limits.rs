use super::*;
use crate::{configs::system::RuntimeBlockWeights, constants::time::SLOT_DURATION};
use frame_support::{traits::Get, weights::constants::WEIGHT_REF_TIME_PER_MILLIS};

/// Size below which the runtime, compressed, must stay.
const MAX_WASM: usize = 2 * 1024 * 1024;

#[test]
fn calls_should_stay_small_in_memory() {
	RuntimeCall::assert_size_under(256);
}

#[test]
fn wasm_should_stay_small_when_it_was_built() {
	if let Some(wasm) = crate::WASM_BINARY {
		assert!(wasm.len() < MAX_WASM, "{} bytes", wasm.len());
	}
}

#[test]
fn block_should_leave_a_third_of_the_slot() {
	let most = RuntimeBlockWeights::get().max_block.ref_time() / WEIGHT_REF_TIME_PER_MILLIS;
	assert_eq!(most, SLOT_DURATION * 2 / 3);
}

#[test]
fn session_keys_should_not_be_free() {
	let deposit: crate::Balance = <Runtime as pallet_session::Config>::KeyDeposit::get();
	assert_eq!(deposit, 10 * cybermiles_primitives::CMT);
}

#[test]
fn offence_should_be_reportable_for_the_whole_unbonding_time() {
	genesis("staging").execute_with(|| {
		let blocks = crate::configs::consensus::ReportLongevity::get();
		assert_eq!(blocks, 7 * 144 * 200);
	});
}

#[test]
fn pallets_should_keep_their_indices() {
	use frame_support::traits::PalletInfoAccess;

	let indices = [
		(System::index(), 0),
		(crate::Parameters::index(), 2),
		(crate::Balances::index(), 10),
		(crate::CmtDpos::index(), 22),
		(crate::Session::index(), 25),
		(crate::Identity::index(), 41),
		(crate::Sudo::index(), 255),
	];
	for (actual, expected) in indices {
		assert_eq!(actual, expected);
	}
}
