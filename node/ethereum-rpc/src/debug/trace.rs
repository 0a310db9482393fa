//! What transactions and calls did, by running them again.

use super::{
	frames::{self, Trace},
	options::{TraceOptions, Tracer},
};
use crate::{
	convert,
	eth::{
		execute::{failure, overrides, request, terms},
		transactions,
	},
	gate::Gate,
	params::{BlockParam, NumberParam},
	pending::with_state,
	Block, Chain, Error, Hash,
};
use alloy_eips::BlockId;
use alloy_primitives::B256;
use alloy_rpc_types_eth::TransactionRequest;
use cybermiles_primitives::ethereum::{EthereumBlock, EthereumTransaction};
use jsonrpsee::proc_macros::rpc;
use pallet_revive::{
	pallet_revive_types::runtime_api::{
		TraceBlockInputPayloadV2, TraceBlockVersionedOutputPayload, TraceCallInputPayloadV2,
		TraceCallVersionedOutputPayload, TraceEntryV1, TraceTxInputPayloadV2,
		TraceTxVersionedOutputPayload,
	},
	ReviveApi,
};
use sc_client_api::{Backend as _, BlockBackend};
use serde::Serialize;
use sp_api::ProvideRuntimeApi;
use sp_runtime::traits::{Block as BlockT, Header as HeaderT};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// A trace runs a whole block again and cannot be stopped, so that few run at once.
static TRACERS: Gate = Gate::new(2, Duration::from_secs(30));

/// A trace that the runtime's version should make and did not.
const OLD: &str = "the runtime of that block cannot trace in this form";
/// A transaction that ran when the block was made and did not run again.
const NOT_TRACED: &str = "the transaction could not be traced: it did not fit the block again";

/// The trace of one transaction of a block, or why there is none.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionTrace {
	tx_hash: B256,
	#[serde(skip_serializing_if = "Option::is_none")]
	result: Option<Trace>,
	#[serde(skip_serializing_if = "Option::is_none")]
	error: Option<String>,
}

/// What transactions and calls did, in the forms of geth's `callTracer`, `prestateTracer` and, by
/// default, opcode by opcode.
///
/// Blocks are run again upon the state of their parent, which must be there. Fails if it was pruned,
/// if a tracer is not known, and if too many are traced at once.
#[rpc(server, namespace = "debug")]
pub trait TraceApi {
	/// A transaction that is in a block.
	#[method(name = "traceTransaction", blocking)]
	fn trace_transaction(&self, hash: B256, options: Option<TraceOptions>) -> Result<Trace, Error>;

	/// All Ethereum transactions of a block of the best chain.
	#[method(name = "traceBlockByNumber", blocking)]
	fn trace_block_by_number(
		&self,
		number: NumberParam,
		options: Option<TraceOptions>,
	) -> Result<Vec<TransactionTrace>, Error>;

	/// All Ethereum transactions of a block.
	#[method(name = "traceBlockByHash", blocking)]
	fn trace_block_by_hash(
		&self,
		hash: B256,
		options: Option<TraceOptions>,
	) -> Result<Vec<TransactionTrace>, Error>;

	/// A call upon the state of a block, the latest by default. Its limit of gas counts only if it
	/// has a price, too.
	#[method(name = "traceCall", blocking)]
	fn trace_call(
		&self,
		request: TransactionRequest,
		block: Option<BlockParam>,
		options: Option<TraceOptions>,
	) -> Result<Trace, Error>;
}

/// Traces on the chain's runtime.
pub struct Tracing(pub Arc<Chain>);

impl Tracing {
	/// The block `hash`, and its parent, whose state is there.
	fn block(&self, hash: Hash) -> Result<(Block, Hash), Error> {
		let Chain { client, backend, .. } = &*self.0;
		let block = client.block(hash)?.ok_or(Error::Pruned(hash))?.block;
		let (number, parent) = (*block.header().number(), *block.header().parent_hash());
		let Some(before) = number.checked_sub(1) else {
			return Err(Error::Rejected("genesis is not traceable".into()));
		};
		match backend.have_state_at(parent, before) {
			true => Ok((block, parent)),
			false => Err(Error::Pruned(parent)),
		}
	}

	/// What the transaction at `index` of the block `hash` did.
	fn one(&self, hash: Hash, index: u32, tracer: &Tracer) -> Result<Option<TraceEntryV1>, Error> {
		let (block, parent) = self.block(hash)?;
		let _pass = TRACERS.enter()?;
		let config = tracer.kind.clone();
		let input = TraceTxInputPayloadV2 { block, tx_index: index, config };
		let api = self.0.client.runtime_api();
		match api.trace_tx_versioned(parent, input.into())? {
			TraceTxVersionedOutputPayload::V2(output) => Ok(output.entry),
			TraceTxVersionedOutputPayload::V1(_) => Err(Error::Unsupported(OLD)),
		}
	}

	/// What the transactions of the block `hash` did, by their places in it.
	fn all(&self, hash: Hash, tracer: &Tracer) -> Result<BTreeMap<u32, TraceEntryV1>, Error> {
		let (block, parent) = self.block(hash)?;
		let _pass = TRACERS.enter()?;
		let input = TraceBlockInputPayloadV2 { block, config: tracer.kind.clone() };
		let api = self.0.client.runtime_api();
		match api.trace_block_versioned(parent, input.into())? {
			TraceBlockVersionedOutputPayload::V2(output) => {
				Ok(output.entries.into_iter().collect())
			},
			TraceBlockVersionedOutputPayload::V1(_) => Err(Error::Unsupported(OLD)),
		}
	}

	fn trace_block(
		&self,
		id: BlockId,
		options: Option<TraceOptions>,
	) -> Result<Vec<TransactionTrace>, Error> {
		let tracer = options.unwrap_or_default().tracer()?;
		let (hash, block): (Hash, EthereumBlock) =
			self.0.block(id)?.ok_or_else(|| Error::UnknownBlock(format!("{id:?}")))?;
		let mut entries = self.all(hash, &tracer)?;
		let traces = block.transactions.iter().map(|transaction| {
			let found = finish(entries.remove(&transaction.extrinsic), transaction, &tracer);
			of_block(convert::transaction_hash(&transaction.payload), found)
		});
		Ok(traces.collect())
	}
}

fn of_block(tx_hash: B256, found: Result<Trace, Error>) -> TransactionTrace {
	let (result, error) = match found {
		Ok(trace) => (Some(trace), None),
		Err(error) => (None, Some(error.to_string())),
	};
	TransactionTrace { tx_hash, result, error }
}

/// What the runtime told of `transaction`, in geth's form.
fn finish(
	entry: Option<TraceEntryV1>,
	transaction: &EthereumTransaction,
	tracer: &Tracer,
) -> Result<Trace, Error> {
	let trace = match entry {
		Some(TraceEntryV1::Traced(found)) => frames::trace(found, &tracer.kind, tracer.room)?,
		Some(TraceEntryV1::NotTraced) => return Err(Error::Unsupported(NOT_TRACED)),
		None => frames::idle(&tracer.kind, transaction)?,
	};
	frames::of_transaction(trace, transaction)
}

impl TraceApiServer for Tracing {
	fn trace_transaction(&self, hash: B256, options: Option<TraceOptions>) -> Result<Trace, Error> {
		let tracer = options.unwrap_or_default().tracer()?;
		let found = transactions::find(&self.0, hash)?;
		let unknown = || Error::Rejected("transaction not found".into());
		let (own, block, index) = found.ok_or_else(unknown)?;
		let transaction = block.transactions.get(index).ok_or_else(unknown)?;
		finish(self.one(own, transaction.extrinsic, &tracer)?, transaction, &tracer)
	}

	fn trace_block_by_number(
		&self,
		number: NumberParam,
		options: Option<TraceOptions>,
	) -> Result<Vec<TransactionTrace>, Error> {
		self.trace_block(number.0.into(), options)
	}

	fn trace_block_by_hash(
		&self,
		hash: B256,
		options: Option<TraceOptions>,
	) -> Result<Vec<TransactionTrace>, Error> {
		self.trace_block(hash.into(), options)
	}

	fn trace_call(
		&self,
		request: TransactionRequest,
		block: Option<BlockParam>,
		options: Option<TraceOptions>,
	) -> Result<Trace, Error> {
		let options = options.unwrap_or_default();
		options.check_call()?;
		let tracer = options.tracer()?;
		let state_overrides = overrides::state(options.state_overrides)?;
		let at = self.0.at(block.map(|block| block.0))?;
		let _pass = TRACERS.enter()?;
		with_state(&self.0, at, |api, at| {
			let call = request::prepare(request, &terms(api, at)?)?;
			let config = tracer.kind.clone();
			// The runtime would demand the money for the gas even where no price is named.
			let tx = call.with_gas(call.gas.filter(|_| call.price.is_some()));
			let input = TraceCallInputPayloadV2 { tx, config, state_overrides };
			match api.trace_call_versioned(at, input.into())? {
				Ok(TraceCallVersionedOutputPayload::V2(output)) => {
					frames::trace(output.trace, &tracer.kind, tracer.room)
				},
				Ok(TraceCallVersionedOutputPayload::V1(_)) => Err(Error::Unsupported(OLD)),
				Err(error) => Err(failure::error(error)),
			}
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_failed_trace_does_not_hide_the_others_of_its_block() -> Result<(), Error> {
		let hash = B256::repeat_byte(1);
		let failed = of_block(hash, Err(Error::Unsupported(NOT_TRACED)));
		let failed = convert::json(&failed)?;
		assert_eq!(failed, serde_json::json!({"txHash": hash, "error": NOT_TRACED}));
		Ok(())
	}
}
