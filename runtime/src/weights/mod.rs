//! What each call costs.
//!
//! One module per pallet with a type `WeightInfo<T>`: the shape of the files that the runtime's
//! own benchmarks generate. Until a pallet has its file, its module names the weights that the
//! pallet ships, which take the database's costs from this runtime (`DbWeight`).

pub mod pallet_cmt_dpos;
pub mod pallet_governance;
pub mod pallet_slashing;
pub mod pallet_stake_voting;
pub mod pallet_validator_compensation;

/// Takes the weights that pallets ship.
macro_rules! shipped {
	($($pallet:ident),+ $(,)?) => {
		$(
			#[doc = concat!("Weights of ", stringify!($pallet), ".")]
			pub mod $pallet {
				/// As shipped with the pallet.
				pub type WeightInfo<T> = ::$pallet::weights::SubstrateWeight<T>;
			}
		)+
	};
}

shipped!(
	frame_system,
	pallet_balances,
	pallet_identity,
	pallet_migrations,
	pallet_multisig,
	pallet_preimage,
	pallet_proxy,
	pallet_referenda,
	pallet_scheduler,
	pallet_session,
	pallet_sudo,
	pallet_timestamp,
	pallet_transaction_payment,
	pallet_treasury,
	pallet_tx_pause,
	pallet_utility,
);

/// Weights of the transaction extensions of frame_system.
pub mod frame_system_extensions {
	/// As shipped with the pallet.
	pub type WeightInfo<T> = ::frame_system::SubstrateExtensionsWeight<T>;
}
