//! The runtime API of delegated stake, and what it answers with.

use crate::{Balance, EraIndex, Rate, SessionIndex};
use alloc::vec::Vec;
use codec::{Codec, Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

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
	/// What the bonded part is worth now, in planck.
	pub value: Balance,
	/// What the delegator put in and has not taken out, in planck.
	pub principal: Balance,
	/// The compensation rate agreed on.
	pub rate: Rate,
	/// What waits to be paid, oldest first.
	pub unbonding: Vec<UnbondingInfo>,
}

sp_api::decl_runtime_apis! {
	/// Delegated stake as nodes and wallets read it. All amounts are in planck.
	pub trait DposApi<AccountId: Codec> {
		/// At most `count` candidates from place `start` on: the active ones by rank, from the
		/// strongest; after them all others in no particular order.
		fn candidates(start: u32, count: u32) -> Vec<CandidateInfo<AccountId>>;

		/// One candidate by the address that names it.
		fn candidate(candidate: AccountId) -> Option<CandidateInfo<AccountId>>;

		/// The candidate that `owner` controls.
		fn candidate_of(owner: AccountId) -> Option<AccountId>;

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
	}
}
