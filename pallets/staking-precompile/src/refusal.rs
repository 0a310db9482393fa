//! What is refused, and in which words.
//!
//! A precompile of pallet-revive can revert with `Error(string)` only. The string begins with a name
//! that programs can rely on; the sentence behind it is for people.

use crate::Config;
use alloc::{format, string::String, vec::Vec};
use frame_support::traits::PalletInfo;
use pallet_revive::precompiles::{Error, Ext};
use scale_info::{form::MetaForm, TypeDef, TypeInfo, Variant};
use sp_runtime::{DispatchError, ModuleError};

/// Refuses what no function takes: foreign storage and value.
pub(crate) fn ensure_plain_call<T: Config>(env: &impl Ext<T = T>) -> Result<(), Error> {
	if env.is_delegate_call() {
		return Err(revert("DelegateCall: use a plain call; stake belongs to who calls."));
	}
	if !env.value_transferred().is_zero() {
		return Err(revert("ValueAttached: send no CMT along; amounts come from the balance."));
	}
	Ok(())
}

/// Refuses a change where nothing may change, and returns who makes it.
pub(crate) fn ensure_may_change<T: Config>(env: &impl Ext<T = T>) -> Result<T::AccountId, Error> {
	if env.is_read_only() {
		return Err(revert("ReadOnly: a static call changes nothing; use a plain call."));
	}
	let caller = env.caller();
	let who = caller
		.account_id()
		.map_err(|_| revert("NoSigner: stake and votes need an account."))?;
	Ok(who.clone())
}

/// An amount that no account can have.
pub(crate) fn amount_too_large() -> Error {
	revert("AmountTooLarge: an amount is at most 2^128 - 1 planck.")
}

/// A vote that says nothing.
pub(crate) fn no_vote() -> Error {
	revert("NoVote: say Aye, Nay or Abstain; a vote is withdrawn by a function of its own.")
}

/// The refusal of a native call: the name of its error, and what the error's docs say.
pub(crate) fn of<T: Config>(error: DispatchError) -> Error {
	let DispatchError::Module(module) = error else {
		let reason: &'static str = error.into();
		return Error::Revert(format!("Refused: {reason}.").into());
	};
	let name = module.message.unwrap_or("Refused");
	match docs::<T>(&module, name) {
		Some(docs) => Error::Revert(format!("{name}: {docs}").into()),
		None => Error::Revert(format!("{name}: see the native error of this name.").into()),
	}
}

fn revert(reason: &'static str) -> Error {
	Error::Revert(reason.into())
}

/// The docs of an error, which wallets show too. They are part of the runtime.
fn docs<T: Config>(error: &ModuleError, name: &str) -> Option<String> {
	let index = usize::from(error.index);
	let is = |other: Option<usize>| other == Some(index);
	let variants = if is(T::PalletInfo::index::<pallet_cmt_dpos::Pallet<T>>()) {
		variants::<pallet_cmt_dpos::Error<T>>()
	} else if is(T::PalletInfo::index::<pallet_validator_compensation::Pallet<T>>()) {
		variants::<pallet_validator_compensation::Error<T>>()
	} else if is(T::PalletInfo::index::<pallet_stake_voting::Pallet<T>>()) {
		variants::<pallet_stake_voting::Error<T>>()
	} else if is(T::PalletInfo::index::<pallet_slashing::Pallet<T>>()) {
		variants::<pallet_slashing::Error<T>>()
	} else if is(T::PalletInfo::index::<frame_system::Pallet<T>>()) {
		variants::<frame_system::Error<T>>()
	} else {
		return None;
	};
	let variant = variants.into_iter().find(|variant| variant.name == name)?;
	Some(variant.docs.join(" ")).filter(|docs| !docs.is_empty())
}

fn variants<E: TypeInfo>() -> Vec<Variant<MetaForm>> {
	match E::type_info().type_def {
		TypeDef::Variant(errors) => errors.variants,
		_ => Vec::new(),
	}
}
