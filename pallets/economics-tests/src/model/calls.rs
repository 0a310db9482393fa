//! Calls and blocks, as the model understands them.

use super::{must, Amount, Candidate, Jail, Model, Position, Status, Term, Verdict, PLANCK};
use crate::runtime::{free, AccountId, Now, RuntimeCall, SessionLength, Test, ACCOUNTS, TREASURY};
use cybermiles_primitives::{Balance, ClassId};
use pallet_cmt_dpos::{Call as Stake, Candidates, Positions, SeatsOf};
use pallet_slashing::Call as Slashing;
use pallet_stake_voting::Call as Votes;
use pallet_validator_compensation::Call as Awards;

impl Model {
	/// The model of a chain whose first block has just begun, in slot 1.
	pub fn genesis() -> Self {
		let mut model = Self {
			block: 1,
			slot: 1,
			era_starts: vec![0],
			session_length: SessionLength::get(),
			..Self::default()
		};
		for who in ACCOUNTS.chain([TREASURY]) {
			model.free.insert(who, free(who));
		}
		for (who, info) in Candidates::<Test>::iter() {
			let terms = info.terms;
			let candidate = Candidate {
				owner: info.owner,
				order: info.order,
				status: Status::Active,
				max_stake: terms.max_stake,
				max_rate: terms.max_rate,
				default_rate: terms.default_rate,
			};
			model.candidates.insert(who, candidate);
			model.declared += 1;
		}
		for (candidate, who, position) in Positions::<Test>::iter() {
			model.positions.insert((candidate, who), genesis_position(position));
		}
		model.elect_genesis();
		model
	}

	fn elect_genesis(&mut self) {
		for session in [0, 1] {
			// Each election stands on the one before; there is none before the first.
			assert!(!SeatsOf::<Test>::get(session).validators.is_empty());
			self.elect(session);
		}
		let elected = self.elected[&0].clone();
		self.validators = elected.validators.iter().map(|(who, _)| *who).collect();
		self.seat(&elected, Now::get());
	}

	/// What `call`, signed by `who` or by root, does. Refused, it does nothing to the books, and its
	/// caller forgets this model.
	pub fn call(&mut self, who: Option<AccountId>, call: &RuntimeCall) -> Verdict {
		match call {
			RuntimeCall::CmtDpos(call) => self.stake_call(who.expect("signed"), call),
			RuntimeCall::ValidatorCompensation(call) => self.award_call(who, call),
			RuntimeCall::Slashing(call) => self.slashing_call(call),
			RuntimeCall::StakeVoting(call) => self.voting_call(who.expect("signed"), call),
			other => panic!("{other:?} is no call of the economics"),
		}
	}

	fn stake_call(&mut self, who: AccountId, call: &Stake<Test>) -> Verdict {
		match *call {
			Stake::declare { max_stake, max_rate, self_stake } => {
				self.declare(who, max_stake, max_rate, self_stake)
			},
			Stake::update { max_stake, default_rate, max_rate } => {
				self.update(who, max_stake, default_rate, max_rate)
			},
			Stake::activate {} => self.activate(who, Now::get()),
			Stake::deactivate {} => self.deactivate(who),
			Stake::retire {} => self.retire(who),
			Stake::offer_ownership { to } => self.offer(who, to),
			Stake::accept_ownership { candidate } => self.accept(who, candidate),
			Stake::delegate { candidate, amount } => self.delegate(who, candidate, amount),
			Stake::undelegate { candidate, amount } => self.undelegate(who, candidate, amount),
			Stake::rebond { candidate, amount } => self.rebond(who, candidate, amount),
			Stake::withdraw_unbonded { who: to } => self.withdraw(to),
			_ => panic!("a call that the model does not know"),
		}
	}

	fn award_call(&mut self, who: Option<AccountId>, call: &Awards<Test>) -> Verdict {
		let signer = || who.expect("signed");
		match call {
			Awards::harvest { candidate } => self.harvest(signer(), *candidate),
			Awards::lower_rate { who, rate } => self.lower_rate(signer(), *who, *rate),
			Awards::lower_all_rates { rate } => self.lower_all(signer(), *rate),
			Awards::accept_rate { candidate, rate } => {
				self.accept_rate(signer(), *candidate, *rate)
			},
			Awards::set_compensation_account { account } => self.set_account(signer(), *account),
			Awards::pay_compensation { account } => self.pay_compensation(*account),
			Awards::heartbeat { beat, .. } => {
				self.heartbeat(beat.candidate, beat.session, Now::get())
			},
			Awards::resume_payouts {} => {
				must(self.paused, "PayoutsNotPaused")?;
				self.paused = false;
				Ok(())
			},
			_ => panic!("a call that the model does not know"),
		}
	}

	fn slashing_call(&mut self, call: &Slashing<Test>) -> Verdict {
		match call {
			Slashing::settle_slash { index } => self.settle_slash(*index),
			Slashing::confirm_slash { index } => self.confirm_slash(*index),
			Slashing::cancel_slash { index } => self.cancel(*index),
			Slashing::pardon { candidate } => self.pardon(*candidate, Now::get()),
			Slashing::report_double_authoring { proof, .. } => self.report(*proof.slot),
			_ => panic!("a call that the model does not know"),
		}
	}

	fn voting_call(&mut self, who: AccountId, call: &Votes<Test>) -> Verdict {
		let now = Now::get();
		match *call {
			Votes::vote { poll, vote } => self.vote(who, poll, Some(vote), now),
			Votes::withdraw_vote { poll } => self.vote(who, poll, None, now),
			Votes::vote_stake { poll, candidate, vote } => {
				self.vote_stake(who, poll, candidate, Some(vote))
			},
			Votes::withdraw_stake_vote { poll, candidate } => {
				self.vote_stake(who, poll, candidate, None)
			},
			_ => panic!("a call that the model does not know"),
		}
	}

	/// The proofs are right; what may be wrong is that one was given before.
	fn report(&mut self, slot: u64) -> Verdict {
		let offenders: Vec<AccountId> = self
			.heard
			.offences
			.iter()
			.flat_map(|offence| offence.offenders.iter().map(|(who, _)| *who))
			.collect();
		let fresh = offenders.iter().any(|who| !self.reported.contains(&(*who, slot)));
		self.reported.extend(offenders.into_iter().map(|who| (who, slot)));
		self.hear_offences();
		must(fresh, "KnownOffence")
	}

	/// Offences that the slashing pallet was told of directly.
	pub fn commit(&mut self) {
		self.hear_offences();
	}

	/// Somebody paid fees in this block.
	pub fn pay_fees(&mut self, who: AccountId, amount: Balance) {
		*self.free.get_mut(&who).expect("known") -= amount;
		self.fees += amount;
	}

	/// Somebody sent CMT to somebody else.
	pub fn moved(&mut self, from: AccountId, to: AccountId, amount: Balance) {
		*self.free.get_mut(&from).expect("known") -= amount;
		*self.free.get_mut(&to).expect("known") += amount;
	}

	/// Somebody sent CMT to escrow.
	pub fn gift(&mut self, who: AccountId, amount: Balance) {
		*self.free.get_mut(&who).expect("known") -= amount;
		self.gifts += amount;
	}

	/// What was sent to escrow and is in no books.
	pub fn gifts(&self) -> Balance {
		self.gifts
	}

	/// Escrow pays nothing from now on.
	pub fn pause(&mut self) {
		self.paused = true;
	}

	/// Whether escrow pays nothing.
	pub fn is_paused(&self) -> bool {
		self.paused
	}

	/// The block ends, with or without room for payments.
	pub fn end_block(&mut self, idle: bool) {
		self.slashes_said();
		self.settle_said();
		if idle && !self.paused {
			self.assert_no_slash_due();
			self.assert_nothing_due();
		}
		self.award();
	}

	/// The validators that sat when the last block ended have their turns counted up to `slot`.
	/// `before` is the time of the block before.
	pub fn begin_block(&mut self, slot: u64, author: AccountId, before: u64) {
		self.block += 1;
		self.attend(slot, author, before);
		if self.session_ends() {
			self.rotate(before);
		}
	}
}

fn genesis_position(position: pallet_cmt_dpos::Position) -> Position {
	Position {
		class: position.class,
		rate: position.class.agreed_rate(),
		owners: position.class == ClassId::OWNER,
		// At genesis a share is worth a planck.
		bonded: Some(Amount::new(position.shares * PLANCK)),
		principal: position.principal,
		waits: Vec::new(),
	}
}

/// The jail of the chain as the model writes it.
pub(super) fn jail_of(jail: pallet_slashing::Jail) -> Jail {
	use pallet_slashing::JailTerm;
	let term = match jail.term {
		JailTerm::Until(end) => Term::Until(end),
		JailTerm::Tombstoned { fraction, session } => Term::Tombstoned { fraction, session },
	};
	Jail { term, cause: jail.cause }
}
