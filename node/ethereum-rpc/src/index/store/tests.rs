use super::*;
use crate::testing;
use alloy_primitives::BloomInput;
use cybermiles_primitives::ethereum::EthereumTransaction;
use sp_core::{H160, H256};
use tempfile::TempDir;

const GENESIS: Hash = H256([1; 32]);

fn transaction(byte: u8) -> EthereumTransaction {
	EthereumTransaction { from: H160([byte; 20]), ..testing::transaction(vec![byte; 40]) }
}

/// A block whose Ethereum hash is `byte`, with these transactions and a log with this word.
fn block(number: u64, byte: u8, transactions: &[u8], word: Option<u8>) -> EthereumBlock {
	let mut bloom = Bloom::default();
	if let Some(word) = word {
		bloom.accrue(BloomInput::Raw(&[word; 20]));
	}
	EthereumBlock {
		hash: H256([byte; 32]),
		bloom: bloom.0 .0,
		transactions: transactions.iter().copied().map(transaction).collect(),
		..testing::block(number)
	}
}

fn own(byte: u8) -> Hash {
	H256([byte ^ 0xff; 32])
}

fn open(folder: &TempDir) -> Index {
	Index::open(&folder.path().join("ethereum"), GENESIS).unwrap()
}

fn hash_of(byte: u8) -> B256 {
	keccak_256(&[byte; 40]).into()
}

#[test]
fn what_was_put_in_is_found() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	let block = block(7, 3, &[10, 11], Some(5));
	assert!(!index.contains(own(3)).unwrap());
	index.insert(own(3), &block).unwrap();
	assert!(index.contains(own(3)).unwrap());
	assert_eq!(index.block(own(3)).unwrap(), Some(block.clone()));
	assert_eq!(index.fees(own(3)).unwrap(), Some(BlockFees::from(&block)));
	assert_eq!(index.own_hashes(B256::repeat_byte(3)).unwrap(), [own(3)]);
	assert_eq!(index.places(hash_of(11)).unwrap(), [Place { block: own(3), index: 1 }]);
	assert_eq!(index.height(7).unwrap(), [(own(3), block.bloom.into())]);
	assert_eq!(index.section(0).unwrap().bloom(), Bloom::from(block.bloom));
}

#[test]
fn what_is_not_there_is_none() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	assert_eq!(index.block(own(3)).unwrap(), None);
	assert_eq!(index.fees(own(3)).unwrap(), None);
	assert_eq!(index.own_hashes(B256::repeat_byte(3)).unwrap(), []);
	assert_eq!(index.places(hash_of(11)).unwrap(), []);
	assert_eq!(index.height(7).unwrap(), []);
	assert_eq!(index.section(7).unwrap(), Section::default());
}

#[test]
fn forks_are_kept_side_by_side() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	index.insert(own(3), &block(7, 3, &[10], Some(5))).unwrap();
	index.insert(own(4), &block(7, 4, &[11, 10], Some(6))).unwrap();
	let places = index.places(hash_of(10)).unwrap();
	assert_eq!(places, [Place { block: own(3), index: 0 }, Place { block: own(4), index: 1 }]);
	let hashes: Vec<_> = index.height(7).unwrap().into_iter().map(|(hash, _)| hash).collect();
	assert_eq!(hashes, [own(3), own(4)]);
}

#[test]
fn a_block_twice_is_there_once() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	for _ in 0..2 {
		index.insert(own(3), &block(7, 3, &[10], Some(5))).unwrap();
	}
	assert_eq!(index.places(hash_of(10)).unwrap().len(), 1);
	assert_eq!(index.height(7).unwrap().len(), 1);
}

#[test]
fn sections_unite_the_blooms_of_their_heights() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	index.insert(own(1), &block(0, 1, &[], Some(1))).unwrap();
	index.insert(own(2), &block(SECTION - 1, 2, &[], Some(2))).unwrap();
	index.insert(own(3), &block(SECTION, 3, &[], Some(3))).unwrap();
	let holds = |number, word: u8| {
		index
			.section(number)
			.unwrap()
			.bloom()
			.contains_input(BloomInput::Raw(&[word; 20]))
	};
	assert_eq!([1, 2, 3].map(|word| holds(100, word)), [true, true, false]);
	assert_eq!([1, 2, 3].map(|word| holds(SECTION + 1, word)), [false, false, true]);
}

#[test]
fn an_index_outlives_its_process() {
	let folder = TempDir::new().unwrap();
	let block = block(7, 3, &[10], Some(5));
	open(&folder).insert(own(3), &block).unwrap();
	assert_eq!(open(&folder).block(own(3)).unwrap(), Some(block));
}

#[test]
fn an_index_of_another_chain_is_made_anew() {
	let folder = TempDir::new().unwrap();
	open(&folder).insert(own(3), &block(7, 3, &[10], None)).unwrap();
	let path = folder.path().join("ethereum");
	let other = Index::open(&path, H256([2; 32])).unwrap();
	assert_eq!(other.block(own(3)).unwrap(), None);
}

#[test]
fn an_index_of_another_form_is_made_anew() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	index.insert(own(3), &block(7, 3, &[10], None)).unwrap();
	let old = (FORMAT + 1, GENESIS).encode();
	index.db.commit([(ORIGIN, ORIGIN_KEY.to_vec(), Some(old))]).unwrap();
	drop(index);
	assert_eq!(open(&folder).block(own(3)).unwrap(), None);
}

#[test]
fn an_index_with_other_columns_or_without_origin_is_made_anew() {
	let folder = TempDir::new().unwrap();
	let path = folder.path().join("ethereum");
	for columns in [COLUMNS - 1, COLUMNS, COLUMNS + 1] {
		std::fs::create_dir_all(&path).unwrap();
		let mut old = Options::with_columns(&path, columns);
		old.columns[BLOCKS as usize].compression = CompressionType::Lz4;
		let db = Db::open_or_create(&old).unwrap();
		db.commit([(BLOCKS, own(3).as_bytes().to_vec(), Some(vec![1]))]).unwrap();
		drop(db);
		let index = open(&folder);
		assert_eq!(index.block(own(3)).unwrap(), None, "{columns}");
		drop(index);
		std::fs::remove_dir_all(&path).unwrap();
	}
}

#[test]
fn an_index_whose_description_is_damaged_is_made_anew() {
	let folder = TempDir::new().unwrap();
	open(&folder).insert(own(3), &block(7, 3, &[10], None)).unwrap();
	std::fs::write(folder.path().join("ethereum/metadata"), "version=8\nsalt=no").unwrap();
	assert_eq!(open(&folder).block(own(3)).unwrap(), None);
}

#[test]
fn an_index_in_use_is_left_alone() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	index.insert(own(3), &block(7, 3, &[10], None)).unwrap();
	assert!(Index::open(&folder.path().join("ethereum"), GENESIS).is_err());
	assert!(Index::open(&folder.path().join("ethereum"), H256([2; 32])).is_err());
	drop(index);
	assert!(open(&folder).contains(own(3)).unwrap());
}

#[test]
fn blocks_that_tools_know_by_one_hash_are_told_apart() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	for byte in [3, 4, 3] {
		index.insert(own(byte), &block(7, 9, &[], None)).unwrap();
	}
	assert_eq!(index.own_hashes(B256::repeat_byte(9)).unwrap(), [own(3), own(4)]);
}

#[test]
fn who_waits_for_a_block_is_told_when_it_is_there() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	let mut arrivals = index.arrivals();
	assert!(arrivals.try_recv().is_err(), "nothing yet");
	assert!(!index.wait_for(own(3), Duration::from_millis(1)).unwrap());
	std::thread::scope(|scope| {
		let waiting = scope.spawn(|| index.wait_for(own(3), Duration::from_secs(60)).unwrap());
		index.insert(own(3), &block(7, 3, &[10], None)).unwrap();
		assert!(waiting.join().unwrap());
	});
	assert!(arrivals.try_recv().is_ok());
}

#[test]
fn damaged_entries_are_an_error_and_no_panic() {
	let folder = TempDir::new().unwrap();
	let index = open(&folder);
	let key = own(3).as_bytes().to_vec();
	index.db.commit([(BLOCKS, key, Some(vec![1, 2, 3]))]).unwrap();
	assert!(matches!(index.block(own(3)), Err(Error::Damaged(_))));
}
