//! A gauge whose series come and go.

use std::collections::{BTreeMap, BTreeSet};
use substrate_prometheus_endpoint::{register, GaugeVec, Opts, PrometheusError, Registry, F64};

/// The values of a gauge by their labels.
pub(super) type Values = BTreeMap<Vec<String>, f64>;

/// A gauge that has no other series than those of the latest look: who leaves its seat is gone.
pub(super) struct Series {
	gauge: GaugeVec<F64>,
	shown: BTreeSet<Vec<String>>,
}

impl Series {
	/// Makes a gauge with these labels known to `registry`.
	///
	/// # Errors
	///
	/// If its name is taken.
	pub(super) fn register(
		registry: &Registry,
		name: &str,
		help: &str,
		labels: &[&str],
	) -> Result<Self, PrometheusError> {
		let gauge = register(GaugeVec::new(Opts::new(name, help), labels)?, registry)?;
		Ok(Self { gauge, shown: BTreeSet::new() })
	}

	/// Shows these values and no others. What stays is never absent in between.
	pub(super) fn show(&mut self, values: Values) {
		for (labels, value) in &values {
			self.gauge.with_label_values(&texts(labels)).set(*value);
		}
		let now: BTreeSet<_> = values.into_keys().collect();
		for gone in self.shown.difference(&now) {
			// It can only be missing, which is what is wanted.
			let _ = self.gauge.remove_label_values(&texts(gone));
		}
		self.shown = now;
	}
}

fn texts(labels: &[String]) -> Vec<&str> {
	labels.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	fn shown(registry: &Registry) -> Vec<(String, f64)> {
		let families = registry.gather();
		let metrics = families.iter().flat_map(|family| family.get_metric());
		metrics
			.map(|metric| {
				(metric.get_label()[0].get_value().to_string(), metric.get_gauge().get_value())
			})
			.collect()
	}

	fn values(pairs: &[(&str, f64)]) -> Values {
		pairs.iter().map(|(label, value)| (vec![label.to_string()], *value)).collect()
	}

	#[test]
	fn who_is_not_told_any_more_is_gone() {
		let registry = Registry::new();
		let mut series = Series::register(&registry, "rank", "A rank", &["candidate"]).unwrap();
		assert_eq!(shown(&registry), []);
		series.show(values(&[("alice", 1.0), ("bob", 2.0)]));
		assert_eq!(shown(&registry), [("alice".into(), 1.0), ("bob".into(), 2.0)]);
		series.show(values(&[("bob", 1.0), ("carol", 2.0)]));
		assert_eq!(shown(&registry), [("bob".into(), 1.0), ("carol".into(), 2.0)]);
		series.show(Values::new());
		assert_eq!(shown(&registry), []);
	}
}
