//! Benchmarks of the calls and of what happens by itself.

use super::*;
use crate::pallet::Pallet;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{dynamic_params::AggregatedKeyValue, EnsureOrigin, GetCallMetadata},
	BoundedVec,
};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_tx_pause::RuntimeCallNameOf;

type CallOf<T> = <T as pallet_tx_pause::Config>::RuntimeCall;

/// Calls that can be paused, whatever the runtime is.
fn pausable<T: Config>() -> impl Iterator<Item = RuntimeCallNameOf<T>> {
	let bounded = |name: &str| BoundedVec::truncate_from(name.as_bytes().to_vec());
	let names = CallOf::<T>::get_module_names().iter().flat_map(move |pallet| {
		let calls = CallOf::<T>::get_call_names(pallet).iter();
		calls.map(move |call| (bounded(pallet), bounded(call)))
	});
	names.filter(|name| pallet_tx_pause::Pallet::<T>::ensure_can_pause(name).is_ok())
}

/// Pauses `count` calls; returns one that is not.
fn with_pauses<T: Config>(count: u32) -> RuntimeCallNameOf<T> {
	let mut calls: alloc::vec::Vec<_> = pausable::<T>().take(count as usize + 1).collect();
	let spare = calls.pop().expect("a runtime has more calls than can be paused");
	for call in calls {
		Pallet::<T>::do_pause(call).expect("the call is known and runs");
	}
	spare
}

#[benchmarks(where T::RuntimeParameters: Default)]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn change_parameter() -> Result<(), BenchmarkError> {
		let origin =
			T::ParameterOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let parameter = ParameterOf::<T>::default();

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, parameter.clone());

		let (key, _) = parameter.clone().into_parts();
		assert_eq!(Changes::<T>::get(key), Some(parameter));
		Ok(())
	}

	#[benchmark]
	fn pause_call() -> Result<(), BenchmarkError> {
		let origin =
			T::EmergencyOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let (pallet, call) = with_pauses::<T>(MAX_PAUSES - 1);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, pallet, call);

		assert_eq!(Pauses::<T>::get().len() as u32, MAX_PAUSES);
		Ok(())
	}

	#[benchmark]
	fn resume_call() -> Result<(), BenchmarkError> {
		let origin =
			T::EmergencyOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		with_pauses::<T>(MAX_PAUSES);
		let (pallet, call) = Pauses::<T>::get().pop().expect("some are paused").call;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, pallet, call);

		assert_eq!(Pauses::<T>::get().len() as u32, MAX_PAUSES - 1);
		Ok(())
	}

	#[benchmark]
	fn end_pauses(n: Linear<0, MAX_PAUSES>) {
		with_pauses::<T>(n);
		let end = BlockNumberFor::<T>::from(u32::MAX);
		let ended;

		#[block]
		{
			ended = Pallet::<T>::end_pauses(end);
		}

		assert_eq!(ended, n);
		assert!(Pauses::<T>::get().is_empty());
	}
}
