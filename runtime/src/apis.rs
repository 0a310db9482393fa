//! What nodes and wallets ask the runtime.

use crate::{
	ethereum, genesis_check, genesis_config_presets, governance, AccountId, Aura,
	AuthorityDiscovery, Balance, Block, BlockNumber, CmtDpos, Executive, Grandpa, InherentDataExt,
	Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig, Session, SessionKeys, Slashing, System,
	TransactionPayment, ValidatorCompensation, VERSION,
};
use alloc::{vec, vec::Vec};
use codec::Encode;
use cybermiles_primitives::{
	api::{
		BlockAward, CandidateInfo, CandidateSummary, ClassInfo, ConductInfo, ParameterInfo,
		PositionInfo, ProfileInfo, SeatAward, SessionSeats, SlashInfo, SolvencyInfo, YieldInfo,
	},
	ethereum::{EthereumBlock, PooledTransaction},
	governance::{
		DryRun, PositionPower, ProposalIndex, ProposalInfo, ProposalState, SeatVote, TrackId,
		TrackInfo,
	},
	EraIndex, SessionIndex,
};
use frame_support::{
	genesis_builder_helper::get_preset, traits::KeyOwnerProofSystem,
	view_functions::ViewFunctionId, weights::Weight,
};
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use sp_api::impl_runtime_apis;
use sp_authority_discovery::AuthorityId as AuthorityDiscoveryId;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_consensus_slots::EquivocationProof;
use sp_core::{
	crypto::{key_types, KeyTypeId},
	OpaqueMetadata,
};
use sp_runtime::{
	traits::{Block as BlockT, NumberFor},
	transaction_validity::{TransactionSource, TransactionValidity},
	ApplyExtrinsicResult, ExtrinsicInclusionMode,
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

/// What is read as if the awards of this block were in the pools already.
fn folded<R: Default>(read: impl FnOnce() -> R) -> R {
	ValidatorCompensation::with_folded(&ValidatorCompensation::seated(), read).unwrap_or_default()
}

/// What a list of candidates shows of one.
fn summarise(info: CandidateInfo<AccountId>) -> CandidateSummary<AccountId> {
	CandidateSummary {
		profile: crate::profile::of(&info.candidate),
		conduct: Slashing::conduct(info.candidate.clone()),
		yearly: ValidatorCompensation::yearly_yield(&info.candidate, info.default_rate),
		info,
	}
}

// `impl_runtime_apis!` and, behind the APIs that follow, pallet-revive's.
pallet_revive::impl_runtime_apis_plus_revive_traits!(
	Runtime,
	Revive,
	Executive,
	EthereumExtra,

	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}

		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			Executive::execute_block(block)
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
		fn execute_view_function(
			id: ViewFunctionId,
			input: Vec<u8>,
		) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
			Runtime::execute_view_function(id, input)
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			Executive::finalize_block()
		}

		fn inherent_extrinsics(
			data: sp_inherents::InherentData,
		) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(
			block: <Block as BlockT>::LazyBlock,
			data: sp_inherents::InherentData,
		) -> sp_inherents::CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			transaction: <Block as BlockT>::Extrinsic,
			block_hash: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			Executive::validate_transaction(source, transaction, block_hash)
		}
	}

	impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
		fn offchain_worker(header: &<Block as BlockT>::Header) {
			Executive::offchain_worker(header)
		}
	}

	impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
		fn slot_duration() -> sp_consensus_aura::SlotDuration {
			sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
		}

		fn authorities() -> Vec<AuraId> {
			pallet_aura::Authorities::<Runtime>::get().into_inner()
		}
	}

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(
			owner: Vec<u8>,
			seed: Option<Vec<u8>>,
		) -> OpaqueGeneratedSessionKeys {
			SessionKeys::generate(&owner, seed).into()
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
		fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
			Grandpa::grandpa_authorities()
		}

		fn current_set_id() -> sp_consensus_grandpa::SetId {
			pallet_grandpa::CurrentSetId::<Runtime>::get()
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation_proof: sp_consensus_grandpa::EquivocationProof<
				<Block as BlockT>::Hash,
				NumberFor<Block>,
			>,
			key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			Grandpa::submit_unsigned_equivocation_report(
				equivocation_proof,
				key_owner_proof.decode()?,
			)
		}

		fn generate_key_ownership_proof(
			_set_id: sp_consensus_grandpa::SetId,
			authority_id: GrandpaId,
		) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
			Slashing::prove((sp_consensus_grandpa::KEY_TYPE, authority_id))
				.map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
		}
	}

	impl sp_authority_discovery::AuthorityDiscoveryApi<Block> for Runtime {
		fn authorities() -> Vec<AuthorityDiscoveryId> {
			AuthorityDiscovery::authorities()
		}
	}

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		fn account_nonce(account: AccountId) -> Nonce {
			System::account_nonce(account)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
		for Runtime
	{
		fn query_info(
			transaction: <Block as BlockT>::Extrinsic,
			length: u32,
		) -> RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_info(transaction, length)
		}

		fn query_fee_details(
			transaction: <Block as BlockT>::Extrinsic,
			length: u32,
		) -> FeeDetails<Balance> {
			TransactionPayment::query_fee_details(transaction, length)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
		Block, Balance, RuntimeCall,
	> for Runtime {
		fn query_call_info(call: RuntimeCall, length: u32) -> RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_call_info(call, length)
		}

		fn query_call_fee_details(call: RuntimeCall, length: u32) -> FeeDetails<Balance> {
			TransactionPayment::query_call_fee_details(call, length)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl cybermiles_primitives::api::DposApi<Block, AccountId> for Runtime {
		fn candidates(start: u32, count: u32) -> Vec<CandidateInfo<AccountId>> {
			folded(|| CmtDpos::candidates(start, count))
		}

		fn candidate(candidate: AccountId) -> Option<CandidateInfo<AccountId>> {
			folded(|| CmtDpos::candidate(candidate))
		}

		fn profile(candidate: AccountId) -> ProfileInfo {
			crate::profile::of(&candidate)
		}

		fn candidate_of(owner: AccountId) -> Option<AccountId> {
			CmtDpos::candidate_of(owner)
		}

		fn candidate_with_key(aura_key: AuraId) -> Option<AccountId> {
			Session::key_owner(key_types::AURA, aura_key.as_ref())
		}

		fn seats() -> SessionSeats<AccountId> {
			CmtDpos::seats()
		}

		fn next_seats() -> SessionSeats<AccountId> {
			CmtDpos::next_seats()
		}

		fn expected_seats() -> SessionSeats<AccountId> {
			folded(CmtDpos::expected_seats)
		}

		fn positions(who: AccountId) -> Vec<PositionInfo<AccountId>> {
			folded(|| CmtDpos::positions(who))
		}

		fn era() -> EraIndex {
			CmtDpos::era()
		}

		fn classes(candidate: AccountId) -> Vec<ClassInfo> {
			ValidatorCompensation::classes(candidate)
		}

		fn block_award() -> BlockAward {
			ValidatorCompensation::block_award()
		}

		fn session_awards(session: SessionIndex) -> Vec<SeatAward<AccountId>> {
			ValidatorCompensation::session_awards(session)
		}

		fn yields(start: u32, count: u32) -> Vec<YieldInfo<AccountId>> {
			let candidates = folded(|| CmtDpos::candidates(start, count));
			candidates.into_iter().map(|CandidateInfo { candidate, default_rate, .. }| {
				let yearly = ValidatorCompensation::yearly_yield(&candidate, default_rate);
				YieldInfo { candidate, yearly }
			}).collect()
		}

		fn summaries(start: u32, count: u32) -> Vec<CandidateSummary<AccountId>> {
			folded(|| CmtDpos::candidates(start, count)).into_iter().map(summarise).collect()
		}

		fn summary(candidate: AccountId) -> Option<CandidateSummary<AccountId>> {
			folded(|| CmtDpos::candidate(candidate)).map(summarise)
		}

		fn conduct(candidate: AccountId) -> ConductInfo {
			Slashing::conduct(candidate)
		}

		fn absent_validators() -> Vec<(AccountId, ConductInfo)> {
			Slashing::absent_validators()
		}

		fn slashes(start: u32, count: u32) -> Vec<SlashInfo<AccountId>> {
			Slashing::slashes(start, count)
		}

		fn slashes_of(candidate: AccountId) -> Vec<SlashInfo<AccountId>> {
			Slashing::slashes_of(candidate)
		}

		fn solvency() -> SolvencyInfo {
			ValidatorCompensation::solvency()
		}

		fn parameters() -> Vec<ParameterInfo> {
			crate::parameters::list::all()
		}
	}

	impl cybermiles_primitives::governance::GovernanceApi<Block, AccountId> for Runtime {
		fn proposals(start: u32, count: u32) -> Vec<ProposalInfo<AccountId>> {
			governance::queries::proposals(start, count)
		}

		fn proposal_states(start: u32, count: u32) -> Vec<ProposalState> {
			governance::queries::proposal_states(start, count)
		}

		fn proposal(index: ProposalIndex) -> Option<ProposalInfo<AccountId>> {
			governance::queries::proposal(index)
		}

		fn tracks() -> Vec<TrackInfo> {
			governance::queries::tracks()
		}

		fn votes(index: ProposalIndex) -> Vec<SeatVote<AccountId>> {
			governance::queries::votes(index)
		}

		fn voting_power(index: ProposalIndex, who: AccountId) -> Vec<PositionPower<AccountId>> {
			governance::queries::voting_power(index, &who)
		}

		fn dry_run(track: TrackId, call: Vec<u8>) -> DryRun {
			governance::dry_run::dry_run(track, &call)
		}
	}

	impl cybermiles_primitives::api::DoubleAuthoringApi<Block> for Runtime {
		fn submit_double_authoring_report(
			proof: EquivocationProof<<Block as BlockT>::Header, AuraId>,
		) -> Option<()> {
			Slashing::submit_double_authoring_report(proof)
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			genesis_check::build(config)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, genesis_config_presets::get_preset)
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			genesis_config_presets::preset_names()
		}
	}

	impl cybermiles_primitives::ethereum::EthereumApi<Block> for Runtime {
		fn ethereum_block(
			extrinsics: Vec<<Block as BlockT>::Extrinsic>,
		) -> Option<EthereumBlock> {
			ethereum::block(&extrinsics)
		}

		fn ethereum_transactions(
			extrinsics: Vec<<Block as BlockT>::Extrinsic>,
		) -> Vec<Option<PooledTransaction>> {
			extrinsics.iter().map(ethereum::pooled).collect()
		}

		fn ethereum_extrinsic(payload: Vec<u8>) -> <Block as BlockT>::Extrinsic {
			ethereum::extrinsic(payload)
		}

		fn block_gas_limit() -> u64 {
			ethereum::block_gas_limit()
		}

		fn transaction_gas_limit() -> u64 {
			ethereum::transaction_gas_limit()
		}

		fn chain_id() -> u64 {
			ethereum::chain_id()
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(extra: bool) -> (
			Vec<frame_benchmarking::BenchmarkList>,
			Vec<frame_support::traits::StorageInfo>,
		) {
			crate::benchmarks::metadata(extra)
		}

		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
			crate::benchmarks::dispatch(config)
		}
	}

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
			let weight = Executive::try_runtime_upgrade(checks)
				.expect("a failed check must stop the trial with its reason");
			(weight, crate::constants::block::MAX_WEIGHT)
		}

		fn execute_block(
			block: <Block as BlockT>::LazyBlock,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			Executive::try_execute_block(block, state_root_check, signature_check, select)
				.expect("a failed check must stop the trial with its reason")
		}
	}
);
