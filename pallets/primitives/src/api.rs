//! The runtime API of delegated stake, and what it answers with.

use crate::{Balance, EraIndex, Rate, SessionIndex};
use alloc::vec::Vec;
use codec::{Codec, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_slots::EquivocationProof;
use sp_runtime::Perbill;

/// For how many sessions it can be read what each seat earned.
pub const SESSIONS_KEPT: u32 = 144;

/// What a candidate does at present.
#[derive(Clone, Copy, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub enum CandidateState {
	/// Stands for election.
	Active,
	/// Stands aside from the next elections; its stake stays.
	Inactive,
	/// Closed: all its delegations unbond and are paid from era `due` on.
	Retired {
		/// First era in which the delegations are paid.
		due: EraIndex,
	},
}

/// The part a candidate plays in the present session.
#[derive(Clone, Copy, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub enum Role {
	/// Authors blocks and finalises.
	Validator,
	/// Next in line.
	Standby,
	/// Waits for enough stake.
	Candidate,
}

/// A candidate as wallets show it.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct CandidateInfo<AccountId> {
	/// The address that names the candidate for its whole life.
	pub candidate: AccountId,
	/// The account that controls it now.
	pub owner: AccountId,
	/// Active, inactive or retired.
	pub state: CandidateState,
	/// Part played in the present session.
	pub role: Role,
	/// Place among the active candidates by stake, from 1; none when not active.
	pub rank: Option<u32>,
	/// All stake behind it, its owner's included, in planck.
	pub stake: Balance,
	/// Its owner's stake, in planck.
	pub self_stake: Balance,
	/// Stake above which it takes no further delegation, in planck.
	pub max_stake: Balance,
	/// Highest compensation rate it may ever ask.
	pub max_rate: Rate,
	/// Compensation rate that a newcomer agrees to.
	pub default_rate: Rate,
	/// How many positions there are behind it, its owner's and those that only wait included.
	pub positions: u32,
}

/// Who a candidate says that it is. All texts are as their owner wrote them.
#[derive(
	Clone, Debug, Decode, Default, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo,
)]
#[serde(rename_all = "camelCase")]
pub struct ProfileInfo {
	/// The Aura key that it has registered.
	pub aura_key: Option<[u8; 32]>,
	/// Its name.
	pub name: Vec<u8>,
	/// Its site.
	pub website: Vec<u8>,
	/// Its place.
	pub location: Vec<u8>,
	/// Its mail address.
	pub email: Vec<u8>,
	/// Whether a registrar vouches for it.
	pub verified: bool,
}

/// One seat of a session.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct SeatInfo<AccountId> {
	/// Who sits.
	pub candidate: AccountId,
	/// Its stake when it was elected, in planck.
	pub stake: Balance,
	/// The part of that stake that counts after the cap, in planck.
	pub counted: Balance,
}

/// The seats of one session, strongest first.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct SessionSeats<AccountId> {
	/// The session in which they sit.
	pub session: SessionIndex,
	/// Those who author and finalise.
	pub validators: Vec<SeatInfo<AccountId>>,
	/// Those next in line.
	pub standbys: Vec<SeatInfo<AccountId>>,
}

impl<AccountId> Default for SessionSeats<AccountId> {
	fn default() -> Self {
		Self { session: 0, validators: Vec::new(), standbys: Vec::new() }
	}
}

/// An amount that waits to be paid.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct UnbondingInfo {
	/// The era in which it left the stake.
	pub since: EraIndex,
	/// First era in which it is paid.
	pub due: EraIndex,
	/// What it is worth now, in planck; a slash can still lower it.
	pub amount: Balance,
}

/// What an account has behind one candidate.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct PositionInfo<AccountId> {
	/// The candidate.
	pub candidate: AccountId,
	/// What the bonded part is worth now, in planck, awards of this block included.
	pub value: Balance,
	/// What the delegator put in and has not taken out, in planck.
	pub principal: Balance,
	/// What `harvest` would pay now, in planck.
	pub earned: Balance,
	/// The compensation rate paid from the next award on.
	pub rate: Rate,
	/// What waits to be paid, oldest first.
	pub unbonding: Vec<UnbondingInfo>,
}

/// A class of delegations behind one candidate.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct ClassInfo {
	/// Whether it is the owner's own, which pays no compensation.
	pub owners: bool,
	/// The rate that its members agreed to.
	pub agreed: Rate,
	/// The rate that they pay from the next award on.
	pub rate: Rate,
	/// Their stake, in planck, awards of this block included.
	pub stake: Balance,
}

/// What one block awarded.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	Default,
	Deserialize,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	Serialize,
	TypeInfo,
)]
#[serde(rename_all = "camelCase")]
pub struct BlockAward {
	/// New CMT, in planck.
	pub issued: Balance,
	/// Fees, gas and tips of the block, in planck.
	pub fees: Balance,
	/// What earlier awards had left over, in planck.
	pub carried: Balance,
	/// The part of the present validators, in planck.
	pub to_validators: Balance,
	/// The part of the standbys that prove themselves alive, in planck.
	pub to_standbys: Balance,
}

/// What a seat earned in one session.
#[derive(
	Clone, Debug, Decode, Deserialize, Encode, Eq, MaxEncodedLen, PartialEq, Serialize, TypeInfo,
)]
#[serde(rename_all = "camelCase")]
pub struct SeatAward<AccountId> {
	/// The candidate.
	pub candidate: AccountId,
	/// Whether it sat as validator; as standby where not.
	pub validator: bool,
	/// Its award with that of its delegators, in planck.
	pub award: Balance,
	/// The part of it that is compensation, in planck.
	pub compensation: Balance,
}

/// How much a delegator earns behind a candidate.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct YieldInfo<AccountId> {
	/// The candidate.
	pub candidate: AccountId,
	/// Millionths a year, for who agrees to the candidate's default rate, if all goes on as in the
	/// last whole session: after rate, cap and presence. Zero for who did not sit in it.
	pub yearly: u64,
}

/// How a candidate behaves.
#[derive(Clone, Copy, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct ConductInfo {
	/// Whether it missed its latest turn, and so earns nothing until it authors again.
	pub absent: bool,
	/// Own turns missed in a row.
	pub missed_turns: u32,
	/// When its jail ends, in milliseconds since 1970; none when it is not in jail.
	pub jailed_until: Option<u64>,
	/// Whether it is in jail for good.
	pub tombstoned: bool,
	/// How many slashes it ever had.
	pub slashes: u32,
}

/// All that a list of candidates shows of one.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct CandidateSummary<AccountId> {
	/// Stake, rates, rank and role.
	pub info: CandidateInfo<AccountId>,
	/// Who it says that it is.
	pub profile: ProfileInfo,
	/// How it behaves.
	pub conduct: ConductInfo,
	/// What a newcomer would earn, in millionths a year, as [`YieldInfo::yearly`] says.
	pub yearly: u64,
}

/// What kind of offence was committed.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Deserialize,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	Serialize,
	TypeInfo,
)]
#[serde(rename_all = "camelCase")]
pub enum OffenceKind {
	/// Too many own turns missed in a row.
	Downtime,
	/// Two blocks authored for one slot.
	DoubleAuthoring,
	/// Two finality votes in one round.
	GrandpaEquivocation,
}

/// Where the money of a slash is.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Deserialize,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	Serialize,
	TypeInfo,
)]
#[serde(rename_all = "camelCase")]
pub enum SlashState {
	/// Held until era `due`; governance can still cancel.
	Held {
		/// First era in which it is paid out by itself.
		due: EraIndex,
	},
	/// Given back to the pools.
	Cancelled,
	/// Paid to the reporter and the treasury.
	Applied,
}

/// One slash.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct SlashInfo<AccountId> {
	/// Its number.
	pub index: u32,
	/// Who was slashed.
	pub candidate: AccountId,
	/// For what.
	pub kind: OffenceKind,
	/// The era of the offence.
	pub era: EraIndex,
	/// The session of the offence.
	pub session: SessionIndex,
	/// The part of each pool that was taken.
	pub fraction: Perbill,
	/// What was taken, in planck.
	pub amount: Balance,
	/// Who reported it.
	pub reporter: Option<AccountId>,
	/// Where the money is.
	pub state: SlashState,
}

/// The books of escrow against its balance. All in planck.
#[derive(Clone, Copy, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct SolvencyInfo {
	/// What the escrow account has.
	pub escrow: Balance,
	/// Stake and what waits to be paid.
	pub stake: Balance,
	/// Awards that are not folded into pools yet.
	pub pending: Balance,
	/// Compensation that is not paid yet.
	pub compensation: Balance,
	/// Slashes held.
	pub slashes: Balance,
	/// What the next award takes up.
	pub undistributed: Balance,
	/// Whether payouts are paused because the books once did not match.
	pub paused: bool,
}

/// A protocol parameter, by name.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub struct ParameterInfo {
	/// Its name, as in metadata, for instance `Inflation`.
	pub name: Vec<u8>,
	/// Its value: a count, planck, milliseconds, or parts per billion where it is a part of one.
	pub value: u128,
	/// What the value counts.
	pub unit: ParameterUnit,
}

/// What a parameter counts.
#[derive(Clone, Copy, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase")]
pub enum ParameterUnit {
	/// Things: blocks, sessions, eras, seats, turns.
	Count,
	/// Planck.
	Planck,
	/// Parts per billion.
	Perbill,
	/// Milliseconds.
	Milliseconds,
}

sp_api::decl_runtime_apis! {
	/// Delegated stake as nodes and wallets read it. All amounts are in planck.
	pub trait DposApi<AccountId: Codec> {
		/// At most `count` candidates from place `start` on: the active ones by rank, from the
		/// strongest; after them all others in no particular order.
		fn candidates(start: u32, count: u32) -> Vec<CandidateInfo<AccountId>>;

		/// One candidate by the address that names it.
		fn candidate(candidate: AccountId) -> Option<CandidateInfo<AccountId>>;

		/// Who a candidate says that it is.
		fn profile(candidate: AccountId) -> ProfileInfo;

		/// The candidate that `owner` controls.
		fn candidate_of(owner: AccountId) -> Option<AccountId>;

		/// The candidate that registered this Aura key, for the sessions to come or earlier ones.
		fn candidate_with_key(aura_key: AuraId) -> Option<AccountId>;

		/// The seats of the present session.
		fn seats() -> SessionSeats<AccountId>;

		/// The seats already decided for the next session.
		fn next_seats() -> SessionSeats<AccountId>;

		/// The seats that an election held now would decide, for the session after next.
		fn expected_seats() -> SessionSeats<AccountId>;

		/// What `who` has bonded and unbonding, candidate by candidate.
		fn positions(who: AccountId) -> Vec<PositionInfo<AccountId>>;

		/// The present era.
		fn era() -> EraIndex;

		/// The classes behind a candidate.
		fn classes(candidate: AccountId) -> Vec<ClassInfo>;

		/// The award of this block.
		fn block_award() -> BlockAward;

		/// What each seat earned in `session`, the present one or one of the last
		/// [`SESSIONS_KEPT`].
		fn session_awards(session: SessionIndex) -> Vec<SeatAward<AccountId>>;

		/// What a new delegator would earn behind at most `count` candidates from place `start` on,
		/// in the order of `candidates`.
		fn yields(start: u32, count: u32) -> Vec<YieldInfo<AccountId>>;

		/// `candidates`, `profile`, `conduct` and `yields` of a page of candidates in one answer.
		fn summaries(start: u32, count: u32) -> Vec<CandidateSummary<AccountId>>;

		/// The same of one candidate.
		fn summary(candidate: AccountId) -> Option<CandidateSummary<AccountId>>;

		/// How a candidate behaves.
		fn conduct(candidate: AccountId) -> ConductInfo;

		/// The validators that missed their latest turn.
		fn absent_validators() -> Vec<(AccountId, ConductInfo)>;

		/// At most `count` slashes from number `start` on.
		fn slashes(start: u32, count: u32) -> Vec<SlashInfo<AccountId>>;

		/// The slashes of one candidate, the latest first, at most 100.
		fn slashes_of(candidate: AccountId) -> Vec<SlashInfo<AccountId>>;

		/// The books of escrow.
		fn solvency() -> SolvencyInfo;

		/// All protocol parameters.
		fn parameters() -> Vec<ParameterInfo>;
	}

	/// Reports of authorities that author two blocks for one slot.
	pub trait DoubleAuthoringApi {
		/// Puts a report of it into a block of this node. `None` where the offender had no seat at
		/// that slot, or the report is known.
		fn submit_double_authoring_report(
			proof: EquivocationProof<Block::Header, AuraId>,
		) -> Option<()>;
	}
}
