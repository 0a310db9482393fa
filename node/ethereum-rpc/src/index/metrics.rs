//! How the index does.

use substrate_prometheus_endpoint::{
	register, Counter, Gauge, Histogram, HistogramOpts, PrometheusError, Registry, U64,
};

/// How the index does.
#[derive(Clone)]
pub struct Metrics {
	/// Number of the block that was indexed last.
	pub(super) last: Gauge<U64>,
	/// Blocks by which that one was behind the best.
	pub(super) lag: Gauge<U64>,
	/// Blocks that could not be indexed.
	pub(super) failures: Counter<U64>,
	/// Seconds that a block took.
	pub(super) seconds: Histogram,
}

impl Metrics {
	/// Registers the metrics.
	///
	/// # Errors
	///
	/// If they are there already.
	pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
		let seconds = HistogramOpts::new(
			"cybermiles_ethereum_index_seconds",
			"Time that the index of Ethereum blocks took for a block",
		)
		.buckets(vec![0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5]);
		Ok(Self {
			last: register(
				Gauge::new(
					"cybermiles_ethereum_index_last",
					"Number of the block that the index of Ethereum blocks took up last",
				)?,
				registry,
			)?,
			lag: register(
				Gauge::new(
					"cybermiles_ethereum_index_lag",
					"Blocks by which the block taken up last was behind the best one",
				)?,
				registry,
			)?,
			failures: register(
				Counter::new(
					"cybermiles_ethereum_index_failures_total",
					"Blocks that the index of Ethereum blocks could not take up",
				)?,
				registry,
			)?,
			seconds: register(Histogram::with_opts(seconds)?, registry)?,
		})
	}
}
