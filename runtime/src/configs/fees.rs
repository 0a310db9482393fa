//! What a transaction costs and who gets it.

use crate::{
	constants::currency::{FEE_PER_BYTE, FEE_PER_REF_TIME, HIGHEST_PRICE, LIST_PRICE},
	weights, Balances, Runtime, RuntimeEvent, ValidatorCompensation,
};
use frame_support::{
	parameter_types,
	traits::{ConstU128, ConstU8},
	weights::ConstantMultiplier,
};
use pallet_revive::evm::fees::BlockRatioFee;
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_runtime::{FixedPointNumber, Perquintill};

parameter_types! {
	/// How full blocks are meant to be: above, fees rise, below, they fall.
	pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
	/// How fast fees move: about 10 % in ten minutes of full blocks.
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 100_000);
	/// Fees never fall below their list price.
	pub const MinimumMultiplier: Multiplier = Multiplier::from_u32(LIST_PRICE);
	/// Nor rise to a price of gas that is too large for 64 bits.
	pub const MaximumMultiplier: Multiplier = Multiplier::from_u32(HIGHEST_PRICE);
}

/// Follows the demand for block space.
pub type FeeAdjustment = TargetedFeeAdjustment<
	Runtime,
	TargetBlockFullness,
	AdjustmentVariable,
	MinimumMultiplier,
	MaximumMultiplier,
>;

/// Fees and tips join the award of their block.
///
/// The fee for weight has the one form from which gas can be counted back into weight.
impl pallet_transaction_payment::Config for Runtime {
	type FeeMultiplierUpdate = FeeAdjustment;
	type LengthToFee = ConstantMultiplier<crate::Balance, ConstU128<FEE_PER_BYTE>>;
	type OnChargeTransaction = FungibleAdapter<Balances, ValidatorCompensation>;
	type OperationalFeeMultiplier = ConstU8<5>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_transaction_payment::WeightInfo<Runtime>;
	type WeightToFee = BlockRatioFee<FEE_PER_REF_TIME, 1, Runtime, crate::Balance>;
}
