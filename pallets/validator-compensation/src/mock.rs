//! A chain of balances, delegated stake and this pallet. Slashing is played by the tests.

use crate::{
	self as pallet_validator_compensation, AccountBooks, CompensationDue, Event, Heartbeat, Pallet,
	SeatsOf, SignatureOf,
};
use cybermiles_primitives::{
	api::{BlockAward, PositionInfo, SeatAward},
	traits::{
		AwardPot, CandidateKey, CandidateKeys, InEscrow, PoolObserver, Presence, PresenceObserver,
		StakePools, Standing,
	},
	Balance, ClassId, Rate, CMT,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::Balanced,
		tokens::{Fortitude, Precision, Preservation},
		Hooks, OnUnbalanced,
	},
	weights::Weight,
	PalletId,
};
use frame_system::{
	offchain::{CreateAuthorizedTransaction, CreateTransaction, CreateTransactionBase},
	AuthorizeCall, EnsureRoot,
};
use pallet_cmt_dpos::GenesisCandidate;
use pallet_session::{SessionManager, ShouldEndSession};
use sp_consensus_aura::sr25519::{AuthorityId, AuthorityPair};
use sp_core::Pair;
use sp_runtime::{BuildStorage, DispatchResult, Perbill};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) type AccountId = u64;
pub(crate) type Compensation = Pallet<Test>;
pub(crate) type Dpos = pallet_cmt_dpos::Pallet<Test>;
pub(crate) type DposError = pallet_cmt_dpos::Error<Test>;
type Block = frame_system::mocking::MockBlock<Test, (), AuthorizeCall<Test>>;
pub(crate) type Extrinsic =
	frame_system::mocking::MockUncheckedExtrinsic<Test, (), AuthorizeCall<Test>>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		CmtDpos: pallet_cmt_dpos,
		ValidatorCompensation: pallet_validator_compensation,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<Balance>;
	type Block = Block;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
}

parameter_types! {
	pub const DposPalletId: PalletId = PalletId(*b"cmt/dpos");
	pub static ExistentialDeposit: Balance = 1;
	pub static SessionLength: u64 = 5;
	pub static SessionsPerEra: u32 = 3;
	pub static UnbondingEras: u32 = 2;
	pub static Validators: u32 = 3;
	pub static Standbys: u32 = 2;
	pub static MinValidators: u32 = 1;
	pub static StakeCap: Perbill = Perbill::from_percent(40);
	pub static MinDelegation: Balance = 1_000 * CMT;
	pub static MinMaxStake: Balance = 20_000 * CMT;
	pub static SelfStakeRatio: Perbill = Perbill::from_percent(10);
	pub static MaxPositions: u32 = 4;
	pub static Inflation: Perbill = Perbill::from_percent(8);
	pub static StandbyShare: Perbill = Perbill::from_percent(10);
	pub static SlotDuration: u64 = 3_000;
	/// Candidates that do not do their work, or are in jail.
	pub static Absent: BTreeSet<AccountId> = BTreeSet::new();
	/// Candidates without session keys.
	pub static Keyless: BTreeSet<AccountId> = BTreeSet::new();
	/// Keys that candidates have now instead of their first.
	pub static OtherKeys: BTreeMap<AccountId, AuthorityId> = BTreeMap::new();
	/// What slashes took and is held in escrow, in planck.
	pub static SlashesHeld: Balance = 0;
	/// What tests sent to escrow behind the books' back, in planck.
	pub static Gifts: Balance = 0;
}

/// Everybody has keys, and may stand.
pub struct FakeKeys;
impl CandidateKeys<AccountId> for FakeKeys {
	fn has_keys(_: &AccountId) -> bool {
		true
	}
	fn hand_over(_: &AccountId, _: &AccountId) -> DispatchResult {
		Ok(())
	}
	fn purge(_: &AccountId) {}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_for_benchmark(_: &AccountId) {}
}
impl Standing<AccountId> for FakeKeys {
	fn ensure_may_stand(_: &AccountId) -> DispatchResult {
		Ok(())
	}
}
impl CandidateKey<AccountId, AuthorityId> for FakeKeys {
	fn key_of(candidate: &AccountId) -> Option<AuthorityId> {
		let other = || OtherKeys::get().get(candidate).cloned();
		let key = || other().unwrap_or_else(|| pair(*candidate).public());
		(!Keyless::get().contains(candidate)).then(key)
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId, AuthorityId> for FakeKeys {
	fn candidate_with_full_classes() -> AccountId {
		pallet_cmt_dpos::Candidates::<Test>::mutate_extant(1, |info| {
			info.terms.max_rate = Rate::MAX;
		});
		for rate in 985..=1_000 {
			set_default_rate(1, Rate(rate));
			delegate(u64::from(rate) - 960, 1, 1_000);
		}
		1
	}

	fn delegator_of(candidate: &AccountId) -> AccountId {
		set_default_rate(*candidate, Rate(990));
		delegate(60, *candidate, 1_000);
		60
	}

	fn set_authority_key(candidate: &AccountId, key: AuthorityId) {
		OtherKeys::mutate(|keys| keys.insert(*candidate, key));
	}
}

/// Externalities with a keystore.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn benchmark_ext() -> sp_io::TestExternalities {
	use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
	let mut ext = ExtBuilder::default().build();
	ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
	ext
}

pub struct FakePresence;
impl Presence<AccountId> for FakePresence {
	fn earns(candidate: &AccountId) -> bool {
		!Absent::get().contains(candidate)
	}
}

pub struct FakeSlashBooks;
impl InEscrow for FakeSlashBooks {
	fn in_escrow() -> Balance {
		SlashesHeld::get()
	}
}

impl pallet_cmt_dpos::Config for Test {
	type Currency = Balances;
	type PalletId = DposPalletId;
	type Keys = FakeKeys;
	type Standing = FakeKeys;
	type PoolObserver = Compensation;
	type PositionObserver = ();
	type OnEra = Compensation;
	type OnSession = Compensation;
	type Rates = Compensation;
	type Payouts = Compensation;
	type SessionLength = SessionLength;
	type SessionsPerEra = SessionsPerEra;
	type UnbondingEras = UnbondingEras;
	type Validators = Validators;
	type Standbys = Standbys;
	type MinValidators = MinValidators;
	type StakeCap = StakeCap;
	type MinDelegation = MinDelegation;
	type MinMaxStake = MinMaxStake;
	type SelfStakeRatio = SelfStakeRatio;
	type MaxPositions = MaxPositions;
	type WeightInfo = ();
}

impl pallet_validator_compensation::Config for Test {
	type Currency = Balances;
	type Stake = Dpos;
	type Candidacies = Dpos;
	type Seats = Dpos;
	type Eras = Dpos;
	type Presence = FakePresence;
	type StakeBooks = Dpos;
	type SlashBooks = FakeSlashBooks;
	type AuthorityId = AuthorityId;
	type AuthorityKey = FakeKeys;
	type AdminOrigin = EnsureRoot<AccountId>;
	type Inflation = Inflation;
	type StandbyShare = StandbyShare;
	type SlotDuration = SlotDuration;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = FakeKeys;
}

impl<LocalCall> CreateTransactionBase<LocalCall> for Test
where
	RuntimeCall: From<LocalCall>,
{
	type Extrinsic = Extrinsic;
	type RuntimeCall = RuntimeCall;
}

impl<LocalCall> CreateTransaction<LocalCall> for Test
where
	RuntimeCall: From<LocalCall>,
{
	type Extension = AuthorizeCall<Test>;
	fn create_transaction(call: RuntimeCall, extension: Self::Extension) -> Extrinsic {
		Extrinsic::new_transaction(call, extension)
	}
}

impl<LocalCall> CreateAuthorizedTransaction<LocalCall> for Test
where
	RuntimeCall: From<LocalCall>,
{
	fn create_extension() -> Self::Extension {
		AuthorizeCall::new()
	}
}

/// Free CMT of each account in 1..=100 at genesis, in planck.
pub(crate) const ENDOWMENT: Balance = 1_000_000 * CMT;
/// Declared maximum rate of the genesis candidates, and at first their default.
pub(crate) const MAX_RATE: Rate = Rate::from_percent(50);
/// The class of who agreed to it.
pub(crate) const DELEGATORS: ClassId = ClassId::agreed_at(MAX_RATE);

/// Builds test externalities with candidates 1..=6 of 29,000 to 24,000 CMT, of which 1 to 3 are
/// validators and 4 and 5 standbys.
#[derive(Default)]
pub(crate) struct ExtBuilder {
	delegations: Vec<(AccountId, AccountId, Balance)>,
}

impl ExtBuilder {
	/// `who` delegates `cmt` CMT to `candidate` at genesis.
	pub(crate) fn delegation(mut self, who: AccountId, candidate: AccountId, cmt: Balance) -> Self {
		self.delegations.push((who, candidate, cmt * CMT));
		self
	}

	/// The first block is running.
	pub(crate) fn build(self) -> sp_io::TestExternalities {
		reset_statics();
		let mut storage = frame_system::GenesisConfig::<Test>::default()
			.build_storage()
			.expect("system genesis");
		let balances = (1..=100).map(|account| (account, ENDOWMENT)).collect();
		pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
			.assimilate_storage(&mut storage)
			.expect("balances genesis");
		let candidate = |account| GenesisCandidate {
			account,
			max_stake: 200_000 * CMT,
			max_rate: MAX_RATE,
			self_stake: (30_000 - u128::from(account) * 1_000) * CMT,
		};
		let (candidates, delegations) = ((1..=6).map(candidate).collect(), self.delegations);
		pallet_cmt_dpos::GenesisConfig::<Test> { candidates, delegations }
			.assimilate_storage(&mut storage)
			.expect("dpos genesis");
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| {
			Dpos::new_session(0);
			Dpos::new_session(1);
			<Dpos as SessionManager<AccountId>>::start_session(0);
			System::set_block_number(1);
			System::reset_events();
		});
		ext
	}

	/// Runs `test`, then checks all invariants, and that not one planck came but by issuance.
	pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			let before = Balances::total_issuance();
			test();
			check();
			let issued = AccountBooks::<Test>::get().issued;
			assert_eq!(Balances::total_issuance(), before + issued);
		});
	}
}

/// All invariants, and escrow to the planck.
pub(crate) fn check() {
	Dpos::do_try_state().expect("invariants of stake hold");
	Compensation::do_try_state().expect("invariants hold");
	let booked = Dpos::in_escrow() + SlashesHeld::get() + Compensation::in_escrow();
	assert_eq!(free(Dpos::escrow()), booked + Gifts::get());
}

/// Gives all parameters of the mock the values that they start with: tests may share a thread.
fn reset_statics() {
	ExistentialDeposit::set(1);
	SessionLength::set(5);
	SessionsPerEra::set(3);
	UnbondingEras::set(2);
	Validators::set(3);
	Standbys::set(2);
	MinValidators::set(1);
	StakeCap::set(Perbill::from_percent(40));
	MinDelegation::set(1_000 * CMT);
	MinMaxStake::set(20_000 * CMT);
	SelfStakeRatio::set(Perbill::from_percent(10));
	MaxPositions::set(4);
	Inflation::set(Perbill::from_percent(8));
	StandbyShare::set(Perbill::from_percent(10));
	SlotDuration::set(3_000);
	Absent::take();
	Keyless::take();
	OtherKeys::take();
	SlashesHeld::take();
	Gifts::take();
}

/// Ends the running block, with `idle` weight for payments, and begins the next one.
pub(crate) fn end_block(idle: Weight) {
	let now = System::block_number();
	Dpos::on_idle(now, idle);
	Compensation::on_finalize(now);
	System::set_block_number(now + 1);
	Compensation::on_initialize(now + 1);
	if Dpos::should_end_session(now + 1) {
		let session = session();
		Dpos::end_session(session);
		<Dpos as SessionManager<AccountId>>::start_session(session + 1);
		Dpos::new_session(session + 2);
	}
}

/// Ends the running block and begins the next one.
pub(crate) fn next_block() {
	end_block(Weight::MAX);
}

/// Ends `count` blocks.
pub(crate) fn run_blocks(count: u64) {
	(0..count).for_each(|_| next_block());
}

/// Ends blocks until `sessions` more have begun.
pub(crate) fn run_sessions(sessions: u32) {
	let target = session() + sessions;
	while session() < target {
		next_block();
	}
}

/// Ends blocks until `eras` more have begun.
pub(crate) fn run_eras(eras: u32) {
	let target = Dpos::era() + eras;
	while Dpos::era() < target {
		next_block();
	}
}

/// The present session.
pub(crate) fn session() -> u32 {
	pallet_cmt_dpos::CurrentSession::<Test>::get()
}

/// The award of the last block.
pub(crate) fn award() -> BlockAward {
	Compensation::block_award()
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<Event<Test>> {
	let events = System::read_events_for_pallet::<Event<Test>>();
	System::reset_events();
	events
}

/// A signed origin.
pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Free CMT of `who`, in planck.
pub(crate) fn free(who: AccountId) -> Balance {
	Balances::free_balance(who)
}

/// `who` delegates `cmt` CMT to `candidate`.
pub(crate) fn delegate(who: AccountId, candidate: AccountId, cmt: Balance) {
	Dpos::delegate(signed(who), candidate, cmt * CMT).expect("delegates");
}

/// `who` takes everything out.
pub(crate) fn undelegate_all(who: AccountId, candidate: AccountId) {
	Dpos::undelegate(signed(who), candidate, None).expect("undelegates");
}

/// The default rate of the candidate that `owner` controls becomes `rate`.
pub(crate) fn set_default_rate(owner: AccountId, rate: Rate) {
	Dpos::update(signed(owner), None, Some(rate), None).expect("updates");
}

/// Hands `candidate` over from `from` to `to`.
pub(crate) fn hand_over(candidate: AccountId, from: AccountId, to: AccountId) {
	Dpos::offer_ownership(signed(from), Some(to)).expect("offers");
	Dpos::accept_ownership(signed(to), candidate).expect("accepts");
}

/// The position of `who` behind `candidate` as wallets read it, with what waits to be folded.
pub(crate) fn position(who: AccountId, candidate: AccountId) -> PositionInfo<AccountId> {
	let positions = Compensation::with_folded(&[candidate], || Dpos::positions(who));
	let mut positions = positions.expect("reads").into_iter();
	positions.find(|position| position.candidate == candidate).expect("a position")
}

/// What the position of `who` behind `candidate` is worth, in planck.
pub(crate) fn value(who: AccountId, candidate: AccountId) -> Balance {
	position(who, candidate).value
}

/// The stake of each class of `candidate` without what waits to be folded.
pub(crate) fn pools(candidate: AccountId) -> Vec<(ClassId, Balance)> {
	Dpos::class_stakes(&candidate)
}

/// Folds what `candidate` earned.
pub(crate) fn fold(candidate: AccountId) {
	Compensation::before_change(&candidate);
}

/// What `candidate` earned and did not fold, in planck.
pub(crate) fn owed(candidate: AccountId) -> Balance {
	let seat = SeatsOf::<Test>::get(candidate).expect("a seat");
	seat.owed(crate::RunningGroups::<Test>::get().of(seat.validator))
}

/// What `candidate` earned in this session as nodes read it.
pub(crate) fn seat_award(candidate: AccountId) -> SeatAward<AccountId> {
	let mut awards = Compensation::session_awards(session()).into_iter();
	awards.find(|seat| seat.candidate == candidate).expect("a seat")
}

/// Compensation that waits for `account`, in planck.
pub(crate) fn due(account: AccountId) -> Balance {
	CompensationDue::<Test>::get(account)
}

/// `candidate` missed its turn.
pub(crate) fn go_absent(candidate: AccountId) {
	Absent::mutate(|absent| absent.insert(candidate));
	Compensation::on_absent(&candidate);
}

/// `candidate` authors again.
pub(crate) fn come_back(candidate: AccountId) {
	Absent::mutate(|absent| absent.remove(&candidate));
	Compensation::on_present(&candidate);
}

/// `who` pays fees of `amount` planck in this block.
pub(crate) fn pay_fees(who: AccountId, amount: Balance) {
	let preserve = Preservation::Preserve;
	let fees = Balances::withdraw(&who, amount, Precision::Exact, preserve, Fortitude::Polite);
	Compensation::on_unbalanced(fees.expect("has them"));
}

/// Slashes; what was taken is held in escrow.
pub(crate) fn slash(candidate: AccountId, fraction: Perbill) -> Balance {
	let taken = Dpos::slash(&candidate, fraction, 0).iter().map(|cut| cut.amount).sum();
	SlashesHeld::mutate(|held| *held += taken);
	taken
}

/// What slashes hold joins the next award.
pub(crate) fn release_slashes() {
	Compensation::add(SlashesHeld::take());
}

/// The key of a candidate's node.
pub(crate) fn pair(candidate: AccountId) -> AuthorityPair {
	AuthorityPair::from_seed(&[candidate as u8; 32])
}

/// A heartbeat of `candidate` in `session`, signed by `signer`.
pub(crate) fn beat_of(
	candidate: AccountId,
	session: u32,
	signer: AccountId,
) -> (Heartbeat<AccountId>, SignatureOf<Test>) {
	let beat = Heartbeat { session, candidate };
	let signature = pair(signer).sign(&Compensation::heartbeat_payload(&beat));
	(beat, signature)
}

/// The standby proves itself alive.
pub(crate) fn beat(candidate: AccountId) {
	let (beat, signature) = beat_of(candidate, session(), candidate);
	Compensation::check_heartbeat(&beat, &signature).expect("a good heartbeat");
	let origin = frame_system::RawOrigin::Authorized;
	Compensation::heartbeat(origin.into(), beat, signature).expect("is authorised");
}

/// Escrow loses `amount` planck that the books do not know of.
pub(crate) fn rob(amount: Balance) {
	Balances::transfer_allow_death(signed(Dpos::escrow()), 90, amount).expect("is there");
}

/// The thief brings `amount` planck back.
pub(crate) fn bring_back(amount: Balance) {
	Balances::transfer_allow_death(signed(90), Dpos::escrow(), amount).expect("is there");
}
