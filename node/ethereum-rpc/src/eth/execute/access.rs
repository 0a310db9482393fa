//! The accounts and storage that a call touches.

use super::{failure, request::Call, run, Pretence};
use crate::{
	convert,
	pending::{rolled_back, Api},
	Error, Hash,
};
use alloy_eips::eip2930::{AccessList, AccessListItem, AccessListResult};
use alloy_primitives::{B256, U256};
use pallet_revive::{
	pallet_revive_types::runtime_api::{
		PrestateTraceInfoV1, PrestateTraceV1, PrestateTracerConfigV1, TraceCallInputPayloadV2,
		TraceCallVersionedOutputPayload, TraceV2, TracerTypeV1,
	},
	ReviveApi,
};
use sp_core::H160;
use std::collections::BTreeMap;

type Touched = BTreeMap<H160, PrestateTraceInfoV1>;

/// What `call` touches, and the gas that it needs; if it fails, why, and the gas is 0.
pub(super) fn list(
	api: &Api<'_>,
	at: Hash,
	call: &Call,
	pretence: &Pretence,
) -> Result<AccessListResult, Error> {
	let touched = touched(api, at, call, pretence)?;
	#[allow(deprecated)] // The plain form serves runtimes of every version.
	let author = api.block_author(at)?;
	let access_list = access_list(touched, call, author);
	let done = run(api, at, call.with_gas(call.gas), call.price.is_some(), pretence);
	let (gas_used, error) = match done {
		Ok(done) => (convert::number(done.eth_gas), None),
		Err(error @ (Error::Reverted(_) | Error::Rejected(_))) => {
			(U256::ZERO, Some(error.to_string()))
		},
		Err(error) => return Err(error),
	};
	Ok(AccessListResult { access_list, gas_used, error })
}

fn touched(api: &Api<'_>, at: Hash, call: &Call, pretence: &Pretence) -> Result<Touched, Error> {
	let config = PrestateTracerConfigV1 { disable_code: true, ..Default::default() };
	let input = TraceCallInputPayloadV2 {
		tx: call.with_gas(None),
		config: TracerTypeV1::PrestateTracer(Some(config)),
		state_overrides: pretence.state.clone(),
	};
	match rolled_back(api, |api| api.trace_call_versioned(at, input.into()))? {
		Ok(TraceCallVersionedOutputPayload::V2(output)) => Ok(prestate(output.trace)),
		Ok(TraceCallVersionedOutputPayload::V1(_)) => Ok(Touched::new()),
		Err(error) => Err(failure::error(error)),
	}
}

fn prestate(trace: TraceV2) -> Touched {
	match trace {
		TraceV2::Prestate(PrestateTraceV1::Prestate(touched)) => touched,
		_ => Touched::new(),
	}
}

/// What was touched, without what a transaction reaches anyway: its sender and receiver, the author
/// of the block, and the precompiles.
fn access_list(touched: Touched, call: &Call, author: H160) -> AccessList {
	let anyway = [call.transaction.from, call.transaction.to, Some(author)];
	let items = touched.into_iter().map(|(address, info)| {
		let words = info.storage.into_keys().map(|key| B256::left_padding_from(last(&key.0)));
		(address, words.collect::<Vec<_>>())
	});
	let items = items.filter(|(address, words)| {
		!words.is_empty() || !(anyway.contains(&Some(*address)) || is_precompile(address))
	});
	let item = |(address, storage_keys)| AccessListItem {
		address: convert::address(address),
		storage_keys,
	};
	AccessList(items.map(item).collect())
}

/// The last word of `bytes`.
fn last(bytes: &[u8]) -> &[u8] {
	&bytes[bytes.len().saturating_sub(32)..]
}

/// The addresses of precompiles have a prefix of 4 bytes and then zeros up to the last 4.
fn is_precompile(address: &H160) -> bool {
	address.0[4..16].iter().all(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
	use super::*;
	use pallet_revive::pallet_revive_types::{common::Bytes, runtime_api::GenericTransactionV1};

	#[test]
	fn only_what_is_not_reached_anyway_is_listed() {
		let address = H160::repeat_byte;
		let slot = PrestateTraceInfoV1 {
			storage: BTreeMap::from([(Bytes(vec![3; 32]), None)]),
			..Default::default()
		};
		let plain = PrestateTraceInfoV1::default();
		let touched = BTreeMap::from([
			(address(1), plain.clone()),
			(address(2), slot.clone()),
			(address(3), plain.clone()),
			(address(4), plain.clone()),
			(H160::from_low_u64_be(4), plain.clone()),
			(address(5), slot),
		]);
		let call = Call {
			transaction: GenericTransactionV1 {
				from: Some(address(1)),
				to: Some(address(2)),
				..Default::default()
			},
			gas: None,
			price: None,
			from: Default::default(),
			value: U256::ZERO,
		};
		let list = access_list(touched, &call, address(3));
		let words = vec![B256::repeat_byte(3)];
		let expected = [(2, words.clone()), (4, vec![]), (5, words)];
		let found = list.0.into_iter().map(|item| (item.address.0[0], item.storage_keys));
		assert_eq!(found.collect::<Vec<_>>(), expected);
	}
}
