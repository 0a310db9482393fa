//! The `cmt_` methods: stake and proposals as clients of the first CyberMiles chain read them.
//!
//! Names and fields are those of that chain where it had them. Three things differ: `height` is
//! honoured by every method, amounts and rates that were floating are exact, and nothing here signs
//! or sends anything. A candidate may be asked for by its own address or by that of its owner.

mod error;
mod types;

pub(crate) use error::Error;

use crate::{address, service::Hash};
use cybermiles_primitives::{
	api::{CandidateState, CandidateSummary, DposApi, SessionSeats},
	governance::{GovernanceApi, ProposalIndex, TrackId, MAX_PROPOSALS},
	Balance,
};
use cybermiles_runtime::{opaque::Block, AccountId, BlockNumber};
use jsonrpsee::proc_macros::rpc;
use sc_client_api::Backend;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use std::{
	collections::{BTreeMap, HashMap},
	sync::Arc,
};
use types::{
	Absences, At, Award, Ballot, Delegation, Parameter, Power, Proposal, Track, Trial, Validator,
};

/// Candidates asked of the runtime at once.
const PAGE: u32 = 100;
/// Candidates listed at most: the strongest.
const LISTED: u32 = 1_000;

/// Stake as clients of the first CyberMiles chain read it.
///
/// `height` is the number of a block of the best chain; without it, or with 0, the best block is
/// meant. Each method fails if that block or its state is not there.
#[rpc(server, namespace = "cmt")]
pub(crate) trait CmtApi {
	/// The active candidates from the strongest on, at most 1000.
	#[method(name = "queryValidators", blocking)]
	fn query_validators(&self, height: Option<u64>) -> Result<At<Vec<Validator>>, Error>;

	/// One candidate in any state. Fails if `address` neither is a candidate nor controls one.
	#[method(name = "queryValidator", blocking)]
	fn query_validator(&self, address: String, height: Option<u64>)
		-> Result<At<Validator>, Error>;

	/// What `address` has behind candidates; nothing for an account that has nothing.
	#[method(name = "queryDelegator", blocking)]
	fn query_delegator(
		&self,
		address: String,
		height: Option<u64>,
	) -> Result<At<Vec<Delegation>>, Error>;

	/// What the block brought to each seat. Needs the state of the block before it, too.
	#[method(name = "queryAwardInfos", blocking)]
	fn query_award_infos(&self, height: Option<u64>) -> Result<At<Vec<Award>>, Error>;

	/// All protocol parameters by name.
	#[method(name = "queryParams", blocking)]
	fn query_params(&self, height: Option<u64>) -> Result<At<BTreeMap<String, Parameter>>, Error>;

	/// The validators that missed their latest turn.
	#[method(name = "queryAbsentValidators", blocking)]
	fn query_absent_validators(&self, height: Option<u64>) -> Result<At<Absences>, Error>;

	/// At most `count` proposals, the newest first, without the `start` newest ones; 100 without
	/// `count`, and at most. A bare list, as on the first chain.
	#[method(name = "queryProposals", blocking)]
	fn query_proposals(
		&self,
		height: Option<u64>,
		start: Option<u32>,
		count: Option<u32>,
	) -> Result<Vec<Proposal>, Error>;

	/// One proposal. Fails if there never was one of this number.
	#[method(name = "queryProposal", blocking)]
	fn query_proposal(
		&self,
		index: ProposalIndex,
		height: Option<u64>,
	) -> Result<At<Proposal>, Error>;

	/// What referenda need, track by track.
	#[method(name = "queryTracks", blocking)]
	fn query_tracks(&self, height: Option<u64>) -> Result<At<Vec<Track>>, Error>;

	/// What the seats voted on a proposal that goes on; nothing until voting opens.
	#[method(name = "queryVotes", blocking)]
	fn query_votes(
		&self,
		index: ProposalIndex,
		height: Option<u64>,
	) -> Result<At<Vec<Ballot>>, Error>;

	/// What `address` can say on a proposal, for each of its positions.
	#[method(name = "queryVotingPower", blocking)]
	fn query_voting_power(
		&self,
		index: ProposalIndex,
		address: String,
		height: Option<u64>,
	) -> Result<At<Vec<Power>>, Error>;

	/// What would happen if a referendum of `track` enacted the encoded `call` now.
	#[method(name = "dryRunProposal", blocking)]
	fn dry_run_proposal(
		&self,
		track: TrackId,
		call: String,
		height: Option<u64>,
	) -> Result<At<Trial>, Error>;
}

/// Answers the methods from `client`, the chain, and `backend`, which knows what was pruned.
pub(crate) struct Cmt<C, B> {
	client: Arc<C>,
	backend: Arc<B>,
}

impl<C, B> Cmt<C, B>
where
	C: HeaderBackend<Block> + ProvideRuntimeApi<Block>,
	C::Api: DposApi<Block, AccountId> + GovernanceApi<Block, AccountId>,
	B: Backend<Block>,
{
	/// Takes a share of both.
	pub(crate) fn new(client: Arc<C>, backend: Arc<B>) -> Self {
		Self { client, backend }
	}

	/// The block that is meant by `height`, whose state is there.
	fn block(&self, height: Option<u64>) -> Result<(Hash, BlockNumber), Error> {
		let height = match height {
			None | Some(0) => {
				let best = self.client.info();
				return Ok((best.best_hash, best.best_number));
			},
			Some(height) => height,
		};
		let unknown = || Error::UnknownBlock(height);
		let number = BlockNumber::try_from(height).map_err(|_| unknown())?;
		let hash = self.client.hash(number)?.ok_or_else(unknown)?;
		self.check_state(hash, number)?;
		Ok((hash, number))
	}

	fn check_state(&self, hash: Hash, number: BlockNumber) -> Result<(), Error> {
		match self.backend.have_state_at(hash, number) {
			true => Ok(()),
			false => Err(Error::Pruned(number)),
		}
	}

	/// The active candidates at `at`.
	fn active(&self, at: Hash) -> Result<Vec<CandidateSummary<AccountId>>, Error> {
		let api = self.client.runtime_api();
		let mut active = Vec::new();
		for start in (0..LISTED).step_by(PAGE as usize) {
			let page = api.summaries(at, start, PAGE)?;
			active.extend(page.into_iter().filter(|one| one.info.state == CandidateState::Active));
			// The active ones come first.
			if active.len() < (start + PAGE) as usize {
				break;
			}
		}
		Ok(active)
	}

	/// The candidate that has, or is controlled by, `account`.
	fn candidate(
		&self,
		at: Hash,
		account: &AccountId,
	) -> Result<CandidateSummary<AccountId>, Error> {
		let api = self.client.runtime_api();
		let mut summary = api.summary(at, account.clone())?;
		if summary.is_none() {
			if let Some(candidate) = api.candidate_of(at, account.clone())? {
				summary = api.summary(at, candidate)?;
			}
		}
		summary.ok_or_else(|| Error::UnknownCandidate(address::show(account)))
	}

	/// Fails where there never was a proposal of this number.
	fn check_proposal(&self, at: Hash, index: ProposalIndex) -> Result<(), Error> {
		match self.client.runtime_api().proposal(at, index)? {
			Some(_) => Ok(()),
			None => Err(Error::UnknownProposal(index)),
		}
	}
}

/// Reads an address.
fn account(text: &str) -> Result<AccountId, Error> {
	address::parse(text).map_err(|reason| Error::Address { text: text.into(), reason })
}

/// Reads bytes in hexadecimal digits.
fn bytes(text: String) -> Result<Vec<u8>, Error> {
	let reason = match text.starts_with("0x") {
		true => match sp_core::bytes::from_hex(&text) {
			Ok(bytes) => return Ok(bytes),
			Err(error) => error.to_string(),
		},
		false => "they do not begin with 0x".into(),
	};
	Err(Error::Bytes { text, reason })
}

/// The stake that counts for each seat, in planck.
fn counted(seats: SessionSeats<AccountId>) -> HashMap<AccountId, Balance> {
	let all = seats.validators.into_iter().chain(seats.standbys);
	all.map(|seat| (seat.candidate, seat.counted)).collect()
}

impl<C, B> CmtApiServer for Cmt<C, B>
where
	C: HeaderBackend<Block> + ProvideRuntimeApi<Block> + Send + Sync + 'static,
	C::Api: DposApi<Block, AccountId> + GovernanceApi<Block, AccountId>,
	B: Backend<Block> + 'static,
{
	fn query_validators(&self, height: Option<u64>) -> Result<At<Vec<Validator>>, Error> {
		let (at, height) = self.block(height)?;
		let counted = counted(self.client.runtime_api().seats(at)?);
		let validator = |summary: CandidateSummary<AccountId>| {
			let counted = counted.get(&summary.info.candidate).copied().unwrap_or_default();
			Validator::new(summary, counted)
		};
		Ok(At { height, data: self.active(at)?.into_iter().map(validator).collect() })
	}

	fn query_validator(
		&self,
		address: String,
		height: Option<u64>,
	) -> Result<At<Validator>, Error> {
		let account = self::account(&address)?;
		let (at, height) = self.block(height)?;
		let summary = self.candidate(at, &account)?;
		let candidate = &summary.info.candidate;
		let api = self.client.runtime_api();
		let counted = counted(api.seats(at)?).remove(candidate).unwrap_or_default();
		let classes = api.classes(at, candidate.clone())?;
		Ok(At { height, data: Validator::new(summary, counted).with_classes(classes) })
	}

	fn query_delegator(
		&self,
		address: String,
		height: Option<u64>,
	) -> Result<At<Vec<Delegation>>, Error> {
		let account = self::account(&address)?;
		let (at, height) = self.block(height)?;
		let positions = self.client.runtime_api().positions(at, account.clone())?;
		let delegation = |position| Delegation::new(&account, position);
		Ok(At { height, data: positions.into_iter().map(delegation).collect() })
	}

	fn query_award_infos(&self, height: Option<u64>) -> Result<At<Vec<Award>>, Error> {
		let (at, height) = self.block(height)?;
		let Some(before) = height.checked_sub(1) else {
			return Ok(At { height, data: Vec::new() });
		};
		let parent = match self.client.header(at)? {
			Some(header) => header.parent_hash,
			None => return Err(Error::UnknownBlock(height.into())),
		};
		self.check_state(parent, before)?;
		let api = self.client.runtime_api();
		let session = api.seats(at)?.session;
		let now = api.session_awards(at, session)?;
		// An instance answers for one block only.
		let before = self.client.runtime_api().session_awards(parent, session)?;
		Ok(At { height, data: Award::of_block(now, &before) })
	}

	fn query_params(&self, height: Option<u64>) -> Result<At<BTreeMap<String, Parameter>>, Error> {
		let (at, height) = self.block(height)?;
		let parameters = self.client.runtime_api().parameters(at)?;
		Ok(At { height, data: types::parameters(parameters) })
	}

	fn query_absent_validators(&self, height: Option<u64>) -> Result<At<Absences>, Error> {
		let (at, height) = self.block(height)?;
		let absent = self.client.runtime_api().absent_validators(at)?;
		Ok(At { height, data: absent.into() })
	}

	fn query_proposals(
		&self,
		height: Option<u64>,
		start: Option<u32>,
		count: Option<u32>,
	) -> Result<Vec<Proposal>, Error> {
		let (at, _) = self.block(height)?;
		let (start, count) = (start.unwrap_or_default(), count.unwrap_or(MAX_PROPOSALS));
		let proposals = self.client.runtime_api().proposals(at, start, count)?;
		Ok(proposals.into_iter().map(Proposal::from).collect())
	}

	fn query_proposal(
		&self,
		index: ProposalIndex,
		height: Option<u64>,
	) -> Result<At<Proposal>, Error> {
		let (at, height) = self.block(height)?;
		let found = self.client.runtime_api().proposal(at, index)?;
		let proposal = found.ok_or(Error::UnknownProposal(index))?;
		Ok(At { height, data: proposal.into() })
	}

	fn query_tracks(&self, height: Option<u64>) -> Result<At<Vec<Track>>, Error> {
		let (at, height) = self.block(height)?;
		let tracks = self.client.runtime_api().tracks(at)?;
		Ok(At { height, data: tracks.into_iter().map(Track::from).collect() })
	}

	fn query_votes(
		&self,
		index: ProposalIndex,
		height: Option<u64>,
	) -> Result<At<Vec<Ballot>>, Error> {
		let (at, height) = self.block(height)?;
		self.check_proposal(at, index)?;
		let votes = self.client.runtime_api().votes(at, index)?;
		Ok(At { height, data: votes.into_iter().map(Ballot::from).collect() })
	}

	fn query_voting_power(
		&self,
		index: ProposalIndex,
		address: String,
		height: Option<u64>,
	) -> Result<At<Vec<Power>>, Error> {
		let account = self::account(&address)?;
		let (at, height) = self.block(height)?;
		self.check_proposal(at, index)?;
		let powers = self.client.runtime_api().voting_power(at, index, account)?;
		Ok(At { height, data: powers.into_iter().map(Power::from).collect() })
	}

	fn dry_run_proposal(
		&self,
		track: TrackId,
		call: String,
		height: Option<u64>,
	) -> Result<At<Trial>, Error> {
		let bytes = bytes(call)?;
		let (at, height) = self.block(height)?;
		let run = self.client.runtime_api().dry_run(at, track, bytes)?;
		Ok(At { height, data: run.into() })
	}
}

#[cfg(test)]
mod tests;
