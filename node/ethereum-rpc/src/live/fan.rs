//! One source, many listeners, none of which may hold up the others or fill the memory.

use futures::channel::mpsc::{channel, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Hands each item to all listeners; one that lags too far behind is cut off.
pub(crate) struct Fan<T> {
	capacity: usize,
	listeners: Mutex<Vec<Sender<T>>>,
}

impl<T: Clone> Fan<T> {
	/// A fan whose listeners may each lag behind by `capacity` items.
	pub(crate) const fn new(capacity: usize) -> Self {
		Self { capacity, listeners: Mutex::new(Vec::new()) }
	}

	fn listeners(&self) -> MutexGuard<'_, Vec<Sender<T>>> {
		self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
	}

	/// The items from now on; they end where this listener lags.
	pub(crate) fn listen(&self) -> Receiver<T> {
		let (sender, receiver) = channel(self.capacity);
		self.listeners().push(sender);
		receiver
	}

	/// Whether anybody listens.
	pub(crate) fn is_heard(&self) -> bool {
		let mut listeners = self.listeners();
		listeners.retain(|listener| !listener.is_closed());
		!listeners.is_empty()
	}

	/// Hands `item` to all, and tells how many were cut off.
	pub(crate) fn tell(&self, item: &T) -> usize {
		let mut lagging = 0;
		self.listeners().retain_mut(|listener| match listener.try_send(item.clone()) {
			Ok(()) => true,
			Err(error) => {
				lagging += usize::from(error.is_full());
				false
			},
		});
		lagging
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::{executor::block_on, StreamExt};

	#[test]
	fn all_listeners_get_all_items_from_then_on() {
		let fan = Fan::new(4);
		let first = fan.listen();
		fan.tell(&1);
		let second = fan.listen();
		fan.tell(&2);
		drop(fan);
		assert_eq!(block_on(first.collect::<Vec<_>>()), [1, 2]);
		assert_eq!(block_on(second.collect::<Vec<_>>()), [2]);
	}

	#[test]
	fn a_listener_that_lags_is_cut_off_and_the_others_are_not() {
		let fan = Fan::new(1);
		let (slow, mut quick) = (fan.listen(), fan.listen());
		let mut cut_off = 0;
		for item in 0..10 {
			cut_off += fan.tell(&item);
			assert_eq!(block_on(quick.next()), Some(item));
		}
		assert_eq!(cut_off, 1);
		// What it could hold, and then the end.
		assert_eq!(block_on(slow.collect::<Vec<_>>()), [0, 1]);
	}

	#[test]
	fn who_left_is_forgotten() {
		let fan = Fan::new(1);
		assert!(!fan.is_heard());
		let listener = fan.listen();
		assert!(fan.is_heard());
		drop(listener);
		assert!(!fan.is_heard());
		assert_eq!(fan.tell(&1), 0);
	}
}
