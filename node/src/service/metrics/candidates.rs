//! Each seat, and the candidates whose session keys this node holds.

use super::series::{Series, Values};
use crate::{
	address::show,
	service::{Client, Hash},
};
use cybermiles_primitives::{
	api::{CandidateSummary, DposApi, SeatAward, SessionSeats},
	SessionIndex,
};
use cybermiles_runtime::{opaque::Block, AccountId};
use sp_api::{ApiError, ApiRef, ProvideRuntimeApi};
use sp_core::crypto::key_types::AURA;
use sp_keystore::KeystorePtr;
use std::collections::BTreeSet;
use substrate_prometheus_endpoint::{PrometheusError, Registry};

type Summary = CandidateSummary<AccountId>;
type Api<'a> = ApiRef<'a, <Client as ProvideRuntimeApi<Block>>::Api>;

/// What is told of candidates, each in a series named after its address.
pub(super) struct Candidates {
	keystore: KeystorePtr,
	own: Series,
	rank: Series,
	seat: Series,
	stake: Series,
	missed_turns: Series,
	jailed: Series,
	tombstoned: Series,
	award: Series,
	compensation: Series,
	/// The session whose awards are shown: they do not change any more.
	awarded: Option<SessionIndex>,
}

impl Candidates {
	/// Makes the metrics known to `registry`.
	///
	/// # Errors
	///
	/// If one of the names is taken.
	pub(super) fn register(
		registry: &Registry,
		keystore: KeystorePtr,
	) -> Result<Self, PrometheusError> {
		let series =
			|name: &str, help: &str| Series::register(registry, name, help, &["candidate"]);
		Ok(Self {
			keystore,
			own: series("cybermiles_own_candidate", "1: this node holds its session keys")?,
			rank: series("cybermiles_candidate_rank", "Place among the active candidates, from 1")?,
			seat: Series::register(
				registry,
				"cybermiles_candidate_seat",
				"1 for its seat in the present session, of a validator or a standby",
				&["candidate", "seat"],
			)?,
			stake: series("cybermiles_candidate_stake_planck", "All stake behind it, in planck")?,
			missed_turns: series("cybermiles_candidate_missed_turns", "Turns missed in a row")?,
			jailed: series("cybermiles_candidate_jailed", "Whether it is in jail: 1 or 0")?,
			tombstoned: series(
				"cybermiles_candidate_tombstoned",
				"Whether it is in jail for good: 1 or 0",
			)?,
			award: series(
				"cybermiles_session_award_planck",
				"What its seat was awarded in the last whole session, in planck",
			)?,
			compensation: series(
				"cybermiles_session_compensation_planck",
				"The part of its award of the last whole session that is compensation, in planck",
			)?,
			awarded: None,
		})
	}

	/// Reads what is the case at block `at`, with these seats.
	pub(super) fn update(
		&mut self,
		client: &Client,
		at: Hash,
		seats: &SessionSeats<AccountId>,
	) -> Result<(), ApiError> {
		let api = client.runtime_api();
		let own = self.own(&api, at)?;
		let watched: BTreeSet<_> = holders(seats).map(|(who, _)| who).chain(&own).collect();
		let summaries = summaries(&api, at, &watched)?;
		self.own.show(own.iter().map(|who| (label(who), 1.0)).collect());
		self.seat.show(seated(seats));
		self.show_summaries(&summaries);
		self.update_awards(&api, at, seats.session)
	}

	/// The candidates whose Aura key is in the keystore.
	fn own(&self, api: &Api<'_>, at: Hash) -> Result<BTreeSet<AccountId>, ApiError> {
		let mut own = BTreeSet::new();
		for key in self.keystore.sr25519_public_keys(AURA) {
			own.extend(api.candidate_with_key(at, key.into())?);
		}
		Ok(own)
	}

	fn show_summaries(&mut self, summaries: &[Summary]) {
		let rank = |of: &Summary| Some((label(&of.info.candidate), f64::from(of.info.rank?)));
		self.rank.show(summaries.iter().filter_map(rank).collect());
		let by = |value: fn(&Summary) -> f64| -> Values {
			summaries.iter().map(|of| (label(&of.info.candidate), value(of))).collect()
		};
		self.stake.show(by(|of| of.info.stake as f64));
		self.missed_turns.show(by(|of| of.conduct.missed_turns.into()));
		self.jailed.show(by(|of| of.conduct.jailed_until.is_some().into()));
		self.tombstoned.show(by(|of| of.conduct.tombstoned.into()));
	}

	/// Shows the awards of the session before `present`, where they are not shown yet.
	fn update_awards(
		&mut self,
		api: &Api<'_>,
		at: Hash,
		present: SessionIndex,
	) -> Result<(), ApiError> {
		let last = present.checked_sub(1);
		let Some(session) = last.filter(|_| self.awarded != last) else { return Ok(()) };
		let awards = api.session_awards(at, session)?;
		let by = |value: fn(&SeatAward<AccountId>) -> u128| -> Values {
			awards.iter().map(|seat| (label(&seat.candidate), value(seat) as f64)).collect()
		};
		self.award.show(by(|seat| seat.award));
		self.compensation.show(by(|seat| seat.compensation));
		self.awarded = last;
		Ok(())
	}
}

/// What there is to tell of each of `watched`. Most of them are the strongest, of which one call tells: a
/// call for each would share out the awards of the session anew each time.
fn summaries(
	api: &Api<'_>,
	at: Hash,
	watched: &BTreeSet<&AccountId>,
) -> Result<Vec<Summary>, ApiError> {
	let mut found = api.summaries(at, 0, watched.len() as u32)?;
	found.retain(|of| watched.contains(&of.info.candidate));
	let known: BTreeSet<_> = found.iter().map(|of| of.info.candidate.clone()).collect();
	for candidate in watched.iter().filter(|candidate| !known.contains(**candidate)) {
		found.extend(api.summary(at, (*candidate).clone())?);
	}
	Ok(found)
}

/// Who sits, each with the name of its kind of seat.
fn holders(seats: &SessionSeats<AccountId>) -> impl Iterator<Item = (&AccountId, &'static str)> {
	let validators = seats.validators.iter().map(|seat| (&seat.candidate, "validator"));
	validators.chain(seats.standbys.iter().map(|seat| (&seat.candidate, "standby")))
}

fn seated(seats: &SessionSeats<AccountId>) -> Values {
	holders(seats)
		.map(|(who, kind)| (vec![show(who), kind.to_string()], 1.0))
		.collect()
}

fn label(candidate: &AccountId) -> Vec<String> {
	vec![show(candidate)]
}
