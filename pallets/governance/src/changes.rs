//! Parameters that change at a boundary.

use crate::{Changes, Config, Error, Event, Origin, Pallet, ParameterOf};
use cybermiles_primitives::{traits::OnSession, SessionIndex};
use frame_support::traits::dynamic_params::AggregatedKeyValue;
use sp_runtime::DispatchResult;

/// Why parameters do not fit together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Misfit {
	/// An era would end before anybody can act in it.
	EraTooShort,
	/// An era, and all that waits for its end, would last too long.
	EraTooLong,
}

impl<T: Config> From<Misfit> for Error<T> {
	fn from(misfit: Misfit) -> Self {
		match misfit {
			Misfit::EraTooShort => Self::EraTooShort,
			Misfit::EraTooLong => Self::EraTooLong,
		}
	}
}

/// What parameters must be together, which the range of none of them can say.
pub trait ParameterRules<Parameter: AggregatedKeyValue> {
	/// Whether the parameters fit together once `change` is made, which tells of a parameter the new
	/// value, where it has one. A change costs the reads of what is asked for.
	fn check(change: impl Fn(Parameter::Key) -> Option<Parameter>) -> Result<(), Misfit>;
}

impl<T: Config> Pallet<T> {
	/// Lets `parameter` change when the present session ends.
	pub(crate) fn do_change_parameter(parameter: ParameterOf<T>) -> DispatchResult {
		let (key, _) = parameter.clone().into_parts();
		// What waits takes effect together with this change, so it counts and not what holds today.
		T::ParameterRules::check(|asked| match asked == key {
			true => Some(parameter.clone()),
			false => Changes::<T>::get(asked),
		})
		.map_err(Error::<T>::from)?;
		Changes::<T>::insert(key, &parameter);
		Self::deposit_event(Event::ParameterWillChange { parameter });
		Ok(())
	}

	/// Makes all changes that wait: at most one of each parameter.
	fn make_changes() {
		for (_, parameter) in Changes::<T>::drain() {
			let origin = Origin::Boundary.into();
			// It may, and there is no other reason to fail.
			let set = pallet_parameters::Pallet::<T>::set_parameter(origin, parameter);
			debug_assert!(set.is_ok(), "{set:?}");
		}
	}

	/// Parameters fit together today, and with all changes that wait.
	#[cfg(any(feature = "std", feature = "try-runtime"))]
	pub(crate) fn check_parameters() -> Result<(), sp_runtime::TryRuntimeError> {
		T::ParameterRules::check(|_| None).map_err(|_| "the parameters do not fit together")?;
		T::ParameterRules::check(Changes::<T>::get)
			.map_err(|_| "the parameters will not fit together".into())
	}
}

impl<T: Config> OnSession for Pallet<T> {
	/// After the awards of the session are shared out by the rules that held in it, and before the
	/// election and the length of the next session.
	fn on_session_end(_: SessionIndex) {
		Self::make_changes();
	}

	fn on_session_start(_: SessionIndex) {}
}
