//! Who a candidate says that it is: the identity of its owner, and its key.

use crate::{AccountId, Balance, Runtime};
use alloc::vec::Vec;
use cybermiles_primitives::api::ProfileInfo;
use pallet_cmt_dpos::Candidates;
use pallet_identity::{Data, IdentityOf, Judgement};
use pallet_session::NextKeys;
use sp_core::crypto::ByteArray;

/// The profile of `candidate`; empty where nothing is said.
pub(crate) fn of(candidate: &AccountId) -> ProfileInfo {
	let keys = NextKeys::<Runtime>::get(candidate);
	let aura_key = keys.and_then(|keys| keys.aura.as_slice().try_into().ok());
	let owner = Candidates::<Runtime>::get(candidate).map(|info| info.owner);
	let Some(identity) = owner.and_then(IdentityOf::<Runtime>::get) else {
		return ProfileInfo { aura_key, ..Default::default() };
	};
	let info = identity.info;
	let place = info.additional.iter().find(|(key, _)| text(key) == b"location");
	ProfileInfo {
		aura_key,
		name: text(&info.display),
		website: text(&info.web),
		location: place.map(|(_, value)| text(value)).unwrap_or_default(),
		email: text(&info.email),
		verified: identity.judgements.iter().any(|(_, judgement)| vouches(judgement)),
	}
}

/// A text in plain; nothing where only its hash is given.
fn text(data: &Data) -> Vec<u8> {
	match data {
		Data::Raw(bytes) => bytes.to_vec(),
		_ => Vec::new(),
	}
}

fn vouches(judgement: &Judgement<Balance>) -> bool {
	matches!(judgement, Judgement::Reasonable | Judgement::KnownGood)
}
