//! What a poll counts, and when that is enough.

use crate::{Config, SeatThen, TrackId, Vote};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use cybermiles_primitives::{traits::Eras, Balance, SessionIndex};
use frame_support::{traits::VoteTally, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

/// A part of a whole that has to be reached: `numerator / denominator`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bar {
	/// Parts needed.
	pub numerator: u32,
	/// Parts in all; not zero.
	pub denominator: u32,
}

impl Bar {
	/// This bar.
	pub const fn new(numerator: u32, denominator: u32) -> Self {
		assert!(0 < denominator && numerator <= denominator, "a bar is a part of a whole");
		Self { numerator, denominator }
	}

	/// The bar in parts per billion, rounded down: what a curve of pallet-referenda has to say, so
	/// that [`measure`](Self::measure) decides.
	pub fn perbill(self) -> Perbill {
		Perbill::from_rational(self.numerator, self.denominator)
	}

	/// Whether `part` of `whole` reaches the bar, to the planck.
	pub fn is_reached(self, part: Balance, whole: Balance) -> bool {
		let needed = whole.checked_mul(self.numerator.into());
		let have = part.checked_mul(self.denominator.into());
		match (have, needed) {
			(Some(have), Some(needed)) => whole > 0 && have >= needed,
			// Beyond 2^96 planck times the whole supply: not a balance of any chain.
			_ => false,
		}
	}

	/// `part` of `whole` in parts per billion, rounded so that it reaches [`perbill`](Self::perbill)
	/// exactly where `part` reaches the bar.
	pub fn measure(self, part: Balance, whole: Balance) -> Perbill {
		if whole == 0 {
			return Perbill::zero();
		}
		let measured = Perbill::from_rational(part, whole);
		match self.is_reached(part, whole) {
			true => measured.max(self.perbill()),
			false => {
				let below = self.perbill().deconstruct().saturating_sub(1);
				measured.min(Perbill::from_parts(below))
			},
		}
	}
}

/// What a referendum needs to pass, by its track.
pub trait Bars {
	/// The part of all voting power that has to be in favour.
	fn support(track: TrackId) -> Bar;

	/// The part of the power for or against that has to be in favour.
	fn approval(track: TrackId) -> Bar;
}

/// The votes of one poll.
#[derive(
	CloneNoBound,
	DebugNoBound,
	Decode,
	DecodeWithMemTracking,
	Encode,
	EqNoBound,
	MaxEncodedLen,
	PartialEqNoBound,
	TypeInfo,
)]
#[codec(mel_bound())]
#[scale_info(skip_type_params(T))]
pub struct Tally<T: Config> {
	/// The session with which voting opens; the stake of its beginning counts.
	pub opens: SessionIndex,
	/// Voting power of all seats, in planck; zero until the first vote.
	pub total: Balance,
	/// Power in favour, in planck.
	pub ayes: Balance,
	/// Power against, in planck.
	pub nays: Balance,
	/// Power that was voted with for neither, in planck.
	pub abstentions: Balance,
	marker: PhantomData<T>,
}

impl<T: Config> Tally<T> {
	/// A tally of nothing, for a poll that opens with session `opens`.
	pub fn opening_with(opens: SessionIndex) -> Self {
		Self { opens, total: 0, ayes: 0, nays: 0, abstentions: 0, marker: PhantomData }
	}

	fn side(&mut self, vote: Vote) -> &mut Balance {
		match vote {
			Vote::Aye => &mut self.ayes,
			Vote::Nay => &mut self.nays,
			Vote::Abstain => &mut self.abstentions,
		}
	}

	/// Moves `power` from one side to another; none is no side.
	pub(crate) fn shift(&mut self, from: Option<Vote>, to: Option<Vote>, power: Balance) {
		if let Some(vote) = from {
			let side = self.side(vote);
			*side = side.saturating_sub(power);
		}
		if let Some(vote) = to {
			let side = self.side(vote);
			*side = side.saturating_add(power);
		}
	}

	/// All power that was voted with, in planck.
	pub fn cast(&self) -> Balance {
		self.ayes.saturating_add(self.nays).saturating_add(self.abstentions)
	}
}

impl<T: Config> VoteTally<Balance, TrackId> for Tally<T> {
	/// Voting opens with the session that follows: its beginning is what everybody's stake is
	/// counted at.
	fn new(_: TrackId) -> Self {
		Self::opening_with(T::Eras::current_session().saturating_add(1))
	}

	fn ayes(&self, _: TrackId) -> Balance {
		self.ayes
	}

	fn support(&self, track: TrackId) -> Perbill {
		T::Bars::support(track).measure(self.ayes, self.total)
	}

	fn approval(&self, track: TrackId) -> Perbill {
		T::Bars::approval(track).measure(self.ayes, self.ayes.saturating_add(self.nays))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn unanimity(track: TrackId) -> Self {
		Self::from_requirements(Perbill::one(), Perbill::one(), track)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn rejection(track: TrackId) -> Self {
		Self::from_requirements(Perbill::zero(), Perbill::zero(), track)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn from_requirements(support: Perbill, approval: Perbill, _: TrackId) -> Self {
		let total = 1_000_000_000 * cybermiles_primitives::CMT;
		let ayes = support.mul_ceil(total);
		let voted = approval.saturating_reciprocal_mul_floor(ayes).min(total);
		let nays = if approval.is_zero() { total } else { voted.saturating_sub(ayes) };
		Self { total, ayes, nays, ..Self::opening_with(0) }
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn setup(_: TrackId, _: Perbill) {}
}

/// What of a seat's power goes with its candidate's vote, in planck.
pub(crate) fn left_to_candidate(seat: &SeatThen, taken_out: Balance) -> Balance {
	seat.power.saturating_sub(taken_out)
}

#[cfg(test)]
mod tests {
	use super::*;

	const TWO_THIRDS: Bar = Bar::new(2, 3);
	const SUPPLY: Balance = 1_000_000_000 * cybermiles_primitives::CMT;

	/// Whether a curve of pallet-referenda that demands the bar lets this pass.
	fn passes(bar: Bar, part: Balance, whole: Balance) -> bool {
		bar.measure(part, whole) >= bar.perbill()
	}

	#[test]
	fn a_bar_should_be_reached_to_the_planck() {
		let whole = SUPPLY - 1; // divisible by three
		let bar = whole / 3 * 2;
		assert!(passes(TWO_THIRDS, bar, whole));
		assert!(!passes(TWO_THIRDS, bar - 1, whole));
		assert!(passes(TWO_THIRDS, bar + 1, whole));
		// One planck more in the whole, and the same is not enough.
		assert!(!passes(TWO_THIRDS, bar, whole + 1));
		assert!(passes(TWO_THIRDS, bar + 1, whole + 1));
	}

	#[test]
	fn every_bar_should_agree_with_fractions_of_small_numbers() {
		for (numerator, denominator) in [(1, 5), (3, 10), (9, 20), (1, 2), (3, 5), (2, 3), (1, 1)] {
			let bar = Bar::new(numerator, denominator);
			for whole in 1..=60u128 {
				for part in 0..=whole {
					let reached = part * u128::from(denominator) >= whole * u128::from(numerator);
					assert_eq!(passes(bar, part, whole), reached, "{bar:?}: {part} of {whole}");
				}
			}
		}
	}

	#[test]
	fn nothing_of_nothing_should_reach_no_bar() {
		assert_eq!(TWO_THIRDS.measure(0, 0), Perbill::zero());
		assert!(!TWO_THIRDS.is_reached(0, 0));
		assert!(!TWO_THIRDS.is_reached(Balance::MAX, Balance::MAX));
	}
}
