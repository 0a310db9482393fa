//! What a slash takes, pool by pool.

use crate::{Balance, ClassId, EraIndex};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A pool of one candidate.
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
pub enum PoolRef {
	/// The pool of a class.
	Class(ClassId),
	/// The pool of what left in an era.
	Unbonding(EraIndex),
}

/// What was taken from one pool.
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
pub struct PoolCut {
	/// The pool.
	pub pool: PoolRef,
	/// The amount, in planck.
	pub amount: Balance,
}
