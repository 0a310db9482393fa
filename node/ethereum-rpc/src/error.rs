//! Why a method gives no answer, in the codes and words that wallets know.

use crate::Hash;
use alloy_primitives::{hex, Bytes};
use alloy_sol_types::{Panic, Revert, SolError};
use jsonrpsee::types::ErrorObjectOwned;

/// Something in the node, or the call itself, failed (geth).
const SERVER_ERROR: i32 = -32_000;
/// What was asked for is not here (EIP-1474).
const NOT_FOUND: i32 = -32_001;
/// A limit of this node (EIP-1474).
const LIMIT_EXCEEDED: i32 = -32_005;
/// A parameter does not make sense (JSON-RPC).
const INVALID_PARAMS: i32 = -32_602;
/// The node failed (JSON-RPC).
const INTERNAL_ERROR: i32 = -32_603;
/// The call was reverted; the data says why (geth).
const REVERTED: i32 = 3;

/// Why a method gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// A parameter does not make sense.
	#[error("{0}")]
	InvalidParams(String),
	/// There is no such block, or not yet.
	#[error("header not found: block {0} is not known to this node")]
	UnknownBlock(String),
	/// The block is there, but it left the best chain, which was asked for.
	#[error("block {0} is not on the best chain")]
	NotCanonical(String),
	/// The block is there but not what the chain held at it.
	#[error("missing state of block {0:?}: it was pruned; ask an archive node")]
	Pruned(Hash),
	/// The block was never executed here, so that its transactions are not known.
	#[error("block {0} was not executed by this node, which began with a later state (warp sync)")]
	NotExecuted(u64),
	/// The contract reverted.
	#[error("execution reverted{}", reason(.0))]
	Reverted(Bytes),
	/// The transaction or call cannot be executed, in the words of wallets.
	#[error("{0}")]
	Rejected(String),
	/// A limit of this node.
	#[error("{0}")]
	Limit(String),
	/// What was asked for is not here.
	#[error("{0}")]
	NotFound(String),
	/// There is no filter of that number. Tools install another one when they read this.
	#[error(
		"filter not found: filter id {0} does not exist; it was removed, or not asked in time"
	)]
	UnknownFilter(u64),
	/// Not offered here.
	#[error("{0}")]
	Unsupported(&'static str),
	/// The database failed.
	#[error("the database of the node fails: {0}")]
	Database(#[from] sp_blockchain::Error),
	/// The index of Ethereum's blocks failed.
	#[error("the index of Ethereum blocks fails: {0}")]
	Index(#[from] parity_db::Error),
	/// What the index holds cannot be read.
	#[error("the index of Ethereum blocks is damaged: {0}")]
	Damaged(#[from] codec::Error),
	/// The runtime of that block does not answer.
	#[error("the runtime of that block does not answer: {0}")]
	Runtime(#[from] sp_api::ApiError),
	/// A part of the node stopped.
	#[error("{0}")]
	Internal(String),
}

/// What a contract says when it reverts, if it does in words (`Error(string)`) or by number.
pub(crate) fn revert_reason(data: &[u8]) -> Option<String> {
	if let Ok(revert) = Revert::abi_decode(data) {
		return Some(revert.reason);
	}
	let panic = Panic::abi_decode(data).ok()?;
	Some(match panic.kind() {
		Some(kind) => kind.as_str().to_string(),
		None => format!("unknown panic code: {:#x}", panic.code),
	})
}

fn reason(data: &Bytes) -> String {
	revert_reason(data).map(|reason| format!(": {reason}")).unwrap_or_default()
}

impl Error {
	fn code(&self) -> i32 {
		match self {
			Self::InvalidParams(_) => INVALID_PARAMS,
			Self::Reverted(_) => REVERTED,
			Self::Limit(_) => LIMIT_EXCEEDED,
			Self::NotFound(_) => NOT_FOUND,
			Self::Internal(_) | Self::Database(_) | Self::Index(_) | Self::Damaged(_) => {
				INTERNAL_ERROR
			},
			Self::UnknownBlock(_)
			| Self::NotCanonical(_)
			| Self::Pruned(_)
			| Self::NotExecuted(_)
			| Self::Rejected(_)
			| Self::UnknownFilter(_)
			| Self::Unsupported(_)
			| Self::Runtime(_) => SERVER_ERROR,
		}
	}
}

impl From<Error> for ErrorObjectOwned {
	fn from(error: Error) -> Self {
		let data = match &error {
			Error::Reverted(data) => Some(hex::encode_prefixed(data)),
			_ => None,
		};
		Self::owned(error.code(), error.to_string(), data)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloy_primitives::U256;

	#[test]
	fn reverts_are_told_in_words_where_they_have_any() {
		let panic = |code| Panic { code: U256::from(code) }.abi_encode();
		for (data, words) in [
			(vec![], "execution reverted"),
			(b"plain text".to_vec(), "execution reverted"),
			(Revert::from("no").abi_encode(), "execution reverted: no"),
			(panic(0x11), "execution reverted: arithmetic underflow or overflow"),
			(panic(0x99), "execution reverted: unknown panic code: 0x99"),
		] {
			let error = ErrorObjectOwned::from(Error::Reverted(data.clone().into()));
			assert_eq!((error.code(), error.message()), (REVERTED, words));
			let told = error.data().map(|data| data.get().to_string());
			assert_eq!(told, Some(format!("\"{}\"", hex::encode_prefixed(data))));
		}
	}
}
