use super::*;
use crate::{
	configs::fees::{FeeAdjustment, MinimumMultiplier},
	constants::block::{MAX_WEIGHT, NORMAL_RATIO},
	TransactionPayment,
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
fn transfer_should_cost_less_than_a_thousandth_of_a_cmt_and_not_nothing() {
	genesis("development").execute_with(|| {
		let transaction = signed(Sr25519Keyring::Charlie, 0, transfer(CMT));
		let length = transaction.encoded_size() as u32;
		let fee = TransactionPayment::query_info(transaction, length).partial_fee;
		assert!(fee <= CMT / 1_000, "{fee}");
		assert!(fee >= CMT / 100_000, "{fee}");
	});
}

#[test]
fn filling_a_block_should_cost_more_than_one_cmt() {
	genesis("development").execute_with(|| {
		let weight = NORMAL_RATIO * MAX_WEIGHT;
		assert!(TransactionPayment::weight_to_fee(weight) > CMT);
		let info = DispatchInfo { call_weight: weight, ..Default::default() };
		assert!(TransactionPayment::compute_fee(0, &info, 0) > CMT);
	});
}

#[test]
fn fee_should_go_to_the_author_of_the_block() {
	genesis("local").execute_with(|| {
		let supply = pallet_balances::TotalIssuance::<Runtime>::get();
		begin_block(1);
		let author = crate::Authorship::author().unwrap();
		let (payer, payee) = (account(Sr25519Keyring::One), account(Sr25519Keyring::Bob));
		assert!(author != payer && author != payee);
		let before = [free(&payer), free(&author)];

		let transaction = signed(Sr25519Keyring::One, 0, transfer(CMT));
		Executive::apply_extrinsic(transaction).unwrap().unwrap();

		let fee = before[0] - free(&payer) - CMT;
		assert!(fee > 0);
		assert_eq!(free(&author) - before[1], fee);
		assert_eq!(pallet_balances::TotalIssuance::<Runtime>::get(), supply);
	});
}

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
		let after = (0..200).fold(Multiplier::from_u32(1), |fee, _| FeeAdjustment::convert(fee));
		assert!(after > Multiplier::from_rational(110, 100), "{after:?}");
		assert!(after < Multiplier::from_rational(115, 100), "{after:?}");
	});
}

#[test]
fn every_call_should_fit_a_block() {
	let most = MAX_WEIGHT.ref_time();
	let info = transfer(CMT).get_dispatch_info();
	assert_eq!(info.class, DispatchClass::Normal);
	assert!(info.call_weight.ref_time() < most / 1_000);
}
