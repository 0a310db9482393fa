use super::*;
use crate::configs::utility::ProxyType;
use cybermiles_primitives::CMT;
use frame_support::traits::InstanceFilter;

fn calls() -> [(&'static str, RuntimeCall); 7] {
	let bob = account(Sr25519Keyring::Bob);
	let dest = MultiAddress::Id(bob.clone());
	let transfer = pallet_balances::Call::transfer_all { dest, keep_alive: false };
	[
		("transfer", transfer.into()),
		(
			"delegate",
			pallet_cmt_dpos::Call::delegate { candidate: bob.clone(), amount: CMT }.into(),
		),
		("hand over", pallet_cmt_dpos::Call::offer_ownership { to: Some(bob) }.into()),
		("purge keys", pallet_session::Call::purge_keys {}.into()),
		("identity", pallet_identity::Call::clear_identity {}.into()),
		("batch", pallet_utility::Call::batch { calls: vec![] }.into()),
		("kill", pallet_proxy::Call::remove_proxies {}.into()),
	]
}

/// The names of the calls that `kind` lets through.
fn allowed(kind: ProxyType) -> Vec<&'static str> {
	calls()
		.into_iter()
		.filter(|(_, call)| kind.filter(call))
		.map(|(name, _)| name)
		.collect()
}

#[test]
fn proxies_should_let_through_only_what_their_kind_is_for() {
	assert_eq!(allowed(ProxyType::Any).len(), calls().len());
	let expected = ["delegate", "purge keys", "identity", "batch"];
	assert_eq!(allowed(ProxyType::NonTransfer), expected);
	assert_eq!(allowed(ProxyType::Staking), ["delegate", "purge keys", "batch"]);
	assert_eq!(allowed(ProxyType::Identity), ["identity", "batch"]);
	assert_eq!(allowed(ProxyType::CancelProxy), ["batch"]);
}

#[test]
fn proxy_should_stand_above_those_it_lets_more_through_than() {
	use ProxyType::*;

	let kinds = [Any, NonTransfer, Staking, Identity, CancelProxy];
	for upper in kinds {
		for lower in kinds.into_iter().filter(|lower| upper.is_superset(lower)) {
			let through = allowed(upper);
			assert!(allowed(lower).iter().all(|call| through.contains(call)));
		}
	}
}
