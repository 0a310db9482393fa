//! Deposits of submissions that did not pass.
//!
//! pallet-referenda gives the deposit of a submission back where the referendum passed or was
//! cancelled, and has no call for it where it was rejected or timed out: it would stay reserved for
//! ever. Here it returns by itself when the votes of the referendum are removed. Who shall lose it is
//! told by `kill`.

use crate::{Balances, Runtime};
use cybermiles_primitives::traits::PollObserver;
use frame_support::traits::ReservableCurrency;
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor};

/// Returns the deposit of a submission that was rejected or timed out.
pub struct ReturnDeposit;

impl PollObserver for ReturnDeposit {
	fn on_removed(poll: u32) {
		ReferendumInfoFor::<Runtime>::mutate_extant(poll, |info| {
			let (ReferendumInfo::Rejected(_, deposit, _) | ReferendumInfo::TimedOut(_, deposit, _)) =
				info
			else {
				return;
			};
			if let Some(deposit) = deposit.take() {
				Balances::unreserve(&deposit.who, deposit.amount);
			}
		});
	}
}
