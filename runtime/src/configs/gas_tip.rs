//! What Ethereum transactions pay above the price of gas, and the place in the pool that it buys.

use crate::{
	constants::{
		block::MAX_WEIGHT,
		currency::{FEE_PER_REF_TIME, GAS_PRICE_STEP},
	},
	AccountId, Balance, Balances, Revive, Runtime, RuntimeCall, RuntimeOrigin, TransactionPayment,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
	dispatch::{DispatchInfo, PostDispatchInfo},
	pallet_prelude::{TransactionSource, TransactionValidityError, ValidTransaction, Weight},
	traits::{
		fungible::{Balanced, Credit},
		Imbalance,
	},
};
use pallet_revive::evm::{GenericTransaction, TransactionSigned};
use pallet_transaction_payment::{ChargeTransactionPayment, Pre, Val};
use scale_info::TypeInfo;
use sp_core::U256;
use sp_runtime::{
	traits::{Implication, TransactionExtension},
	transaction_validity::{InvalidTransaction, TransactionPriority},
	DispatchResult, SaturatedConversion,
};

/// Gas of all that fits into a block, by which one tip is compared with another: a native one is
/// worth as much as it would be if such transactions filled the block.
const BLOCK_GAS: Balance =
	MAX_WEIGHT.ref_time() as Balance * FEE_PER_REF_TIME / GAS_PRICE_STEP as Balance;

/// Priority of every transaction without a tip: that of a native one as large as a plain transfer.
const WITHOUT_TIP: TransactionPriority = (BLOCK_GAS / 21_000) as TransactionPriority;

/// What a transaction pays above the price of gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GasTip {
	/// For each unit of gas, in planck.
	pub per_gas: Balance,
	/// Gas that the transaction may use.
	pub gas_limit: Balance,
}

impl GasTip {
	/// What `signed` offers where gas costs `price` (EIP-1559); a transaction with only one price
	/// pays all of it.
	///
	/// # Errors
	///
	/// If it offers less than the price, or more than there can be.
	pub fn offered(signed: TransactionSigned, price: U256) -> Result<Self, InvalidTransaction> {
		let offer = GenericTransaction::from_signed(signed, U256::MAX, None);
		let most = offer.gas_price.and_then(|cap| cap.checked_sub(price));
		let most = most.ok_or(InvalidTransaction::Payment)?;
		let per_gas = offer.max_priority_fee_per_gas.map_or(most, |tip| tip.min(most));
		let gas_limit = offer.gas.unwrap_or_default();
		let fits = per_gas.checked_mul(gas_limit).is_some_and(|all| all <= Balance::MAX.into());
		match fits {
			true => Ok(Self {
				per_gas: per_gas.saturated_into(),
				gas_limit: gas_limit.saturated_into(),
			}),
			false => Err(InvalidTransaction::Payment),
		}
	}

	/// What all of the gas brings.
	fn most(&self) -> Balance {
		self.per_gas.saturating_mul(self.gas_limit)
	}

	/// What the transaction brings after it ran.
	fn earned(&self, post_info: &PostDispatchInfo, info: &DispatchInfo, len: usize) -> Balance {
		let price: Balance = Revive::evm_base_fee().saturated_into();
		let fee = TransactionPayment::compute_actual_fee(len as u32, info, post_info, 0);
		// All that the gas may cost is set aside; the deposits of contracts are taken from there.
		let set_aside = price.saturating_mul(self.gas_limit);
		let left = TransactionPayment::remaining_txfee::<Balance>();
		let used = set_aside.saturating_add(fee).saturating_sub(left).div_ceil(price.max(1));
		self.per_gas.saturating_mul(used.min(self.gas_limit))
	}

	/// Its place in the pool, which nothing else moves: only a higher tip replaces a transaction.
	fn priority(&self) -> TransactionPriority {
		let tip = self.per_gas.saturating_mul(BLOCK_GAS);
		WITHOUT_TIP.saturating_add(tip.saturated_into())
	}
}

/// [`ChargeTransactionPayment`], which takes the tips of Ethereum transactions too: as much for each
/// unit of gas that was used as they offer.
///
/// Wallets see and sign the same as with that extension.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking)]
pub struct ChargeFee {
	native: ChargeTransactionPayment<Runtime>,
	/// Skipped, as only the runtime can set it.
	#[codec(skip)]
	gas: Option<GasTip>,
}

impl ChargeFee {
	/// Takes `tip` planck besides the fee.
	pub fn native(tip: Balance) -> Self {
		Self { native: ChargeTransactionPayment::from(tip), gas: None }
	}

	/// Takes a tip for gas besides the fee.
	pub fn ethereum(tip: GasTip) -> Self {
		Self { native: ChargeTransactionPayment::from(tip.most()), gas: Some(tip) }
	}
}

impl TypeInfo for ChargeFee {
	type Identity = ChargeTransactionPayment<Runtime>;

	fn type_info() -> scale_info::Type {
		Self::Identity::type_info()
	}
}

impl TransactionExtension<RuntimeCall> for ChargeFee {
	const IDENTIFIER: &'static str = ChargeTransactionPayment::<Runtime>::IDENTIFIER;
	type Implicit = ();
	type Pre = (Pre<Runtime>, Option<GasTip>);
	type Val = Val<Runtime>;

	fn weight(&self, call: &RuntimeCall) -> Weight {
		self.native.weight(call)
	}

	fn validate(
		&self,
		origin: RuntimeOrigin,
		call: &RuntimeCall,
		info: &DispatchInfo,
		len: usize,
		implicit: (),
		implication: &impl Implication,
		source: TransactionSource,
	) -> Result<(ValidTransaction, Val<Runtime>, RuntimeOrigin), TransactionValidityError> {
		let (mut valid, val, origin) =
			self.native.validate(origin, call, info, len, implicit, implication, source)?;
		if let Some(tip) = &self.gas {
			valid.priority = tip.priority();
		}
		Ok((valid, val, origin))
	}

	fn prepare(
		self,
		val: Val<Runtime>,
		origin: &RuntimeOrigin,
		call: &RuntimeCall,
		info: &DispatchInfo,
		len: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		Ok((self.native.prepare(val, origin, call, info, len)?, self.gas))
	}

	fn post_dispatch_details(
		(pre, gas): Self::Pre,
		info: &DispatchInfo,
		post_info: &PostDispatchInfo,
		len: usize,
		result: &DispatchResult,
	) -> Result<Weight, TransactionValidityError> {
		let pre = match (pre, gas) {
			(Pre::Charge { who, liquidity_info: Some(paid), .. }, Some(tip)) => {
				let taken = take(&who, paid, tip.earned(post_info, info, len));
				Pre::Charge { tip: taken.peek(), who, liquidity_info: Some(taken) }
			},
			(pre, _) => pre,
		};
		ChargeTransactionPayment::post_dispatch_details(pre, info, post_info, len, result)
	}
}

/// Gives `who` back what is `paid` beyond `earned`; what cannot be given back is taken too.
fn take(
	who: &AccountId,
	paid: Credit<AccountId, Balances>,
	earned: Balance,
) -> Credit<AccountId, Balances> {
	let (taken, rest) = paid.split(earned);
	match rest.peek() {
		0 => taken,
		_ => match Balances::resolve(who, rest) {
			Ok(()) => taken,
			Err(rest) => taken.merge(rest),
		},
	}
}
