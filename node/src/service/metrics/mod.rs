//! What Prometheus learns of stake, besides the standard metrics of a node.

mod books;
mod candidates;
mod progress;
mod series;

use self::{books::Books, candidates::Candidates, progress::Progress};
use super::{Client, Hash, Shared};
use cybermiles_primitives::api::DposApi;
use futures::{future, stream, Stream, StreamExt};
use sc_client_api::BlockchainEvents;
use sc_service::TaskManager;
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use std::sync::Arc;
use substrate_prometheus_endpoint::{register, Gauge, PrometheusError, Registry};

/// Blocks that came together, of which only the last one is looked at.
const BURST: usize = 1024;

/// A gauge of the given name.
fn gauge<N: substrate_prometheus_endpoint::prometheus::core::Atomic + 'static>(
	registry: &Registry,
	name: &str,
	help: &str,
) -> Result<Gauge<N>, PrometheusError> {
	register(Gauge::new(name, help)?, registry)
}

/// Follows the chain.
struct Observer {
	client: Arc<Client>,
	books: Books,
	candidates: Candidates,
	progress: Progress,
}

/// A block that is new in one of two ways.
enum News {
	/// It is the best one.
	Best(Hash),
	/// It is the latest final one.
	Final(Hash),
}

/// The blocks of the start, then the new ones; of those that come together only the last.
fn news(client: &Client) -> impl Stream<Item = News> {
	let start = client.info();
	let start = [News::Best(start.best_hash), News::Final(start.finalized_hash)];
	let best = client.import_notification_stream().ready_chunks(BURST);
	let best = best.filter_map(|blocks| {
		let last = blocks.into_iter().rfind(|block| block.is_new_best);
		future::ready(last.map(|block| News::Best(block.hash)))
	});
	let finals = client.finality_notification_stream().ready_chunks(BURST);
	let finals = finals
		.filter_map(|blocks| future::ready(blocks.last().map(|block| News::Final(block.hash))));
	stream::iter(start).chain(stream::select(best, finals))
}

/// Keeps the metrics of stake up to date, where there is a `registry`.
///
/// # Errors
///
/// If a metric of the same name exists.
pub(super) fn spawn(
	registry: Option<&Registry>,
	shared: &Shared,
	tasks: &TaskManager,
) -> Result<(), PrometheusError> {
	let Some(registry) = registry else { return Ok(()) };
	let observer = Observer {
		client: shared.client.clone(),
		books: Books::register(registry)?,
		candidates: Candidates::register(registry, shared.keystore.clone())?,
		progress: Progress::register(registry)?,
	};
	tasks
		.spawn_handle()
		.spawn_blocking("stake-metrics", Some("metrics"), observer.run());
	Ok(())
}

impl Observer {
	/// Runs as long as the chain.
	///
	/// What is the case now is read at the best block, so that it shows also while finality waits;
	/// slashes are counted in final blocks only, because a counter cannot go back.
	async fn run(mut self) {
		let mut news = news(&self.client).boxed();
		while let Some(news) = news.next().await {
			let (at, result) = match news {
				News::Best(at) => (at, self.update(at)),
				News::Final(at) => (at, self.books.count_slashes(&self.client, at)),
			};
			if let Err(error) = result {
				log::debug!("The metrics of stake are not updated at block {at:?}: {error}");
			}
		}
	}

	/// Reads what is the case at block `at`.
	fn update(&mut self, at: Hash) -> Result<(), ApiError> {
		let seats = self.client.runtime_api().seats(at)?;
		self.books.update(&self.client, at)?;
		self.candidates.update(&self.client, at, &seats)?;
		self.progress.update(&self.client, at, seats.session)
	}
}
