//! A chain with pallet-staking, set up as networks do: stake that is rewarded compounds, voters are
//! in a list of bags, and exposures have pages of 512 nominators.

#![allow(missing_docs)]

use crate::{numbered, work::State};
use frame_election_provider_support::NoElection;
use frame_support::{
	construct_runtime, derive_impl, parameter_types,
	traits::{fungible::Mutate, ConstU32, RewardsReporter, WhitelistedStorageKeys},
};
use frame_system::EnsureRoot;
use pallet_staking::{
	ActiveEra, ActiveEraInfo, CurrentEra, EraInfo, EraRewardPoints, ErasRewardPoints,
	ErasValidatorPrefs, ErasValidatorReward, FixedNominationsQuota, RewardDestination,
	UseValidatorsMap, ValidatorPrefs,
};
use sp_core::crypto::AccountId32;
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, BuildStorage, Perbill};
use sp_staking::{Exposure, IndividualExposure};

type AccountId = AccountId32;
type Balance = u128;
type Block = frame_system::mocking::MockBlock<Network>;

construct_runtime!(
	pub enum Network {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Balances: pallet_balances,
		VoterList: pallet_bags_list::<Instance1>,
		Staking: pallet_staking,
	}
);

/// Nominators that one payout pays, as on the networks that use the pallet.
const PAGE: u32 = 512;
/// One token.
const UNIT: Balance = 10_000_000_000;
/// What a nominator bonds.
const BOND: Balance = 1_000 * UNIT;
/// The era that is paid; the one after it is the present one.
const PAID_ERA: u32 = 5;

/// The bounds of the bags: powers of two around the bonds of this chain.
static BAGS: [u64; 16] = {
	let mut bounds = [0; 16];
	let mut bag = 0;
	while bag < bounds.len() {
		bounds[bag] = (BOND as u64) << bag;
		bag += 1;
	}
	bounds
};

parameter_types! {
	pub static BagThresholds: &'static [u64] = &BAGS;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Network {
	type AccountData = pallet_balances::AccountData<Balance>;
	type AccountId = AccountId;
	type Block = Block;
	type Lookup = IdentityLookup<AccountId>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Network {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Network {
	type AccountStore = System;
	type Balance = Balance;
}

impl pallet_bags_list::Config<pallet_bags_list::Instance1> for Network {
	type BagThresholds = BagThresholds;
	type MaxAutoRebagPerBlock = ();
	type RuntimeEvent = RuntimeEvent;
	type Score = u64;
	type ScoreProvider = Staking;
	type WeightInfo = ();
}

#[derive_impl(pallet_staking::config_preludes::TestDefaultConfig)]
impl pallet_staking::Config for Network {
	type AdminOrigin = EnsureRoot<AccountId>;
	type Currency = Balances;
	type ElectionProvider = NoElection<(AccountId, u64, Staking, ConstU32<100>, ConstU32<PAGE>)>;
	type EraPayout = ();
	type GenesisElectionProvider = Self::ElectionProvider;
	type MaxExposurePageSize = ConstU32<PAGE>;
	type NominationsQuota = FixedNominationsQuota<16>;
	type OldCurrency = Balances;
	type TargetList = UseValidatorsMap<Self>;
	type UnixTime = Timestamp;
	type VoterList = VoterList;
}

/// A chain in which `nominators` nominate one validator and were exposed behind it for an era.
pub fn state(nominators: u32) -> State {
	let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
	let keys = AllPalletsWithSystem::whitelisted_storage_keys();
	let mut state = State::new(TestExternalities::new(storage), keys);
	state.set_up(|| {
		System::set_block_number(1);
		CurrentEra::<Network>::put(0);
		add_validator();
		(0..nominators).for_each(|index| add_nominator(nominator(index)));
		Balances::set_balance(&newcomer(), 10 * BOND);
		bond_as(bonded());
		add_nominator(leaver());
		unbond_as(leaver());
		expose(nominators);
		System::reset_events();
	});
	state
}

fn validator() -> AccountId {
	numbered(0, 0)
}

fn nominator(index: u32) -> AccountId {
	numbered(1, index)
}

/// An account that never bonded.
fn newcomer() -> AccountId {
	numbered(2, 0)
}

/// An account that bonded and did not nominate yet.
fn bonded() -> AccountId {
	numbered(2, 1)
}

/// An account that unbonded everything, which is due.
fn leaver() -> AccountId {
	numbered(2, 2)
}

fn add_validator() {
	bond_as(validator());
	let prefs = ValidatorPrefs { commission: Perbill::from_percent(20), blocked: false };
	Staking::validate(RuntimeOrigin::signed(validator()), prefs).unwrap();
}

fn add_nominator(who: AccountId) {
	bond_as(who.clone());
	nominate_as(who);
}

fn bond_as(who: AccountId) {
	Balances::set_balance(&who, 10 * BOND);
	Staking::bond(RuntimeOrigin::signed(who), BOND, RewardDestination::Staked).unwrap();
}

fn nominate_as(who: AccountId) {
	Staking::nominate(RuntimeOrigin::signed(who), vec![validator()]).unwrap();
}

fn unbond_as(who: AccountId) {
	Staking::unbond(RuntimeOrigin::signed(who), BOND).unwrap();
}

/// Enters the era to be paid as its election would have, and lets it end.
fn expose(nominators: u32) {
	let others: Vec<_> = (0..nominators)
		.map(|index| IndividualExposure { who: nominator(index), value: BOND })
		.collect();
	let total = BOND * Balance::from(nominators + 1);
	EraInfo::<Network>::set_exposure(PAID_ERA, &validator(), Exposure { total, own: BOND, others });
	let prefs = ValidatorPrefs { commission: Perbill::from_percent(20), blocked: false };
	ErasValidatorPrefs::<Network>::insert(PAID_ERA, validator(), prefs);
	let individual = [(validator(), 20)].into_iter().collect();
	ErasRewardPoints::<Network>::insert(PAID_ERA, EraRewardPoints { total: 20, individual });
	ErasValidatorReward::<Network>::insert(PAID_ERA, total / 1_000);
	CurrentEra::<Network>::put(PAID_ERA + 1);
	ActiveEra::<Network>::put(ActiveEraInfo { index: PAID_ERA + 1, start: Some(0) });
}

/// How many pages the payout to `nominators` has.
pub fn pages(nominators: u32) -> u32 {
	nominators.div_ceil(PAGE)
}

/// A newcomer bonds.
pub fn bond() {
	let who = RuntimeOrigin::signed(newcomer());
	Staking::bond(who, BOND, RewardDestination::Staked).unwrap();
}

/// An account that bonded nominates one validator.
pub fn nominate() {
	nominate_as(bonded());
}

/// A nominator unbonds everything, and so stops to nominate.
pub fn unbond() {
	unbond_as(nominator(3));
}

/// An account takes what it unbonded.
pub fn withdraw() {
	Staking::withdraw_unbonded(RuntimeOrigin::signed(leaver()), 0).unwrap();
}

/// One page of the nominators is paid an era's reward.
pub fn payout(page: u32) {
	let who = RuntimeOrigin::signed(newcomer());
	Staking::payout_stakers_by_page(who, validator(), PAID_ERA, page).unwrap();
}

/// The author of a block gets its points.
pub fn points() {
	Staking::reward_by_ids([(validator(), 20)]);
}
