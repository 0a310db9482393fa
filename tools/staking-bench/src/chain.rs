//! The CyberMiles runtime with any number of delegators behind one validator.

use crate::{numbered, work::State};
use codec::Encode;
use cybermiles_primitives::{
	traits::{PoolObserver, StakePools},
	Balance, ClassId, EraIndex, Rate, CMT,
};
use cybermiles_runtime::{
	genesis_config_presets::{get_preset, STAGING},
	AccountId, AllPalletsWithSystem, Balances, CmtDpos, Executive, Header, Runtime,
	RuntimeGenesisConfig, RuntimeOrigin, Slashing, System, UncheckedExtrinsic,
	ValidatorCompensation,
};
use frame_support::traits::{fungible::Mutate, Hooks, WhitelistedStorageKeys};
use frame_system::AccountInfo;
use pallet_balances::AccountData;
use pallet_cmt_dpos::{
	Candidates, Chunk, CurrentEra, DuePayment, DuePayments, Era, EraStart, PoolsOf, Position,
	Positions, PositionsOf, Ranking, StakeTotals, UnbondingPools,
};
use serde_json::Value;
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_io::TestExternalities;
use sp_runtime::{traits::Header as _, BuildStorage, Digest, DigestItem, Perbill};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};
use stake_math::Pool;

/// Classes that have members, the owner's not counted: as many as a candidate can have.
pub const CLASSES: u32 = 16;
/// Eras with stake that unbonds.
pub const UNBONDING_ERAS: u32 = 7;
/// Sessions of an era, which is a day, on the main network.
pub const SESSIONS_PER_ERA: u32 = 144;
/// What a delegator has in its class pool, and once more in an unbonding pool, in planck.
const STAKE: Balance = 10 * CMT;
/// What an account has free, in planck.
const FREE: Balance = 10_000 * CMT;
/// Room for the delegators: the most for which the first founder of `staging` has self-stake.
const MAX_STAKE: Balance = 29_000_000 * CMT;
/// The slot of the genesis block.
const FIRST_SLOT: u64 = 1_000;
/// Delegators whose entries are written at once.
const BATCH: u32 = 500_000;

/// The kinds of [`numbered`] accounts.
const DELEGATOR: u8 = 1;
const NEWCOMER: u8 = 2;

/// The main network's 19 validators and 5 standbys, with `delegators` behind the first one: in
/// [`CLASSES`] classes, and with stake of [`UNBONDING_ERAS`] eras that waits.
///
/// An award waits to be folded. So many delegators would take long to enter by calls: their entries
/// are written as calls would leave them, and [`check`] proves that the books match.
pub fn state(delegators: u32) -> State {
	let mut state = genesis(STAGING);
	let validator = state.set_up(|| {
		let validator = validator();
		begin_eras();
		enter_pools(&validator, delegators);
		Balances::set_balance(&newcomer(), FREE);
		empty_block();
		validator
	});
	let all: Vec<_> = (0..delegators).collect();
	for batch in all.chunks(BATCH as usize) {
		state.insert(batch.iter().flat_map(|index| entries(&validator, *index)).collect());
	}
	state
}

/// The genesis state of the preset `name`.
pub fn genesis(name: &str) -> State {
	let patch = serde_json::from_slice(&get_preset(&name.into()).unwrap()).unwrap();
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
	merge(&mut genesis, patch);
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).unwrap();
	let ext = TestExternalities::new(genesis.build_storage().unwrap());
	State::new(ext, AllPalletsWithSystem::whitelisted_storage_keys())
}

/// Merges `patch` into `base` as chain specs are (RFC 7386).
fn merge(base: &mut Value, patch: Value) {
	match (base, patch) {
		(Value::Object(base), Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(Value::Null), value);
			}
		},
		(base, patch) => *base = patch,
	}
}

/// Panics unless the books of all pallets match the delegators.
pub fn check() {
	CmtDpos::do_try_state().unwrap();
	ValidatorCompensation::do_try_state().unwrap();
}

/// The validator with the delegators: the strongest.
pub fn validator() -> AccountId {
	CmtDpos::seats().validators[0].candidate.clone()
}

/// An account that never delegated.
pub fn newcomer() -> AccountId {
	numbered(NEWCOMER, 0)
}

/// The delegator number `index`.
pub fn delegator(index: u32) -> AccountId {
	numbered(DELEGATOR, index)
}

/// The class of the delegator number `index`; what newcomers agree to is one of them.
fn class(index: u32) -> ClassId {
	ClassId::agreed_at(Rate(200 - 10 * (index % CLASSES) as u16))
}

/// The era in which the delegator number `index` took stake out.
fn since(index: u32) -> EraIndex {
	index % UNBONDING_ERAS
}

/// How many of `0..count` leave `rest` when divided by `divisor`.
fn members(count: u32, rest: u32, divisor: u32) -> Balance {
	Balance::from((count + divisor - 1 - rest) / divisor)
}

/// Lets as many eras pass as there are unbonding pools.
fn begin_eras() {
	for era in 0..UNBONDING_ERAS {
		EraStart::<Runtime>::insert(era, era * SESSIONS_PER_ERA);
	}
	let index = UNBONDING_ERAS - 1;
	CurrentEra::<Runtime>::put(Era { index, start: index * SESSIONS_PER_ERA });
}

/// The pools, totals and escrow of `count` delegators.
fn enter_pools(candidate: &AccountId, count: u32) {
	let mut pools = PoolsOf::<Runtime>::get(candidate);
	for rest in 0..CLASSES.min(count) {
		pools.set(class(rest), pool_of(members(count, rest, CLASSES))).unwrap();
	}
	for rest in 0..UNBONDING_ERAS.min(count) {
		let pool = pool_of(members(count, rest, UNBONDING_ERAS));
		UnbondingPools::<Runtime>::insert(candidate, since(rest), pool);
	}
	let stake = STAKE * Balance::from(count);
	let mut info = Candidates::<Runtime>::get(candidate).unwrap();
	Ranking::<Runtime>::remove(info.rank_key());
	info.stake = pools.total();
	info.positions += count;
	info.terms.max_stake = MAX_STAKE;
	Ranking::<Runtime>::insert(info.rank_key(), candidate);
	Candidates::<Runtime>::insert(candidate, info);
	PoolsOf::<Runtime>::insert(candidate, pools);
	StakeTotals::<Runtime>::mutate(|totals| {
		totals.bonded += stake;
		totals.unbonding += stake;
	});
	Balances::mint_into(&CmtDpos::escrow_account(), 2 * stake).unwrap();
	pallet_balances::TotalIssuance::<Runtime>::mutate(|all| *all += FREE * Balance::from(count));
}

/// A pool in which each of `members` has [`STAKE`].
fn pool_of(members: Balance) -> Pool {
	let mut pool = Pool::default();
	pool.join(members * STAKE).unwrap();
	pool
}

/// The entries of the delegator number `index`: account, position, list of positions, payment.
fn entries(candidate: &AccountId, index: u32) -> [(Vec<u8>, Vec<u8>); 4] {
	let who = delegator(index);
	let data = AccountData { free: FREE, ..Default::default() };
	let account = AccountInfo::<u32, _> { providers: 1, data, ..Default::default() };
	let mut position = Position::new(class(index));
	position.shares = STAKE;
	position.principal = STAKE;
	let chunk = Chunk { since: since(index), due: since(index) + UNBONDING_ERAS, shares: STAKE };
	position.chunks.try_push(chunk).unwrap();
	let payment = DuePayment::Unbonded { candidate: candidate.clone(), who: who.clone() };
	[
		(frame_system::Account::<Runtime>::hashed_key_for(&who), account.encode()),
		(Positions::<Runtime>::hashed_key_for(candidate, &who), position.encode()),
		(PositionsOf::<Runtime>::hashed_key_for(&who), vec![candidate].encode()),
		(DuePayments::<Runtime>::hashed_key_for(chunk.due, payment), None::<AccountId>.encode()),
	]
}

/// The award of a block.
pub fn award() {
	ValidatorCompensation::on_finalize(System::block_number());
}

/// Enters what the validator earned into the pools of its delegators: what pays them.
pub fn fold() {
	<ValidatorCompensation as PoolObserver<_>>::before_change(&validator());
}

/// A whole block with nothing in it but its time.
pub fn empty_block() {
	begin_block(System::block_number() + 1);
	Executive::finalize_block();
}

/// Begins block `number`, in the slot that follows that of its parent.
pub fn begin_block(number: u32) {
	initialize(number);
	let now = slot(number) * cybermiles_runtime::constants::time::SLOT_DURATION;
	let time = UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into());
	Executive::apply_extrinsic(time).unwrap().unwrap();
}

/// What happens at the start of block `number`, before its transactions.
pub fn initialize(number: u32) {
	let digest =
		Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot(number).encode())] };
	let parent = System::parent_hash();
	let header = Header::new(number, Default::default(), Default::default(), parent, digest);
	Executive::initialize_block(&header);
}

fn slot(number: u32) -> u64 {
	FIRST_SLOT + u64::from(number)
}

/// Slashes the validator for a double vote in the first session, so that no unbonding pool escapes.
pub fn slash() {
	let details = OffenceDetails { offender: (validator(), ()), reporters: vec![newcomer()] };
	Slashing::on_offence(&[details], &[Perbill::from_percent(5)], 0);
}

/// A newcomer delegates.
pub fn delegate() {
	CmtDpos::delegate(RuntimeOrigin::signed(newcomer()), validator(), 1_000 * CMT).unwrap();
}

/// A delegator takes everything out.
pub fn undelegate() {
	CmtDpos::undelegate(RuntimeOrigin::signed(delegator(3)), validator(), None).unwrap();
}

/// A delegator takes out what it earned.
pub fn harvest() {
	let origin = RuntimeOrigin::signed(delegator(3));
	ValidatorCompensation::harvest(origin, validator()).unwrap();
}

/// A delegator is paid what waited. To be called in an era in which it is due.
pub fn withdraw() {
	let who = delegator(3);
	CmtDpos::withdraw_unbonded(RuntimeOrigin::signed(who.clone()), who).unwrap();
}

/// Lets the wait of all stake that unbonds pass.
pub fn let_wait_pass() {
	CurrentEra::<Runtime>::mutate(|era| era.index += UNBONDING_ERAS);
}
