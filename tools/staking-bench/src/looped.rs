//! Awards as the first CyberMiles chain paid them: in every block, one delegator after the other.
//!
//! Its own code is older than Substrate, so what stands here is the least that such a loop can
//! cost: one entry read and one written for each delegator, and one for what there is to share.

#![allow(missing_docs)]

use crate::{numbered, work::State};
use frame_support::{storage_alias, Blake2_128Concat};
use sp_core::crypto::AccountId32;
use sp_io::TestExternalities;

type Balance = u128;

/// What each delegator has, in planck.
#[storage_alias]
type Delegations = StorageMap<Looped, Blake2_128Concat, AccountId32, Balance>;

/// All stake, in planck.
#[storage_alias]
type Total = StorageValue<Looped, Balance>;

/// What each delegator has at first, in planck.
const STAKE: Balance = 10_000_000_000_000_000_000;
/// The award of a block, in planck.
const AWARD: Balance = 7_000_000_000_000_000_000;

/// A chain with `delegators`.
pub fn state(delegators: u32) -> State {
	let mut state = State::new(TestExternalities::default(), Vec::new());
	state.set_up(|| {
		(0..delegators).for_each(|index| Delegations::insert(numbered(1, index), STAKE));
		Total::put(STAKE * Balance::from(delegators));
	});
	state
}

/// The award of a block.
pub fn award() {
	let total = Total::get().unwrap();
	let delegations: Vec<_> = Delegations::iter().collect();
	for (who, stake) in delegations {
		Delegations::insert(who, stake + AWARD * stake / total);
	}
	Total::put(total + AWARD);
}
