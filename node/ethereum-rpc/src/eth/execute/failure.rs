//! From the runtime's words for a failed execution to those that wallets know (geth's).

use crate::Error;
use pallet_revive::EthTransactError;

/// Names of pallet-revive's errors, their numbers in its metadata, and Ethereum's words for them.
const NAMES: [(&str, u8, &str); 22] = [
	("OutOfGas", 0x03, "out of gas"),
	("TransferFailed", 0x04, "insufficient balance for transfer"),
	("MaxCallDepthReached", 0x05, "max call depth exceeded"),
	("OutOfBounds", 0x09, "return data out of bounds"),
	("ContractTrapped", 0x0B, "execution trapped"),
	("DuplicateContract", 0x12, "contract address collision"),
	("ReentranceDenied", 0x14, "reentrant call"),
	("StateChangeDenied", 0x16, "write protection"),
	("StorageDepositNotEnoughFunds", 0x17, "out of gas"),
	("StorageDepositLimitExhausted", 0x18, "out of gas"),
	("CodeRejected", 0x1B, "invalid code"),
	("BlobTooLarge", 0x1C, "max code size exceeded"),
	("InvalidInstruction", 0x1F, "invalid opcode"),
	("OutOfTransientStorage", 0x24, "out of transient storage"),
	("BalanceConversionFailed", 0x28, "insufficient balance for transfer"),
	("CallDataTooLarge", 0x30, "oversized data"),
	("ReturnDataTooLarge", 0x31, "oversized return data"),
	("InvalidJump", 0x32, "invalid jump destination"),
	("StackUnderflow", 0x33, "stack underflow"),
	("StackOverflow", 0x34, "stack limit reached"),
	("TxFeeOverdraw", 0x35, "out of gas"),
	("PrecompileDelegateDenied", 0x40, "precompile called by delegation"),
];

/// Beginnings of the runtime's messages, and Ethereum's words for them.
const MESSAGES: [(&str, &str); 6] = [
	("Not enough gas supplied", "out of gas"),
	("The transaction consumes more than the allowed weight", TOO_MUCH),
	("Invalid call: Payment", "intrinsic gas too low"),
	("Invalid call", "invalid transaction"),
	("insufficient funds for value transfer", "insufficient funds for transfer"),
	("Effective gas price", "max fee per gas less than block base fee"),
];

/// A call that no block has room for.
pub(crate) const TOO_MUCH: &str = "gas required exceeds allowance";
/// Of a sender that has too little.
pub(super) const FUNDS: &str = "insufficient funds for gas * price + value";
/// How the runtime begins when a contract failed.
const FAILED: &str = "failed to run contract: ";

/// Why a call was not done.
pub(crate) fn error(error: EthTransactError) -> Error {
	match error {
		EthTransactError::Data(data) => Error::Reverted(data.into()),
		EthTransactError::Message(message) => Error::Rejected(words(&message)),
	}
}

/// Ethereum's words for what the runtime says; what it has none for stays.
fn words(message: &str) -> String {
	if let Some(rest) = message.strip_prefix(FUNDS) {
		return format!("{FUNDS}{}", owner(rest));
	}
	if let Some(error) = message.strip_prefix(FAILED) {
		return of_pallet(error);
	}
	let known = MESSAGES.iter().find(|(start, _)| message.starts_with(start));
	known.map_or_else(|| message.to_string(), |(_, words)| (*words).to_string())
}

/// Who has how much, out of the runtime's words; nothing where they are not as expected.
fn owner(rest: &str) -> &str {
	let from = rest.find(": address").unwrap_or(rest.len());
	let rest = &rest[from..];
	rest.find(" (supplied").map_or(rest, |to| &rest[..to])
}

/// Ethereum's words for an error in the form of Rust, such as
/// `Module(ModuleError { index: 60, error: [3, 0, 0, 0], message: Some("OutOfGas") })`.
fn of_pallet(error: &str) -> String {
	let name = error.split_once("Some(\"").and_then(|(_, rest)| rest.split_once('"'));
	if let Some((name, _)) = name {
		return of_name(name);
	}
	let number = error.split_once("error: [").and_then(|(_, rest)| rest.split_once(','));
	let number = number.and_then(|(number, _)| number.trim().parse::<u8>().ok());
	let known = NAMES.iter().find(|(_, code, _)| Some(*code) == number);
	known.map_or_else(|| format!("execution failed: {error}"), |found| found.2.to_string())
}

/// Ethereum's words for an error of pallet-revive by its name.
pub(crate) fn of_name(name: &str) -> String {
	let known = NAMES.iter().find(|found| found.0 == name);
	known.map_or_else(|| format!("execution failed: {name}"), |found| found.2.to_string())
}

/// Ethereum's words for how a call inside a transaction failed: a name, or Rust's form of an error.
pub(crate) fn of_frame(error: &str) -> String {
	match error {
		"execution reverted" => error.to_string(),
		_ if error.contains([' ', '(']) => of_pallet(error),
		_ => of_name(error),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn messages_are_put_in_the_words_of_wallets() {
		for (message, expected) in [
			("Not enough gas supplied: Off by: 12", "out of gas"),
			("Not enough gas supplied: StorageDepositNotEnoughFunds", "out of gas"),
			(
				"The transaction consumes more than the allowed weight. needed=1 allowed=0",
				"gas required exceeds allowance",
			),
			("Invalid call: Payment", "intrinsic gas too low"),
			("Invalid call: Call", "invalid transaction"),
			("insufficient funds for value transfer", "insufficient funds for transfer"),
			(
				"insufficient funds for gas * price + value (7): address 0x01 have 5 (supplied \
				gas Some(3))",
				"insufficient funds for gas * price + value: address 0x01 have 5",
			),
			("insufficient funds for gas * price + value", FUNDS),
			(
				"failed to run contract: Module(ModuleError { index: 60, error: [3, 0, 0, 0], \
				message: Some(\"OutOfGas\") })",
				"out of gas",
			),
			(
				"failed to run contract: Module(ModuleError { index: 60, error: [31, 0, 0, 0], \
				message: None })",
				"invalid opcode",
			),
			(
				"failed to run contract: Module(ModuleError { index: 60, error: [1, 0, 0, 0], \
				message: Some(\"InvalidSchedule\") })",
				"execution failed: InvalidSchedule",
			),
			(
				"failed to run contract: Token(FundsUnavailable)",
				"execution failed: Token(FundsUnavailable)",
			),
			("failed to override balance", "failed to override balance"),
		] {
			assert_eq!(words(message), expected);
		}
	}

	#[test]
	fn frames_fail_in_the_words_of_wallets() {
		for (error, expected) in [
			("execution reverted", "execution reverted"),
			("OutOfGas", "out of gas"),
			("StateChangeDenied", "write protection"),
			("Unheard", "execution failed: Unheard"),
			("Token(FundsUnavailable)", "execution failed: Token(FundsUnavailable)"),
		] {
			assert_eq!(of_frame(error), expected);
		}
	}

	#[test]
	fn reverts_keep_their_data() {
		let reverted = error(EthTransactError::Data(vec![1, 2]));
		assert!(matches!(reverted, Error::Reverted(data) if data[..] == [1, 2]));
	}

	/// The numbers are those of the pallet: it names its errors in this order.
	#[test]
	fn numbers_are_those_of_the_pallet() {
		use codec::Encode;
		use pallet_revive::Error as Pallet;
		type Runtime = cybermiles_runtime::Runtime;
		let encoded = |error: Pallet<Runtime>| error.encode()[0];
		for (error, name) in [
			(Pallet::OutOfGas, "OutOfGas"),
			(Pallet::StateChangeDenied, "StateChangeDenied"),
			(Pallet::InvalidInstruction, "InvalidInstruction"),
			(Pallet::StackOverflow, "StackOverflow"),
			(Pallet::PrecompileDelegateDenied, "PrecompileDelegateDenied"),
		] {
			let found = NAMES.iter().find(|found| found.0 == name).map(|found| found.1);
			assert_eq!(found, Some(encoded(error)), "{name}");
		}
	}
}
