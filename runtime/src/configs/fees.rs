//! What a transaction costs and who gets it.

use crate::{
	constants::currency::{FEE_PER_BYTE, FEE_PER_REF_TIME},
	weights, AccountId, Authorship, Balances, Runtime, RuntimeEvent,
};
use frame_support::{
	parameter_types,
	traits::{
		fungible::{Balanced, Credit},
		ConstU128, ConstU8, OnUnbalanced,
	},
	weights::ConstantMultiplier,
};
use pallet_cmt_dpos::Candidates;
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_runtime::{
	traits::{Bounded, One},
	FixedPointNumber, Perquintill,
};

parameter_types! {
	/// How full blocks are meant to be: above, fees rise, below, they fall.
	pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
	/// How fast fees move: about 10 % in ten minutes of full blocks.
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 100_000);
	/// Fees never fall below their list price.
	pub MinimumMultiplier: Multiplier = Multiplier::one();
	/// No ceiling but that of the number.
	pub MaximumMultiplier: Multiplier = Multiplier::max_value();
}

/// Follows the demand for block space.
pub type FeeAdjustment = TargetedFeeAdjustment<
	Runtime,
	TargetBlockFullness,
	AdjustmentVariable,
	MinimumMultiplier,
	MaximumMultiplier,
>;

/// Gives fees and tips to the account that controls the block's author.
///
/// A fee whose author cannot be told, as in the first block, is burnt. The rule holds until awards
/// are paid: then fees join the award of their block, and this type gives way to that pallet.
pub struct DealWithFees;

impl OnUnbalanced<Credit<AccountId, Balances>> for DealWithFees {
	fn on_nonzero_unbalanced(fees: Credit<AccountId, Balances>) {
		let Some(author) = Authorship::author() else { return };
		let owner = Candidates::<Runtime>::get(&author).map_or(author, |candidate| candidate.owner);
		// What an account cannot take, because its balance would overflow, is burnt.
		let _ = Balances::resolve(&owner, fees);
	}
}

impl pallet_transaction_payment::Config for Runtime {
	type FeeMultiplierUpdate = FeeAdjustment;
	type LengthToFee = ConstantMultiplier<crate::Balance, ConstU128<FEE_PER_BYTE>>;
	type OnChargeTransaction = FungibleAdapter<Balances, DealWithFees>;
	type OperationalFeeMultiplier = ConstU8<5>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_transaction_payment::WeightInfo<Runtime>;
	type WeightToFee = ConstantMultiplier<crate::Balance, ConstU128<FEE_PER_REF_TIME>>;
}
