//! What Prometheus learns of stake, besides the standard metrics of a node.

use super::{Client, Hash};
use cybermiles_primitives::api::{DposApi, OffenceKind, SlashInfo, SolvencyInfo};
use cybermiles_runtime::AccountId;
use futures::{future, stream, Stream, StreamExt};
use sc_client_api::BlockchainEvents;
use sc_service::TaskManager;
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use std::sync::Arc;
use substrate_prometheus_endpoint::{
	register, CounterVec, Gauge, Opts, PrometheusError, Registry, F64, U64,
};

/// Slashes asked of the runtime at once.
const PAGE: u32 = 100;
/// Blocks that came together, of which only the last one is looked at.
const BURST: usize = 1024;
/// All kinds of offences, in the order in which they are counted.
const KINDS: [OffenceKind; 3] =
	[OffenceKind::Downtime, OffenceKind::DoubleAuthoring, OffenceKind::GrandpaEquivocation];

/// The metrics of stake.
struct Metrics {
	/// Whether payouts are paused because the books of escrow once did not match: 1 or 0.
	payouts_paused: Gauge<U64>,
	/// What escrow has more than its books say, in planck; negative if it has less. Always 0 on a
	/// sound chain.
	escrow_surplus: Gauge<F64>,
	/// Validators that missed their latest turn.
	absent_validators: Gauge<U64>,
	/// What the best block awarded to validators and standbys, in planck.
	block_award: Gauge<F64>,
	/// Slashes since genesis, in finalised blocks, by the kind of offence.
	slashes: CounterVec<U64>,
}

impl Metrics {
	/// Makes the metrics known to `registry`.
	///
	/// # Errors
	///
	/// If one of the names is taken.
	fn register(registry: &Registry) -> Result<Self, PrometheusError> {
		let slashes = Opts::new(
			"cybermiles_slashes_total",
			"Slashes since genesis, in finalised blocks, by the kind of offence",
		);
		Ok(Self {
			payouts_paused: gauge(
				registry,
				"cybermiles_payouts_paused",
				"Whether payouts are paused because the books of escrow once did not match",
			)?,
			escrow_surplus: gauge(
				registry,
				"cybermiles_escrow_surplus_planck",
				"What escrow has more than its books say, in planck; 0 on a sound chain",
			)?,
			absent_validators: gauge(
				registry,
				"cybermiles_absent_validators",
				"Validators that missed their latest turn",
			)?,
			block_award: gauge(
				registry,
				"cybermiles_block_award_planck",
				"What the best block awarded to validators and standbys, in planck",
			)?,
			slashes: register(CounterVec::new(slashes, &["kind"])?, registry)?,
		})
	}

	/// Adds slashes by kind; also a kind without any is there from then on, at zero.
	fn add_slashes(&self, counts: [u64; KINDS.len()]) {
		for (kind, count) in KINDS.into_iter().zip(counts) {
			self.slashes.with_label_values(&[label(kind)]).inc_by(count);
		}
	}
}

/// A gauge of the given name.
fn gauge<N: substrate_prometheus_endpoint::prometheus::core::Atomic + 'static>(
	registry: &Registry,
	name: &str,
	help: &str,
) -> Result<Gauge<N>, PrometheusError> {
	register(Gauge::new(name, help)?, registry)
}

/// An offence as the label `kind` has it.
fn label(kind: OffenceKind) -> &'static str {
	match kind {
		OffenceKind::Downtime => "downtime",
		OffenceKind::DoubleAuthoring => "double_authoring",
		OffenceKind::GrandpaEquivocation => "grandpa_equivocation",
	}
}

/// What escrow has more than its books say, in planck.
///
/// The difference is taken before it becomes a floating number: a single planck shows.
fn surplus(info: &SolvencyInfo) -> f64 {
	let entries = [info.stake, info.pending, info.compensation, info.slashes, info.undistributed];
	let books = entries.into_iter().fold(0, u128::saturating_add);
	if info.escrow >= books {
		(info.escrow - books) as f64
	} else {
		-((books - info.escrow) as f64)
	}
}

/// How many of `slashes` are of each of [`KINDS`].
fn by_kind(slashes: &[SlashInfo<AccountId>]) -> [u64; KINDS.len()] {
	KINDS.map(|kind| slashes.iter().filter(|slash| slash.kind == kind).count() as u64)
}

/// Follows the chain.
struct Observer {
	client: Arc<Client>,
	metrics: Metrics,
	/// Number of the first slash that is not counted yet.
	next_slash: u32,
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
	client: &Arc<Client>,
	tasks: &TaskManager,
) -> Result<(), PrometheusError> {
	let Some(registry) = registry else { return Ok(()) };
	let metrics = Metrics::register(registry)?;
	let observer = Observer { client: client.clone(), metrics, next_slash: 0 };
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
				News::Final(at) => (at, self.count_slashes(at)),
			};
			if let Err(error) = result {
				log::debug!("The metrics of stake are not updated at block {at:?}: {error}");
			}
		}
	}

	/// Reads what is the case at block `at`.
	fn update(&self, at: Hash) -> Result<(), ApiError> {
		let api = self.client.runtime_api();
		let solvency = api.solvency(at)?;
		let absent = api.absent_validators(at)?;
		let award = api.block_award(at)?;
		self.metrics.payouts_paused.set(solvency.paused.into());
		self.metrics.escrow_surplus.set(surplus(&solvency));
		self.metrics.absent_validators.set(absent.len() as u64);
		let award = award.to_validators.saturating_add(award.to_standbys);
		self.metrics.block_award.set(award as f64);
		Ok(())
	}

	/// Counts the slashes up to block `at` that are not counted yet: all of them after a start.
	fn count_slashes(&mut self, at: Hash) -> Result<(), ApiError> {
		let api = self.client.runtime_api();
		let (mut counts, mut next) = ([0; KINDS.len()], self.next_slash);
		loop {
			let page = api.slashes(at, next, PAGE)?;
			let Some(last) = page.last() else { break };
			next = last.index.saturating_add(1);
			for (sum, count) in counts.iter_mut().zip(by_kind(&page)) {
				*sum += count;
			}
		}
		// At once, so that a scrape never sees a part of what a restart counts again.
		self.metrics.add_slashes(counts);
		self.next_slash = next;
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use cybermiles_primitives::api::SlashState;
	use sp_runtime::Perbill;

	fn books(escrow: u128) -> SolvencyInfo {
		SolvencyInfo {
			escrow,
			stake: 10u128.pow(27),
			pending: 4,
			compensation: 3,
			slashes: 2,
			undistributed: 1,
			paused: false,
		}
	}

	fn slash(index: u32, kind: OffenceKind) -> SlashInfo<AccountId> {
		SlashInfo {
			index,
			candidate: [0; 32].into(),
			kind,
			era: 0,
			session: 0,
			fraction: Perbill::from_percent(5),
			amount: 1,
			reporter: None,
			state: SlashState::Applied,
		}
	}

	fn value(registry: &Registry, name: &str, kind: &str) -> Option<f64> {
		let families = registry.gather();
		let family = families.iter().find(|family| family.get_name() == name)?;
		let metric = family
			.get_metric()
			.iter()
			.find(|metric| metric.get_label().iter().any(|label| label.get_value() == kind))?;
		Some(metric.get_counter().get_value())
	}

	#[test]
	fn a_single_planck_shows_in_the_surplus() {
		let sound = 10u128.pow(27) + 10;
		assert_eq!(surplus(&books(sound)), 0.0);
		assert_eq!(surplus(&books(sound + 1)), 1.0);
		assert_eq!(surplus(&books(sound - 1)), -1.0);
	}

	#[test]
	fn slashes_are_counted_by_kind() {
		let kinds =
			[OffenceKind::GrandpaEquivocation, OffenceKind::Downtime, OffenceKind::Downtime];
		let slashes: Vec<_> =
			kinds.into_iter().enumerate().map(|(n, kind)| slash(n as u32, kind)).collect();
		assert_eq!(by_kind(&slashes), [2, 0, 1]);
		assert_eq!(by_kind(&[]), [0; 3]);
	}

	#[test]
	fn every_kind_is_there_once_slashes_were_counted() {
		let registry = Registry::new();
		let metrics = Metrics::register(&registry).unwrap();
		let total = "cybermiles_slashes_total";
		assert_eq!(value(&registry, total, "downtime"), None);
		metrics.add_slashes([2, 0, 1]);
		metrics.add_slashes([1, 0, 0]);
		assert_eq!(value(&registry, total, "downtime"), Some(3.0));
		assert_eq!(value(&registry, total, "double_authoring"), Some(0.0));
		assert_eq!(value(&registry, total, "grandpa_equivocation"), Some(1.0));
	}

	#[test]
	fn names_are_taken_once() {
		let registry = Registry::new();
		assert!(Metrics::register(&registry).is_ok());
		assert!(Metrics::register(&registry).is_err());
	}
}
