//! This chain's blocks as Ethereum's tools see them.

use crate::{
	configs::{ethereum::ChainId, gas_tip::GasTip},
	constants::{block::MAX_WEIGHT, currency::GAS_PRICE_STEP},
	Revive, Runtime, RuntimeCall, RuntimeEvent, System, TransactionPayment, UncheckedExtrinsic,
};
use alloc::{collections::BTreeMap, vec::Vec};
use cybermiles_primitives::ethereum::{
	EthereumBlock, EthereumLog, EthereumTransaction, PooledTransaction,
};
use frame_support::dispatch::DispatchClass;
use frame_system::Phase;
use pallet_revive::{
	create1,
	evm::{GenericTransaction, TransactionSigned},
	ReceiptGasInfo,
};
use sp_core::{H160, U256};
use sp_runtime::{generic, SaturatedConversion};

/// What the events of a block tell of one extrinsic.
#[derive(Default)]
struct Outcome {
	/// It was refused before its contract ran, so that there is no receipt of it.
	refused: bool,
	/// Its contract ran, and nothing of it remained.
	reverted: bool,
	logs: Vec<EthereumLog>,
}

/// The signed Ethereum transaction in `extrinsic`, if it holds one.
fn payload_of(extrinsic: &UncheckedExtrinsic) -> Option<&Vec<u8>> {
	match &extrinsic.0.function {
		RuntimeCall::Revive(pallet_revive::Call::eth_transact { payload }) => Some(payload),
		_ => None,
	}
}

/// The extrinsic that holds the signed Ethereum transaction `payload`.
pub(crate) fn extrinsic(payload: Vec<u8>) -> UncheckedExtrinsic {
	let call = pallet_revive::Call::eth_transact { payload };
	generic::UncheckedExtrinsic::new_bare(call.into()).into()
}

/// The signed Ethereum transaction in `extrinsic`, and its signer.
pub(crate) fn pooled(extrinsic: &UncheckedExtrinsic) -> Option<PooledTransaction> {
	let payload = payload_of(extrinsic)?;
	let from = TransactionSigned::decode(payload).ok()?.recover_eth_address().ok()?;
	Some(PooledTransaction { payload: payload.clone(), from })
}

/// This block; none where its `extrinsics` do not fit what is stored of it.
pub(crate) fn block(extrinsics: &[UncheckedExtrinsic]) -> Option<EthereumBlock> {
	let block = Revive::eth_block();
	Some(EthereumBlock {
		number: block.number.saturated_into(),
		hash: block.hash,
		parent_hash: block.parent_hash,
		author: block.miner,
		timestamp: block.timestamp.saturated_into(),
		base_fee: block.base_fee_per_gas.saturated_into(),
		gas_limit: block_gas_limit(),
		gas_used: block.gas_used.saturated_into(),
		state_root: block.state_root,
		transactions_root: block.transactions_root,
		receipts_root: block.receipts_root,
		bloom: block.logs_bloom.0,
		mix_hash: block.mix_hash,
		extra_data: block.extra_data.0,
		transactions: transactions(extrinsics, block.base_fee_per_gas)?,
	})
}

/// The Ethereum transactions among `extrinsics` that have a receipt, with it. Gas cost `price`.
fn transactions(
	extrinsics: &[UncheckedExtrinsic],
	price: U256,
) -> Option<Vec<EthereumTransaction>> {
	let mut outcomes = outcomes();
	let mut found = Vec::new();
	let mut receipts = Revive::eth_receipt_data().into_iter();
	for (extrinsic, index) in extrinsics.iter().zip(0u32..) {
		let Some(payload) = payload_of(extrinsic) else { continue };
		let outcome = outcomes.remove(&index).unwrap_or_default();
		if !outcome.refused {
			found.push(transaction(payload, index, outcome, receipts.next()?, price)?);
		}
	}
	receipts.next().is_none().then_some(found)
}

fn transaction(
	payload: &[u8],
	extrinsic: u32,
	outcome: Outcome,
	receipt: ReceiptGasInfo,
	price: U256,
) -> Option<EthereumTransaction> {
	let signed = TransactionSigned::decode(payload).ok()?;
	let from = signed.recover_eth_address().ok()?;
	let generic = GenericTransaction::from_signed(signed.clone(), price, Some(from));
	let tip = GasTip::offered(signed, price).ok()?.per_gas;
	Some(EthereumTransaction {
		payload: payload.to_vec(),
		from,
		created: created(&from, &generic),
		extrinsic,
		succeeded: !outcome.reverted,
		gas_used: receipt.gas_used.saturated_into(),
		gas_price: tip.saturating_add(price.saturated_into()),
		logs: outcome.logs,
	})
}

/// Address of the contract that `transaction` of `from` is to create.
fn created(from: &H160, transaction: &GenericTransaction) -> Option<H160> {
	let nonce: U256 = transaction.nonce.unwrap_or_default();
	transaction.to.is_none().then(|| create1(from, nonce.saturated_into()))
}

/// What the events of this block tell, extrinsic by extrinsic.
fn outcomes() -> BTreeMap<u32, Outcome> {
	let mut outcomes = BTreeMap::<u32, Outcome>::new();
	for record in System::read_events_no_consensus() {
		let Phase::ApplyExtrinsic(index) = record.phase else { continue };
		let outcome = outcomes.entry(index).or_default();
		match record.event {
			RuntimeEvent::System(frame_system::Event::ExtrinsicFailed { .. }) => {
				outcome.refused = true
			},
			RuntimeEvent::Revive(pallet_revive::Event::EthExtrinsicRevert { .. }) => {
				outcome.reverted = true
			},
			RuntimeEvent::Revive(pallet_revive::Event::ContractEmitted {
				contract,
				data,
				topics,
			}) => outcome.logs.push(EthereumLog { address: contract, topics, data }),
			_ => {},
		}
	}
	outcomes
}

/// Gas that ordinary transactions may use in a block.
pub(crate) fn block_gas_limit() -> u64 {
	let weights = <Runtime as frame_system::Config>::BlockWeights::get();
	let normal = weights.get(DispatchClass::Normal).max_total.unwrap_or(MAX_WEIGHT);
	let fee = TransactionPayment::weight_to_fee(normal);
	(fee / crate::Balance::from(GAS_PRICE_STEP)).saturated_into()
}

/// Gas that a single transaction may use at most.
pub(crate) fn transaction_gas_limit() -> u64 {
	Revive::evm_max_extrinsic_weight_in_gas().saturated_into()
}

/// The number by which transactions name this network (EIP-155).
pub(crate) fn chain_id() -> u64 {
	ChainId::get()
}
