//! Makes calls and events of the surroundings out of operations, by what the chain is at.

use super::{Driver, Op, Signer};
use crate::{
	model::Prices,
	polls,
	runtime::{self, *},
};
use cybermiles_primitives::{Balance, Rate, CMT};
use pallet_cmt_dpos::{Call as Stake, Candidates, OwnershipOffers, Position, Positions};
use pallet_slashing::{Call as Slashing, SlashCount};
use pallet_stake_voting::{Call as Votes, DelegatorVotes, PollIndex};
use pallet_validator_compensation::{Call as Awards, PayoutsPaused};
use sp_runtime::Perbill;

use super::op::{Pick, Share};

/// Account and candidate for whom an operation makes sense.
type Pair = (AccountId, AccountId);

impl Pick {
	fn of(self, fitting: Vec<Pair>) -> Pair {
		match self {
			Self::Fitting(index) if fitting.is_empty() => (11, 1 + index as AccountId % 8),
			Self::Fitting(index) => fitting[index % fitting.len()],
			Self::Any(who, candidate) => (who, candidate),
		}
	}
}

/// Who has a position like this, and behind which candidate.
fn holders(is_fitting: impl Fn(&Position) -> bool) -> Vec<Pair> {
	let mut pairs: Vec<Pair> = Positions::<Test>::iter()
		.filter(|(_, _, position)| is_fitting(position))
		.map(|(candidate, who, _)| (who, candidate))
		.collect();
	pairs.sort_unstable();
	pairs
}

/// Who controls `candidate`, where it is one.
fn owner(candidate: AccountId) -> AccountId {
	Candidates::<Test>::get(candidate).map_or(candidate, |info| info.owner)
}

fn is_bonded(position: &Position) -> bool {
	position.shares > 0
}

fn value(who: AccountId, of: AccountId) -> Balance {
	runtime::position(who, of).map_or(0, |position| position.value)
}

fn waiting(who: AccountId, of: AccountId) -> Balance {
	let position = runtime::position(who, of);
	position.map_or(0, |position| position.unbonding.iter().map(|wait| wait.amount).sum())
}

impl Driver {
	pub(super) fn run_op(&mut self, op: &Op) {
		if let Some((signer, call)) = call_of(op) {
			let _ = self.call(signer, call);
			return;
		}
		match *op {
			Op::Equivocate(mask, share, age, reporter) => {
				self.equivocate(mask, share, age, reporter)
			},
			Op::Slots(count, down, idle) => self.slots(count.into(), down, idle),
			Op::Gap(slots, idle) => self.jump_to(SlotNow::get() + u64::from(slots), idle),
			Op::Fees(who, sum) => {
				let paid = runtime::pay_fees(who, sum.of(CMT).min(1_000 * CMT));
				self.model.pay_fees(who, paid);
			},
			Op::Gift(who, sum) => self.gift(who, sum.of(CMT)),
			Op::Pause => {
				PayoutsPaused::<Test>::put(true);
				self.model.pause();
			},
			Op::Keys(who) => Keyless::mutate(|keyless| {
				if !keyless.remove(&who) {
					keyless.insert(who);
				}
			}),
			Op::Rotate(who) => Rotations::mutate(|rotations| {
				let rotation = rotations.entry(who).or_default();
				*rotation = rotation.wrapping_add(1);
			}),
			Op::Parameter(which, value) => set_parameter(which, value),
			Op::Submit => self.submit(),
			Op::End(index) => self.end(poll(index)),
			_ => unreachable!("all others are calls"),
		}
	}

	/// Several at once, of a session some time ago.
	fn equivocate(&mut self, mask: u16, share: Share, age: u32, reporter: Option<AccountId>) {
		let guilty = (1..=9).filter(|who: &AccountId| mask >> (who - 1) & 1 == 1);
		let offenders: Vec<_> = guilty.map(|who| (who, reporter)).collect();
		let seats = SessionValidators::get().len() as u32;
		let fraction = match share {
			Share::Formula => Perbill::from_rational(3 * offenders.len() as u32, seats).square(),
			Share::Parts(parts) => Perbill::from_rational(parts, 1_000),
			Share::All => Perbill::one(),
		};
		self.commit(&offenders, fraction, runtime::session().saturating_sub(age));
	}

	/// Submits a poll.
	pub fn submit(&mut self) {
		polls::submit();
		self.model.submit();
	}

	/// Ends a poll, where it goes on.
	pub fn end(&mut self, poll: PollIndex) {
		polls::end(poll);
		self.model.end(poll);
	}

	fn gift(&mut self, who: AccountId, amount: Balance) {
		let before = Prices::now();
		let amount = amount.min(1_000 * CMT);
		if amount > 0 && runtime::free(who) > amount {
			Balances::transfer_allow_death(signed(who), Dpos::escrow(), amount).expect("has it");
			self.model.gift(who, amount);
		}
		let heard = Self::heard(true);
		self.model.listen(before, heard);
	}
}

/// The call that an operation is.
fn call_of(op: &Op) -> Option<(Signer, RuntimeCall)> {
	stake_call(op)
		.or_else(|| award_call(op))
		.or_else(|| slashing_call(op))
		.or_else(|| voting_call(op))
}

fn stake_call(op: &Op) -> Option<(Signer, RuntimeCall)> {
	let (who, call): (AccountId, Stake<Test>) = match *op {
		Op::Delegate(who, candidate, sum) => {
			let room = Candidates::<Test>::get(candidate)
				.map_or(0, |info| info.terms.max_stake.saturating_sub(info.stake));
			let amount = sum.of(room.min(free(who)));
			(who, Stake::delegate { candidate, amount })
		},
		Op::Undelegate(pick, sum) => {
			let (who, candidate) = pick.of(holders(is_bonded));
			let amount = sum.map(|sum| sum.of(value(who, candidate)));
			(who, Stake::undelegate { candidate, amount })
		},
		Op::Rebond(pick, sum) => {
			let (who, candidate) = pick.of(holders(|position| !position.chunks.is_empty()));
			let amount = sum.map(|sum| sum.of(waiting(who, candidate)));
			(who, Stake::rebond { candidate, amount })
		},
		Op::Withdraw(who, pick) => {
			let due = |position: &Position| position.chunks.iter().any(|c| c.due <= era());
			(who, Stake::withdraw_unbonded { who: pick.of(holders(due)).0 })
		},
		_ => return owner_call(op),
	};
	Some((Signer::Account(who), call.into()))
}

fn owner_call(op: &Op) -> Option<(Signer, RuntimeCall)> {
	let (who, call): (AccountId, Stake<Test>) = match *op {
		Op::Declare(who, maximum, rate, own) => {
			let max_stake = maximum.of(free(who));
			let self_stake = own.of(max_stake.min(free(who)));
			(who, Stake::declare { max_stake, max_rate: Rate(rate), self_stake })
		},
		Op::Update(of, maximum, default, highest) => {
			let max_stake = maximum.map(|maximum| maximum.of(0));
			let (default_rate, max_rate) = (default.map(Rate), highest.map(Rate));
			(owner(of), Stake::update { max_stake, default_rate, max_rate })
		},
		Op::Activate(of) => (owner(of), Stake::activate {}),
		Op::Deactivate(of) => (owner(of), Stake::deactivate {}),
		Op::Retire(of) => (owner(of), Stake::retire {}),
		Op::Offer(of, to) => (owner(of), Stake::offer_ownership { to }),
		Op::Accept(pick) => {
			let offers = OwnershipOffers::<Test>::iter().map(|(candidate, to)| (to, candidate));
			let (who, candidate) = pick.of(offers.collect());
			(who, Stake::accept_ownership { candidate })
		},
		_ => return None,
	};
	Some((Signer::Account(who), call.into()))
}

fn award_call(op: &Op) -> Option<(Signer, RuntimeCall)> {
	let (who, call): (AccountId, Awards<Test>) = match *op {
		Op::Harvest(pick) => {
			let (who, candidate) = pick.of(holders(is_bonded));
			(who, Awards::harvest { candidate })
		},
		Op::LowerRate(pick, rate) => {
			let (who, candidate) = pick.of(holders(is_bonded));
			(owner(candidate), Awards::lower_rate { who, rate: Rate(rate) })
		},
		Op::LowerAll(of, rate) => (owner(of), Awards::lower_all_rates { rate: Rate(rate) }),
		Op::AcceptRate(pick, rate) => {
			let (who, candidate) = pick.of(holders(is_bonded));
			(who, Awards::accept_rate { candidate, rate: Rate(rate) })
		},
		Op::Account(of, account) => (owner(of), Awards::set_compensation_account { account }),
		Op::PayCompensation(who, account) => (who, Awards::pay_compensation { account }),
		Op::Resume => return Some((Signer::Root, Awards::<Test>::resume_payouts {}.into())),
		Op::Heartbeat(index, ahead) => return Some(heartbeat(index, ahead)),
		_ => return None,
	};
	Some((Signer::Account(who), call.into()))
}

/// Mostly of a standby.
fn heartbeat(index: usize, ahead: u32) -> (Signer, RuntimeCall) {
	let standbys = Dpos::seats().standbys;
	let candidate = match standbys.get(index % (standbys.len() + 1)) {
		Some(seat) => seat.candidate,
		None => 1 + index as AccountId % 9,
	};
	(Signer::Call, heartbeat_of(candidate, runtime::session() + ahead))
}

fn slashing_call(op: &Op) -> Option<(Signer, RuntimeCall)> {
	let number = |index: usize| {
		let count = SlashCount::<Test>::get();
		// The latest ones are the ones held; sometimes one that is not.
		count.saturating_sub(index as u32 % 6) + u32::from(index.is_multiple_of(16))
	};
	let (signer, call): (Signer, Slashing<Test>) = match *op {
		Op::Settle(who, index) => {
			(Signer::Account(who), Slashing::settle_slash { index: number(index) })
		},
		Op::Confirm(index) => (Signer::Root, Slashing::confirm_slash { index: number(index) }),
		Op::Cancel(index) => (Signer::Root, Slashing::cancel_slash { index: number(index) }),
		Op::Pardon(candidate) => (Signer::Root, Slashing::pardon { candidate }),
		Op::Report(who, index) => {
			let seats = seats_at_slot();
			let (proof, key_proof) = double_authoring(seats[index % seats.len()]);
			let proof = Box::new(proof);
			(Signer::Account(who), Slashing::report_double_authoring { proof, key_proof })
		},
		_ => return None,
	};
	Some((signer, call.into()))
}

/// Mostly a poll that takes votes, the latest ones most often; sometimes one that does not, or none.
fn poll(index: usize) -> PollIndex {
	let open = polls::open();
	if open.is_empty() || index.is_multiple_of(16) {
		return (index / 16) as PollIndex % (PollCount::get() + 2);
	}
	open[open.len() - 1 - index % open.len().min(4)]
}

fn voting_call(op: &Op) -> Option<(Signer, RuntimeCall)> {
	let (who, call): (AccountId, Votes<Test>) = match *op {
		Op::Vote(pick, index, vote) => {
			let poll = poll(index);
			// Any seat votes; one that did, withdraws.
			let seats = Voting::seats_in(poll).into_iter();
			let seats = seats.filter(|(_, _, record)| vote.is_some() || record.vote.is_some());
			let (_, candidate) = pick.of(seats.map(|(of, ..)| (of, of)).collect());
			let call = match vote {
				Some(vote) => Votes::vote { poll, vote },
				None => Votes::withdraw_vote { poll },
			};
			(owner(candidate), call)
		},
		Op::VoteStake(pick, index, Some(vote)) => {
			let poll = poll(index);
			let seats = Voting::seats_in(poll);
			// Also with what waits, or came since.
			let mut pairs = holders(|_| true);
			pairs.retain(|(_, candidate)| seats.iter().any(|(of, ..)| of == candidate));
			let (who, candidate) = pick.of(pairs);
			(who, Votes::vote_stake { poll, candidate, vote })
		},
		Op::VoteStake(pick, index, None) => {
			let poll = poll(index);
			let votes = DelegatorVotes::<Test>::iter_key_prefix(poll);
			let mut pairs: Vec<Pair> = votes.map(|(candidate, who)| (who, candidate)).collect();
			pairs.sort_unstable();
			let (who, candidate) = pick.of(pairs);
			(who, Votes::withdraw_stake_vote { poll, candidate })
		},
		_ => return None,
	};
	Some((Signer::Account(who), call.into()))
}

/// Changes a parameter within what governance may.
fn set_parameter(which: u8, value: u32) {
	let percent = |most: u32| Perbill::from_percent(value % (most + 1));
	match which % 20 {
		0 => SessionLength::set(u64::from(5 + value % 4)),
		1 => SessionsPerEra::set(1 + value % 4),
		2 => UnbondingEras::set(1 + value % 5),
		3 => Validators::set(1 + value % 7),
		4 => Standbys::set(value % 4),
		5 => MinValidators::set(1 + value % 8),
		6 => StakeCap::set(Perbill::from_percent(1 + value % 100)),
		7 => MinDelegation::set(Balance::from(1 + value % 2_000) * CMT),
		8 => MinMaxStake::set(Balance::from(1 + value) * 2 * CMT),
		9 => SelfStakeRatio::set(percent(30)),
		10 => MaxPositions::set(1 + value % 7),
		11 => Inflation::set(percent(20)),
		12 => StandbyShare::set(percent(50)),
		13 => DowntimeTurns::set(1 + value % 6),
		14 => DowntimeSlash::set(percent(10)),
		15 => JailTime::set(u64::from(value % 100) * SLOT_MILLIS),
		16 => MassAbsence::set(Perbill::from_percent(10 + value % 80)),
		17 => EquivocationSlash::set(Perbill::from_percent(1 + value % 60)),
		18 => HoldEras::set(1 + value % 4),
		_ => ReporterShare::set(percent(50)),
	}
}
