//! A small chain of balances, the three pallets of the economics and that of votes, tied to each other
//! as in the runtime, with blocks that run in the runtime's order.
//!
//! Played by hand are only the keys and the course of sessions, which pallet-session does there, and
//! the polls.

use crate::polls::{Poll, Polls};
use cybermiles_primitives::{
	api::PositionInfo,
	traits::{AuthorityKeys, CandidateKey, CandidateKeys, InEscrow},
	Balance, ClassId, EraIndex, Rate, SessionIndex, CMT,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{fungible::Balanced, Authorize, Hooks, OnUnbalanced, Time},
	weights::Weight,
	PalletId,
};
use frame_system::{
	offchain::{CreateAuthorizedTransaction, CreateTransaction, CreateTransactionBase},
	AuthorizeCall, EnsureRoot,
};
use pallet_cmt_dpos::{CandidateIdOf, GenesisCandidate};
use pallet_session::{historical, ShouldEndSession};
use pallet_slashing::{DoubleAuthoringProof, KeyProof, OffenderOf};
use pallet_stake_voting::PollIndex;
use pallet_validator_compensation::Heartbeat;
use sp_consensus_aura::{
	digests::CompatibleDigestItem,
	sr25519::{AuthorityId as AuraId, AuthorityPair},
};
use sp_core::{Pair, H256};
use sp_runtime::{
	app_crypto::key_types::AURA,
	generic::Digest,
	traits::{Convert, Header as _},
	transaction_validity::TransactionSource,
	BuildStorage, DigestItem, DispatchResult, KeyTypeId, Perbill,
};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};
use std::collections::{BTreeMap, BTreeSet};

pub use chain::*;

/// Names an account.
pub type AccountId = u64;
/// Stake.
pub type Dpos = pallet_cmt_dpos::Pallet<Test>;
/// Awards.
pub type Compensation = pallet_validator_compensation::Pallet<Test>;
/// Punishment.
pub type Slasher = pallet_slashing::Pallet<Test>;
/// Votes.
pub type Voting = pallet_stake_voting::Pallet<Test>;
type Block = frame_system::mocking::MockBlock<Test, (), AuthorizeCall<Test>>;
type Extrinsic = frame_system::mocking::MockUncheckedExtrinsic<Test, (), AuthorizeCall<Test>>;
type Header = frame_system::pallet_prelude::HeaderFor<Test>;

/// What the macros make; they write no documentation.
#[allow(missing_docs)]
mod chain {
	use super::*;

	frame_support::construct_runtime!(
		pub enum Test {
			System: frame_system,
			Balances: pallet_balances,
			Slashing: pallet_slashing,
			CmtDpos: pallet_cmt_dpos,
			ValidatorCompensation: pallet_validator_compensation,
			Offences: pallet_offences,
			StakeVoting: pallet_stake_voting,
		}
	);

	parameter_types! {
		pub const DposPalletId: PalletId = PalletId(*b"cmt/dpos");
		pub const TreasuryAccount: AccountId = TREASURY;
		pub static SessionLength: u64 = 5;
		pub static SessionsPerEra: u32 = 3;
		pub static UnbondingEras: u32 = 2;
		pub static Validators: u32 = 4;
		pub static Standbys: u32 = 2;
		pub static MinValidators: u32 = 1;
		pub static StakeCap: Perbill = Perbill::from_percent(30);
		pub static MinDelegation: Balance = 1_000 * CMT;
		pub static MinMaxStake: Balance = 20_000 * CMT;
		pub static SelfStakeRatio: Perbill = Perbill::from_percent(10);
		pub static MaxPositions: u32 = 4;
		pub static Inflation: Perbill = Perbill::from_percent(8);
		pub static StandbyShare: Perbill = Perbill::from_percent(10);
		pub static DowntimeTurns: u32 = 3;
		pub static DowntimeSlash: Perbill = Perbill::from_percent(1);
		pub static JailTime: u64 = 20 * SLOT_MILLIS;
		pub static MassAbsence: Perbill = Perbill::from_rational(1u32, 3u32);
		pub static EquivocationSlash: Perbill = Perbill::from_percent(5);
		pub static HoldEras: u32 = 2;
		pub static ReporterShare: Perbill = Perbill::from_percent(10);
		/// The slot of this block.
		pub static SlotNow: u64 = 0;
		/// Who authors it.
		pub static AuthorNow: Option<AccountId> = None;
		/// The time: before a block's inherents that of the block before.
		pub static Now: u64 = 0;
		/// Validators of this session, in the order of their turns.
		pub static SessionValidators: Vec<AccountId> = Vec::new();
		/// Those of the next.
		pub static QueuedValidators: Vec<AccountId> = Vec::new();
		/// Who does not author in this session.
		pub static Disabled: BTreeSet<AccountId> = BTreeSet::new();
		/// Accounts without session keys.
		pub static Keyless: BTreeSet<AccountId> = BTreeSet::new();
		/// How often a candidate changed its keys.
		pub static Rotations: BTreeMap<AccountId, u8> = BTreeMap::new();
		/// The same as it was when the present session began.
		pub static RotationsInForce: BTreeMap<AccountId, u8> = BTreeMap::new();
		/// Validators of the session before, and the keys that they had.
		pub static SessionBefore: (Vec<AccountId>, BTreeMap<AccountId, u8>) = Default::default();
		/// Offences handed to the slashing pallet since this was taken.
		pub static OffencesSeen: Vec<Offence> = Vec::new();
		/// All polls.
		pub static PollsNow: BTreeMap<PollIndex, Poll> = BTreeMap::new();
		/// How many were submitted.
		pub static PollCount: PollIndex = 0;
	}
}

/// Gets what slashes take.
pub const TREASURY: AccountId = 600;
/// Length of a slot in milliseconds.
pub const SLOT_MILLIS: u64 = 3_000;
/// Free CMT of each account in 1..=30 at genesis, in planck.
pub const ENDOWMENT: Balance = 1_000_000 * CMT;
/// Accounts with CMT at genesis, besides the treasury.
pub const ACCOUNTS: std::ops::RangeInclusive<AccountId> = 1..=30;
/// Candidates of the genesis.
pub const CANDIDATES: std::ops::RangeInclusive<AccountId> = 1..=8;
/// Declared maximum rate of the genesis candidates, and at first their default.
pub const MAX_RATE: Rate = Rate::from_percent(50);
/// The class of who agreed to it.
pub const DELEGATORS: ClassId = ClassId::agreed_at(MAX_RATE);

/// What the slashing pallet was told: who, each with its reporter; how much each; of which session.
#[derive(Clone, Debug)]
pub struct Offence {
	/// Offenders, each with who reported it.
	pub offenders: Vec<(AccountId, Option<AccountId>)>,
	/// What each is to lose.
	pub fractions: Vec<Perbill>,
	/// When it was.
	pub session: SessionIndex,
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<Balance>;
	type Block = Block;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
}

impl pallet_offences::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type IdentificationTuple = OffenderOf<Test>;
	type OnOffenceHandler = Witness;
}

/// Notes what the slashing pallet is told.
pub struct Witness;

impl OnOffenceHandler<AccountId, OffenderOf<Test>, Weight> for Witness {
	fn on_offence(
		offenders: &[OffenceDetails<AccountId, OffenderOf<Test>>],
		fractions: &[Perbill],
		session: SessionIndex,
	) -> Weight {
		let who = |details: &OffenceDetails<AccountId, OffenderOf<Test>>| {
			(details.offender.0, details.reporters.first().copied())
		};
		let offenders_seen = offenders.iter().map(who).collect();
		let offence = Offence { offenders: offenders_seen, fractions: fractions.to_vec(), session };
		OffencesSeen::mutate(|seen| seen.push(offence));
		Slasher::on_offence(offenders, fractions, session)
	}
}

/// Session keys and their register, as pallet-session has them in the runtime.
pub struct Keys;

impl CandidateKeys<AccountId> for Keys {
	fn has_keys(candidate: &AccountId) -> bool {
		!Keyless::get().contains(candidate)
	}
	fn hand_over(_: &AccountId, _: &AccountId) -> DispatchResult {
		Ok(())
	}
	fn purge(owner: &AccountId) {
		if let Some(candidate) = CandidateIdOf::<Test>::convert(*owner) {
			Keyless::mutate(|keyless| keyless.insert(candidate));
		}
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_for_benchmark(_: &AccountId) {}
}

impl AuthorityKeys<AccountId> for Keys {
	fn in_force() -> Vec<(AccountId, Vec<(KeyTypeId, Vec<u8>)>)> {
		let rotations = RotationsInForce::get();
		let key = |who| pair_after(&rotations, who).public().into_inner().0.to_vec();
		let keys = |who: AccountId| vec![(AURA, key(who))];
		SessionValidators::get().into_iter().map(|who| (who, keys(who))).collect()
	}
	fn validators() -> Vec<AccountId> {
		SessionValidators::get()
	}
	fn enable_all() {
		Disabled::take();
	}
	/// At most a third, as the runtime's disabling strategy has it.
	fn disable(candidate: &AccountId, _: Perbill) {
		let limit = SessionValidators::get().len().saturating_sub(1) / 3;
		Disabled::mutate(|disabled| {
			if disabled.len() < limit {
				disabled.insert(*candidate);
			}
		});
	}
}

impl CandidateKey<AccountId, AuraId> for Keys {
	fn key_of(candidate: &AccountId) -> Option<AuraId> {
		Keys::has_keys(candidate).then(|| pair(*candidate).public())
	}
}

/// The time.
pub struct Clock;

impl Time for Clock {
	type Moment = u64;
	fn now() -> u64 {
		Now::get()
	}
}

impl pallet_cmt_dpos::Config for Test {
	type Currency = Balances;
	type Keys = Keys;
	type MaxPositions = MaxPositions;
	type MinDelegation = MinDelegation;
	type MinMaxStake = MinMaxStake;
	type MinValidators = MinValidators;
	type OnEra = (Slashing, ValidatorCompensation);
	type OnSession = (Slashing, ValidatorCompensation, StakeVoting);
	type PalletId = DposPalletId;
	type Payouts = ValidatorCompensation;
	type PoolObserver = ValidatorCompensation;
	type PositionObserver = StakeVoting;
	type Rates = ValidatorCompensation;
	type SelfStakeRatio = SelfStakeRatio;
	type SessionLength = SessionLength;
	type SessionsPerEra = SessionsPerEra;
	type StakeCap = StakeCap;
	type Standbys = Standbys;
	type Standing = Slashing;
	type UnbondingEras = UnbondingEras;
	type Validators = Validators;
	type WeightInfo = ();
}

impl pallet_validator_compensation::Config for Test {
	type AdminOrigin = EnsureRoot<AccountId>;
	type AuthorityId = AuraId;
	type AuthorityKey = Keys;
	type Candidacies = CmtDpos;
	type Currency = Balances;
	type Eras = CmtDpos;
	type Inflation = Inflation;
	type Presence = Slashing;
	type Seats = CmtDpos;
	type SlashBooks = Slashing;
	type SlotDuration = frame_support::traits::ConstU64<SLOT_MILLIS>;
	type Stake = CmtDpos;
	type StakeBooks = CmtDpos;
	type StandbyShare = StandbyShare;
	type WeightInfo = ();
}

impl pallet_slashing::Config for Test {
	type AdminOrigin = EnsureRoot<AccountId>;
	type Author = AuthorNow;
	type Candidacies = CmtDpos;
	type Currency = Balances;
	type CurrentSlot = SlotNow;
	type DowntimeSlash = DowntimeSlash;
	type DowntimeTurns = DowntimeTurns;
	type EquivocationSlash = EquivocationSlash;
	type Eras = CmtDpos;
	type HoldEras = HoldEras;
	type JailTime = JailTime;
	type Keys = Keys;
	type MassAbsence = MassAbsence;
	type Payouts = ValidatorCompensation;
	type Pot = ValidatorCompensation;
	type PresenceObserver = ValidatorCompensation;
	type ReportOffence = Offences;
	type ReporterShare = ReporterShare;
	type Stake = CmtDpos;
	type Time = Clock;
	type Treasury = TreasuryAccount;
	type WeightInfo = ();
}

impl pallet_stake_voting::Config for Test {
	type Bars = Polls;
	type Candidacies = CmtDpos;
	type Eras = CmtDpos;
	type PollCount = PollCount;
	type PollObserver = ();
	type Polls = Polls;
	type Seats = CmtDpos;
	type Stake = CmtDpos;
	type StakeCap = StakeCap;
	type Standing = Slashing;
	type WeightInfo = ();
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

/// A chain with candidates 1..=8 of 29,000 to 22,000 CMT: four validators, two standbys and two
/// more, with delegators behind the first ones. Its first block runs.
pub fn new_chain() -> sp_io::TestExternalities {
	reset_statics();
	let mut storage = frame_system::GenesisConfig::<Test>::default()
		.build_storage()
		.expect("system genesis");
	let rich = ACCOUNTS.map(|account| (account, ENDOWMENT));
	let balances = rich.chain([(TREASURY, CMT)]).collect();
	pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
		.assimilate_storage(&mut storage)
		.expect("balances genesis");
	let candidate = |account| GenesisCandidate {
		account,
		max_stake: 200_000 * CMT,
		max_rate: MAX_RATE,
		self_stake: (30_000 - u128::from(account) * 1_000) * CMT,
	};
	let delegations = [(11, 1, 5_000), (12, 1, 7_000), (12, 2, 3_000), (13, 3, 4_000)];
	pallet_cmt_dpos::GenesisConfig::<Test> {
		candidates: CANDIDATES.map(candidate).collect(),
		delegations: delegations.map(|(who, to, cmt)| (who, to, cmt * CMT)).to_vec(),
	}
	.assimilate_storage(&mut storage)
	.expect("dpos genesis");
	let mut ext = sp_io::TestExternalities::from(storage);
	ext.execute_with(begin_chain);
	ext
}

fn begin_chain() {
	SessionValidators::set(elect(0));
	QueuedValidators::set(elect(1));
	<Dpos as historical::SessionManager<AccountId, ()>>::start_session(0);
	begin_block(1, turn_of(1));
	System::reset_events();
}

/// Gives all parameters and records the values that they start with: tests may share a thread.
fn reset_statics() {
	SessionLength::set(5);
	SessionsPerEra::set(3);
	UnbondingEras::set(2);
	Validators::set(4);
	Standbys::set(2);
	MinValidators::set(1);
	StakeCap::set(Perbill::from_percent(30));
	MinDelegation::set(1_000 * CMT);
	MinMaxStake::set(20_000 * CMT);
	SelfStakeRatio::set(Perbill::from_percent(10));
	MaxPositions::set(4);
	Inflation::set(Perbill::from_percent(8));
	StandbyShare::set(Perbill::from_percent(10));
	DowntimeTurns::set(3);
	DowntimeSlash::set(Perbill::from_percent(1));
	JailTime::set(20 * SLOT_MILLIS);
	MassAbsence::set(Perbill::from_rational(1u32, 3u32));
	EquivocationSlash::set(Perbill::from_percent(5));
	HoldEras::set(2);
	ReporterShare::set(Perbill::from_percent(10));
	SlotNow::set(0);
	AuthorNow::set(None);
	Now::set(0);
	SessionValidators::take();
	QueuedValidators::take();
	Disabled::take();
	Keyless::take();
	Rotations::take();
	RotationsInForce::take();
	SessionBefore::take();
	OffencesSeen::take();
	PollsNow::take();
	PollCount::take();
}

fn elect(session: SessionIndex) -> Vec<AccountId> {
	<Dpos as historical::SessionManager<AccountId, ()>>::new_session(session)
		.expect("always names the validators")
		.into_iter()
		.map(|(who, ())| who)
		.collect()
}

/// The present session.
pub fn session() -> SessionIndex {
	pallet_cmt_dpos::CurrentSession::<Test>::get()
}

/// Whose turn `slot` is.
pub fn turn_of(slot: u64) -> AccountId {
	let seats = SessionValidators::get();
	seats[(slot % seats.len() as u64) as usize]
}

/// What pallet-session does at the end of a session, in its order.
fn rotate_session() {
	let session = session();
	<Dpos as historical::SessionManager<AccountId, ()>>::end_session(session);
	SessionBefore::set((SessionValidators::get(), RotationsInForce::get()));
	SessionValidators::set(QueuedValidators::get());
	RotationsInForce::set(Rotations::get());
	<Dpos as historical::SessionManager<AccountId, ()>>::start_session(session + 1);
	QueuedValidators::set(elect(session + 2));
}

/// How many blocks back an offender's headers may be rooted in these tests.
const HASHES_KEPT: u64 = 8;

fn hash_of(number: u64) -> H256 {
	H256::from_low_u64_be(number + 1_000)
}

/// Begins a block of `author` in `slot`: the roll is called, then a session may end.
pub fn begin_block(slot: u64, author: AccountId) {
	let number = System::block_number() + 1;
	System::set_block_number(number);
	frame_system::BlockHash::<Test>::insert(number - 1, hash_of(number - 1));
	frame_system::BlockHash::<Test>::remove(number.wrapping_sub(HASHES_KEPT));
	SlotNow::set(slot);
	AuthorNow::set(Some(author));
	Slasher::on_initialize(number);
	Compensation::on_initialize(number);
	if Dpos::should_end_session(number) {
		rotate_session();
	}
	// The inherent.
	Now::set(slot * SLOT_MILLIS);
}

/// Ends the running block: payments with `idle` weight, then the award.
pub fn end_block(idle: Weight) {
	let number = System::block_number();
	let used = Slasher::on_idle(number, idle);
	let left = idle.saturating_sub(used);
	let used = Dpos::on_idle(number, left);
	Voting::on_idle(number, left.saturating_sub(used));
	Compensation::on_finalize(number);
}

/// Whether `who` authors when it is its turn.
pub fn may_author(who: AccountId) -> bool {
	!Disabled::get().contains(&who)
}

/// All invariants of the four pallets, escrow to the planck but for `gifts`, and the supply.
pub fn check(gifts: Balance) {
	Dpos::do_try_state().expect("invariants of stake hold");
	Compensation::do_try_state().expect("invariants of awards hold");
	Slasher::do_try_state().expect("invariants of slashes hold");
	Voting::do_try_state().expect("invariants of votes hold");
	let booked = Dpos::in_escrow() + Slasher::in_escrow() + Compensation::in_escrow();
	assert_eq!(free(Dpos::escrow()), booked + gifts, "escrow is what the books say");
	let issued = pallet_validator_compensation::AccountBooks::<Test>::get().issued;
	assert_eq!(Balances::total_issuance(), genesis_supply() + issued, "only awards issue");
}

fn genesis_supply() -> Balance {
	ACCOUNTS.count() as Balance * ENDOWMENT + CMT
}

/// Free CMT of `who`, in planck.
pub fn free(who: AccountId) -> Balance {
	Balances::free_balance(who)
}

/// A signed origin.
pub fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// The pair of a candidate's present Aura key.
pub fn pair(candidate: AccountId) -> AuthorityPair {
	pair_after(&Rotations::get(), candidate)
}

fn pair_after(rotations: &BTreeMap<AccountId, u8>, candidate: AccountId) -> AuthorityPair {
	let rotation = rotations.get(&candidate).copied().unwrap_or_default();
	let mut seed = [rotation; 32];
	seed[..8].copy_from_slice(&candidate.to_le_bytes());
	AuthorityPair::from_seed(&seed)
}

/// The call by which a standby proves itself alive in `session`.
pub fn heartbeat_of(candidate: AccountId, session: SessionIndex) -> RuntimeCall {
	let beat = Heartbeat { session, candidate };
	let signature = pair(candidate).sign(&Compensation::heartbeat_payload(&beat));
	pallet_validator_compensation::Call::heartbeat { beat, signature }.into()
}

/// Whether a block would take `call` without a signed origin.
pub fn is_authorized(call: &RuntimeCall) -> bool {
	call.authorize(TransactionSource::InBlock).is_some_and(|result| result.is_ok())
}

/// Whether this block's slot still belongs to the session before: a session's first block does.
fn slot_is_of_session_before() -> bool {
	Slasher::session_at(SlotNow::get()).is_some_and(|of| of < session())
}

/// The validators whose turn this block's slot could have been.
pub fn seats_at_slot() -> Vec<AccountId> {
	match slot_is_of_session_before() {
		true => SessionBefore::get().0,
		false => SessionValidators::get(),
	}
}

/// A right proof that `candidate` authored twice in this block's slot.
pub fn double_authoring(candidate: AccountId) -> (DoubleAuthoringProof<Test>, KeyProof) {
	let (slot, number) = (SlotNow::get(), System::block_number());
	let pair = match slot_is_of_session_before() {
		true => pair_after(&SessionBefore::get().1, candidate),
		false => pair_after(&RotationsInForce::get(), candidate),
	};
	let header = |salt: u8| {
		let log = <DigestItem as CompatibleDigestItem<()>>::aura_pre_digest(slot.into());
		let (root, parent) = (H256::repeat_byte(salt), hash_of(number - 1));
		let digest = Digest { logs: vec![log] };
		let mut header = Header::new(number, root, H256::default(), parent, digest);
		let signature = pair.sign(header.hash().as_ref());
		header.digest_mut().push(DigestItem::aura_seal(signature));
		header
	};
	let proof = DoubleAuthoringProof::<Test> {
		offender: pair.public(),
		slot: slot.into(),
		first_header: header(1),
		second_header: header(2),
	};
	let session = Slasher::session_at(slot).unwrap_or_else(session);
	let validator_count =
		pallet_slashing::Sessions::<Test>::get(session).map_or(0, |note| note.validators);
	(proof, KeyProof { session, validator_count })
}

/// Tells the slashing pallet of offenders as the offences pallet does.
pub fn commit(
	offenders: &[(AccountId, Option<AccountId>)],
	fraction: Perbill,
	session: SessionIndex,
) {
	let details: Vec<_> = offenders
		.iter()
		.map(|(who, reporter)| OffenceDetails {
			offender: (*who, ()),
			reporters: reporter.iter().copied().collect(),
		})
		.collect();
	Witness::on_offence(&details, &vec![fraction; details.len()], session);
}

/// `who` pays fees of `amount` planck in this block, where it can. Returns what it paid.
pub fn pay_fees(who: AccountId, amount: Balance) -> Balance {
	use frame_support::traits::tokens::{Fortitude, Precision, Preservation};
	let fees = Balances::withdraw(
		&who,
		amount,
		Precision::BestEffort,
		Preservation::Preserve,
		Fortitude::Polite,
	);
	let Ok(fees) = fees else { return 0 };
	let paid = frame_support::traits::Imbalance::peek(&fees);
	Compensation::on_unbalanced(fees);
	paid
}

/// What `who` has, as wallets read it: all that was earned so far included.
pub fn positions(who: AccountId) -> Vec<PositionInfo<AccountId>> {
	Compensation::with_folded(&Compensation::seated(), || Dpos::positions(who)).expect("reads")
}

/// The position of `who` behind `candidate` as wallets read it.
pub fn position(who: AccountId, candidate: AccountId) -> Option<PositionInfo<AccountId>> {
	positions(who).into_iter().find(|position| position.candidate == candidate)
}

/// The position of `who` behind `candidate` as it stands in the books: to be read within
/// `with_folded`.
pub fn position_of(who: AccountId, candidate: AccountId) -> PositionInfo<AccountId> {
	let found = Dpos::positions(who)
		.into_iter()
		.find(|position| position.candidate == candidate);
	found.expect("a position that is listed")
}

/// The present era.
pub fn era() -> EraIndex {
	Dpos::era()
}
