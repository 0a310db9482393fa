//! A chain of balances, offences and this pallet; all else is a fake that notes what it is told.

use crate::{
	self as pallet_slashing, DoubleAuthoringProof, Event, HeldTotal, KeyProof, Pallet, SlashRecord,
	Slashes,
};
use cybermiles_primitives::{
	traits::{
		AuthorityKeys, AwardPot, Candidacies, Eras, OnEra, OnSession, Payouts, PresenceObserver,
		StakePools,
	},
	Balance, ClassId, EraIndex, PoolCut, PoolRef, Rate, SessionIndex, CMT,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{Hooks, Time},
	weights::Weight,
};
use frame_system::{
	offchain::{CreateBare, CreateTransactionBase},
	EnsureRoot,
};
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthorityPair as AuraPair};
use sp_core::{Pair, H256};
use sp_runtime::{
	app_crypto::key_types::{AURA, GRANDPA},
	generic::Digest,
	traits::Header as _,
	BuildStorage, DigestItem, DispatchError, DispatchResult, KeyTypeId, Perbill,
};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) type AccountId = u64;
pub(crate) type Slashing = Pallet<Test>;
type Block = frame_system::mocking::MockBlock<Test>;
pub(crate) type Extrinsic = frame_system::mocking::MockUncheckedExtrinsic<Test>;
pub(crate) type Header = frame_system::pallet_prelude::HeaderFor<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Offences: pallet_offences,
		SlashingPallet: pallet_slashing,
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

impl pallet_offences::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type IdentificationTuple = (AccountId, ());
	type OnOffenceHandler = SlashingPallet;
}

impl CreateTransactionBase<pallet_slashing::Call<Test>> for Test {
	type Extrinsic = Extrinsic;
	type RuntimeCall = RuntimeCall;
}

impl CreateBare<pallet_slashing::Call<Test>> for Test {
	fn create_bare(call: RuntimeCall) -> Extrinsic {
		Extrinsic::new_bare(call)
	}
}

/// Holds all stake.
pub(crate) const ESCROW: AccountId = 500;
/// Gets what slashes take.
pub(crate) const TREASURY: AccountId = 600;
/// Reports offences.
pub(crate) const REPORTER: AccountId = 700;
/// Length of a slot in milliseconds.
pub(crate) const SLOT_MILLIS: u64 = 1_000;
/// Stake of each candidate, in planck.
pub(crate) const STAKE: Balance = 10_000 * CMT;
/// The class of delegators.
pub(crate) const DELEGATORS: ClassId = ClassId::agreed_at(Rate(100));

parameter_types! {
	pub static ExistentialDeposit: Balance = 1;
	pub static DowntimeTurns: u32 = 3;
	pub static DowntimeSlash: Perbill = Perbill::from_percent(1);
	pub static JailTime: u64 = 100 * SLOT_MILLIS;
	pub static MassAbsence: Perbill = Perbill::from_rational(1u32, 3u32);
	pub static EquivocationSlash: Perbill = Perbill::from_percent(5);
	pub static HoldEras: u32 = 2;
	pub static ReporterShare: Perbill = Perbill::from_percent(10);
	pub static TreasuryAccount: AccountId = TREASURY;
	/// The slot of this block.
	pub static SlotNow: u64 = 0;
	/// Who authors it.
	pub static AuthorNow: Option<AccountId> = None;
	/// The time.
	pub static Now: u64 = 0;
	/// Sessions with which eras began.
	pub static EraStarts: Vec<SessionIndex> = vec![0];
	/// The oldest session whose era is known.
	pub static OldestSession: SessionIndex = 0;
	/// Validators in the order of their turns.
	pub static Seats: Vec<AccountId> = Vec::new();
	/// Seeds of keys that are not those of the account's number.
	pub static Seeds: BTreeMap<AccountId, u8> = BTreeMap::new();
	/// Who does not author in this session, and how grave its offence is.
	pub static Disabled: BTreeMap<AccountId, Perbill> = BTreeMap::new();
	/// How many can be kept from authoring.
	pub static MaxDisabled: usize = usize::MAX;
	/// All pools.
	pub static Pools: Vec<(AccountId, PoolRef, Balance)> = Vec::new();
	/// Pools without members.
	pub static Memberless: Vec<(AccountId, PoolRef)> = Vec::new();
	/// Slashes asked for: candidate, fraction, era.
	pub static Asked: Vec<(AccountId, Perbill, EraIndex)> = Vec::new();
	/// Who stands aside.
	pub static Aside: BTreeSet<AccountId> = BTreeSet::new();
	/// Owners that are not the candidate's own account.
	pub static Owners: BTreeMap<AccountId, AccountId> = BTreeMap::new();
	/// Who became absent (false) and present (true), and whether it earned when this was told.
	pub static Told: Vec<(AccountId, bool, bool)> = Vec::new();
	/// Whether escrow does not pay.
	pub static Closed: bool = false;
	/// What nobody could be paid.
	pub static PotTotal: Balance = 0;
}

pub struct Fake;

impl StakePools<AccountId> for Fake {
	fn escrow_account() -> AccountId {
		ESCROW
	}
	fn class_stakes(_: &AccountId) -> Vec<(ClassId, Balance)> {
		Vec::new()
	}
	fn class_of(_: &AccountId, _: &AccountId) -> Option<ClassId> {
		None
	}
	fn add_to_classes(_: &AccountId, _: &[(ClassId, Balance)]) -> DispatchResult {
		Err(DispatchError::Unavailable)
	}
	fn ensure_may_be_moved(_: &AccountId, _: &AccountId) -> DispatchResult {
		Ok(())
	}
	fn move_to_class(_: &AccountId, _: &AccountId, _: ClassId) -> DispatchResult {
		Err(DispatchError::Unavailable)
	}
	fn pay_earned(_: &AccountId, _: &AccountId) -> Result<Balance, DispatchError> {
		Err(DispatchError::Unavailable)
	}
	fn slash(candidate: &AccountId, fraction: Perbill, since: EraIndex) -> Vec<PoolCut> {
		Asked::mutate(|asked| asked.push((*candidate, fraction, since)));
		let mut cuts = Vec::new();
		Pools::mutate(|pools| {
			for (owner, pool, stake) in pools.iter_mut() {
				let escapes = matches!(pool, PoolRef::Unbonding(era) if *era < since);
				if owner == candidate && !escapes {
					let amount = fraction.mul_ceil(*stake);
					*stake -= amount;
					cuts.push(PoolCut { pool: *pool, amount });
				}
			}
		});
		cuts.retain(|cut| cut.amount > 0);
		cuts
	}
	fn restore(candidate: &AccountId, cut: &PoolCut) -> DispatchResult {
		if Memberless::get().contains(&(*candidate, cut.pool)) {
			return Err(DispatchError::Unavailable);
		}
		Pools::mutate(|pools| {
			let pool =
				pools.iter_mut().find(|(who, pool, _)| who == candidate && *pool == cut.pool);
			pool.expect("the pool it came from").2 += cut.amount;
		});
		Ok(())
	}
	fn stand_aside(candidate: &AccountId) -> DispatchResult {
		match Aside::mutate(|aside| aside.insert(*candidate)) {
			true => Ok(()),
			false => Err(DispatchError::Other("already inactive")),
		}
	}
}

impl Candidacies<AccountId> for Fake {
	fn owned_by(owner: &AccountId) -> Result<AccountId, DispatchError> {
		Ok(*owner)
	}
	fn owner_of(candidate: &AccountId) -> Option<AccountId> {
		let is_candidate = Pools::get().iter().any(|(who, _, _)| who == candidate);
		is_candidate.then(|| Owners::get().get(candidate).copied().unwrap_or(*candidate))
	}
	fn max_rate(_: &AccountId) -> Option<Rate> {
		None
	}
}

impl Eras for Fake {
	fn current_era() -> EraIndex {
		EraStarts::get().len() as EraIndex - 1
	}
	fn current_session() -> SessionIndex {
		crate::CurrentSession::<Test>::get()
	}
	fn era_of(session: SessionIndex) -> Option<EraIndex> {
		let began = EraStarts::get().iter().filter(|start| **start <= session).count();
		(session >= OldestSession::get()).then(|| began as EraIndex - 1)
	}
}

impl AuthorityKeys<AccountId> for Fake {
	fn in_force() -> Vec<(AccountId, Vec<(KeyTypeId, Vec<u8>)>)> {
		Seats::get().into_iter().map(|who| (who, keys_of(who))).collect()
	}
	fn validators() -> Vec<AccountId> {
		Seats::get()
	}
	fn enable_all() {
		Disabled::take();
	}
	fn disable(candidate: &AccountId, severity: Perbill) {
		Disabled::mutate(|disabled| {
			if disabled.len() < MaxDisabled::get() {
				disabled.insert(*candidate, severity);
			}
		});
	}
}

impl PresenceObserver<AccountId> for Fake {
	fn on_absent(candidate: &AccountId) {
		Told::mutate(|told| told.push((*candidate, false, earns(*candidate))));
	}
	fn on_present(candidate: &AccountId) {
		Told::mutate(|told| told.push((*candidate, true, earns(*candidate))));
	}
}

impl Payouts for Fake {
	fn ensure_open() -> DispatchResult {
		match Closed::get() {
			true => Err(DispatchError::Other("paused")),
			false => Ok(()),
		}
	}
}

impl AwardPot for Fake {
	fn add(amount: Balance) {
		PotTotal::mutate(|total| *total += amount);
	}
}

impl Time for Fake {
	type Moment = u64;
	fn now() -> u64 {
		Now::get()
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<Test> for Fake {
	fn candidate() -> AccountId {
		1
	}
	fn seat(validators: Vec<AccountId>) {
		// Benchmarks make up accounts; their keys are those of the place.
		Seeds::set(validators.iter().copied().zip(1..).collect());
		Seats::set(validators);
	}
	fn set_block(slot: u64, author: Option<AccountId>) {
		SlotNow::set(slot);
		AuthorNow::set(author);
	}
	fn double_authoring(candidate: &AccountId) -> (DoubleAuthoringProof<Test>, KeyProof) {
		Seats::set(vec![*candidate]);
		begin_session();
		note_block(2, 2, *candidate);
		report_of(*candidate, 2)
	}
}

impl pallet_slashing::Config for Test {
	type Currency = Balances;
	type Stake = Fake;
	type Candidacies = Fake;
	type Eras = Fake;
	type Keys = Fake;
	type PresenceObserver = Fake;
	type Payouts = Fake;
	type Pot = Fake;
	type Time = Fake;
	type CurrentSlot = SlotNow;
	type Author = AuthorNow;
	type ReportOffence = Offences;
	type AdminOrigin = EnsureRoot<AccountId>;
	type Treasury = TreasuryAccount;
	type DowntimeTurns = DowntimeTurns;
	type DowntimeSlash = DowntimeSlash;
	type JailTime = JailTime;
	type MassAbsence = MassAbsence;
	type EquivocationSlash = EquivocationSlash;
	type HoldEras = HoldEras;
	type ReporterShare = ReporterShare;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Fake;
}

/// Builds test externalities with validators 1..=6, each with two class pools.
pub(crate) struct ExtBuilder {
	validators: u64,
	unbonding: Vec<(AccountId, EraIndex, Balance)>,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		Self { validators: 6, unbonding: Vec::new() }
	}
}

impl ExtBuilder {
	pub(crate) fn validators(mut self, count: u64) -> Self {
		self.validators = count;
		self
	}

	/// Adds an unbonding pool.
	pub(crate) fn unbonding(mut self, candidate: AccountId, era: EraIndex, cmt: Balance) -> Self {
		self.unbonding.push((candidate, era, cmt * CMT));
		self
	}

	fn pools(&self) -> Vec<(AccountId, PoolRef, Balance)> {
		let mut pools = Vec::new();
		for candidate in 1..=self.validators.max(9) {
			pools.push((candidate, PoolRef::Class(ClassId::OWNER), STAKE / 10));
			pools.push((candidate, PoolRef::Class(DELEGATORS), STAKE - STAKE / 10));
		}
		let unbonding = self.unbonding.iter();
		pools.extend(unbonding.map(|(who, era, stake)| (*who, PoolRef::Unbonding(*era), *stake)));
		pools
	}

	pub(crate) fn build(self) -> sp_io::TestExternalities {
		reset_statics();
		Seats::set((1..=self.validators).collect());
		Pools::set(self.pools());
		let mut storage = frame_system::GenesisConfig::<Test>::default()
			.build_storage()
			.expect("system genesis");
		let rich = 1_000_000 * CMT;
		let balances = vec![(ESCROW, pooled()), (REPORTER, rich), (TREASURY, rich)];
		pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
			.assimilate_storage(&mut storage)
			.expect("balances genesis");
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| {
			Slashing::on_session_start(0);
			note_block(1, 1, turn_of(1));
			Slashing::on_initialize(1);
			System::reset_events();
		});
		ext
	}

	/// Runs `test`, then checks all invariants, and that not one planck came, went or got stuck.
	pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			let issued = Balances::total_issuance();
			test();
			Slashing::do_try_state().expect("invariants hold");
			assert_eq!(Balances::total_issuance(), issued);
			let booked = pooled() + HeldTotal::<Test>::get() + PotTotal::get();
			assert_eq!(Balances::free_balance(ESCROW), booked);
		});
	}
}

/// Gives all parameters and records of the mock the values that they start with: tests may share
/// a thread.
fn reset_statics() {
	ExistentialDeposit::set(1);
	DowntimeTurns::set(3);
	DowntimeSlash::set(Perbill::from_percent(1));
	JailTime::set(100 * SLOT_MILLIS);
	MassAbsence::set(Perbill::from_rational(1u32, 3u32));
	EquivocationSlash::set(Perbill::from_percent(5));
	HoldEras::set(2);
	ReporterShare::set(Perbill::from_percent(10));
	TreasuryAccount::set(TREASURY);
	SlotNow::set(0);
	AuthorNow::set(None);
	Now::set(0);
	EraStarts::set(vec![0]);
	OldestSession::set(0);
	MaxDisabled::set(usize::MAX);
	Closed::set(false);
	PotTotal::set(0);
	Seeds::take();
	Disabled::take();
	Memberless::take();
	Asked::take();
	Aside::take();
	Owners::take();
	Told::take();
}

/// The hash of block `number`.
pub(crate) fn hash_of(number: u64) -> H256 {
	H256::from_low_u64_be(number + 1_000)
}

/// Begins block `number`, of `author`, in `slot`.
pub(crate) fn note_block(number: u64, slot: u64, author: AccountId) {
	System::set_block_number(number);
	frame_system::BlockHash::<Test>::insert(number - 1, hash_of(number - 1));
	SlotNow::set(slot);
	AuthorNow::set(Some(author));
	Now::set(slot * SLOT_MILLIS);
}

/// Whose turn `slot` is.
pub(crate) fn turn_of(slot: u64) -> AccountId {
	let seats = Seats::get();
	seats[(slot % seats.len() as u64) as usize]
}

/// Runs the next block, in `slot`, by whose turn it is.
pub(crate) fn block_at(slot: u64) -> Weight {
	let number = System::block_number() + 1;
	note_block(number, slot, turn_of(slot));
	Slashing::on_initialize(number)
}

/// Runs the next `count` slots. Who is in `down`, or may not author, leaves its turn unused.
pub(crate) fn run_slots(count: u64, down: &[AccountId]) {
	let from = SlotNow::get() + 1;
	for slot in from..from + count {
		let author = turn_of(slot);
		if !down.contains(&author) && !Disabled::get().contains_key(&author) {
			block_at(slot);
		}
		SlotNow::set(slot);
	}
}

/// Runs `count` rounds of all validators' turns.
pub(crate) fn run_rounds(count: u64, down: &[AccountId]) {
	run_slots(count * Seats::get().len() as u64, down);
}

/// Lets `who` miss enough turns for jail, beginning and ending with a turn of somebody else.
pub(crate) fn jail_for_downtime(who: AccountId) {
	let rounds = u64::from(DowntimeTurns::get()) + 1;
	run_rounds(rounds, &[who]);
}

/// Begins the next session, in the present block. Returns its index.
pub(crate) fn begin_session() -> SessionIndex {
	let session = crate::CurrentSession::<Test>::get() + 1;
	Disabled::take();
	Slashing::on_session_start(session);
	session
}

/// Runs one round of turns, then begins a session with these validators.
pub(crate) fn begin_session_of(validators: &[AccountId]) -> SessionIndex {
	run_slots(1, &[]);
	Seats::set(validators.to_vec());
	begin_session()
}

/// Begins the next session, of the same validators.
pub(crate) fn next_session() -> SessionIndex {
	begin_session_of(&Seats::get())
}

/// Begins the next era with the next session. Offences of more than 28 eras ago are too old.
pub(crate) fn next_era() -> EraIndex {
	let session = crate::CurrentSession::<Test>::get() + 1;
	EraStarts::mutate(|starts| starts.push(session));
	let era = Fake::current_era();
	OldestSession::set(EraStarts::get()[era.saturating_sub(28) as usize]);
	Slashing::on_era_start(era, session, OldestSession::get());
	next_session();
	era
}

/// Begins `count` eras, in blocks too full for payments in idle time.
pub(crate) fn run_full_eras(count: u32) {
	for _ in 0..count {
		next_era();
	}
}

/// Runs `count` eras, with payments in idle time.
pub(crate) fn run_eras(count: u32) {
	for _ in 0..count {
		next_era();
		Slashing::on_idle(System::block_number(), Weight::MAX);
	}
}

/// The Aura key pair of this seed.
pub(crate) fn pair(seed: u8) -> AuraPair {
	AuraPair::from_seed(&[seed; 32])
}

/// The seed of a candidate's present keys.
pub(crate) fn seed_of(who: AccountId) -> u8 {
	Seeds::get().get(&who).copied().unwrap_or(who as u8)
}

fn keys_of(who: AccountId) -> Vec<(KeyTypeId, Vec<u8>)> {
	let seed = seed_of(who);
	let aura: &[u8] = &pair(seed).public().into_inner().0[..];
	let other = KeyTypeId(*b"audi");
	vec![(AURA, aura.to_vec()), (GRANDPA, grandpa_key(seed)), (other, vec![seed; 32])]
}

/// The GRANDPA key of this seed: no signature of it is ever checked here.
pub(crate) fn grandpa_key(seed: u8) -> Vec<u8> {
	vec![seed.wrapping_add(100); 32]
}

/// Gives `who` other keys from the next session on.
pub(crate) fn rotate_keys(who: AccountId, seed: u8) {
	Seeds::mutate(|seeds| seeds.insert(who, seed));
}

/// A header of block `number` and `slot`, different for each `salt`, sealed by the key of `seed`.
pub(crate) fn header(number: u64, slot: u64, salt: u8, seed: u8) -> Header {
	let logs = vec![aura_slot(slot)];
	seal(unsealed(number, hash_of(number - 1), logs, salt), seed)
}

/// What says that a header is of `slot`.
pub(crate) fn aura_slot(slot: u64) -> DigestItem {
	<DigestItem as CompatibleDigestItem<()>>::aura_pre_digest(slot.into())
}

/// A header without a seal.
pub(crate) fn unsealed(number: u64, parent: H256, logs: Vec<DigestItem>, salt: u8) -> Header {
	Header::new(number, H256::repeat_byte(salt), H256::default(), parent, Digest { logs })
}

/// The header with the seal of the key of `seed`.
pub(crate) fn seal(mut header: Header, seed: u8) -> Header {
	let signature = pair(seed).sign(header.hash().as_ref());
	header.digest_mut().push(DigestItem::aura_seal(signature));
	header
}

/// The proof that these two headers are of one slot and author.
pub(crate) fn proof_of(
	slot: u64,
	seed: u8,
	one: Header,
	other: Header,
) -> DoubleAuthoringProof<Test> {
	DoubleAuthoringProof::<Test> {
		offender: pair(seed).public(),
		slot: slot.into(),
		first_header: one,
		second_header: other,
	}
}

/// A right report of `who` and the present session, where `slot` is of it, on top of the latest
/// block.
pub(crate) fn report_of(who: AccountId, slot: u64) -> (DoubleAuthoringProof<Test>, KeyProof) {
	let (number, seed) = (System::block_number(), seed_of(who));
	let (one, other) = (header(number, slot, 1, seed), header(number, slot, 2, seed));
	let key_proof = KeyProof {
		session: crate::CurrentSession::<Test>::get(),
		validator_count: Seats::get().len() as u32,
	};
	(proof_of(slot, seed, one, other), key_proof)
}

/// Reports `who` for two blocks in the present slot.
pub(crate) fn report_now(who: AccountId) {
	let (proof, key_proof) = report_of(who, SlotNow::get());
	Slashing::report_double_authoring(signed(REPORTER), Box::new(proof), key_proof)
		.expect("a right report");
}

/// The same in the next slot, in which `who` alone is reported.
pub(crate) fn report_later(who: AccountId) {
	run_slots(1, &[]);
	report_now(who);
}

/// Number and record of the latest slash.
pub(crate) fn last_slash() -> (u32, SlashRecord<AccountId>) {
	let index = crate::SlashCount::<Test>::get() - 1;
	(index, Slashes::<Test>::get(index).expect("a slash"))
}

/// All stake, in planck.
pub(crate) fn pooled() -> Balance {
	Pools::get().iter().map(|(_, _, stake)| stake).sum()
}

/// The stake of `who`, in planck.
pub(crate) fn stake_of(who: AccountId) -> Balance {
	let pools = Pools::get();
	pools
		.iter()
		.filter(|(owner, _, _)| *owner == who)
		.map(|(_, _, stake)| stake)
		.sum()
}

/// The stake of one pool, in planck.
pub(crate) fn pool_of(who: AccountId, pool: PoolRef) -> Balance {
	let pools = Pools::get();
	pools
		.iter()
		.find(|(owner, at, _)| *owner == who && *at == pool)
		.expect("a pool")
		.2
}

/// Whether `who` earns.
pub(crate) fn earns(who: AccountId) -> bool {
	<Slashing as cybermiles_primitives::traits::Presence<AccountId>>::earns(&who)
}

/// Free CMT of `who`, in planck.
pub(crate) fn free(who: AccountId) -> Balance {
	Balances::free_balance(who)
}

/// A signed origin.
pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<Event<Test>> {
	let events = System::read_events_for_pallet::<Event<Test>>();
	System::reset_events();
	events
}
