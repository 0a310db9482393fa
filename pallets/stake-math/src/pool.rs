//! A pool of stake, held in shares.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use cybermiles_primitives::Balance;
use scale_info::TypeInfo;
use sp_arithmetic::{helpers_128bit::multiply_by_rational_with_rounding, Perbill, Rounding};

/// Stake held in shares by any number of delegators.
///
/// One share is worth `stake / shares`. An award raises `stake`, a slash lowers it, and with it
/// what every share is worth: nobody has to be visited.
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
pub struct Pool {
	/// All stake in the pool, in planck.
	stake: Balance,
	/// All shares given out.
	shares: Balance,
}

/// Why a pool cannot do what is asked. The pool is left as it was.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PoolError {
	/// The amount is worth less than one share.
	TooSmall,
	/// More shares or stake are asked for than there are.
	TooMuch,
	/// A slash took all stake, so that a share has no price at which one could join.
	Worthless,
	/// The result does not fit 128 bits.
	Overflow,
}

impl Pool {
	/// All stake in the pool, in planck.
	pub const fn stake(&self) -> Balance {
		self.stake
	}

	/// All shares given out.
	pub const fn shares(&self) -> Balance {
		self.shares
	}

	/// Whether nobody holds a share.
	pub const fn is_empty(&self) -> bool {
		self.shares == 0
	}

	/// What `shares` are worth, in planck, rounded down.
	pub fn value_of(&self, shares: Balance) -> Balance {
		if shares >= self.shares {
			return self.stake;
		}
		scale(shares, self.stake, self.shares, Rounding::Down).unwrap_or(self.stake)
	}

	/// Adds `amount` of new stake and returns the shares it buys, rounded down.
	pub fn join(&mut self, amount: Balance) -> Result<Balance, PoolError> {
		let bought = match (self.shares, self.stake) {
			(0, _) => amount,
			(_, 0) => return Err(PoolError::Worthless),
			(shares, stake) => {
				scale(amount, shares, stake, Rounding::Down).ok_or(PoolError::Overflow)?
			},
		};
		if bought == 0 {
			return Err(PoolError::TooSmall);
		}
		let stake = self.stake.checked_add(amount).ok_or(PoolError::Overflow)?;
		self.shares = self.shares.checked_add(bought).ok_or(PoolError::Overflow)?;
		self.stake = stake;
		Ok(bought)
	}

	/// How many shares have to be given back to take out `amount`, rounded up.
	pub fn shares_for(&self, amount: Balance) -> Result<Balance, PoolError> {
		if amount > self.stake {
			return Err(PoolError::TooMuch);
		}
		if self.stake == 0 {
			return Ok(0);
		}
		scale(amount, self.shares, self.stake, Rounding::Up).ok_or(PoolError::Overflow)
	}

	/// Takes out exactly `amount` and returns the shares this costs, rounded up.
	///
	/// An amount that would cost the last share is refused: give the shares back instead.
	pub fn take(&mut self, amount: Balance) -> Result<Balance, PoolError> {
		let cost = self.shares_for(amount)?;
		if cost >= self.shares {
			return Err(PoolError::TooMuch);
		}
		self.shares -= cost;
		self.stake -= amount;
		Ok(cost)
	}

	/// Gives `shares` back and returns the stake they bring, rounded down; the last shares bring
	/// all that is left.
	pub fn leave(&mut self, shares: Balance) -> Result<Balance, PoolError> {
		if shares > self.shares {
			return Err(PoolError::TooMuch);
		}
		let value = self.value_of(shares);
		self.shares -= shares;
		self.stake -= value;
		Ok(value)
	}

	/// Adds `amount` to the stake of all members in proportion to their shares.
	pub fn award(&mut self, amount: Balance) -> Result<(), PoolError> {
		if self.is_empty() {
			return Err(PoolError::Worthless);
		}
		self.stake = self.stake.checked_add(amount).ok_or(PoolError::Overflow)?;
		Ok(())
	}

	/// Takes `fraction` of the stake from all members in proportion to their shares.
	///
	/// Returns what was taken, rounded up.
	pub fn slash(&mut self, fraction: Perbill) -> Balance {
		let taken = fraction.mul_ceil(self.stake).min(self.stake);
		self.stake -= taken;
		taken
	}
}

/// `a * b / c` without overflow in between; `None` where the result does not fit.
fn scale(a: Balance, b: Balance, c: Balance, rounding: Rounding) -> Option<Balance> {
	multiply_by_rational_with_rounding(a, b, c, rounding)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const SUPPLY: Balance = 1_000_000_000 * cybermiles_primitives::CMT;

	fn pool(stake: Balance, shares: Balance) -> Pool {
		Pool { stake, shares }
	}

	#[test]
	fn join_should_give_one_share_a_planck_when_empty() {
		let mut pool = Pool::default();
		assert_eq!(pool.join(7), Ok(7));
		assert_eq!(pool, self::pool(7, 7));
	}

	#[test]
	fn join_should_be_refused_without_effect_when_it_buys_no_share() {
		let mut pool = self::pool(10, 3);
		assert_eq!(pool.join(3), Err(PoolError::TooSmall));
		assert_eq!(pool.join(0), Err(PoolError::TooSmall));
		assert_eq!(pool, self::pool(10, 3));
	}

	#[test]
	fn join_should_be_refused_when_a_slash_took_everything() {
		let mut pool = self::pool(10, 10);
		assert_eq!(pool.slash(Perbill::one()), 10);
		assert_eq!(pool.join(5), Err(PoolError::Worthless));
		assert_eq!(pool.leave(10), Ok(0));
		assert!(pool.is_empty());
		assert_eq!(pool.join(5), Ok(5));
	}

	#[test]
	fn take_should_refuse_the_last_share_and_more_than_there_is() {
		let mut pool = self::pool(10, 1);
		assert_eq!(pool.take(5), Err(PoolError::TooMuch));
		assert_eq!(pool.take(11), Err(PoolError::TooMuch));
		assert_eq!(pool.leave(2), Err(PoolError::TooMuch));
		assert_eq!(pool, self::pool(10, 1));
	}

	#[test]
	fn leave_should_leave_nothing_behind_when_the_last_goes() {
		let mut pool = self::pool(10, 3);
		assert_eq!(pool.leave(1), Ok(3));
		assert_eq!(pool.leave(1), Ok(3));
		assert_eq!(pool.leave(1), Ok(4));
		assert_eq!(pool, Pool::default());
	}

	#[test]
	fn award_should_be_refused_when_nobody_is_there_to_get_it() {
		assert_eq!(Pool::default().award(1), Err(PoolError::Worthless));
	}

	/// Bug class "overflow halts the chain": one planck staked, the whole supply as award, and the
	/// supply staked after that.
	#[test]
	fn pool_should_not_panic_when_one_planck_meets_the_whole_supply() {
		let mut pool = Pool::default();
		assert_eq!(pool.join(1), Ok(1));
		assert_eq!(pool.award(SUPPLY), Ok(()));
		assert_eq!(pool.join(SUPPLY), Err(PoolError::TooSmall));
		assert_eq!(pool.join(Balance::MAX), Err(PoolError::Overflow));
		assert_eq!(pool.award(Balance::MAX), Err(PoolError::Overflow));
		assert_eq!(pool.leave(1), Ok(SUPPLY + 1));
	}

	#[test]
	fn join_should_report_overflow_when_shares_became_nearly_worthless() {
		let mut pool = self::pool(1, Balance::MAX / 2);
		assert_eq!(pool.join(SUPPLY), Err(PoolError::Overflow));
	}

	#[test]
	fn pool_should_do_as_the_example_of_the_readme_says() {
		let mut pool = Pool::default();
		assert_eq!(pool.join(3_000), Ok(3_000));
		assert_eq!(pool.award(300), Ok(()));
		assert_eq!(pool.join(1_100), Ok(1_000));
		assert_eq!(pool.slash(Perbill::from_percent(10)), 440);
		assert_eq!(pool, self::pool(3_960, 4_000));
		assert_eq!(pool.take(100), Ok(102));
		assert_eq!(pool.leave(1_000), Ok(990));
		assert_eq!(pool, self::pool(2_870, 2_898));
		assert_eq!(pool.leave(2_898), Ok(2_870));
		assert!(pool.is_empty());
	}

	#[derive(Clone, Debug)]
	enum Op {
		Join(usize, Balance),
		Take(usize, Balance),
		Leave(usize),
		Award(Balance),
		Slash(u32),
	}

	fn ops() -> impl Strategy<Value = Vec<Op>> {
		let amount = prop_oneof![1..10u128, 1..SUPPLY / 1_000];
		prop::collection::vec(
			prop_oneof![
				(0..8usize, amount.clone()).prop_map(|(who, amount)| Op::Join(who, amount)),
				(0..8usize, amount.clone()).prop_map(|(who, amount)| Op::Take(who, amount)),
				(0..8usize).prop_map(Op::Leave),
				amount.prop_map(Op::Award),
				(0..300_000_000u32).prop_map(Op::Slash),
			],
			1..80,
		)
	}

	/// Runs `op`; returns what went in and what came out.
	fn apply(pool: &mut Pool, held: &mut [Balance; 8], op: &Op) -> (Balance, Balance) {
		match *op {
			Op::Join(who, amount) => match pool.join(amount) {
				Ok(shares) => {
					held[who] += shares;
					(amount, 0)
				},
				Err(_) => (0, 0),
			},
			Op::Take(who, amount) if amount < pool.value_of(held[who]) => match pool.take(amount) {
				Ok(cost) => {
					held[who] -= cost;
					(0, amount)
				},
				Err(_) => (0, 0),
			},
			Op::Take(..) => (0, 0),
			Op::Leave(who) => {
				(0, pool.leave(core::mem::take(&mut held[who])).expect("holds its shares"))
			},
			Op::Award(amount) => (pool.award(amount).map_or(0, |()| amount), 0),
			Op::Slash(parts) => (0, pool.slash(Perbill::from_parts(parts))),
		}
	}

	proptest! {
		/// Invariants 2 and 4: shares sum up, nothing appears or vanishes, and the members' values
		/// stay within one planck a member of the stake.
		#[test]
		fn pool_should_conserve_stake_and_shares_under_any_sequence(ops in ops()) {
			let (mut pool, mut held) = (Pool::default(), [0; 8]);
			let (mut paid_in, mut paid_out) = (0u128, 0u128);
			for op in &ops {
				let (came, went) = apply(&mut pool, &mut held, op);
				paid_in += came;
				paid_out += went;
				prop_assert_eq!(pool.shares(), held.iter().sum::<Balance>());
				prop_assert_eq!(pool.stake(), paid_in - paid_out);
				prop_assert!(!pool.is_empty() || pool.stake() == 0);
				let values: Balance = held.iter().map(|shares| pool.value_of(*shares)).sum();
				prop_assert!(values <= pool.stake());
				prop_assert!(pool.stake() - values < 8);
			}
		}

		/// Statement 6 of the README: without awards, taking a part always leaves a share.
		#[test]
		fn share_should_cost_a_planck_at_most_when_no_award_ever_came(ops in ops()) {
			let (mut pool, mut held) = (Pool::default(), [0; 8]);
			for op in ops.iter().filter(|op| !matches!(op, Op::Award(_))) {
				let (_, went) = apply(&mut pool, &mut held, op);
				prop_assert!(pool.stake() <= pool.shares());
				if let (Op::Take(who, _), true) = (op, went > 0) {
					prop_assert!(held[*who] > 0);
				}
			}
		}

		/// Going in and out again never pays, and costs the others nothing.
		#[test]
		fn joining_and_leaving_should_never_pay(
			stake in 1..SUPPLY, shares in 1..SUPPLY, amount in 1..SUPPLY,
		) {
			let mut pool = self::pool(stake, shares);
			let before = pool.value_of(shares / 2);
			if let Ok(bought) = pool.join(amount) {
				prop_assert!(pool.value_of(shares / 2) >= before);
				prop_assert!(pool.leave(bought).expect("just bought") <= amount);
				prop_assert!(pool.value_of(shares / 2) >= before);
			}
		}

		/// A slash costs each member its fraction, to the planck.
		#[test]
		fn slash_should_cost_every_member_the_same_fraction(
			stake in 1..SUPPLY, shares in 1..SUPPLY, mine in 1..SUPPLY, parts in 0..=1_000_000_000u32,
		) {
			let mine = mine.min(shares);
			let mut pool = self::pool(stake, shares);
			let (fraction, before) = (Perbill::from_parts(parts), pool.value_of(mine));
			pool.slash(fraction);
			let expected = before - fraction.mul_floor(before);
			prop_assert!(pool.value_of(mine) <= expected);
			prop_assert!(expected - pool.value_of(mine) <= 2);
		}
	}
}
