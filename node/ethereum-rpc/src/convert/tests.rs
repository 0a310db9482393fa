use super::*;
use crate::eth::submit::testing::{of_form, signed, Form};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::BloomInput;
use alloy_rpc_types_eth::BlockTransactions;
use serde_json::{json, Value};

const SENDER: H160 = H160([9; 20]);

fn entry(address: u8, topics: &[u8]) -> EthereumLog {
	EthereumLog {
		address: H160([address; 20]),
		topics: topics.iter().map(|byte| H256([*byte; 32])).collect(),
		data: vec![address; 3],
	}
}

fn included(envelope: &TxEnvelope, gas_used: u64, logs: Vec<EthereumLog>) -> EthereumTransaction {
	EthereumTransaction {
		payload: envelope.encoded_2718(),
		from: SENDER,
		created: None,
		extrinsic: 7,
		succeeded: true,
		gas_used,
		gas_price: 1_500_000_000,
		logs,
	}
}

/// A block of three transactions, of which the second failed and the others logged.
fn sample() -> EthereumBlock {
	let failed = EthereumTransaction { succeeded: false, ..included(&signed(1), 50_000, vec![]) };
	EthereumBlock {
		number: 5,
		hash: H256([1; 32]),
		parent_hash: H256([2; 32]),
		author: H160([3; 20]),
		timestamp: 1_800_000_000,
		base_fee: 1_000_000_000,
		gas_limit: 24_000_000,
		gas_used: 120_000,
		state_root: H256([4; 32]),
		transactions_root: H256([5; 32]),
		receipts_root: H256([6; 32]),
		bloom: [0; 256],
		mix_hash: H256([7; 32]),
		extra_data: vec![],
		transactions: vec![
			included(&of_form(Form::Legacy(Some(18)), 0), 21_000, vec![entry(1, &[1, 2])]),
			failed,
			included(&of_form(Form::AccessList, 2), 49_000, vec![entry(2, &[]), entry(3, &[1])]),
		],
	}
}

fn as_json(value: &impl serde::Serialize) -> Value {
	json(value).unwrap()
}

#[test]
fn header_tells_what_tools_expect() {
	let header = as_json(&header(&sample()));
	let empty = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
	for (field, expected) in [
		("number", json!("0x5")),
		("hash", json!(format!("0x{}", "01".repeat(32)))),
		("gasLimit", json!("0x16e3600")),
		("gasUsed", json!("0x1d4c0")),
		("sha3Uncles", json!(empty)),
		("difficulty", json!("0x0")),
		("totalDifficulty", json!("0x0")),
		("nonce", json!("0x0000000000000000")),
		("baseFeePerGas", json!("0x3b9aca00")),
		("miner", json!(format!("0x{}", "03".repeat(20)))),
	] {
		assert_eq!(header[field], expected, "{field}");
	}
}

#[test]
fn block_has_its_transactions_whole_or_by_hash() {
	let sample = sample();
	let whole = block(&sample, true).unwrap();
	let hashes = block(&sample, false).unwrap();
	let BlockTransactions::Full(whole) = whole.transactions else { panic!("whole") };
	let BlockTransactions::Hashes(hashes) = hashes.transactions else { panic!("hashes") };
	assert_eq!(whole.len(), 3);
	for ((transaction, hash), index) in whole.iter().zip(hashes).zip(0..) {
		assert_eq!(*transaction.inner.tx_hash(), hash);
		assert_eq!(transaction.transaction_index, Some(index));
		assert_eq!(transaction.inner.signer(), address(SENDER));
		assert_eq!(transaction.effective_gas_price, Some(1_500_000_000));
	}
}

#[test]
fn size_grows_with_the_transactions() {
	let sample = sample();
	let empty = EthereumBlock { transactions: vec![], ..sample.clone() };
	let length = |of: &EthereumBlock| block(of, false).unwrap().header.size.unwrap();
	let payloads: usize = sample.transactions.iter().map(|found| found.payload.len()).sum();
	let grown = length(&sample) - length(&empty);
	// Each typed transaction is a string in the list, and the list's own length needs more bytes.
	assert!(grown >= U256::from(payloads), "{grown}");
	assert!(grown <= U256::from(payloads + 16), "{grown}");
}

#[test]
fn receipts_add_up_and_logs_count_from_zero() {
	let receipts = receipts(&sample()).unwrap();
	let used: Vec<_> = receipts.iter().map(|receipt| receipt.inner.cumulative_gas_used()).collect();
	assert_eq!(used, [21_000, 71_000, 120_000]);
	let succeeded: Vec<_> = receipts.iter().map(|receipt| receipt.inner.status()).collect();
	assert_eq!(succeeded, [true, false, true]);
	let logs: Vec<_> = receipts
		.iter()
		.flat_map(|receipt| receipt.inner.logs().to_vec())
		.map(|log| (log.log_index.unwrap(), log.transaction_index.unwrap(), log.address()))
		.collect();
	let of = |byte: u8| Address::from([byte; 20]);
	assert_eq!(logs, [(0, 0, of(1)), (1, 2, of(2)), (2, 2, of(3))]);
}

#[test]
fn receipt_is_the_one_of_the_whole_list() {
	let sample = sample();
	let all = receipts(&sample).unwrap();
	for (expected, index) in all.iter().zip(0..) {
		assert_eq!(&receipt(&sample, index).unwrap(), expected);
	}
	assert!(receipt(&sample, 3).is_err());
	assert!(transaction(&sample, 3).is_err());
}

#[test]
fn bloom_of_a_receipt_holds_address_and_topics() {
	let receipts = receipts(&sample()).unwrap();
	let bloom = receipts[0].inner.logs_bloom();
	assert!(bloom.contains_input(BloomInput::Raw(&[1; 20])));
	assert!(bloom.contains_input(BloomInput::Raw(&[2; 32])));
	assert!(!bloom.contains_input(BloomInput::Raw(&[3; 20])));
	assert!(receipts[1].inner.logs_bloom().is_zero());
}

#[test]
fn types_are_told_by_their_number() {
	let kinds: Vec<_> = receipts(&sample())
		.unwrap()
		.iter()
		.map(|found| as_json(found)["type"].clone())
		.collect();
	assert_eq!(kinds, [json!("0x0"), json!("0x2"), json!("0x1")]);
}

#[test]
fn waiting_transactions_are_in_no_block() {
	let found = waiting(&signed(4).encoded_2718(), SENDER).unwrap();
	let found = as_json(&found);
	for field in ["blockHash", "blockNumber", "transactionIndex"] {
		assert_eq!(found[field], Value::Null, "{field}");
	}
	assert_eq!(found["nonce"], json!("0x4"));
	assert_eq!(found["gasPrice"], json!("0x77359400"), "its cap");
}

#[test]
fn bytes_that_are_no_transaction_are_an_error() {
	assert!(envelope(&[]).is_err());
	assert!(envelope(&[2, 1, 2, 3]).is_err());
	assert!(waiting(&[0xff; 40], SENDER).is_err());
}
