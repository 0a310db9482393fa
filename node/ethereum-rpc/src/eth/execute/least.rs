//! The gas that wallets themselves demand of a transaction before they sign it.

use pallet_revive::pallet_revive_types::runtime_api::GenericTransactionV1;

/// Of every transaction (Yellow Paper, appendix G).
const TRANSACTION: u64 = 21_000;
/// Of one that creates a contract (EIP-2).
const CREATION: u64 = 32_000;
/// Of each word of 32 bytes of the code that creates it (EIP-3860).
const CREATION_WORD: u64 = 2;
/// Of each zero byte of data; others count four times (EIP-2028).
const DATA: u64 = 4;
/// The same where a transaction mostly carries data (EIP-7623).
const DATA_FLOOR: u64 = 10;
/// Of each address in an access list (EIP-2930).
const ACCESS_ADDRESS: u64 = 2_400;
/// Of each slot in an access list (EIP-2930).
const ACCESS_SLOT: u64 = 1_900;

/// The gas below which Ethereum takes no such transaction.
///
/// This chain needs less for many of them, but a wallet that knows Ethereum's rule would not sign.
/// What a transaction does not use costs nothing.
pub(super) fn of_transaction(transaction: &GenericTransactionV1) -> u64 {
	let data = transaction.input.clone().to_vec();
	let zeros = data.iter().filter(|byte| **byte == 0).count() as u64;
	let bytes = data.len() as u64;
	let tokens = bytes.saturating_mul(4).saturating_sub(zeros.saturating_mul(3));
	let creation = match transaction.to {
		Some(_) => 0,
		None => CREATION + CREATION_WORD * bytes.div_ceil(32),
	};
	let usual = TRANSACTION + DATA * tokens + creation + access(transaction);
	usual.max(TRANSACTION + DATA_FLOOR * tokens)
}

fn access(transaction: &GenericTransactionV1) -> u64 {
	let entries = transaction.access_list.iter().flatten();
	entries.fold(0, |sum: u64, entry| {
		let slots = ACCESS_SLOT.saturating_mul(entry.storage_keys.len() as u64);
		sum.saturating_add(ACCESS_ADDRESS).saturating_add(slots)
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_core::H160;

	fn with_data(data: Vec<u8>, create: bool) -> GenericTransactionV1 {
		GenericTransactionV1 {
			to: (!create).then(H160::zero),
			input: data.into(),
			..Default::default()
		}
	}

	#[test]
	fn least_gas_is_that_of_ethereum() {
		for (data, create, expected) in [
			(vec![], false, 21_000),
			(vec![0], false, 21_010),
			(vec![1], false, 21_040),
			(vec![0, 0, 1], false, 21_060),
			(vec![], true, 53_000),
			(vec![1; 33], true, 53_000 + 33 * 16 + 4),
		] {
			assert_eq!(of_transaction(&with_data(data.clone(), create)), expected, "{data:?}");
		}
	}
}
