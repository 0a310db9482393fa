//! Subscriptions: what happens, told as it happens.

use crate::{
	convert,
	eth::{client::sync_info, criteria::Criteria, logs::block_logs},
	live::{Live, Turn},
	pending::Waiting,
	Chain, Error,
};
use alloy_rpc_types_eth::{Filter, SyncInfo};
use futures::{future, stream, Stream, StreamExt};
use futures_timer::Delay;
use jsonrpsee::{
	core::async_trait, proc_macros::rpc, PendingSubscriptionSink, SubscriptionCloseResponse,
	SubscriptionMessage, SubscriptionSink,
};
use serde_json::{json, Value};
use std::{sync::Arc, time::Duration};

/// How often the node is asked whether it catches up.
const SYNC_INTERVAL: Duration = Duration::from_secs(1);
/// What a subscriber hears last whose source ended: usually it could not keep up.
const TOO_SLOW: &str = "the subscription ends, because what it told was not read in time";

/// Subscriptions: what happens, told as it happens.
#[rpc(server, namespace = "eth")]
pub trait SubscriptionsApi {
	/// Tells of one `kind` of things until the caller unsubscribes or cannot keep up:
	///
	/// - `newHeads`: the header of each block that joins the best chain.
	/// - `logs`: logs that match the filter in `options`; those of blocks that leave the best chain
	///   are told again as removed, from the last to the first.
	/// - `newPendingTransactions`: hashes of transactions that come into the pool, or the whole
	///   transactions if `options` is `true`.
	/// - `syncing`: whether the node catches up, at once and whenever that changes.
	///
	/// # Errors
	///
	/// If there is no such kind, or its options make no sense.
	#[subscription(
		name = "subscribe" => "subscription",
		unsubscribe = "unsubscribe",
		item = Value
	)]
	async fn subscribe(&self, kind: String, options: Option<Value>) -> SubscriptionCloseResponse;
}

/// Tells what happens on the chain and in the pool.
pub struct Subscriptions {
	/// The chain.
	pub chain: Arc<Chain>,
	/// What happens there.
	pub live: Arc<Live>,
}

/// What a subscription tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
	NewHeads,
	Logs(Box<Filter>),
	PendingTransactions { full: bool },
	Syncing,
}

impl Kind {
	fn read(kind: &str, options: Option<Value>) -> Result<Self, Error> {
		match kind {
			"newHeads" => Ok(Self::NewHeads),
			"logs" => Criteria::read(options).map(|Criteria(filter)| Self::Logs(Box::new(filter))),
			"newPendingTransactions" => match options {
				None | Some(Value::Null) => Ok(Self::PendingTransactions { full: false }),
				Some(Value::Bool(full)) => Ok(Self::PendingTransactions { full }),
				Some(_) => Err(Error::InvalidParams(
					"newPendingTransactions takes true for whole transactions, or nothing".into(),
				)),
			},
			"syncing" => Ok(Self::Syncing),
			_ => Err(Error::InvalidParams(format!(
				"there is no subscription '{kind}'; there are newHeads, logs, \
				newPendingTransactions, and syncing"
			))),
		}
	}
}

/// The header of a block that joined the best chain; nothing of one that left.
fn head(turn: &Turn) -> Result<Vec<Value>, Error> {
	match turn.removed {
		true => Ok(vec![]),
		false => Ok(vec![convert::json(&convert::header(&turn.block))?]),
	}
}

/// The logs that match in a block that joined or left the best chain.
fn logs(turn: &Turn, filter: &Filter) -> Result<Vec<Value>, Error> {
	block_logs(&turn.block, filter, turn.removed)
		.iter()
		.map(convert::json)
		.collect()
}

/// A waiting transaction, or its hash.
fn transaction(waiting: &Waiting, full: bool) -> Result<Vec<Value>, Error> {
	let value = match full {
		true => convert::json(&convert::waiting(&waiting.payload, waiting.from)?)?,
		false => convert::json(&waiting.hash)?,
	};
	Ok(vec![value])
}

/// `false`, or how far the node is: in the fields of its own object, as some tools read it, and in
/// `status`, as others do.
fn sync_state(info: Option<SyncInfo>) -> Value {
	let Some(info) = info else { return json!(false) };
	let fields = json!({
		"startingBlock": info.starting_block,
		"currentBlock": info.current_block,
		"highestBlock": info.highest_block,
	});
	let mut state = json!({ "syncing": true, "status": fields });
	if let (Value::Object(state), Value::Object(fields)) = (&mut state, fields) {
		state.extend(fields);
	}
	state
}

/// Whether the node catches up: now, and whenever that changes.
fn sync_states(chain: Arc<Chain>) -> impl Stream<Item = Value> + Send {
	stream::unfold((chain, None), |(chain, last)| async move {
		loop {
			let info = sync_info(&chain).await.ok()?;
			let syncing = Some(info.is_some());
			if syncing != last {
				return Some((sync_state(info), (chain, syncing)));
			}
			Delay::new(SYNC_INTERVAL).await;
		}
	})
}

/// Sends what `values` makes of each of `items`, until either side has enough.
async fn forward<T>(
	pending: PendingSubscriptionSink,
	items: impl Stream<Item = T>,
	values: impl Fn(T) -> Result<Vec<Value>, Error>,
) -> SubscriptionCloseResponse {
	let Ok(sink) = pending.accept().await else { return SubscriptionCloseResponse::None };
	let mut items = std::pin::pin!(items);
	let mut closed = std::pin::pin!(sink.closed());
	loop {
		match future::select(closed.as_mut(), items.next()).await {
			future::Either::Left(_) => return SubscriptionCloseResponse::None,
			future::Either::Right((None, _)) => {
				return SubscriptionCloseResponse::NotifErr(TOO_SLOW.into())
			},
			future::Either::Right((Some(item), _)) => {
				let values = values(item).unwrap_or_else(|error| {
					log::warn!("A subscription misses something: {error}");
					vec![]
				});
				if send(&sink, values).await.is_none() {
					return SubscriptionCloseResponse::None;
				}
			},
		}
	}
}

/// Sends `values`; none if the subscriber is gone.
async fn send(sink: &SubscriptionSink, values: Vec<Value>) -> Option<()> {
	for value in values {
		let message = SubscriptionMessage::from_json(&value).ok()?;
		sink.send(message).await.ok()?;
	}
	Some(())
}

#[async_trait]
impl SubscriptionsApiServer for Subscriptions {
	async fn subscribe(
		&self,
		pending: PendingSubscriptionSink,
		kind: String,
		options: Option<Value>,
	) -> SubscriptionCloseResponse {
		let heads = || self.live.heads.listen();
		match Kind::read(&kind, options) {
			Err(error) => {
				pending.reject(error).await;
				SubscriptionCloseResponse::None
			},
			Ok(Kind::NewHeads) => forward(pending, heads(), |turn| head(&turn)).await,
			Ok(Kind::Logs(filter)) => forward(pending, heads(), |turn| logs(&turn, &filter)).await,
			Ok(Kind::PendingTransactions { full }) => {
				let arrivals = self.live.arrivals.listen();
				forward(pending, arrivals, |waiting| transaction(&waiting, full)).await
			},
			Ok(Kind::Syncing) => {
				forward(pending, sync_states(self.chain.clone()), |state| Ok(vec![state])).await
			},
		}
	}
}

#[cfg(test)]
mod tests;
