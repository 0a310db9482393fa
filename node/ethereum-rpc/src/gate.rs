//! Bounds how much costly work is done at once.

use crate::Error;
use std::{
	sync::{Condvar, Mutex, MutexGuard, PoisonError},
	time::Duration,
};

/// Lets in a few at once; the others wait, but not for ever.
pub(crate) struct Gate {
	free: Mutex<usize>,
	freed: Condvar,
	patience: Duration,
}

/// A place behind the gate, which is free again when this is dropped.
pub(crate) struct Pass<'a>(&'a Gate);

impl Gate {
	/// A gate with this many `places`, each caller waiting no longer than `patience` for one.
	pub(crate) const fn new(places: usize, patience: Duration) -> Self {
		Self { free: Mutex::new(places), freed: Condvar::new(), patience }
	}

	fn free(&self) -> MutexGuard<'_, usize> {
		self.free.lock().unwrap_or_else(PoisonError::into_inner)
	}

	/// Takes a place. Blocks the thread.
	///
	/// # Errors
	///
	/// If none becomes free in time.
	pub(crate) fn enter(&self) -> Result<Pass<'_>, Error> {
		let (mut free, waited) = self
			.freed
			.wait_timeout_while(self.free(), self.patience, |free| *free == 0)
			.unwrap_or_else(PoisonError::into_inner);
		if waited.timed_out() {
			return Err(Error::Limit("the node is busy with requests of this kind".into()));
		}
		*free -= 1;
		Ok(Pass(self))
	}
}

impl Drop for Pass<'_> {
	fn drop(&mut self) {
		*self.0.free() += 1;
		self.0.freed.notify_one();
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_full_gate_refuses_until_a_place_is_free() {
		let gate = Gate::new(2, Duration::from_millis(1));
		let (first, second) = (gate.enter(), gate.enter());
		assert!(first.is_ok() && second.is_ok());
		assert!(matches!(gate.enter(), Err(Error::Limit(_))));
		drop(first);
		assert!(gate.enter().is_ok());
	}

	#[test]
	fn a_waiting_caller_gets_the_place_that_becomes_free() {
		let gate = Gate::new(1, Duration::from_secs(60));
		std::thread::scope(|scope| {
			let taken = gate.enter();
			let waiting = scope.spawn(|| gate.enter().is_ok());
			drop(taken);
			assert!(matches!(waiting.join(), Ok(true)));
		});
	}
}
