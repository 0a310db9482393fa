use super::*;
use crate::{
	configs::fees::{FeeAdjustment, MinimumMultiplier},
	constants::{
		block::{MAX_WEIGHT, NORMAL_RATIO},
		currency::GAS,
	},
	TransactionPayment, ValidatorCompensation,
};
use cybermiles_primitives::CMT;
use frame_support::dispatch::{DispatchClass, DispatchInfo, GetDispatchInfo};
use pallet_transaction_payment::Multiplier;
use sp_runtime::traits::Convert;

fn transfer(amount: crate::Balance) -> pallet_balances::Call<Runtime> {
	let dest = MultiAddress::Id(account(Sr25519Keyring::Bob));
	pallet_balances::Call::transfer_keep_alive { dest, value: amount }
}

#[test]
fn transfer_should_not_cost_more_than_on_ethereum_and_not_nothing() {
	genesis("development").execute_with(|| {
		let transaction = signed(Sr25519Keyring::Charlie, 0, transfer(CMT));
		let length = transaction.encoded_size() as u32;
		let fee = TransactionPayment::query_info(transaction, length).partial_fee;
		assert!(fee <= 21_000 * GAS, "{fee}");
		assert!(fee >= 5_000 * GAS, "{fee}");
	});
}

#[test]
fn filling_a_block_should_cost_what_24_million_gas_cost() {
	genesis("development").execute_with(|| {
		let weight = NORMAL_RATIO * MAX_WEIGHT;
		let info = DispatchInfo { call_weight: weight, ..Default::default() };
		let fee = TransactionPayment::compute_fee(0, &info, 0);
		assert!(fee > 24_000_000 * GAS, "{fee}");
		assert!(fee < 24_100_000 * GAS, "{fee}");
	});
}

#[test]
fn fee_should_join_the_award_of_its_block() {
	genesis("local").execute_with(|| {
		run_blocks(0, 1);
		let supply = pallet_balances::TotalIssuance::<Runtime>::get();
		begin_block(2);
		let payer = account(Sr25519Keyring::One);
		let before = free(&payer);
		let transaction = signed(Sr25519Keyring::One, 0, transfer(CMT));
		Executive::apply_extrinsic(transaction).unwrap().unwrap();
		let fee = before - free(&payer) - CMT;
		assert!(fee > 0);
		assert_eq!(pallet_balances::TotalIssuance::<Runtime>::get(), supply);
		Executive::finalize_block();

		let award = ValidatorCompensation::block_award();
		assert_eq!(award.fees, fee);
		assert_eq!(award.issued, ISSUED);
		assert_eq!(award.to_validators + award.to_standbys, award.issued + fee + award.carried);
		assert_eq!(pallet_balances::TotalIssuance::<Runtime>::get(), supply + ISSUED);
	});
}

/// 8 % of 1,000,000,000 CMT a year, 3 seconds of 365 days of it, rounded down.
const ISSUED: crate::Balance = 80_000_000 * CMT * 3 / 31_536_000;

#[test]
fn multiplier_should_never_fall_below_the_list_price() {
	genesis("development").execute_with(|| {
		System::set_block_consumed_resources(Default::default(), 0);
		assert_eq!(FeeAdjustment::convert(Multiplier::from_u32(1)), MinimumMultiplier::get());
	});
}

#[test]
fn multiplier_should_rise_by_a_tenth_in_ten_minutes_of_full_blocks() {
	genesis("development").execute_with(|| {
		System::set_block_consumed_resources(NORMAL_RATIO * MAX_WEIGHT, 0);
		let after = (0..200).fold(MinimumMultiplier::get(), |fee, _| FeeAdjustment::convert(fee));
		assert!(after > Multiplier::from_u32(1_100), "{after:?}");
		assert!(after < Multiplier::from_u32(1_150), "{after:?}");
	});
}

#[test]
fn every_call_should_fit_a_block() {
	let most = MAX_WEIGHT.ref_time();
	let info = transfer(CMT).get_dispatch_info();
	assert_eq!(info.class, DispatchClass::Normal);
	assert!(info.call_weight.ref_time() < most / 1_000);
}
