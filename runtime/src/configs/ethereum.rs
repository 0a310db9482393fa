//! Contracts: an EVM whose accounts, money and gas are those of the chain.

use super::{
	gas_tip::{ChargeFee, GasTip},
	transactions::extension,
};
use crate::{
	constants::currency::{
		CONTRACT_BYTE_DEPOSIT, CONTRACT_ITEM_DEPOSIT, CONTRACT_SLOT_DEPOSIT, GAS_PRICE_STEP,
	},
	governance::queries::Reader,
	parameters::genesis::EthereumChainId,
	AccountId, Address, Aura, Balance, Balances, Nonce, Revive, Runtime, RuntimeCall, RuntimeEvent,
	RuntimeHoldReason, RuntimeOrigin, Signature, Timestamp, TxExtension, ValidatorCompensation,
};
use frame_support::{
	parameter_types,
	traits::{ConstBool, ConstU128, ConstU32},
};
use frame_system::EnsureSigned;
use pallet_revive::{
	evm::{fees::Info as FeeInfo, runtime::EthExtra, tx_extension::SetOrigin, TransactionSigned},
	AccountId32Mapper,
};
use pallet_session::FindAccountFromAuthorIndex;
use pallet_staking_precompile::{Staking, Voting};
use sp_runtime::{
	generic::{CheckedExtrinsic, ExtrinsicFormat},
	traits::InvalidVersion,
	transaction_validity::InvalidTransaction,
	FixedU128, Perbill,
};

/// Bytes in a MiB.
const MIB: u32 = 1024 * 1024;

parameter_types! {
	/// What the user of a code that is there already holds of the deposit for it.
	pub const CodeLockup: Perbill = Perbill::from_percent(30);
	/// The part of the largest transaction that gas may buy: the rest is for what gas cannot count.
	pub const MaxEthereumWeight: FixedU128 = FixedU128::from_rational(9, 10);
	/// The chain id of this network.
	pub ChainId: u64 = EthereumChainId::<Runtime>::get();
}

/// What an Ethereum transaction, which brings no extensions, is checked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EthereumExtra;

impl EthExtra for EthereumExtra {
	type Config = Runtime;
	type ExtensionOtherVersions = InvalidVersion;
	type ExtensionV0 = TxExtension;

	fn get_eth_extension(nonce: Nonce, tip: Balance) -> TxExtension {
		PalletExtra::get_eth_extension(nonce, tip)
	}

	/// Refuses what names no chain: it could be taken from another chain and sent here. Adds the tip.
	fn try_into_checked_extrinsic(
		payload: &[u8],
		length: usize,
	) -> Result<
		CheckedExtrinsic<AccountId, RuntimeCall, TxExtension, InvalidVersion>,
		InvalidTransaction,
	> {
		let signed = TransactionSigned::decode(payload).map_err(|_| InvalidTransaction::Call)?;
		if names_no_chain(&signed) {
			return Err(InvalidTransaction::Call);
		}
		let mut checked = PalletExtra::try_into_checked_extrinsic(payload, length)?;
		let tip = GasTip::offered(signed, Revive::evm_base_fee())?;
		if let ExtrinsicFormat::Signed(_, extension) = &mut checked.format {
			extension.8 = ChargeFee::ethereum(tip);
		}
		Ok(checked)
	}
}

/// Whether a transaction of before EIP-155 holds on every chain.
fn names_no_chain(signed: &TransactionSigned) -> bool {
	matches!(
		signed,
		TransactionSigned::TransactionLegacySigned(signed)
			if signed.transaction_legacy_unsigned.chain_id.is_none()
	)
}

/// What the pallet checks by itself.
struct PalletExtra;

impl EthExtra for PalletExtra {
	type Config = Runtime;
	type ExtensionOtherVersions = InvalidVersion;
	type ExtensionV0 = TxExtension;

	fn get_eth_extension(nonce: Nonce, tip: Balance) -> TxExtension {
		extension(nonce, ChargeFee::native(tip), SetOrigin::new_from_eth_transaction())
	}
}

/// An Ethereum key needs no registration, a planck is a wei, and gas joins the award of its block.
impl pallet_revive::Config for Runtime {
	type AddressMapper = AccountId32Mapper<Runtime>;
	type AllowEVMBytecode = ConstBool<true>;
	type AutoMap = ConstBool<true>;
	type Balance = Balance;
	type ChainId = ChainId;
	type CodeHashLockupDepositPercent = CodeLockup;
	type Currency = Balances;
	// Only this way the opcodes of a transaction can be traced. What else it opens (code of any
	// size, transactions of contracts) stays shut: the settings can be made in the genesis alone,
	// where `genesis_check` refuses them.
	type DebugEnabled = ConstBool<true>;
	type Deposit = ();
	type DepositPerByte = ConstU128<CONTRACT_BYTE_DEPOSIT>;
	type DepositPerChildTrieItem = ConstU128<CONTRACT_SLOT_DEPOSIT>;
	type DepositPerItem = ConstU128<CONTRACT_ITEM_DEPOSIT>;
	type FeeInfo = FeeInfo<Address, Signature, EthereumExtra>;
	type FindAuthor = FindAccountFromAuthorIndex<Runtime, Aura>;
	type GasScale = ConstU32<GAS_PRICE_STEP>;
	type InstantiateOrigin = EnsureSigned<AccountId>;
	type MaxEthExtrinsicWeight = MaxEthereumWeight;
	type NativeToEthRatio = ConstU32<1>;
	// What rounding gas up takes from the sender.
	type OnBurn = ValidatorCompensation;
	type PVFMemory = ConstU32<{ 512 * MIB }>;
	type Precompiles = (Staking<Self>, Voting<Self, Reader>);
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	// What the node's executor gives an instance of the runtime.
	type RuntimeMemory = ConstU32<{ 128 * MIB }>;
	type RuntimeOrigin = RuntimeOrigin;
	type Time = Timestamp;
	type UploadOrigin = EnsureSigned<AccountId>;
	type WeightInfo = pallet_revive::weights::SubstrateWeight<Runtime>;
}
