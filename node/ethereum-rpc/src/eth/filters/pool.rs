//! The filters that callers installed.

use crate::Error;
use std::{
	collections::BTreeMap,
	sync::{Arc, Mutex},
	time::{Duration, Instant},
};

/// How long a filter stays without being asked.
pub(crate) const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// A filter, and when it was last asked.
struct Installed<State> {
	asked: Instant,
	state: Arc<Mutex<State>>,
}

/// The filters that callers installed, of which there is a limit.
pub(super) struct Pool<State> {
	filters: BTreeMap<u64, Installed<State>>,
	last: u64,
	limit: usize,
}

impl<State> Pool<State> {
	/// An empty pool with room for `limit` filters.
	pub(super) const fn new(limit: usize) -> Self {
		Self { filters: BTreeMap::new(), last: 0, limit }
	}

	fn expire(&mut self, now: Instant) {
		self.filters
			.retain(|_, filter| now.saturating_duration_since(filter.asked) < LIFETIME);
	}

	/// Installs a filter and gives its number.
	///
	/// # Errors
	///
	/// If there is no room.
	pub(super) fn add(&mut self, state: State, now: Instant) -> Result<u64, Error> {
		self.expire(now);
		if self.filters.len() >= self.limit {
			return Err(Error::Limit(format!(
				"Filter pool is full (limit {}, --eth-max-filters); remove filters with \
				eth_uninstallFilter, or wait: those that nobody asks go after 5 minutes",
				self.limit
			)));
		}
		self.last += 1;
		let state = Arc::new(Mutex::new(state));
		self.filters.insert(self.last, Installed { asked: now, state });
		Ok(self.last)
	}

	/// The filter with this number, which stays for another lifetime.
	///
	/// # Errors
	///
	/// If there is none, or no longer.
	pub(super) fn find(&mut self, number: u64, now: Instant) -> Result<Arc<Mutex<State>>, Error> {
		self.expire(now);
		let filter = self.filters.get_mut(&number).ok_or(Error::UnknownFilter(number))?;
		filter.asked = now;
		Ok(filter.state.clone())
	}

	/// Removes the filter with this number, and tells whether it was there.
	pub(super) fn remove(&mut self, number: u64, now: Instant) -> bool {
		self.expire(now);
		self.filters.remove(&number).is_some()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const SECOND: Duration = Duration::from_secs(1);

	fn is_there(pool: &mut Pool<char>, number: u64, now: Instant) -> bool {
		pool.find(number, now).is_ok()
	}

	#[test]
	fn filters_are_numbered_from_one_and_numbers_do_not_return() -> Result<(), Error> {
		let (mut pool, now) = (Pool::new(3), Instant::now());
		assert_eq!([pool.add('a', now)?, pool.add('b', now)?], [1, 2]);
		assert!(pool.remove(2, now));
		assert!(!pool.remove(2, now));
		assert_eq!(pool.add('c', now)?, 3);
		assert!(!is_there(&mut pool, 2, now));
		assert_eq!(pool.find(3, now)?.lock().map(|state| *state).ok(), Some('c'));
		Ok(())
	}

	#[test]
	fn a_full_pool_takes_no_more_until_one_goes() -> Result<(), Error> {
		let (mut pool, now) = (Pool::new(2), Instant::now());
		pool.add('a', now)?;
		pool.add('b', now + SECOND)?;
		let error = pool.add('c', now).map_err(|error| error.to_string());
		assert!(error.is_err_and(|error| error.contains("limit 2, --eth-max-filters")));
		assert!(pool.remove(1, now));
		pool.add('c', now + SECOND)?;
		assert!(pool.add('d', now + LIFETIME).is_err());
		assert!(pool.add('d', now + SECOND + LIFETIME).is_ok());
		Ok(())
	}

	#[test]
	fn who_is_not_asked_goes_and_who_is_stays() -> Result<(), Error> {
		let (mut pool, mut now) = (Pool::new(9), Instant::now());
		let (asked, forgotten) = (pool.add('a', now)?, pool.add('b', now)?);
		for _ in 0..3 {
			now += LIFETIME - SECOND;
			assert!(is_there(&mut pool, asked, now));
		}
		assert!(!is_there(&mut pool, forgotten, now));
		assert!(!is_there(&mut pool, asked, now + LIFETIME));
		Ok(())
	}
}
