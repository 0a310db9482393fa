//! What the pallet stores.

use codec::{Decode, Encode, MaxEncodedLen};
use cybermiles_primitives::{api::SeatAward, Balance, ClassId, Rate, SessionIndex};
use frame_support::{storage::bounded_btree_map::BoundedBTreeMap, traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_core::U256;
use stake_math::Accumulator;

/// Most seats of a session: 64 validators and 32 standbys.
pub const MAX_SEATS: u32 = 96;
/// Most classes of one candidate, its owner's not counted.
pub const MAX_CLASSES: u32 = 16;

/// The money of this pallet in escrow, and what it ever issued. All in planck.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Books {
	/// Fees, gas and tips of the running block.
	pub fees: Balance,
	/// Awards of this session that are not folded into pools yet.
	pub pending: Balance,
	/// Compensation for liquid accounts that is not paid yet.
	pub compensation: Balance,
	/// What belongs to nobody and joins the next award: roundings, and parts without receiver.
	pub undistributed: Balance,
	/// All CMT issued since genesis.
	pub issued: Balance,
}

impl Books {
	/// What of escrow is accounted for here, in planck.
	pub fn in_escrow(&self) -> Balance {
		self.fees
			.saturating_add(self.pending)
			.saturating_add(self.compensation)
			.saturating_add(self.undistributed)
	}
}

/// The two groups that share an award, each with its running index.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Groups {
	/// The validators that are present.
	pub validators: Accumulator,
	/// The standbys that proved themselves alive in this session.
	pub standbys: Accumulator,
}

impl Groups {
	/// The group of validators, or that of standbys.
	pub fn of(&self, validator: bool) -> &Accumulator {
		match validator {
			true => &self.validators,
			false => &self.standbys,
		}
	}

	/// The group of validators, or that of standbys, to change it.
	pub fn of_mut(&mut self, validator: bool) -> &mut Accumulator {
		match validator {
			true => &mut self.validators,
			false => &mut self.standbys,
		}
	}
}

/// A seat of the present session, and what it earned.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Seat {
	/// Whether it is a validator's; a standby's where not.
	pub validator: bool,
	/// Its counted stake, in planck.
	pub weight: Balance,
	/// The index of its group from which on it earned and did not settle; none while it is absent.
	pub since: Option<U256>,
	/// Earned before its last absence and not folded yet, in planck.
	pub settled: Balance,
	/// Folded in this session, in planck.
	pub award: Balance,
	/// The part of that which is compensation, in planck.
	pub compensation: Balance,
}

impl Seat {
	/// A seat that earned nothing yet.
	pub fn new(validator: bool, weight: Balance) -> Self {
		Self { validator, weight, since: None, settled: 0, award: 0, compensation: 0 }
	}

	/// What it earned and did not fold yet, in planck, rounded down.
	pub fn owed(&self, group: &Accumulator) -> Balance {
		let running = self.since.map_or(0, |since| group.earned(self.weight, since));
		self.settled.saturating_add(running)
	}
}

/// What a session earned.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct SessionRecord<AccountId> {
	/// How many blocks it had.
	pub blocks: u32,
	/// Each seat, with the stake behind it when the session ended, in planck.
	pub seats: BoundedVec<(SeatAward<AccountId>, Balance), ConstU32<MAX_SEATS>>,
}

impl<AccountId> Default for SessionRecord<AccountId> {
	fn default() -> Self {
		Self { blocks: 0, seats: BoundedVec::new() }
	}
}

/// The classes of one candidate that pay less than their members agreed to.
pub type LoweredRates = BoundedBTreeMap<ClassId, Rate, ConstU32<MAX_CLASSES>>;

/// What a standby signs to prove itself alive.
#[derive(Clone, Debug, Decode, codec::DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Heartbeat<AccountId> {
	/// The session in which it proves itself alive.
	pub session: SessionIndex,
	/// The standby.
	pub candidate: AccountId,
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn books_should_leave_out_what_was_only_issued() {
		let books = Books { fees: 1, pending: 2, compensation: 4, undistributed: 8, issued: 16 };
		assert_eq!(books.in_escrow(), 15);
	}

	#[test]
	fn seat_should_keep_what_it_earned_before_its_absence() {
		let mut group = Accumulator::default();
		assert!(group.join(2) && group.award(10));
		let seat = Seat { settled: 3, since: None, ..Seat::new(true, 2) };
		assert_eq!(seat.owed(&group), 3);
		assert_eq!(Seat { since: Some(U256::zero()), ..seat }.owed(&group), 13);
	}
}
