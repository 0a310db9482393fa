//! What the pallet keeps, and the proofs that it takes.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use cybermiles_primitives::{
	api::{OffenceKind, SlashState},
	Balance, EraIndex, PoolCut, SessionIndex,
};
use frame_support::{
	traits::{ConstU32, Get},
	BoundedBTreeMap, BoundedVec,
};
use scale_info::TypeInfo;
use sp_runtime::{KeyTypeId, Perbill};
use sp_session::{GetSessionNumber, GetValidatorCount};

/// Most validators that a session can have.
pub const MAX_VALIDATORS: u32 = 96;

/// Most keys of a session whose misuse is punished: two for each validator.
pub const MAX_KEYS: u32 = 2 * MAX_VALIDATORS;

/// Most bytes of a session key.
pub const MAX_KEY_LEN: u32 = 64;

/// Most pools that a slash can take from: a candidate has 17 classes, and unbonding pools of 29
/// eras.
pub const MAX_PARTS: u32 = 64;

/// Most sessions that are forgotten when a new one begins.
pub const SESSIONS_PRUNED: SessionIndex = 16;

/// A validator that missed its latest turn.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Default,
	Encode,
	Eq,
	MaxEncodedLen,
	PartialEq,
	TypeInfo,
)]
pub struct Absence {
	/// Own turns missed in a row that count towards jail.
	pub missed: u32,
	/// The era of the first of them.
	pub since: EraIndex,
	/// Whether it was kept from authoring in this session, so that its turns count for nothing.
	pub kept_out: bool,
}

/// The validators that missed their latest turn.
pub type AbsenteesOf<AccountId> = BoundedBTreeMap<AccountId, Absence, ConstU32<MAX_VALIDATORS>>;

/// How long a jail lasts.
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
pub enum JailTerm {
	/// Until this time, in milliseconds since 1970.
	Until(u64),
	/// For good.
	Tombstoned {
		/// The part that all slashes for it took together of the stake that there was.
		fraction: Perbill,
		/// The session of the offence that counted last.
		session: SessionIndex,
	},
}

/// The jail of a candidate.
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
pub struct Jail {
	/// How long it lasts.
	pub term: JailTerm,
	/// The slash that came with it last.
	pub cause: u32,
}

impl Jail {
	/// Whether it still lasts at `now`, in milliseconds since 1970.
	pub fn holds_at(&self, now: u64) -> bool {
		match self.term {
			JailTerm::Until(end) => now < end,
			JailTerm::Tombstoned { .. } => true,
		}
	}
}

/// One slash, as it is kept for ever.
#[derive(
	Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct SlashRecord<AccountId> {
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
	/// Who is rewarded for the report.
	pub reporter: Option<AccountId>,
	/// Where the money is.
	pub state: SlashState,
	/// What was taken from which pool; empty once the money is no longer held.
	pub parts: BoundedVec<PoolCut, ConstU32<MAX_PARTS>>,
}

/// An offence about to be punished.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Punishment<AccountId> {
	/// Who committed it.
	pub(crate) candidate: AccountId,
	/// What it is.
	pub(crate) kind: OffenceKind,
	/// The era in which it began.
	pub(crate) era: EraIndex,
	/// What left the stake in this era or later pays for it.
	pub(crate) since: EraIndex,
	/// The session in which it was committed.
	pub(crate) session: SessionIndex,
	/// The part to take of each pool.
	pub(crate) fraction: Perbill,
	/// Who reported it.
	pub(crate) reporter: Option<AccountId>,
}

/// A session key.
#[derive(
	Clone,
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
pub struct SessionKey {
	/// What it is used for, as [`KeyTypeId`] names it.
	pub kind: [u8; 4],
	/// The public key.
	pub bytes: BoundedVec<u8, ConstU32<MAX_KEY_LEN>>,
}

impl SessionKey {
	/// The key of these bytes; none where they are too many for one.
	pub fn new(kind: KeyTypeId, bytes: &[u8]) -> Option<Self> {
		Some(Self { kind: kind.0, bytes: bytes.to_vec().try_into().ok()? })
	}
}

/// The first session of a tenure, as a key that sorts the latest first.
///
/// Kept big-endian and unhashed: of all tenures of a session key, the first at or after the place of
/// a session is the one that session may belong to.
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
pub struct Since([u8; 4]);

impl Since {
	/// The key of a tenure that begins with `session`.
	pub fn new(session: SessionIndex) -> Self {
		Self((!session).to_be_bytes())
	}

	/// The first session of the tenure.
	pub fn session(&self) -> SessionIndex {
		!SessionIndex::from_be_bytes(self.0)
	}
}

/// For whom, and how long, a session key was in force.
#[derive(
	Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Tenure<AccountId> {
	/// The candidate whose key it was.
	pub candidate: AccountId,
	/// Last session; none while it is in force.
	pub last: Option<SessionIndex>,
}

impl<AccountId> Tenure<AccountId> {
	/// Whether it had not ended before `session`.
	pub fn lasts_until(&self, session: SessionIndex) -> bool {
		self.last.is_none_or(|last| session <= last)
	}
}

/// What evidence of an offence in a session is judged by.
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
pub struct SessionNote {
	/// The slot of the block with which it began. The session before authored that block, so this
	/// session's own slots are those after it.
	pub slot: u64,
	/// How many validators it had.
	pub validators: u32,
	/// Whether the same candidates had sat with the same keys in the session before.
	pub same_keys: bool,
}

/// Says in which session a key was in force. The chain's own records prove it.
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
pub struct KeyProof {
	/// The session.
	pub session: SessionIndex,
	/// How many validators it had.
	pub validator_count: u32,
}

impl GetSessionNumber for KeyProof {
	fn session(&self) -> SessionIndex {
		self.session
	}
}

impl GetValidatorCount for KeyProof {
	fn validator_count(&self) -> u32 {
		self.validator_count
	}
}

/// Whether `part` things are strictly more than `share` of `whole`.
///
/// A third is kept as 333,333,333 parts of a thousand million, so the last digit of a share is
/// taken as uncertain: what exceeds it by less does not count as more.
pub(crate) fn exceeds(part: u32, whole: u32, share: Perbill) -> bool {
	let limit = u64::from(share.deconstruct()) + 1;
	part > 0 && u64::from(part) * 1_000_000_000 >= limit * u64::from(whole)
}

/// How many of the slots strictly between `last` and `slot` are turns of `seat` among `seats`.
pub(crate) fn turns_between(last: u64, slot: u64, seat: u64, seats: u64) -> u32 {
	let before = |end: u64| match (end.checked_div(seats), end.checked_rem(seats)) {
		(Some(rounds), Some(rest)) => rounds.saturating_add(u64::from(rest > seat)),
		_ => 0,
	};
	let turns = before(slot).saturating_sub(before(last.saturating_add(1)));
	u32::try_from(turns).unwrap_or(u32::MAX)
}

/// The parameter as it is now, but at least one.
pub(crate) fn at_least_one<V: Get<u32>>() -> u32 {
	V::get().max(1)
}
