//! Calls and errors by name. The names are those of metadata, and so is what they are taken from.

use crate::{RuntimeCall, RuntimeError};
use alloc::vec::Vec;
use cybermiles_primitives::governance::CallFailure;
use scale_info::{form::MetaForm, Type, TypeDef, TypeInfo, Variant};
use sp_runtime::DispatchError;

/// A variant of an enum.
type Named = Variant<MetaForm>;

/// The variant of the enum `info` that is encoded as `index`.
fn variant(info: Type, index: u8) -> Option<Named> {
	match info.type_def {
		TypeDef::Variant(found) => found.variants.into_iter().find(|v| v.index == index),
		_ => None,
	}
}

/// The variant `index` of what a variant of an enum of pallets holds.
fn inner(pallet: &Named, index: u8) -> Option<Named> {
	variant(pallet.fields.first()?.ty.type_info(), index)
}

/// A name as answers have it.
fn text(name: &str) -> Vec<u8> {
	name.as_bytes().to_vec()
}

/// The name of pallet number `pallet`, if it has calls.
pub(super) fn pallet(pallet: u8) -> Option<Vec<u8>> {
	variant(RuntimeCall::type_info(), pallet).map(|pallet| text(pallet.name))
}

/// The names of pallet number `pallet` and of its call number `call`.
pub(super) fn call(pallet: u8, call: u8) -> Option<(Vec<u8>, Vec<u8>)> {
	let pallet = variant(RuntimeCall::type_info(), pallet)?;
	let call = inner(&pallet, call)?;
	Some((text(pallet.name), text(call.name)))
}

/// What `error` is called, and what its documentation says.
pub(super) fn failure(error: DispatchError) -> CallFailure {
	let DispatchError::Module(module) = error else {
		let name: &'static str = error.into();
		return CallFailure { pallet: None, name: text(name), docs: Vec::new() };
	};
	let pallet = variant(RuntimeError::type_info(), module.index);
	let named = pallet.as_ref().and_then(|pallet| inner(pallet, module.error[0]));
	CallFailure {
		pallet: pallet.map(|pallet| text(pallet.name)),
		name: named.as_ref().map(|named| text(named.name)).unwrap_or_default(),
		docs: named.map(|named| text(&named.docs.join(" "))).unwrap_or_default(),
	}
}
