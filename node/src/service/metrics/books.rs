//! Escrow, awards and slashes, of the chain as a whole.

use super::gauge;
use crate::service::{Client, Hash};
use cybermiles_primitives::api::{DposApi, OffenceKind, SlashInfo, SolvencyInfo};
use cybermiles_runtime::AccountId;
use sp_api::{ApiError, ProvideRuntimeApi};
use substrate_prometheus_endpoint::{
	register, CounterVec, Gauge, Opts, PrometheusError, Registry, F64, U64,
};

/// Slashes asked of the runtime at once.
const PAGE: u32 = 100;
/// All kinds of offences, in the order in which they are counted.
const KINDS: [OffenceKind; 3] =
	[OffenceKind::Downtime, OffenceKind::DoubleAuthoring, OffenceKind::GrandpaEquivocation];

/// The books of stake.
pub(super) struct Books {
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
	/// Number of the first slash that is not counted yet.
	next_slash: u32,
}

impl Books {
	/// Makes the metrics known to `registry`.
	///
	/// # Errors
	///
	/// If one of the names is taken.
	pub(super) fn register(registry: &Registry) -> Result<Self, PrometheusError> {
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
			next_slash: 0,
		})
	}

	/// Reads what is the case at block `at`.
	pub(super) fn update(&self, client: &Client, at: Hash) -> Result<(), ApiError> {
		let api = client.runtime_api();
		let solvency = api.solvency(at)?;
		let absent = api.absent_validators(at)?;
		let award = api.block_award(at)?;
		self.payouts_paused.set(solvency.paused.into());
		self.escrow_surplus.set(surplus(&solvency));
		self.absent_validators.set(absent.len() as u64);
		let award = award.to_validators.saturating_add(award.to_standbys);
		self.block_award.set(award as f64);
		Ok(())
	}

	/// Counts the slashes up to block `at` that are not counted yet: all of them after a start.
	pub(super) fn count_slashes(&mut self, client: &Client, at: Hash) -> Result<(), ApiError> {
		let api = client.runtime_api();
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
		self.add_slashes(counts);
		self.next_slash = next;
		Ok(())
	}

	/// Adds slashes by kind; also a kind without any is there from then on, at zero.
	fn add_slashes(&self, counts: [u64; KINDS.len()]) {
		for (kind, count) in KINDS.into_iter().zip(counts) {
			self.slashes.with_label_values(&[label(kind)]).inc_by(count);
		}
	}
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
		let books = Books::register(&registry).unwrap();
		let total = "cybermiles_slashes_total";
		assert_eq!(value(&registry, total, "downtime"), None);
		books.add_slashes([2, 0, 1]);
		books.add_slashes([1, 0, 0]);
		assert_eq!(value(&registry, total, "downtime"), Some(3.0));
		assert_eq!(value(&registry, total, "double_authoring"), Some(0.0));
		assert_eq!(value(&registry, total, "grandpa_equivocation"), Some(1.0));
	}

	#[test]
	fn names_are_taken_once() {
		let registry = Registry::new();
		assert!(Books::register(&registry).is_ok());
		assert!(Books::register(&registry).is_err());
	}
}
