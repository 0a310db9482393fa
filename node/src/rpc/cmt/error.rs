//! Why a `cmt_` method gives no answer.

use cybermiles_runtime::BlockNumber;
use jsonrpsee::types::{error::INVALID_PARAMS_CODE, ErrorObjectOwned};

/// First of the codes that belong to these methods.
const BASE: i32 = 18_000;

/// Why a `cmt_` method gives no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
	/// The parameter is no address.
	#[error("'{text:.80}' is not an address: {reason}")]
	Address {
		/// What was given.
		text: String,
		/// What is wrong with it.
		reason: String,
	},
	/// This node's best chain has no such block, or not yet.
	#[error("block {0} is not known")]
	UnknownBlock(u64),
	/// The block is there but not what the chain held at it.
	#[error("the state of block {0} was pruned; ask an archive node")]
	Pruned(BlockNumber),
	/// No candidate is named, or controlled, by the address.
	#[error("{0} is neither a candidate nor the owner of one")]
	UnknownCandidate(String),
	/// The parameter is no bytes in hexadecimal digits.
	#[error("'{text:.80}' are not bytes in hexadecimal digits after 0x: {reason}")]
	Bytes {
		/// What was given.
		text: String,
		/// What is wrong with it.
		reason: String,
	},
	/// There never was such a proposal.
	#[error("there is no proposal {0}")]
	UnknownProposal(u32),
	/// The database failed.
	#[error("the database of the node fails: {0}")]
	Database(#[from] sp_blockchain::Error),
	/// The runtime of that block does not answer, for instance because it is older than the method.
	#[error("the runtime of that block does not answer: {0}")]
	Runtime(#[from] sp_api::ApiError),
}

impl Error {
	/// The code in the answer: that of JSON-RPC for a bad parameter, else one of our own.
	fn code(&self) -> i32 {
		match self {
			Self::Address { .. } | Self::Bytes { .. } => INVALID_PARAMS_CODE,
			Self::UnknownBlock(_) => BASE + 1,
			Self::Pruned(_) => BASE + 2,
			Self::UnknownCandidate(_) => BASE + 3,
			Self::Database(_) => BASE + 4,
			Self::Runtime(_) => BASE + 5,
			Self::UnknownProposal(_) => BASE + 6,
		}
	}
}

impl From<Error> for ErrorObjectOwned {
	fn from(error: Error) -> Self {
		Self::owned(error.code(), error.to_string(), None::<()>)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn errors_have_a_code_and_a_sentence() {
		let address = Error::Address { text: "x".repeat(200), reason: "it is too long".into() };
		for (error, code, sentence) in [
			(address, -32_602, format!("'{}' is not an address: it is too long", "x".repeat(80))),
			(Error::UnknownBlock(9), 18_001, "block 9 is not known".into()),
			(
				Error::Pruned(9),
				18_002,
				"the state of block 9 was pruned; ask an archive node".into(),
			),
			(
				Error::UnknownCandidate("5X".into()),
				18_003,
				"5X is neither a candidate nor the owner of one".into(),
			),
			(Error::UnknownProposal(4), 18_006, "there is no proposal 4".into()),
		] {
			let object = ErrorObjectOwned::from(error);
			assert_eq!((object.code(), object.message()), (code, sentence.as_str()));
		}
	}
}
