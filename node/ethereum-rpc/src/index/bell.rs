//! Wakes those who wait for new blocks in the index.

use futures::channel::mpsc::{channel, Receiver, Sender};
use std::{
	sync::{Condvar, Mutex, MutexGuard, PoisonError},
	time::{Duration, Instant},
};

/// Rung for every block.
#[derive(Default)]
pub(super) struct Bell {
	listeners: Mutex<Vec<Sender<()>>>,
	rung: Condvar,
}

impl Bell {
	fn listeners(&self) -> MutexGuard<'_, Vec<Sender<()>>> {
		self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
	}

	/// Wakes all who wait.
	pub(super) fn ring(&self) {
		// One that has not yet looked at the last ring needs no other.
		self.listeners().retain_mut(
			|listener| !matches!(listener.try_send(()), Err(error) if error.is_disconnected()),
		);
		self.rung.notify_all();
	}

	/// The rings from now on, of which several may be heard as one.
	pub(super) fn listen(&self) -> Receiver<()> {
		let (sender, receiver) = channel(0);
		self.listeners().push(sender);
		receiver
	}

	/// Waits until something is there, looking again after every ring, but not longer than
	/// `patience`. Blocks the thread.
	pub(super) fn wait_until<E>(
		&self,
		patience: Duration,
		mut is_there: impl FnMut() -> Result<bool, E>,
	) -> Result<bool, E> {
		let end = Instant::now() + patience;
		let mut listeners = self.listeners();
		loop {
			if is_there()? {
				return Ok(true);
			}
			let left = end.saturating_duration_since(Instant::now());
			if left.is_zero() {
				return Ok(false);
			}
			let woken = self.rung.wait_timeout(listeners, left);
			listeners = woken.unwrap_or_else(PoisonError::into_inner).0;
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::{FutureExt, StreamExt};
	use std::{
		convert::Infallible,
		sync::atomic::{AtomicBool, Ordering},
	};

	#[test]
	fn rings_that_nobody_looked_at_are_heard_as_one() {
		let bell = Bell::default();
		let mut listener = bell.listen();
		assert_eq!(listener.next().now_or_never(), None);
		(0..9).for_each(|_| bell.ring());
		assert_eq!(listener.next().now_or_never(), Some(Some(())));
		assert_eq!(listener.next().now_or_never(), None);
		bell.ring();
		assert_eq!(listener.next().now_or_never(), Some(Some(())));
	}

	#[test]
	fn who_left_is_forgotten() {
		let bell = Bell::default();
		drop(bell.listen());
		bell.ring();
		assert!(bell.listeners().is_empty());
	}

	#[test]
	fn waiting_ends_with_the_ring_or_with_patience() -> Result<(), Infallible> {
		let (bell, there) = (Bell::default(), AtomicBool::new(false));
		let look = || Ok::<_, Infallible>(there.load(Ordering::SeqCst));
		assert!(!bell.wait_until(Duration::from_millis(1), look)?);
		std::thread::scope(|scope| {
			let waiting = scope.spawn(|| bell.wait_until(Duration::from_secs(60), look));
			there.store(true, Ordering::SeqCst);
			bell.ring();
			assert!(matches!(waiting.join(), Ok(Ok(true))));
		});
		assert!(bell.wait_until(Duration::ZERO, look)?);
		Ok(())
	}
}
