//! Candidates and delegations of the first block.

use crate::{Config, GenesisConfig, Pallet, Terms};

impl<T: Config> Pallet<T> {
	/// Builds the genesis state by the same rules as the calls do.
	///
	/// A genesis that breaks them cannot start a chain: panics with the reason, which is what a
	/// genesis builder can do.
	pub(crate) fn build_genesis(config: &GenesisConfig<T>) {
		for candidate in &config.candidates {
			let terms = Terms {
				max_stake: candidate.max_stake,
				max_rate: candidate.max_rate,
				default_rate: candidate.max_rate,
			};
			Self::insert_candidate(candidate.account.clone(), terms, candidate.self_stake)
				.unwrap_or_else(|error| {
					panic!("genesis candidate {:?}: {error:?}", candidate.account)
				});
		}
		for (who, candidate, amount) in &config.delegations {
			Self::do_delegate(who.clone(), candidate.clone(), *amount).unwrap_or_else(|error| {
				panic!("genesis delegation of {who:?} to {candidate:?}: {error:?}")
			});
		}
	}
}
