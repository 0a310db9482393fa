//! Addresses as users write them.

use crate::chain_spec::SS58_FORMAT;
use cybermiles_runtime::AccountId;
use sp_core::crypto::Ss58Codec;

/// Reads an address: SS58 with the prefix of this chain, or 32 bytes in hexadecimal after `0x`.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn parse(text: &str) -> Result<AccountId, String> {
	if text.starts_with("0x") {
		from_hex(text)
	} else {
		from_ss58(text)
	}
}

/// Writes an address as wallets show it.
pub(crate) fn show(account: &AccountId) -> String {
	account.to_ss58check_with_version(SS58_FORMAT.into())
}

fn from_hex(text: &str) -> Result<AccountId, String> {
	let bytes = sp_core::bytes::from_hex(text).map_err(|error| error.to_string())?;
	<[u8; 32]>::try_from(bytes.as_slice())
		.map(AccountId::from)
		.map_err(|_| format!("it has {} bytes instead of 32", bytes.len()))
}

fn from_ss58(text: &str) -> Result<AccountId, String> {
	let (account, format) = AccountId::from_ss58check_with_version(text)
		.map_err(|error| format!("it is no SS58 ({error}) and has no 0x before hexadecimal"))?;
	match u16::from(format) {
		SS58_FORMAT => Ok(account),
		other => {
			Err(format!("it is for another chain, with prefix {other} instead of {SS58_FORMAT}"))
		},
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
	const ALICE_HEX: &str = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";

	fn reason(text: &str) -> String {
		parse(text).unwrap_err()
	}

	#[test]
	fn both_ways_of_writing_name_one_account() {
		let account = parse(ALICE).unwrap();
		assert_eq!(parse(ALICE_HEX).unwrap(), account);
		assert_eq!(show(&account), ALICE);
	}

	#[test]
	fn a_wrong_length_is_told() {
		assert_eq!(
			reason("0x0102030405060708090a0b0c0d0e0f1011121314"),
			"it has 20 bytes instead of 32"
		);
		assert_eq!(reason("0x"), "it has 0 bytes instead of 32");
	}

	#[test]
	fn a_typing_error_is_told() {
		let wrong = ALICE.replace("utQY", "utQX");
		assert!(reason(&wrong).contains("Invalid checksum"));
		assert!(reason("").contains("it is no SS58"));
		assert!(reason(&ALICE_HEX[2..]).contains("has no 0x before hexadecimal"));
		assert!(!reason("0xzz").is_empty());
	}

	#[test]
	fn addresses_of_other_chains_are_refused() {
		let polkadot = parse(ALICE).unwrap().to_ss58check_with_version(0u16.into());
		assert_eq!(reason(&polkadot), "it is for another chain, with prefix 0 instead of 42");
	}
}
