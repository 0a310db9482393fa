//! How far the chain is: sessions, eras, referenda.

use super::{
	gauge,
	series::{Series, Values},
};
use crate::service::{Client, Hash};
use cybermiles_primitives::{
	api::DposApi,
	governance::{GovernanceApi, ProposalState, MAX_PROPOSALS},
	SessionIndex,
};
use sp_api::{ApiError, ProvideRuntimeApi};
use substrate_prometheus_endpoint::{Gauge, PrometheusError, Registry, U64};

/// States of a referendum that goes on, as the label `state` has them.
const STATES: [&str; 5] = ["awaiting_deposit", "preparing", "queued", "deciding", "confirming"];

/// How far the chain is.
pub(super) struct Progress {
	session: Gauge<U64>,
	era: Gauge<U64>,
	/// Referenda that go on, of the latest [`MAX_PROPOSALS`].
	referenda: Series,
}

impl Progress {
	/// Makes the metrics known to `registry`.
	///
	/// # Errors
	///
	/// If one of the names is taken.
	pub(super) fn register(registry: &Registry) -> Result<Self, PrometheusError> {
		Ok(Self {
			session: gauge(registry, "cybermiles_session", "Number of the present session")?,
			era: gauge(registry, "cybermiles_era", "Number of the present era")?,
			referenda: Series::register(
				registry,
				"cybermiles_referenda",
				"Referenda that go on, of the latest 100, by how far they are",
				&["state"],
			)?,
		})
	}

	/// Reads what is the case at block `at`, in this session.
	pub(super) fn update(
		&mut self,
		client: &Client,
		at: Hash,
		session: SessionIndex,
	) -> Result<(), ApiError> {
		let api = client.runtime_api();
		self.session.set(session.into());
		self.era.set(api.era(at)?.into());
		let states = api.proposal_states(at, 0, MAX_PROPOSALS)?;
		self.referenda.show(by_state(states.into_iter()));
		Ok(())
	}
}

/// How many are in each of [`STATES`]; a state without any is told too.
fn by_state(states: impl Iterator<Item = ProposalState>) -> Values {
	let mut counts: Values = STATES.iter().map(|state| (vec![(*state).to_string()], 0.0)).collect();
	for label in states.filter_map(label) {
		*counts.entry(vec![label.to_string()]).or_default() += 1.0;
	}
	counts
}

/// None for one that has ended.
fn label(state: ProposalState) -> Option<&'static str> {
	let [awaiting_deposit, preparing, queued, deciding, confirming] = STATES;
	match state {
		ProposalState::AwaitingDeposit => Some(awaiting_deposit),
		ProposalState::Preparing => Some(preparing),
		ProposalState::Queued => Some(queued),
		ProposalState::Deciding => Some(deciding),
		ProposalState::Confirming => Some(confirming),
		ProposalState::Approved
		| ProposalState::Rejected
		| ProposalState::Cancelled
		| ProposalState::TimedOut
		| ProposalState::Killed => None,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn referenda_that_go_on_are_counted_by_state() {
		use ProposalState::*;
		let counts = by_state([Deciding, Approved, Confirming, Deciding, Killed].into_iter());
		let count = |state: &str| counts[&vec![state.to_string()]];
		assert_eq!(STATES.map(count), [0.0, 0.0, 0.0, 2.0, 1.0]);
	}
}
