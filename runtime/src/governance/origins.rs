//! In whose name a referendum acts, by its track.

use crate::{AccountId, Balance, RuntimeOrigin};
use cybermiles_primitives::CMT;
use frame_support::traits::{EitherOfDiverse, EnsureOrigin};
use frame_system::{EnsureRoot, EnsureRootWithSuccess};
use pallet_governance::Origin;
use sp_core::TypedGet;

/// Most that one referendum of the track `small_spend` may spend, in planck.
pub const SMALL_SPEND: Balance = 10_000 * CMT;
/// Most that one referendum of the track `medium_spend` may spend, in planck.
pub const MEDIUM_SPEND: Balance = 100_000 * CMT;
/// Most that one referendum of the track `big_spend` may spend, in planck.
pub const BIG_SPEND: Balance = 1_000_000 * CMT;

/// The origins of one track, as a type.
macro_rules! ensure {
	($($(#[$doc:meta])* $name:ident: $origin:ident),+ $(,)?) => {
		$(
			$(#[$doc])*
			pub struct $name;

			impl EnsureOrigin<RuntimeOrigin> for $name {
				type Success = ();

				fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
					match origin.clone().into() {
						Ok(Origin::$origin) => Ok(()),
						_ => Err(origin),
					}
				}

				#[cfg(feature = "runtime-benchmarks")]
				fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
					Ok(Origin::$origin.into())
				}
			}
		)+
	};
}

ensure! {
	/// The track `parameters`.
	EnsureParameters: Parameters,
	/// The track `slashes`.
	EnsureSlashes: Slashes,
	/// The track `identities`.
	EnsureIdentities: Identities,
	/// The track `emergency`.
	EnsureEmergency: Emergency,
	/// The end of a session.
	EnsureBoundary: Boundary,
}

/// Who may change parameters.
pub type ParameterOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureParameters>;
/// Who may cancel or confirm slashes, and pardon.
pub type SlashOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureSlashes>;
/// Who may name registrars and remove false identities.
pub type IdentityOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureIdentities>;
/// Who may pause calls and cancel referenda.
pub type EmergencyOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureEmergency>;

/// All that there is.
pub struct Everything;

impl TypedGet for Everything {
	type Type = Balance;

	fn get() -> Balance {
		Balance::MAX
	}
}

/// Who may spend from the treasury, and how much at once.
pub type SpendOrigin =
	frame_support::traits::EitherOf<EnsureRootWithSuccess<AccountId, Everything>, EnsureSpender>;

/// The three tracks of the treasury.
pub struct EnsureSpender;

impl EnsureOrigin<RuntimeOrigin> for EnsureSpender {
	type Success = Balance;

	fn try_origin(origin: RuntimeOrigin) -> Result<Balance, RuntimeOrigin> {
		match origin.clone().into() {
			Ok(Origin::SmallSpend) => Ok(SMALL_SPEND),
			Ok(Origin::MediumSpend) => Ok(MEDIUM_SPEND),
			Ok(Origin::BigSpend) => Ok(BIG_SPEND),
			_ => Err(origin),
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		Ok(Origin::BigSpend.into())
	}
}
