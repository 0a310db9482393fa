//! What the pallet stores.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use cybermiles_primitives::{Balance, ClassId, EraIndex, Rate};
use frame_support::{storage::bounded_btree_map::BoundedBTreeMap, traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, PerThing, Perbill, Rounding};
use stake_math::Pool;

/// Most validators that a session can have. The parameter may be lower.
pub const MAX_VALIDATORS: u32 = 64;
/// Most standbys that a session can have. The parameter may be lower.
pub const MAX_STANDBYS: u32 = 32;
/// Most positions that an account can hold. The parameter may be lower.
pub const MAX_POSITIONS: u32 = 64;
/// Longest wait for unbonding stake, in eras. The parameter may be lower.
pub const MAX_UNBONDING_ERAS: u32 = 28;
/// Most amounts of one position that wait at the same time: one an era, and some room for
/// payments that come late.
pub const MAX_CHUNKS: u32 = MAX_UNBONDING_ERAS + 4;
/// Most classes of one candidate (protocol section 4), its owner's not counted.
pub const MAX_CLASSES: u32 = 16;

/// What a candidate promised, and what it asks of newcomers.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	TypeInfo,
)]
pub struct Terms {
	/// Stake above which no delegation is taken, in planck.
	pub max_stake: Balance,
	/// Highest compensation rate it may ever ask. It can only fall.
	pub max_rate: Rate,
	/// Rate that a newcomer agrees to.
	pub default_rate: Rate,
}

impl Terms {
	/// The stake that the owner must hold for these terms when it has to be `ratio` of the
	/// declared maximum, in planck, rounded up.
	pub fn required_self_stake(&self, ratio: Perbill) -> Balance {
		ratio.mul_ceil(self.max_stake)
	}

	/// What the owner must leave beside `others` stake, in planck, rounded up: `ratio` of the
	/// declared maximum, and of all stake behind the candidate where that is more.
	pub fn self_stake_to_keep(&self, ratio: Perbill, others: Balance) -> Balance {
		self.required_self_stake(ratio).max(self_stake_beside(others, ratio))
	}
}

/// The least stake that is `ratio` of itself and `others` together, in planck; more than there is
/// where no stake is enough.
fn self_stake_beside(others: Balance, ratio: Perbill) -> Balance {
	if others == 0 {
		return 0;
	}
	let (own, rest) = (ratio.deconstruct(), ratio.left_from_one().deconstruct());
	multiply_by_rational_with_rounding(others, own.into(), rest.into(), Rounding::Up)
		.unwrap_or(Balance::MAX)
}

/// What a candidate does.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	TypeInfo,
)]
pub enum Status {
	/// Stands for election.
	Active,
	/// Stands aside; its stake stays.
	Inactive,
	/// Closed. What is in its class pools counts as unbonding.
	Retired {
		/// The era in which it closed.
		since: EraIndex,
		/// First era in which its delegations are paid.
		due: EraIndex,
	},
}

/// A candidate.
#[derive(
	Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Candidate<AccountId> {
	/// The account that controls it.
	pub owner: AccountId,
	/// How many candidates were declared before it; the earlier wins a tie.
	pub order: u64,
	/// All stake in its class pools, in planck.
	pub stake: Balance,
	/// Active, inactive or retired.
	pub status: Status,
	/// What it declared.
	pub terms: Terms,
	/// How many positions there are behind it, those that only wait included.
	pub positions: u32,
}

impl<AccountId> Candidate<AccountId> {
	/// Its place in the ranking.
	pub fn rank_key(&self) -> RankKey {
		RankKey::new(self.stake, self.order)
	}

	/// The eras in which and from which on its delegations unbond, if it is closed.
	pub fn retired(&self) -> Option<(EraIndex, EraIndex)> {
		match self.status {
			Status::Retired { since, due } => Some((since, due)),
			_ => None,
		}
	}

	/// Whether its delegations are due for payment because it closed.
	pub fn is_paid_out_in(&self, era: EraIndex) -> bool {
		self.retired().is_some_and(|(_, due)| due <= era)
	}
}

/// A key that sorts candidates: more stake first, then the earlier declared.
///
/// Kept big-endian and unhashed, so that the order of keys in the state trie is the ranking.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub struct RankKey([u8; 24]);

impl RankKey {
	/// The key of a candidate with `stake` that was declared as number `order`.
	pub fn new(stake: Balance, order: u64) -> Self {
		let mut key = [0; 24];
		key[..16].copy_from_slice(&(!stake).to_be_bytes());
		key[16..].copy_from_slice(&order.to_be_bytes());
		Self(key)
	}
}

/// The class pools of one candidate.
#[derive(Clone, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ClassPools(BoundedBTreeMap<ClassId, Pool, ConstU32<{ MAX_CLASSES + 1 }>>);

/// A further class would be one too many.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooManyClasses;

impl ClassPools {
	/// The pool of `class`; an empty one where nobody is in it.
	pub fn get(&self, class: ClassId) -> Pool {
		self.0.get(&class).copied().unwrap_or_default()
	}

	/// Sets the pool of `class`. An empty pool takes no room.
	///
	/// The owner's class always has its place, so that delegators cannot take it.
	pub fn set(&mut self, class: ClassId, pool: Pool) -> Result<(), TooManyClasses> {
		if pool.is_empty() {
			self.0.remove(&class);
			return Ok(());
		}
		if class != ClassId::OWNER && !self.0.contains_key(&class) {
			let others = self.0.keys().filter(|class| **class != ClassId::OWNER).count();
			if others >= MAX_CLASSES as usize {
				return Err(TooManyClasses);
			}
		}
		self.0.try_insert(class, pool).map(|_| ()).map_err(|_| TooManyClasses)
	}

	/// Changes every pool in place. No pool may become empty.
	pub fn for_each_mut(&mut self, mut change: impl FnMut(ClassId, &mut Pool)) {
		for (class, pool) in self.0.iter_mut() {
			change(*class, pool);
		}
	}

	/// The classes with their pools.
	pub fn iter(&self) -> impl Iterator<Item = (ClassId, &Pool)> {
		self.0.iter().map(|(class, pool)| (*class, pool))
	}

	/// All stake, in planck.
	pub fn total(&self) -> Balance {
		self.0.values().fold(0, |sum: Balance, pool| sum.saturating_add(pool.stake()))
	}

	/// The owner's stake, in planck.
	pub fn self_stake(&self) -> Balance {
		self.get(ClassId::OWNER).stake()
	}
}

/// An amount that left the stake and waits to be paid.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Chunk {
	/// The era in which it left, whose unbonding pool holds it.
	pub since: EraIndex,
	/// First era in which it is paid.
	pub due: EraIndex,
	/// Shares of that unbonding pool.
	pub shares: Balance,
}

/// A further chunk would be one too many.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooManyChunks;

/// What one account has behind one candidate.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Position {
	/// The class that its shares belong to.
	pub class: ClassId,
	/// Shares of that class pool; zero when everything waits.
	pub shares: Balance,
	/// What was put in and not taken out again, in planck.
	pub principal: Balance,
	/// What waits to be paid, oldest first.
	pub chunks: BoundedVec<Chunk, ConstU32<MAX_CHUNKS>>,
}

impl Position {
	/// A position without stake in `class`.
	pub fn new(class: ClassId) -> Self {
		Self { class, shares: 0, principal: 0, chunks: BoundedVec::new() }
	}

	/// Whether nothing is left in it.
	pub fn is_empty(&self) -> bool {
		self.shares == 0 && self.chunks.is_empty()
	}

	/// Adds `shares` that wait from `since` until `due`; one chunk an era where possible.
	pub fn add_chunk(
		&mut self,
		since: EraIndex,
		due: EraIndex,
		shares: Balance,
	) -> Result<(), TooManyChunks> {
		match self.chunks.iter_mut().find(|chunk| (chunk.since, chunk.due) == (since, due)) {
			// Both are shares of one pool, whose sum fits.
			Some(chunk) => chunk.shares = chunk.shares.saturating_add(shares),
			None => {
				self.chunks.try_push(Chunk { since, due, shares }).map_err(|_| TooManyChunks)?
			},
		}
		Ok(())
	}

	/// Takes out the chunks that are due in `era` or were before.
	pub fn take_chunks_due_by(&mut self, era: EraIndex) -> Vec<Chunk> {
		let due = self.chunks.iter().filter(|chunk| chunk.due <= era).copied().collect();
		self.chunks.retain(|chunk| chunk.due > era);
		due
	}

	/// Whether some chunk falls due in `era`.
	pub fn has_chunk_due_in(&self, era: EraIndex) -> bool {
		self.chunks.iter().any(|chunk| chunk.due == era)
	}
}

/// A payment that falls due.
#[derive(
	Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum DuePayment<AccountId> {
	/// What `who` took out of its stake behind `candidate`.
	Unbonded {
		/// The candidate.
		candidate: AccountId,
		/// The delegator.
		who: AccountId,
	},
	/// Everything behind a candidate that closed.
	Retired {
		/// The candidate.
		candidate: AccountId,
	},
}

/// Sums over all candidates.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Totals {
	/// Stake in the class pools of open candidates, in planck.
	pub bonded: Balance,
	/// Stake in unbonding pools and in the class pools of closed candidates, in planck.
	pub unbonding: Balance,
}

/// The present era.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Era {
	/// Its index.
	pub index: EraIndex,
	/// The session with which it began.
	pub start: u32,
}

/// When the present session began and how long it lasts.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct SessionClock<BlockNumber> {
	/// Its first block.
	pub start: BlockNumber,
	/// Its length in blocks, fixed when it began.
	pub length: BlockNumber,
}

/// A seat of one session.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Seat<AccountId> {
	/// Who sits.
	pub candidate: AccountId,
	/// Its stake when it was elected, in planck.
	pub stake: Balance,
	/// The part of it that counts after the cap, in planck.
	pub counted: Balance,
}

/// The seats of one session, strongest first.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct SessionSeats<AccountId> {
	/// Those who author and finalise.
	pub validators: BoundedVec<Seat<AccountId>, ConstU32<MAX_VALIDATORS>>,
	/// Those next in line.
	pub standbys: BoundedVec<Seat<AccountId>, ConstU32<MAX_STANDBYS>>,
	/// The cap on counted stake that held when they were elected.
	pub cap: Perbill,
}

impl<AccountId> Default for SessionSeats<AccountId> {
	fn default() -> Self {
		Self { validators: BoundedVec::new(), standbys: BoundedVec::new(), cap: Perbill::zero() }
	}
}

impl<AccountId: PartialEq> SessionSeats<AccountId> {
	/// Whether `candidate` is a validator.
	pub fn seats_validator(&self, candidate: &AccountId) -> bool {
		self.validators.iter().any(|seat| seat.candidate == *candidate)
	}

	/// Whether `candidate` is a standby.
	pub fn seats_standby(&self, candidate: &AccountId) -> bool {
		self.standbys.iter().any(|seat| seat.candidate == *candidate)
	}

	/// Whether the same candidates are validators in both, in whatever order.
	pub fn same_validators(&self, other: &Self) -> bool {
		self.validators.len() == other.validators.len()
			&& self.validators.iter().all(|seat| other.seats_validator(&seat.candidate))
	}
}

/// Why a candidate stands aside.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	TypeInfo,
)]
pub enum Reason {
	/// Its owner wished so.
	Wish,
	/// It has no session keys.
	NoSessionKeys,
	/// Its owner's stake fell below what its declared maximum demands.
	SelfStakeTooLow,
	/// It committed an offence.
	Offence,
}

/// A candidate of the genesis state.
#[derive(Clone, Debug, Decode, Deserialize, Encode, Eq, PartialEq, Serialize, TypeInfo)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisCandidate<AccountId> {
	/// The account that declares and owns it.
	pub account: AccountId,
	/// Declared maximum stake, in planck.
	pub max_stake: Balance,
	/// Declared maximum rate, in tenths of a per cent; the default rate too.
	pub max_rate: Rate,
	/// The owner's own stake, in planck.
	pub self_stake: Balance,
}

#[cfg(test)]
mod tests {
	use super::*;

	fn pool(stake: Balance) -> Pool {
		let mut pool = Pool::default();
		pool.join(stake).expect("some stake");
		pool
	}

	#[test]
	fn rank_key_should_sort_by_stake_then_by_age() {
		let keys = [(10, 3), (9, 0), (9, 1), (0, 0)].map(|(s, o)| RankKey::new(s, o));
		assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
		assert!(RankKey::new(Balance::MAX, 0) < RankKey::new(Balance::MAX - 1, 0));
		// The encoding is what the trie sorts by.
		assert_eq!(keys[0].encode(), keys[0].0.to_vec());
	}

	#[test]
	fn class_pools_should_always_have_room_for_the_owner() {
		let mut pools = ClassPools::default();
		for rate in 0..MAX_CLASSES as u16 {
			assert_eq!(pools.set(ClassId::agreed_at(Rate(rate)), pool(1)), Ok(()));
		}
		assert_eq!(pools.set(ClassId::agreed_at(Rate(999)), pool(1)), Err(TooManyClasses));
		assert_eq!(pools.set(ClassId::OWNER, pool(5)), Ok(()));
		assert_eq!(pools.set(ClassId::agreed_at(Rate(0)), pool(2)), Ok(()));
		assert_eq!((pools.total(), pools.self_stake()), (22, 5));
	}

	#[test]
	fn class_pools_should_free_the_place_of_an_empty_pool() {
		let mut pools = ClassPools::default();
		pools.set(ClassId::OWNER, pool(5)).expect("room");
		pools.set(ClassId::OWNER, Pool::default()).expect("removes");
		assert_eq!(pools, ClassPools::default());
	}

	#[test]
	fn chunks_should_merge_within_an_era_and_be_bounded() {
		let mut position = Position::new(ClassId::OWNER);
		position.add_chunk(1, 8, 5).expect("room");
		position.add_chunk(1, 8, 6).expect("room");
		assert_eq!(position.chunks.to_vec(), [Chunk { since: 1, due: 8, shares: 11 }]);
		for era in 2..=MAX_CHUNKS {
			position.add_chunk(era, era + 7, 1).expect("room");
		}
		assert_eq!(position.add_chunk(100, 107, 1), Err(TooManyChunks));
		assert!(position.has_chunk_due_in(8) && !position.has_chunk_due_in(7));
	}

	#[test]
	fn required_self_stake_should_be_rounded_up() {
		let terms = Terms { max_stake: 101, max_rate: Rate::MAX, default_rate: Rate::MAX };
		assert_eq!(terms.required_self_stake(Perbill::from_percent(10)), 11);
	}

	/// The least that is its part of the whole: one planck less would not be.
	#[test]
	fn self_stake_to_keep_should_be_its_part_of_all_stake_when_that_is_more_than_the_maximum() {
		let terms = Terms { max_stake: 1_000, max_rate: Rate::MAX, default_rate: Rate::MAX };
		let tenth = Perbill::from_percent(10);
		assert_eq!(terms.self_stake_to_keep(tenth, 0), 100);
		assert_eq!(terms.self_stake_to_keep(tenth, 900), 100);
		for others in [901, 902, 9_000, 123_456_789, 10u128.pow(30)] {
			let kept = terms.self_stake_to_keep(tenth, others);
			assert!(kept >= tenth.mul_ceil(others + kept), "{others}");
			assert!(kept - 1 < tenth.mul_ceil(others + kept - 1), "{others}");
		}
	}

	#[test]
	fn self_stake_to_keep_should_be_out_of_reach_when_everything_must_be_the_owners() {
		let terms = Terms { max_stake: 1_000, max_rate: Rate::MAX, default_rate: Rate::MAX };
		assert_eq!(terms.self_stake_to_keep(Perbill::one(), 0), 1_000);
		assert_eq!(terms.self_stake_to_keep(Perbill::one(), 1), Balance::MAX);
		assert_eq!(terms.self_stake_to_keep(Perbill::zero(), Balance::MAX), 0);
		assert_eq!(terms.self_stake_to_keep(Perbill::from_percent(90), Balance::MAX), Balance::MAX);
	}

	#[test]
	fn same_validators_should_not_mind_the_order() {
		let seat = |candidate: u32| Seat { candidate, stake: 1, counted: 1 };
		let seats = |who: [u32; 2]| SessionSeats {
			validators: who.map(seat).to_vec().try_into().expect("two"),
			..Default::default()
		};
		assert!(seats([1, 2]).same_validators(&seats([2, 1])));
		assert!(!seats([1, 2]).same_validators(&seats([3, 1])));
		assert!(!seats([1, 2]).same_validators(&SessionSeats::default()));
	}
}
