//! What the `cmt_` methods answer with.
//!
//! Fields that the first CyberMiles chain had keep their name and meaning; those that follow a
//! remark "ours" are new. Amounts are decimal strings in planck, so that no client rounds them.

mod proposals;

pub(crate) use proposals::{Ballot, Power, Proposal, Track, Trial};

use crate::address::show;
use cybermiles_primitives::{
	api::{
		CandidateState, CandidateSummary, ClassInfo, ConductInfo, ParameterInfo, ParameterUnit,
		PositionInfo, ProfileInfo, Role, SeatAward, UnbondingInfo,
	},
	Balance, EraIndex, Rate, RATE_UNIT,
};
use cybermiles_runtime::{AccountId, BlockNumber};
use serde::Serialize;
use std::collections::BTreeMap;

/// An answer, and the block whose state it describes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct At<T> {
	/// Number of the block.
	pub(crate) height: BlockNumber,
	/// The answer.
	pub(crate) data: T,
}

/// Yes or no, as the first chain wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) enum Flag {
	/// Yes.
	Y,
	/// No.
	N,
}

impl From<bool> for Flag {
	fn from(yes: bool) -> Self {
		if yes {
			Self::Y
		} else {
			Self::N
		}
	}
}

/// The part a candidate plays, as the first chain called it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) enum Part {
	/// Authors blocks and finalises.
	Validator,
	/// Next in line.
	#[serde(rename = "Backup Validator")]
	Backup,
	/// Waits for enough stake.
	Candidate,
}

impl From<Role> for Part {
	fn from(role: Role) -> Self {
		match role {
			Role::Validator => Self::Validator,
			Role::Standby => Self::Backup,
			Role::Candidate => Self::Candidate,
		}
	}
}

/// A candidate, with or without a seat.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Validator {
	/// What names the candidate for ever: its address. The first chain had a number here.
	pub(crate) id: String,
	/// The account that controls it now.
	pub(crate) owner_address: String,
	/// All stake behind it, in planck.
	pub(crate) shares: String,
	/// The part of its stake that counts in this session, in planck; zero without a seat.
	pub(crate) voting_power: String,
	/// Stake above which it takes no further delegation, in planck.
	pub(crate) max_shares: String,
	/// What a newcomer agrees to pay of each award, as a fraction.
	pub(crate) comp_rate: String,
	/// Whether it stands for election.
	pub(crate) active: Flag,
	/// Place among the active by stake, from 1; none when it is not active.
	pub(crate) rank: Option<u32>,
	/// The part it plays in this session.
	pub(crate) state: Part,
	/// The key with which it authors; none where it has none.
	pub(crate) pub_key: Option<PublicKey>,
	/// Who it says that it is.
	pub(crate) description: Description,
	/// Whether a registrar vouches for the description.
	pub(crate) verified: Flag,
	/// Positions behind it, its owner's and those that only wait included.
	pub(crate) num_of_delegators: u32,

	/// Ours: the same as `id`, by the name that the rest of the chain uses.
	pub(crate) candidate: String,
	/// Ours: the part it plays in this session.
	pub(crate) role: Role,
	/// Ours: active, inactive, or retired with the era in which its delegations are paid.
	pub(crate) standing: CandidateState,
	/// Ours: the owner's stake, in planck.
	pub(crate) self_stake: String,
	/// Ours: `comp_rate` in thousandths.
	pub(crate) default_rate: u16,
	/// Ours: the highest rate it may ever ask, in thousandths.
	pub(crate) max_rate: u16,
	/// Ours: what a newcomer would earn, in millionths a year; none when it is not active.
	pub(crate) yearly_yield: Option<u64>,
	/// Ours: how it behaves.
	pub(crate) conduct: Conduct,
	/// Ours: its delegations by rate; only where one candidate was asked for.
	#[serde(skip_serializing_if = "Option::is_none")]
	pub(crate) classes: Option<Vec<Class>>,
}

impl Validator {
	/// Puts together what the runtime says of one candidate; `counted` is in planck.
	pub(super) fn new(summary: CandidateSummary<AccountId>, counted: Balance) -> Self {
		let CandidateSummary { info, profile, conduct, yearly } = summary;
		let candidate = show(&info.candidate);
		Self {
			id: candidate.clone(),
			owner_address: show(&info.owner),
			shares: info.stake.to_string(),
			voting_power: counted.to_string(),
			max_shares: info.max_stake.to_string(),
			comp_rate: fraction(info.default_rate),
			active: (info.state == CandidateState::Active).into(),
			rank: info.rank,
			state: info.role.into(),
			pub_key: profile.aura_key.map(PublicKey::from),
			verified: profile.verified.into(),
			description: profile.into(),
			num_of_delegators: info.positions,
			candidate,
			role: info.role,
			standing: info.state,
			self_stake: info.self_stake.to_string(),
			default_rate: info.default_rate.0,
			max_rate: info.max_rate.0,
			yearly_yield: info.rank.map(|_| yearly),
			conduct: conduct.into(),
			classes: None,
		}
	}

	/// Adds the delegations behind it.
	pub(super) fn with_classes(self, classes: Vec<ClassInfo>) -> Self {
		Self { classes: Some(classes.into_iter().map(Class::from).collect()), ..self }
	}
}

/// A session key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct PublicKey {
	/// What kind of key it is.
	#[serde(rename = "type")]
	pub(crate) kind: &'static str,
	/// The key in hexadecimal digits.
	pub(crate) value: String,
}

impl From<[u8; 32]> for PublicKey {
	fn from(key: [u8; 32]) -> Self {
		Self { kind: "sr25519", value: format!("{:?}", sp_core::H256(key)) }
	}
}

/// Who a candidate says that it is, from the identity of its owner; empty where nothing is said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Description {
	/// Its name.
	pub(crate) name: String,
	/// Its site.
	pub(crate) website: String,
	/// Its place.
	pub(crate) location: String,
	/// Its mail address.
	pub(crate) email: String,
}

impl From<ProfileInfo> for Description {
	fn from(info: ProfileInfo) -> Self {
		Self {
			name: text(info.name),
			website: text(info.website),
			location: text(info.location),
			email: text(info.email),
		}
	}
}

/// How a candidate behaves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Conduct {
	/// Whether it missed its latest turn, and so earns nothing until it authors again.
	pub(crate) absent: bool,
	/// Own turns missed in a row.
	pub(crate) missed_turns: u32,
	/// When its jail ends, in milliseconds since 1970; none when it is not in jail.
	pub(crate) jailed_until: Option<u64>,
	/// Whether it is in jail for good.
	pub(crate) tombstoned: bool,
	/// How many slashes it ever had.
	pub(crate) slashes: u32,
}

impl From<ConductInfo> for Conduct {
	fn from(info: ConductInfo) -> Self {
		let ConductInfo { absent, missed_turns, jailed_until, tombstoned, slashes } = info;
		Self { absent, missed_turns, jailed_until, tombstoned, slashes }
	}
}

/// The delegations of one candidate that pay the same rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Class {
	/// Whether it is the owner's own, which pays nothing.
	pub(crate) owners: bool,
	/// The rate that its members agreed to, in thousandths.
	pub(crate) agreed_rate: u16,
	/// The rate that they pay from the next award on, in thousandths.
	pub(crate) rate: u16,
	/// Their stake, in planck.
	pub(crate) stake: String,
}

impl From<ClassInfo> for Class {
	fn from(info: ClassInfo) -> Self {
		Self {
			owners: info.owners,
			agreed_rate: info.agreed.0,
			rate: info.rate.0,
			stake: info.stake.to_string(),
		}
	}
}

/// What one account has behind one candidate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Delegation {
	/// The account that was asked for.
	pub(crate) delegator_address: String,
	/// The candidate, by the address that names it for ever.
	pub(crate) validator_address: String,
	/// The same as `validator_address`. The first chain had a number here.
	pub(crate) candidate_id: String,
	/// What was put in and not taken out, in planck.
	pub(crate) delegate_amount: String,
	/// What `harvest` would pay now, in planck.
	pub(crate) award_amount: String,
	/// What waits to be paid, in planck.
	pub(crate) pending_withdraw_amount: String,
	/// The rate paid from the next award on, as a fraction.
	pub(crate) comp_rate: String,
	/// What it counts for in a vote, in planck: its value.
	pub(crate) voting_power: String,
	/// Whether anything is still bonded.
	pub(crate) state: Flag,

	/// Ours: what the bonded part is worth now, in planck.
	pub(crate) value: String,
	/// Ours: `delegate_amount` by the name that the rest of the chain uses.
	pub(crate) principal: String,
	/// Ours: `award_amount` by the name that the rest of the chain uses.
	pub(crate) earned: String,
	/// Ours: `comp_rate` in thousandths.
	pub(crate) rate: u16,
	/// Ours: what waits to be paid, oldest first.
	pub(crate) unbonding: Vec<Unbonding>,
}

impl Delegation {
	/// What `delegator` has behind one candidate.
	pub(super) fn new(delegator: &AccountId, info: PositionInfo<AccountId>) -> Self {
		let waiting = info.unbonding.iter().map(|chunk| chunk.amount);
		let waiting = waiting.fold(0, Balance::saturating_add);
		let candidate = show(&info.candidate);
		Self {
			delegator_address: show(delegator),
			validator_address: candidate.clone(),
			candidate_id: candidate,
			delegate_amount: info.principal.to_string(),
			award_amount: info.earned.to_string(),
			pending_withdraw_amount: waiting.to_string(),
			comp_rate: fraction(info.rate),
			voting_power: info.value.to_string(),
			state: (info.value > 0).into(),
			value: info.value.to_string(),
			principal: info.principal.to_string(),
			earned: info.earned.to_string(),
			rate: info.rate.0,
			unbonding: info.unbonding.into_iter().map(Unbonding::from).collect(),
		}
	}
}

/// An amount that waits to be paid.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Unbonding {
	/// The era in which it left the stake.
	pub(crate) since: EraIndex,
	/// First era in which it is paid.
	pub(crate) due: EraIndex,
	/// What it is worth now, in planck.
	pub(crate) amount: String,
}

impl From<UnbondingInfo> for Unbonding {
	fn from(info: UnbondingInfo) -> Self {
		Self { since: info.since, due: info.due, amount: info.amount.to_string() }
	}
}

/// What one seat earned.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Award {
	/// The candidate.
	pub(crate) address: String,
	/// Whether it sits as validator or as backup.
	pub(crate) state: Part,
	/// What this block brought it and its delegators, in planck.
	pub(crate) amount: String,

	/// Ours: what the session brought so far, this block included, in planck.
	pub(crate) session_amount: String,
	/// Ours: the part of `session_amount` that is the owner's compensation, in planck.
	pub(crate) session_compensation: String,
}

impl Award {
	/// What the block brought to each seat: what the session brought up to it, less what it had
	/// brought up to the block `before`.
	pub(super) fn of_block(
		now: Vec<SeatAward<AccountId>>,
		before: &[SeatAward<AccountId>],
	) -> Vec<Self> {
		let earlier = |seat: &SeatAward<AccountId>| {
			let same = before.iter().find(|other| other.candidate == seat.candidate);
			same.map_or(0, |other| other.award)
		};
		now.iter().map(|seat| Self::new(seat, earlier(seat))).collect()
	}

	fn new(seat: &SeatAward<AccountId>, earlier: Balance) -> Self {
		Self {
			address: show(&seat.candidate),
			state: if seat.validator { Part::Validator } else { Part::Backup },
			amount: seat.award.saturating_sub(earlier).to_string(),
			session_amount: seat.award.to_string(),
			session_compensation: seat.compensation.to_string(),
		}
	}
}

/// The validators that missed their latest turn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Absences {
	/// They, by address.
	#[serde(rename = "Validators")]
	pub(crate) validators: BTreeMap<String, Absence>,
}

/// How long a validator has been absent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Absence {
	/// Own turns missed in a row.
	#[serde(rename = "Count")]
	pub(crate) count: u32,
	/// Ours: how it behaves otherwise.
	pub(crate) conduct: Conduct,
}

impl From<Vec<(AccountId, ConductInfo)>> for Absences {
	fn from(absent: Vec<(AccountId, ConductInfo)>) -> Self {
		let entry = |(account, info): (AccountId, ConductInfo)| {
			(show(&account), Absence { count: info.missed_turns, conduct: info.into() })
		};
		Self { validators: absent.into_iter().map(entry).collect() }
	}
}

/// A protocol parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Parameter {
	/// Its value, as a decimal string.
	pub(crate) value: String,
	/// What the value counts; parts of one are in `perbill`, parts per billion.
	pub(crate) unit: ParameterUnit,
}

/// All parameters by name, in `snake_case` as on the first chain.
pub(super) fn parameters(infos: Vec<ParameterInfo>) -> BTreeMap<String, Parameter> {
	let entry = |info: ParameterInfo| {
		let parameter = Parameter { value: info.value.to_string(), unit: info.unit };
		(snake_case(&String::from_utf8_lossy(&info.name)), parameter)
	};
	infos.into_iter().map(entry).collect()
}

/// A text of the runtime.
fn text(bytes: Vec<u8>) -> String {
	String::from_utf8_lossy(&bytes).into_owned()
}

/// A rate as a fraction in lowest terms, for instance `1/5`.
fn fraction(rate: Rate) -> String {
	let divisor = common_divisor(rate.0, RATE_UNIT);
	format!("{}/{}", rate.0 / divisor, RATE_UNIT / divisor)
}

/// The greatest common divisor; `b` itself where `a` is zero.
fn common_divisor(mut a: u16, mut b: u16) -> u16 {
	while a != 0 {
		(a, b) = (b % a, a);
	}
	b
}

/// `MaxStake` as `max_stake`.
fn snake_case(name: &str) -> String {
	let mut snake = String::with_capacity(name.len() + 4);
	for (place, letter) in name.char_indices() {
		if letter.is_uppercase() && place > 0 {
			snake.push('_');
		}
		snake.extend(letter.to_lowercase());
	}
	snake
}

#[cfg(test)]
mod tests;
