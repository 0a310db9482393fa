//! Parameters that change at a boundary.

use crate::{Changes, Config, Event, Origin, Pallet, ParameterOf};
use cybermiles_primitives::{traits::OnSession, SessionIndex};
use frame_support::traits::dynamic_params::AggregatedKeyValue;

impl<T: Config> Pallet<T> {
	/// Lets `parameter` change when the present session ends.
	pub(crate) fn do_change_parameter(parameter: ParameterOf<T>) {
		let (key, _) = parameter.clone().into_parts();
		Changes::<T>::insert(key, &parameter);
		Self::deposit_event(Event::ParameterWillChange { parameter });
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
}

impl<T: Config> OnSession for Pallet<T> {
	/// After the awards of the session are shared out by the rules that held in it, and before the
	/// election and the length of the next session.
	fn on_session_end(_: SessionIndex) {
		Self::make_changes();
	}

	fn on_session_start(_: SessionIndex) {}
}
