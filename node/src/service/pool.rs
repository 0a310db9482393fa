//! The pool of waiting transactions, which takes nothing in while it turns to another block.
//!
//! The SDK's fork-aware pool makes a view of each new block: it copies the view of an earlier one, adds
//! what waits beside it, and puts the new view in its place. What is submitted between the second and
//! the third step reaches the old view alone. Its turn would come with the next view; but where the
//! block becomes final before there is one, the old view goes, and what waited there for an earlier
//! nonce goes with it, without a word. Validators vote for the best block here, so finality follows a
//! block within a second or two: submissions wait for the new view instead, for some milliseconds.

use super::{Client, Pool};
use async_trait::async_trait;
use sc_service::{Configuration, TaskManager};
use sc_transaction_pool::{Builder, TransactionPoolWrapper};
use sc_transaction_pool_api::{
	ChainEvent, ImportNotificationStream, LocalTransactionFor, LocalTransactionPool,
	MaintainedTransactionPool, PoolStatus, ReadyTransactions, TransactionFor, TransactionPool,
	TransactionSource, TransactionStatusStreamFor, TxHash, TxInvalidityReportMap,
};
use sp_runtime::traits::Block as BlockT;
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};
use tokio::sync::RwLock;

/// Makes the pool that the configuration asks for.
pub(super) fn build(config: &Configuration, client: &Arc<Client>, tasks: &TaskManager) -> Pool {
	let inner = Builder::new(
		tasks.spawn_essential_handle(),
		client.clone(),
		config.role.is_authority().into(),
	)
	.with_options(config.transaction_pool.clone())
	.with_prometheus(config.prometheus_registry())
	.build();
	TransactionPoolWrapper(Box::new(Gated { inner, gate: RwLock::default() }))
}

/// A pool with a gate: open to any number of submissions, closed while a block is taken up.
struct Gated<P> {
	inner: P,
	gate: RwLock<()>,
}

type Hash<P> = <<P as TransactionPool>::Block as BlockT>::Hash;
type Ready<P> =
	Box<dyn ReadyTransactions<Item = Arc<<P as TransactionPool>::InPoolTransaction>> + Send>;

#[async_trait]
impl<P: MaintainedTransactionPool> MaintainedTransactionPool for Gated<P> {
	async fn maintain(&self, event: ChainEvent<P::Block>) {
		let _closed = self.gate.write().await;
		self.inner.maintain(event).await;
	}
}

#[async_trait]
impl<P: TransactionPool> TransactionPool for Gated<P> {
	type Block = P::Block;
	type Hash = P::Hash;
	type InPoolTransaction = P::InPoolTransaction;
	type Error = P::Error;

	async fn submit_at(
		&self,
		at: Hash<P>,
		source: TransactionSource,
		transactions: Vec<TransactionFor<P>>,
	) -> Result<Vec<Result<TxHash<P>, P::Error>>, P::Error> {
		let _open = self.gate.read().await;
		self.inner.submit_at(at, source, transactions).await
	}

	async fn submit_one(
		&self,
		at: Hash<P>,
		source: TransactionSource,
		transaction: TransactionFor<P>,
	) -> Result<TxHash<P>, P::Error> {
		let _open = self.gate.read().await;
		self.inner.submit_one(at, source, transaction).await
	}

	async fn submit_and_watch(
		&self,
		at: Hash<P>,
		source: TransactionSource,
		transaction: TransactionFor<P>,
	) -> Result<Pin<Box<TransactionStatusStreamFor<P>>>, P::Error> {
		let _open = self.gate.read().await;
		self.inner.submit_and_watch(at, source, transaction).await
	}

	async fn ready_at(&self, at: Hash<P>) -> Ready<P> {
		self.inner.ready_at(at).await
	}

	fn ready(&self) -> Ready<P> {
		self.inner.ready()
	}

	async fn report_invalid(
		&self,
		at: Option<Hash<P>>,
		errors: TxInvalidityReportMap<TxHash<P>>,
	) -> Vec<Arc<P::InPoolTransaction>> {
		self.inner.report_invalid(at, errors).await
	}

	fn futures(&self) -> Vec<P::InPoolTransaction> {
		self.inner.futures()
	}

	fn status(&self) -> PoolStatus {
		self.inner.status()
	}

	fn import_notification_stream(&self) -> ImportNotificationStream<TxHash<P>> {
		self.inner.import_notification_stream()
	}

	fn on_broadcasted(&self, propagations: HashMap<TxHash<P>, Vec<String>>) {
		self.inner.on_broadcasted(propagations)
	}

	fn hash_of(&self, transaction: &TransactionFor<P>) -> TxHash<P> {
		self.inner.hash_of(transaction)
	}

	fn ready_transaction(&self, hash: &TxHash<P>) -> Option<Arc<P::InPoolTransaction>> {
		self.inner.ready_transaction(hash)
	}

	async fn ready_at_with_timeout(&self, at: Hash<P>, timeout: Duration) -> Ready<P> {
		self.inner.ready_at_with_timeout(at, timeout).await
	}
}

/// Reports of the node itself carry no nonce: nothing waits for them, and they for nothing.
impl<P: LocalTransactionPool> LocalTransactionPool for Gated<P> {
	type Block = P::Block;
	type Hash = P::Hash;
	type Error = P::Error;

	fn submit_local(
		&self,
		at: <P::Block as BlockT>::Hash,
		transaction: LocalTransactionFor<P>,
	) -> Result<P::Hash, P::Error> {
		self.inner.submit_local(at, transaction)
	}
}
