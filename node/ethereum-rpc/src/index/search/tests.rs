use super::*;
use crate::{index::SECTION, testing};
use alloy_primitives::{Address, BloomInput, B256};
use cybermiles_primitives::ethereum::{EthereumLog, EthereumTransaction};
use sp_core::{H160, H256};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		mixed ^ (mixed >> 31)
	}

	/// A number below `end`.
	fn below(&mut self, end: u64) -> u64 {
		self.next() % end
	}

	fn byte(&mut self, end: u64) -> u8 {
		self.below(end) as u8
	}

	fn log(&mut self) -> EthereumLog {
		let topics = (0..self.below(5)).map(|_| H256([self.byte(4); 32])).collect();
		EthereumLog { address: H160([self.byte(4); 20]), topics, data: vec![self.byte(255)] }
	}

	fn logs(&mut self) -> Vec<EthereumLog> {
		let count = if self.below(4) == 0 { self.below(3) } else { 0 };
		(0..count).map(|_| self.log()).collect()
	}

	/// Up to three values below `end`, none for all.
	fn values<T>(&mut self, end: u64, value: impl Fn(u8) -> T) -> Vec<T> {
		(0..self.below(4)).map(|_| value(self.byte(end))).collect()
	}

	fn filter(&mut self) -> Filter {
		let mut filter = Filter::new().address(self.values(6, Address::repeat_byte));
		for topic in &mut filter.topics {
			// Most places match everything, or hardly a log would match at all.
			if self.below(3) == 0 {
				*topic = self.values(5, B256::repeat_byte).into();
			}
		}
		filter
	}
}

/// A block with these logs, two for each transaction.
fn block(number: u64, fork: u8, logs: Vec<EthereumLog>) -> EthereumBlock {
	let mut bloom = Bloom::default();
	for log in &logs {
		bloom.accrue(BloomInput::Raw(log.address.as_bytes()));
		log.topics
			.iter()
			.for_each(|topic| bloom.accrue(BloomInput::Raw(topic.as_bytes())));
	}
	let transaction = |logs: &[EthereumLog]| EthereumTransaction {
		logs: logs.to_vec(),
		..testing::transaction([&number.to_be_bytes()[..], &[fork, logs.len() as u8]].concat())
	};
	EthereumBlock {
		hash: H256::from_low_u64_be(number * 256 + u64::from(fork) + 1),
		timestamp: number * 3,
		bloom: bloom.0 .0,
		transactions: logs.chunks(2).map(transaction).collect(),
		..testing::block(number)
	}
}

/// An index, and the best chain as a list.
struct Model {
	index: Index,
	best: BTreeMap<u64, (Hash, EthereumBlock)>,
	_folder: TempDir,
}

impl BestChain for Model {
	fn hash_of(&self, number: u64) -> Result<Option<Hash>, Error> {
		Ok(self.best.get(&number).map(|(hash, _)| *hash))
	}

	fn await_index(&self, _: u64) -> Result<bool, Error> {
		Ok(false)
	}
}

impl Model {
	fn new() -> Self {
		let folder = TempDir::new().unwrap();
		let index = Index::open(&folder.path().join("ethereum"), Hash::zero()).unwrap();
		Self { index, best: BTreeMap::new(), _folder: folder }
	}

	fn add(&mut self, number: u64, fork: u8, logs: Vec<EthereumLog>) {
		let block = block(number, fork, logs);
		let hash = H256([fork, number as u8, (number >> 8) as u8, 7].repeat(8).try_into().unwrap());
		self.index.insert(hash, &block).unwrap();
		// The first block of a height is the best one.
		self.best.entry(number).or_insert((hash, block));
	}

	fn logs(
		&self,
		heights: RangeInclusive<u64>,
		filter: &Filter,
		limit: usize,
	) -> Result<Vec<Log>, Error> {
		self.index.logs(self, heights, filter, limit)
	}

	/// All logs that match, with neither blooms nor sections.
	fn naive(&self, heights: RangeInclusive<u64>, filter: &Filter) -> Vec<Log> {
		let matches = |log: &Log| {
			let any_or = |wanted: bool, all: bool| wanted || all;
			let topics = log.topics();
			any_or(filter.address.contains(&log.address()), filter.address.is_empty())
				&& filter.topics.iter().enumerate().all(|(place, wanted)| {
					let found = topics.get(place).is_some_and(|topic| wanted.contains(topic));
					any_or(found, wanted.is_empty())
				})
		};
		let blocks = self.best.range(heights).map(|(_, (_, block))| block);
		blocks.flat_map(convert::logs).filter(matches).collect()
	}
}

/// A chain of random logs over several sections, with forks.
fn random_model(random: &mut Random, length: u64) -> Model {
	let mut model = Model::new();
	for number in 0..length {
		for fork in 0..=u8::from(random.below(10) == 0) {
			let logs = random.logs();
			model.add(number, fork, logs);
		}
	}
	model
}

#[test]
fn a_search_finds_what_a_look_at_every_block_finds() {
	let mut random = Random(2026);
	let length = 3 * SECTION + 17;
	let model = random_model(&mut random, length);
	let (mut found, mut fruitless) = (0, 0);
	for _ in 0..400 {
		let (from, filter) = (random.below(length), random.filter());
		let to = from + random.below(length - from);
		let logs = model.logs(from..=to, &filter, usize::MAX).unwrap();
		assert_eq!(logs, model.naive(from..=to, &filter), "{from} to {to}: {filter:?}");
		found += logs.len();
		fruitless += u32::from(logs.is_empty());
	}
	// Else this proved nothing.
	assert!(
		found > 1_000 && (50..350).contains(&fruitless),
		"{found} logs, {fruitless} times none"
	);
}

#[test]
fn logs_come_in_order_with_their_places() {
	let mut model = Model::new();
	let log = |byte: u8| EthereumLog { address: H160([byte; 20]), topics: vec![], data: vec![] };
	model.add(0, 0, vec![]);
	model.add(1, 0, vec![log(1), log(2), log(1)]);
	model.add(2, 0, vec![log(1)]);
	let one = Filter::new().address(Address::repeat_byte(1));
	let logs = model.logs(0..=2, &one, 3).unwrap();
	let places = logs.iter().map(|log| {
		(log.block_number.unwrap(), log.transaction_index.unwrap(), log.log_index.unwrap())
	});
	assert_eq!(places.collect::<Vec<_>>(), [(1, 0, 0), (1, 1, 2), (2, 0, 0)]);
	assert_eq!(logs.iter().map(|log| log.block_timestamp).max(), Some(Some(6)));
	assert!(logs.iter().all(|log| !log.removed && log.transaction_hash.is_some()));
}

#[test]
fn too_many_logs_are_refused_and_not_left_out() {
	let mut random = Random(7);
	let model = random_model(&mut random, 100);
	let any = Filter::default();
	let all = model.logs(0..=99, &any, usize::MAX).unwrap().len();
	assert_eq!(model.logs(0..=99, &any, all).unwrap().len(), all);
	let error = model.logs(0..=99, &any, all - 1).unwrap_err();
	assert!(matches!(error, Error::Limit(_)));
	let words = format!("query returned more than {} results (--eth-max-past-logs)", all - 1);
	assert!(error.to_string().starts_with(&words), "{error}");
}

#[test]
fn blocks_that_are_not_in_the_index_are_told_of() {
	let mut model = Model::new();
	for number in (0..600).filter(|number| ![300, 301].contains(number)) {
		model.add(number, 0, vec![]);
	}
	let any = Filter::default();
	assert_eq!(model.logs(0..=299, &any, 1).unwrap(), []);
	assert_eq!(model.logs(302..=599, &any, 1).unwrap(), []);
	for (from, to) in [(0, 300), (300, 300), (301, 400), (0, 599)] {
		let error = model.logs(from..=to, &any, 1).unwrap_err();
		assert!(matches!(error, Error::NotExecuted(300 | 301)), "{error}");
	}
}

#[test]
fn a_fork_does_not_stand_for_a_block_that_is_not_in_the_index() {
	let mut model = Model::new();
	let mut random = Random(1);
	model.add(0, 1, vec![random.log()]);
	let missing = (H256([9; 32]), block(0, 0, vec![]));
	model.best.insert(0, missing);
	let error = model.logs(0..=0, &Filter::default(), 9).unwrap_err();
	assert!(matches!(error, Error::NotExecuted(0)), "{error}");
}
