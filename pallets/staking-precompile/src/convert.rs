//! Between the types of Solidity and those of the chain.

use crate::{refusal, Config, IStaking};
use alloc::vec::Vec;
use cybermiles_primitives::Balance;
use pallet_revive::precompiles::{
	alloy::{
		primitives::{Address, FixedBytes, U256},
		sol_types::SolCall,
	},
	AddressMapper, Error, Ext, H160,
};

/// The account behind an address. What it costs is part of the base costs.
pub(crate) fn account<T: Config>(env: &impl Ext<T = T>, address: &Address) -> T::AccountId {
	env.to_account_id(&H160(address.0 .0))
}

/// The address by which an account is named.
pub(crate) fn address<T: Config>(account: &T::AccountId) -> Address {
	Address::from(<T as pallet_revive::Config>::AddressMapper::to_address(account).0)
}

/// The 32 bytes of an account.
pub(crate) fn bytes<T: Config>(account: T::AccountId) -> FixedBytes<32> {
	FixedBytes::from(account.into())
}

/// An amount in planck.
pub(crate) fn amount(amount: U256) -> Result<Balance, Error> {
	Balance::try_from(amount).map_err(|_| refusal::amount_too_large())
}

/// An amount for Solidity.
pub(crate) fn uint(amount: Balance) -> U256 {
	U256::from(amount)
}

/// See the interface.
pub(crate) fn address_of<T: Config>(call: &IStaking::addressOfCall) -> Result<Vec<u8>, Error> {
	let account = T::AccountId::from(call.account.0);
	Ok(IStaking::addressOfCall::abi_encode_returns(&address::<T>(&account)))
}

/// See the interface.
pub(crate) fn account_of<T: Config>(
	env: &mut impl Ext<T = T>,
	call: &IStaking::accountOfCall,
) -> Result<Vec<u8>, Error> {
	let account = bytes::<T>(account(env, &call.who));
	Ok(IStaking::accountOfCall::abi_encode_returns(&account))
}
