use super::*;
use crate::{
	eth::submit::testing::waiting,
	live::{
		testing::{block, known_as},
		Heads,
	},
};
use alloy_primitives::{Address, U256};
use futures::{channel::mpsc, executor::block_on};
use jsonrpsee::{core::EmptyServerParams, RpcModule};

fn turn(removed: bool) -> Turn {
	Turn { block: Arc::new(block(5, 9, 2)), removed }
}

#[test]
fn kinds_are_read_with_their_options() {
	let any = Box::<Filter>::default();
	let one = Filter::new().address(Address::repeat_byte(1));
	for (kind, options, expected) in [
		("newHeads", None, Kind::NewHeads),
		("newHeads", Some(json!({})), Kind::NewHeads),
		("logs", None, Kind::Logs(any.clone())),
		("logs", Some(json!(null)), Kind::Logs(any)),
		("logs", Some(json!({ "address": Address::repeat_byte(1) })), Kind::Logs(Box::new(one))),
		("newPendingTransactions", None, Kind::PendingTransactions { full: false }),
		("newPendingTransactions", Some(json!(true)), Kind::PendingTransactions { full: true }),
		("syncing", None, Kind::Syncing),
	] {
		assert_eq!(Kind::read(kind, options).ok(), Some(expected), "{kind}");
	}
}

#[test]
fn other_kinds_and_options_are_refused() {
	for (kind, options) in [
		("heads", None),
		("", None),
		("logs", Some(json!({ "address": 5 }))),
		("logs", Some(json!(true))),
		("newPendingTransactions", Some(json!("yes"))),
	] {
		let error = Kind::read(kind, options);
		assert!(matches!(error, Err(Error::InvalidParams(_))), "{kind}");
	}
}

#[test]
fn heads_are_those_of_blocks_that_join() -> Result<(), Error> {
	let told = head(&turn(false))?;
	assert_eq!(told.len(), 1);
	assert_eq!(told[0]["number"], "0x5");
	assert_eq!(told[0]["hash"], json!(convert::hash(known_as(9))));
	assert_eq!(head(&turn(true))?, Vec::<Value>::new());
	Ok(())
}

#[test]
fn logs_of_blocks_that_leave_are_marked() -> Result<(), Error> {
	let any = Filter::default();
	for (removed, places) in [(false, ["0x0", "0x1"]), (true, ["0x1", "0x0"])] {
		let told = logs(&turn(removed), &any)?;
		assert_eq!(told.len(), 2);
		for (log, place) in told.iter().zip(places) {
			assert_eq!((&log["removed"], &log["logIndex"]), (&json!(removed), &json!(place)));
		}
	}
	let other = Filter::new().address(Address::repeat_byte(1));
	assert_eq!(logs(&turn(false), &other)?, Vec::<Value>::new());
	Ok(())
}

#[test]
fn transactions_are_told_whole_or_by_their_hash() -> Result<(), Error> {
	let waiting = waiting(3);
	assert_eq!(transaction(&waiting, false)?, [json!(waiting.hash)]);
	let whole = transaction(&waiting, true)?;
	assert_eq!(whole[0]["hash"], json!(waiting.hash));
	assert_eq!((&whole[0]["nonce"], &whole[0]["blockHash"]), (&json!("0x3"), &Value::Null));
	Ok(())
}

#[test]
fn the_state_of_the_sync_is_told_in_both_forms() {
	assert_eq!(sync_state(None), json!(false));
	let info = SyncInfo {
		current_block: U256::from(16),
		highest_block: U256::from(32),
		..Default::default()
	};
	let state = sync_state(Some(info));
	assert_eq!(state["syncing"], true);
	for fields in [&state, &state["status"]] {
		assert_eq!(
			(&fields["startingBlock"], &fields["currentBlock"], &fields["highestBlock"]),
			(&json!("0x0"), &json!("0x10"), &json!("0x20"))
		);
	}
}

/// A module whose only subscription tells what comes through a channel.
fn module(items: mpsc::Receiver<u64>) -> RpcModule<()> {
	let items = Arc::new(std::sync::Mutex::new(Some(items)));
	let mut module = RpcModule::new(());
	let registered =
		module.register_subscription("sub", "told", "unsub", move |_, pending, _, _| {
			let items = items.lock().ok().and_then(|mut items| items.take());
			forward(pending, items.unwrap_or_else(|| mpsc::channel(0).1), |item| match item {
				13 => Err(Error::Internal("unlucky".into())),
				item => Ok(vec![json!(item), json!(item)]),
			})
		});
	assert!(registered.is_ok());
	module
}

fn runtime() -> jsonrpsee::tokio::runtime::Runtime {
	jsonrpsee::tokio::runtime::Builder::new_current_thread()
		.enable_all()
		.build()
		.unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn what_cannot_be_told_is_left_out_and_a_slow_reader_hears_why_it_ends() {
	runtime().block_on(async {
		let (mut sender, items) = mpsc::channel(8);
		let module = module(items);
		let mut subscription = module
			.subscribe_unbounded("sub", EmptyServerParams::new())
			.await
			.unwrap_or_else(|error| panic!("{error}"));
		for item in [7, 13, 8] {
			assert!(sender.try_send(item).is_ok());
		}
		for expected in [7, 7, 8, 8] {
			let next = subscription.next::<u64>().await;
			assert!(matches!(next, Some(Ok((item, _))) if item == expected));
		}
		drop(sender);
		let last = subscription.next::<u64>().await;
		assert!(!matches!(last, Some(Ok(_))), "no more items");
	});
}

#[test]
fn who_unsubscribes_leaves_nothing_behind() {
	runtime().block_on(async {
		let (sender, items) = mpsc::channel(8);
		let module = module(items);
		let subscription = module
			.subscribe_unbounded("sub", EmptyServerParams::new())
			.await
			.unwrap_or_else(|error| panic!("{error}"));
		drop(subscription);
		for _ in 0..100 {
			Delay::new(Duration::from_millis(10)).await;
			if sender.is_closed() {
				return;
			}
		}
		panic!("the subscription goes on without a subscriber");
	});
}

#[test]
fn heads_can_be_listened_to_by_many() {
	let heads = Heads::new(Default::default());
	let (first, second) = (heads.listen(), heads.listen());
	drop(heads);
	assert_eq!(block_on(first.chain(second).count()), 0);
}
