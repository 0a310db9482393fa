//! A chain of nothing but balances and this pallet.

use crate::{
	self as pallet_cmt_dpos, Candidate, CandidateIdOf, Event, GenesisCandidate, Pallet,
	SessionSeats,
};
use cybermiles_primitives::{
	traits::{
		BondedStake, Candidacies, CandidateKeys, OnEra, OnSession, Payouts, PoolObserver,
		PositionObserver, RateClasses, StakePools, Standing,
	},
	Balance, ClassId, EraIndex, Rate, SessionIndex, CMT,
};
use frame_support::{
	derive_impl, parameter_types, storage::with_storage_layer, traits::Hooks, weights::Weight,
	PalletId,
};
use pallet_session::{SessionManager, ShouldEndSession};
use sp_runtime::{traits::Convert, BuildStorage, DispatchError, DispatchResult, Perbill};
use std::collections::BTreeSet;

pub(crate) type AccountId = u64;
pub(crate) type Dpos = Pallet<Test>;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		CmtDpos: pallet_cmt_dpos,
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
	pub static MinValidators: u32 = 2;
	pub static StakeCap: Perbill = Perbill::from_percent(40);
	pub static MinDelegation: Balance = 1_000 * CMT;
	pub static MinMaxStake: Balance = 20_000 * CMT;
	pub static SelfStakeRatio: Perbill = Perbill::from_percent(10);
	pub static MaxPositions: u32 = 4;
	/// Accounts without session keys.
	pub static Keyless: BTreeSet<AccountId> = BTreeSet::new();
	/// Candidates that may not stand.
	pub static Jailed: BTreeSet<AccountId> = BTreeSet::new();
	/// Candidates that may take no stake.
	pub static Tombstoned: BTreeSet<AccountId> = BTreeSet::new();
	/// Accounts that cannot pay the deposit for session keys.
	pub static CannotHoldKeys: BTreeSet<AccountId> = BTreeSet::new();
	/// Candidates whose pools were announced to change.
	pub static Announced: Vec<AccountId> = Vec::new();
	/// Positions that were announced to change: candidate, account, class and shares until then.
	pub static PositionsTold: Vec<(AccountId, AccountId, ClassId, Balance)> = Vec::new();
	/// Positions that are gone, as was told: candidate and account.
	pub static PositionsGone: Vec<(AccountId, AccountId)> = Vec::new();
	/// Whether escrow pays nothing.
	pub static PayoutsPaused: bool = false;
	/// What all classes of delegators pay at most, in tenths of a per cent.
	pub static LoweredRate: u16 = 1_000;
	/// Sessions that ended (true) and began (false), with the number of validators seen then.
	pub static SessionsTold: Vec<(bool, SessionIndex, usize)> = Vec::new();
	/// Eras that began.
	pub static ErasBegun: Vec<(EraIndex, SessionIndex, SessionIndex)> = Vec::new();
	/// Owners whose keys were purged, and the candidates whose keys these were.
	pub static Purged: Vec<(AccountId, Option<AccountId>)> = Vec::new();
}

pub struct MockKeys;
impl CandidateKeys<AccountId> for MockKeys {
	fn has_keys(candidate: &AccountId) -> bool {
		!Keyless::get().contains(candidate)
	}
	fn hand_over(_: &AccountId, to: &AccountId) -> DispatchResult {
		match CannotHoldKeys::get().contains(to) {
			true => Err(DispatchError::Other("no deposit")),
			false => Ok(()),
		}
	}
	fn purge(owner: &AccountId) {
		let candidate = CandidateIdOf::<Test>::convert(*owner);
		Purged::mutate(|purged| purged.push((*owner, candidate)));
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_for_benchmark(_: &AccountId) {}
}

pub struct MockStanding;
impl Standing<AccountId> for MockStanding {
	fn ensure_may_stand(candidate: &AccountId) -> DispatchResult {
		match Jailed::get().contains(candidate) {
			true => Err(DispatchError::Other("jailed")),
			false => Ok(()),
		}
	}
	fn ensure_may_take_stake(candidate: &AccountId) -> DispatchResult {
		match Tombstoned::get().contains(candidate) {
			true => Err(DispatchError::Other("tombstoned")),
			false => Ok(()),
		}
	}
}

pub struct MockObserver;
impl PoolObserver<AccountId> for MockObserver {
	fn before_change(candidate: &AccountId) {
		Announced::mutate(|list| list.push(*candidate));
	}
}

pub struct MockPositions;
impl PositionObserver<AccountId> for MockPositions {
	/// What is told still stands in the books.
	fn before_change(candidate: &AccountId, who: &AccountId, class: ClassId, shares: Balance) {
		match Dpos::shares(candidate, who) {
			Some((_, 0)) | None => assert_eq!(shares, 0, "shares that are not there"),
			found => assert_eq!(found, Some((class, shares)), "told too late"),
		}
		PositionsTold::mutate(|list| list.push((*candidate, *who, class, shares)));
	}
	fn on_removed(candidate: &AccountId, who: &AccountId) {
		assert_eq!(Dpos::shares(candidate, who), None);
		PositionsGone::mutate(|list| list.push((*candidate, *who)));
	}
}

/// Classes pay what their members agreed to, at most what the candidate may ask and the test set.
pub struct MockRates;
impl RateClasses<AccountId> for MockRates {
	fn class_for(_: &AccountId, rate: Rate) -> ClassId {
		ClassId::agreed_at(rate)
	}
	fn rate_of(candidate: &AccountId, class: ClassId) -> Rate {
		let maximum = Dpos::max_rate(candidate).unwrap_or_default();
		class.agreed_rate().min(maximum).min(Rate(LoweredRate::get()))
	}
}

pub struct MockPayouts;
impl Payouts for MockPayouts {
	fn ensure_open() -> DispatchResult {
		match PayoutsPaused::get() {
			true => Err(DispatchError::Other("paused")),
			false => Ok(()),
		}
	}
}

pub struct MockOnSession;
impl OnSession for MockOnSession {
	fn on_session_end(session: SessionIndex) {
		SessionsTold::mutate(|list| list.push((true, session, validators().len())));
	}
	fn on_session_start(session: SessionIndex) {
		SessionsTold::mutate(|list| list.push((false, session, validators().len())));
	}
}

pub struct MockOnEra;
impl OnEra for MockOnEra {
	fn on_era_start(era: EraIndex, session: SessionIndex, oldest: SessionIndex) {
		ErasBegun::mutate(|list| list.push((era, session, oldest)));
	}
}

impl pallet_cmt_dpos::Config for Test {
	type Currency = Balances;
	type PalletId = DposPalletId;
	type Keys = MockKeys;
	type Standing = MockStanding;
	type PoolObserver = MockObserver;
	type PositionObserver = MockPositions;
	type OnEra = MockOnEra;
	type OnSession = MockOnSession;
	type Rates = MockRates;
	type Payouts = MockPayouts;
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

/// Free CMT of each account in 1..=100 at genesis, in planck.
pub(crate) const ENDOWMENT: Balance = 1_000_000 * CMT;
/// Declared maximum of the genesis candidates, in planck.
pub(crate) const MAX_STAKE: Balance = 200_000 * CMT;
/// Declared maximum rate of the genesis candidates.
pub(crate) const MAX_RATE: Rate = Rate::from_percent(50);

/// Builds test externalities with candidates 1..=6, of which 1 has the most stake.
pub(crate) struct ExtBuilder {
	candidates: Vec<GenesisCandidate<AccountId>>,
	delegations: Vec<(AccountId, AccountId, Balance)>,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		let candidates = (1..=6)
			.map(|account| GenesisCandidate {
				account,
				max_stake: MAX_STAKE,
				max_rate: MAX_RATE,
				self_stake: (30_000 - u128::from(account) * 1_000) * CMT,
			})
			.collect();
		Self { candidates, delegations: Vec::new() }
	}
}

impl ExtBuilder {
	pub(crate) fn candidates(mut self, count: usize) -> Self {
		self.candidates.truncate(count);
		self
	}

	pub(crate) fn delegation(mut self, who: AccountId, candidate: AccountId, cmt: Balance) -> Self {
		self.delegations.push((who, candidate, cmt * CMT));
		self
	}

	/// Sets the declared maximum of genesis candidate `account`.
	pub(crate) fn max_stake(mut self, account: AccountId, cmt: Balance) -> Self {
		let candidate = self.candidates.iter_mut().find(|other| other.account == account);
		candidate.expect("a genesis candidate").max_stake = cmt * CMT;
		self
	}

	/// Adds a genesis candidate.
	pub(crate) fn candidate(mut self, account: AccountId, max: Balance, own: Balance) -> Self {
		self.candidates.push(GenesisCandidate {
			account,
			max_stake: max * CMT,
			max_rate: MAX_RATE,
			self_stake: own * CMT,
		});
		self
	}

	pub(crate) fn build(self) -> sp_io::TestExternalities {
		reset_statics();
		let mut storage = frame_system::GenesisConfig::<Test>::default()
			.build_storage()
			.expect("system genesis");
		let balances = (1..=100).map(|account| (account, ENDOWMENT)).collect();
		pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
			.assimilate_storage(&mut storage)
			.expect("balances genesis");
		let Self { candidates, delegations } = self;
		pallet_cmt_dpos::GenesisConfig::<Test> { candidates, delegations }
			.assimilate_storage(&mut storage)
			.expect("dpos genesis");
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| {
			Dpos::new_session(0);
			Dpos::new_session(1);
			<Dpos as SessionManager<AccountId>>::start_session(0);
			System::set_block_number(1);
			// Genesis deposits no events; these are of the first two elections.
			System::reset_events();
			Announced::take();
			PositionsTold::take();
			ErasBegun::take();
			SessionsTold::take();
		});
		ext
	}

	/// Runs `test`, then checks all invariants, and that not one planck came or went.
	pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			let issued = Balances::total_issuance();
			test();
			Dpos::do_try_state().expect("invariants hold");
			assert_eq!(Balances::total_issuance(), issued);
			let totals = crate::StakeTotals::<Test>::get();
			assert_eq!(Balances::free_balance(Dpos::escrow()), totals.bonded + totals.unbonding);
		});
	}
}

/// Gives all parameters and records of the mock the values that they start with: tests may share
/// a thread.
fn reset_statics() {
	ExistentialDeposit::set(1);
	SessionLength::set(5);
	SessionsPerEra::set(3);
	UnbondingEras::set(2);
	Validators::set(3);
	Standbys::set(2);
	MinValidators::set(2);
	StakeCap::set(Perbill::from_percent(40));
	MinDelegation::set(1_000 * CMT);
	MinMaxStake::set(20_000 * CMT);
	SelfStakeRatio::set(Perbill::from_percent(10));
	MaxPositions::set(4);
	Keyless::take();
	Jailed::take();
	Tombstoned::take();
	CannotHoldKeys::take();
	Announced::take();
	PositionsTold::take();
	PositionsGone::take();
	PayoutsPaused::take();
	LoweredRate::set(1_000);
	SessionsTold::take();
	ErasBegun::take();
	Purged::take();
}

/// Runs one block: the end of a session where it is due, and payments with `idle` weight.
pub(crate) fn run_block(idle: Weight) {
	let now = System::block_number() + 1;
	System::set_block_number(now);
	if Dpos::should_end_session(now) {
		rotate_session();
	}
	Dpos::on_idle(now, idle);
}

/// Runs blocks up to and including `to`, with sessions, elections and idle payments.
pub(crate) fn run_to_block(to: u64) {
	while System::block_number() < to {
		run_block(Weight::MAX);
	}
}

/// Does what the session pallet does at the end of a session.
fn rotate_session() {
	let session = crate::CurrentSession::<Test>::get();
	Dpos::end_session(session);
	<Dpos as SessionManager<AccountId>>::start_session(session + 1);
	Dpos::new_session(session + 2);
}

/// Runs until `sessions` more have begun.
pub(crate) fn run_sessions(sessions: u32) {
	let target = crate::CurrentSession::<Test>::get() + sessions;
	while crate::CurrentSession::<Test>::get() < target {
		run_to_block(System::block_number() + 1);
	}
}

/// Runs until `eras` more have begun.
pub(crate) fn run_eras(eras: u32) {
	let target = Dpos::era() + eras;
	while Dpos::era() < target {
		run_to_block(System::block_number() + 1);
	}
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<Event<Test>> {
	let events = System::read_events_for_pallet::<Event<Test>>();
	System::reset_events();
	events
}

/// Validators of the present session.
pub(crate) fn validators() -> Vec<AccountId> {
	Dpos::seats().validators.into_iter().map(|seat| seat.candidate).collect()
}

/// Standbys of the present session.
pub(crate) fn standbys() -> Vec<AccountId> {
	Dpos::seats().standbys.into_iter().map(|seat| seat.candidate).collect()
}

/// What the position of `who` behind `candidate` is worth now, in planck.
pub(crate) fn value(who: AccountId, candidate: AccountId) -> Balance {
	let positions = Dpos::positions(who);
	positions.iter().find(|p| p.candidate == candidate).map_or(0, |p| p.value)
}

/// What waits of `who` behind `candidate`, in planck.
pub(crate) fn waiting(who: AccountId, candidate: AccountId) -> Balance {
	let positions = Dpos::positions(who);
	let position = positions.iter().find(|p| p.candidate == candidate);
	position.map_or(0, |p| p.unbonding.iter().map(|chunk| chunk.amount).sum())
}

/// A signed origin.
pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Runs until `eras` more have begun, in blocks too full for payments in idle time.
pub(crate) fn run_full_eras(eras: u32) {
	let target = Dpos::era() + eras;
	while Dpos::era() < target {
		run_block(Weight::zero());
	}
}

/// Free CMT of `who`, in planck.
pub(crate) fn free(who: AccountId) -> Balance {
	Balances::free_balance(who)
}

/// `who` delegates `cmt` CMT to `candidate`.
pub(crate) fn delegate(who: AccountId, candidate: AccountId, cmt: Balance) {
	Dpos::delegate(signed(who), candidate, cmt * CMT).expect("delegates");
}

/// `who` takes `cmt` CMT out again.
pub(crate) fn undelegate(who: AccountId, candidate: AccountId, cmt: Balance) {
	Dpos::undelegate(signed(who), candidate, Some(cmt * CMT)).expect("undelegates");
}

/// `who` takes everything out.
pub(crate) fn undelegate_all(who: AccountId, candidate: AccountId) {
	Dpos::undelegate(signed(who), candidate, None).expect("undelegates");
}

/// Hands `candidate` over from `from` to `to`.
pub(crate) fn hand_over(candidate: AccountId, from: AccountId, to: AccountId) {
	Dpos::offer_ownership(signed(from), Some(to)).expect("offers");
	Dpos::accept_ownership(signed(to), candidate).expect("accepts");
}

/// The class of who agreed to the default rate of the genesis candidates.
pub(crate) const DELEGATORS: ClassId = ClassId::agreed_at(MAX_RATE);

/// Pays for awards.
pub(crate) const PAYER: AccountId = 99;
/// Receives what slashes take.
pub(crate) const TREASURY: AccountId = 98;

/// Adds `amount` planck of the payer to a class, as the pallet that pays awards will do.
pub(crate) fn award(candidate: AccountId, class: ClassId, amount: Balance) -> DispatchResult {
	with_storage_layer(|| {
		Balances::transfer_allow_death(signed(PAYER), Dpos::escrow(), amount)?;
		Dpos::add_to_classes(&candidate, &[(class, amount)])
	})
}

/// Slashes, as the pallet that punishes will do; returns what was taken, in planck.
pub(crate) fn slash(candidate: AccountId, fraction: Perbill, since: EraIndex) -> Balance {
	let taken = Dpos::slash(&candidate, fraction, since).iter().map(|cut| cut.amount).sum();
	Balances::transfer_allow_death(signed(Dpos::escrow()), TREASURY, taken).expect("is there");
	taken
}

/// The candidate as it is stored.
pub(crate) fn candidate(candidate: AccountId) -> Candidate<AccountId> {
	crate::Candidates::<Test>::get(candidate).expect("a candidate")
}

/// Changes the candidate in storage, behind the pallet's back.
pub(crate) fn corrupt_candidate(who: AccountId, change: impl FnOnce(&mut Candidate<AccountId>)) {
	crate::Candidates::<Test>::mutate_extant(who, change);
}

/// The candidates in the ranking, strongest first.
pub(crate) fn ranking() -> Vec<AccountId> {
	crate::Ranking::<Test>::iter_values().collect()
}

/// What the seats of `session` are.
pub(crate) fn seats_of(session: SessionIndex) -> SessionSeats<AccountId> {
	crate::SeatsOf::<Test>::get(session)
}

/// Who sits as validator in the session after next, once elected.
pub(crate) fn elected(session: SessionIndex) -> Vec<AccountId> {
	seats_of(session).validators.into_iter().map(|seat| seat.candidate).collect()
}

/// The owner `who` closes its candidate.
pub(crate) fn retire(who: AccountId) {
	Dpos::retire(signed(who)).expect("retires");
}

/// The owner `who` stands aside.
pub(crate) fn deactivate(who: AccountId) {
	Dpos::deactivate(signed(who)).expect("stands aside");
}

/// Pays all that is due to `who`, by a call of somebody else.
pub(crate) fn withdraw(who: AccountId) {
	Dpos::withdraw_unbonded(signed(50), who).expect("pays");
}

/// Takes back all that waits of `who` behind `candidate`.
pub(crate) fn rebond_all(who: AccountId, candidate: AccountId) {
	Dpos::rebond(signed(who), candidate, None).expect("rebonds");
}

/// The candidates behind which `who` has a position.
pub(crate) fn listed(who: AccountId) -> Vec<AccountId> {
	crate::PositionsOf::<Test>::get(who).into_inner()
}
