//! What the index keeps, and how it is found.

use super::{
	bell::Bell,
	section::{Section, SECTION},
	BlockFees, Metrics,
};
use crate::{Error, Hash};
use alloy_primitives::{Bloom, B256};
use codec::{Decode, Encode};
use cybermiles_primitives::ethereum::{EthereumBlock, BLOOM_BYTES};
use futures::channel::mpsc::Receiver;
use parity_db::{CompressionType, Db, Error as DbError, Options};
use sp_io::hashing::keccak_256;
use std::{
	io::ErrorKind,
	path::Path,
	sync::{Mutex, PoisonError},
	time::Duration,
};

/// Contents of blocks, by their own hash.
const BLOCKS: u8 = 0;
/// Own hashes of blocks, by the hash that Ethereum's tools use.
const HASHES: u8 = 1;
/// Places of transactions, by their hash.
const TRANSACTIONS: u8 = 2;
/// Own hashes and blooms of all blocks of a height.
const HEIGHTS: u8 = 3;
/// What is known of the blocks of a section of heights.
const SECTIONS: u8 = 4;
/// Of which form and of which chain the index is.
const ORIGIN: u8 = 5;
/// What gas cost in blocks, by their own hash.
const FEES: u8 = 6;
/// How many columns there are.
const COLUMNS: u8 = 7;

/// Raised whenever the form of what is stored changes: an older index is made anew.
const FORMAT: u32 = 3;
/// Where the origin stands in its column.
const ORIGIN_KEY: &[u8] = b"origin";

/// A transaction's block and its place among the Ethereum transactions there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Place {
	/// The block's own hash.
	pub block: Hash,
	/// The transaction's place, from 0.
	pub index: u32,
}

/// A block of a height, and the filter over its logs.
type Sketch = (Hash, [u8; BLOOM_BYTES]);
/// A change of the database: column, key, new value.
type Change = (u8, Vec<u8>, Option<Vec<u8>>);

/// Ethereum's blocks in the node's own data folder.
pub struct Index {
	db: Db,
	/// Held while entries are read, changed and written.
	turn: Mutex<()>,
	bell: Bell,
	metrics: Option<Metrics>,
}

/// How the database is laid out.
fn options(folder: &Path) -> Options {
	let mut options = Options::with_columns(folder, COLUMNS);
	options.columns[BLOCKS as usize].compression = CompressionType::Lz4;
	options
}

impl Index {
	/// Opens the index of the chain with this genesis in `folder`, or makes it.
	///
	/// An index of another form or of another chain, or one that is damaged, is removed: it can be
	/// made anew from the chain.
	///
	/// # Errors
	///
	/// If the folder cannot be read or written, or another process uses it.
	pub fn open(folder: &Path, genesis: Hash) -> Result<Self, Error> {
		let origin = (FORMAT, genesis).encode();
		match Db::open(&options(folder)) {
			Ok(db) if db.get(ORIGIN, ORIGIN_KEY)?.as_ref() == Some(&origin) => {
				return Ok(Self::of(db))
			},
			Ok(_) => log::warn!(
				"The index of Ethereum blocks is of another form or chain: it is made anew"
			),
			Err(DbError::DatabaseNotFound) => {},
			// Of these the folder is no cause.
			Err(error @ (DbError::Io(_) | DbError::Locked(_))) if folder.exists() => {
				return Err(error.into())
			},
			Err(DbError::Io(_)) => {},
			Err(error) => log::warn!(
				"The index of Ethereum blocks cannot be opened ({error}): it is made anew"
			),
		}
		Self::create(folder, origin)
	}

	fn of(db: Db) -> Self {
		Self { db, turn: Mutex::default(), bell: Bell::default(), metrics: None }
	}

	/// The same index, which tells how it does.
	#[must_use]
	pub fn with_metrics(self, metrics: Option<Metrics>) -> Self {
		Self { metrics, ..self }
	}

	pub(super) fn metrics(&self) -> Option<&Metrics> {
		self.metrics.as_ref()
	}

	/// Makes an empty index.
	fn create(folder: &Path, origin: Vec<u8>) -> Result<Self, Error> {
		match std::fs::remove_dir_all(folder) {
			Err(error) if error.kind() != ErrorKind::NotFound => {
				return Err(DbError::Io(error).into())
			},
			_ => {},
		}
		std::fs::create_dir_all(folder).map_err(DbError::Io)?;
		let db = Db::open_or_create(&options(folder))?;
		db.commit([(ORIGIN, ORIGIN_KEY.to_vec(), Some(origin))])?;
		Ok(Self::of(db))
	}

	fn get<Value: Decode>(&self, column: u8, key: &[u8]) -> Result<Option<Value>, Error> {
		let bytes = self.db.get(column, key)?;
		Ok(bytes.map(|bytes| Value::decode(&mut &bytes[..])).transpose()?)
	}

	/// Keeps `block`, whose own hash is `hash`; a block that is there already is replaced.
	///
	/// # Errors
	///
	/// If the index cannot be read or written.
	pub fn insert(&self, hash: Hash, block: &EthereumBlock) -> Result<(), Error> {
		self.write(hash, block)?;
		self.bell.ring();
		Ok(())
	}

	fn write(&self, hash: Hash, block: &EthereumBlock) -> Result<(), Error> {
		let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
		let mut changes = vec![
			(BLOCKS, hash.as_bytes().to_vec(), Some(block.encode())),
			(FEES, hash.as_bytes().to_vec(), Some(BlockFees::from(block).encode())),
			self.name(hash, block)?,
			self.sketch(hash, block)?,
			self.part(block)?,
		];
		for (transaction, index) in block.transactions.iter().zip(0u32..) {
			changes
				.push(self.place(keccak_256(&transaction.payload), Place { block: hash, index })?);
		}
		// What was committed in one is never there in part, and a crash loses the latest ones only.
		Ok(self.db.commit(changes)?)
	}

	/// Adds a block to those that Ethereum's tools know by the same hash: two blocks of one author
	/// and time may hold the same Ethereum transactions, but not all the same others.
	fn name(&self, hash: Hash, block: &EthereumBlock) -> Result<Change, Error> {
		let mut known = self.own_hashes(B256::from(block.hash.0))?;
		if !known.contains(&hash) {
			known.push(hash);
		}
		Ok((HASHES, block.hash.as_bytes().to_vec(), Some(known.encode())))
	}

	/// Adds a place to those of a transaction.
	fn place(&self, transaction: [u8; 32], place: Place) -> Result<Change, Error> {
		let mut places: Vec<Place> = self.get(TRANSACTIONS, &transaction)?.unwrap_or_default();
		if !places.contains(&place) {
			places.push(place);
		}
		Ok((TRANSACTIONS, transaction.to_vec(), Some(places.encode())))
	}

	/// Adds a block to those of its height.
	fn sketch(&self, hash: Hash, block: &EthereumBlock) -> Result<Change, Error> {
		let key = block.number.to_be_bytes();
		let mut sketches: Vec<Sketch> = self.get(HEIGHTS, &key)?.unwrap_or_default();
		sketches.retain(|(known, _)| *known != hash);
		sketches.push((hash, block.bloom));
		Ok((HEIGHTS, key.to_vec(), Some(sketches.encode())))
	}

	/// Adds a block to its section.
	fn part(&self, block: &EthereumBlock) -> Result<Change, Error> {
		let mut section = self.section(block.number)?;
		section.add(block.number, block.bloom);
		let key = (block.number / SECTION).to_be_bytes();
		Ok((SECTIONS, key.to_vec(), Some(section.encode())))
	}

	/// Tells when there are new blocks; several may be told of at once.
	pub fn arrivals(&self) -> Receiver<()> {
		self.bell.listen()
	}

	/// Waits until a block is here, but not longer than `patience`, and tells whether it is. Blocks
	/// the thread.
	///
	/// # Errors
	///
	/// If the index cannot be read.
	pub fn wait_for(&self, hash: Hash, patience: Duration) -> Result<bool, Error> {
		self.bell.wait_until(patience, || self.contains(hash))
	}

	/// Whether the block with this own hash is here.
	pub fn contains(&self, hash: Hash) -> Result<bool, Error> {
		Ok(self.db.get_size(BLOCKS, hash.as_bytes())?.is_some())
	}

	/// The block with this own hash.
	pub fn block(&self, hash: Hash) -> Result<Option<EthereumBlock>, Error> {
		self.get(BLOCKS, hash.as_bytes())
	}

	/// What gas cost in the block with this own hash.
	pub fn fees(&self, hash: Hash) -> Result<Option<BlockFees>, Error> {
		self.get(FEES, hash.as_bytes())
	}

	/// Own hashes of the blocks with this Ethereum hash: hardly ever more than one.
	pub fn own_hashes(&self, hash: B256) -> Result<Vec<Hash>, Error> {
		Ok(self.get(HASHES, hash.as_slice())?.unwrap_or_default())
	}

	/// Where a transaction is, on every fork that has it.
	pub fn places(&self, transaction: B256) -> Result<Vec<Place>, Error> {
		Ok(self.get(TRANSACTIONS, transaction.as_slice())?.unwrap_or_default())
	}

	/// Own hashes and blooms of all known blocks of a height.
	pub fn height(&self, number: u64) -> Result<Vec<(Hash, Bloom)>, Error> {
		let sketches: Vec<Sketch> = self.get(HEIGHTS, &number.to_be_bytes())?.unwrap_or_default();
		Ok(sketches.into_iter().map(|(hash, bloom)| (hash, bloom.into())).collect())
	}

	/// What is known of the section that holds this height.
	pub fn section(&self, number: u64) -> Result<Section, Error> {
		Ok(self.get(SECTIONS, &(number / SECTION).to_be_bytes())?.unwrap_or_default())
	}
}

#[cfg(test)]
mod tests;
