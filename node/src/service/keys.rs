//! Session keys on disk.

use sc_service::Error;
use sp_core::crypto::{key_types, KeyTypeId};
use sp_keystore::KeystorePtr;

/// A session key that the keystore lists but cannot use.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {kind} key 0x{public} in the keystore cannot be used: {reason}")]
struct Unusable {
	/// What the key is for, as in the file's name.
	kind: String,
	/// The public half, in hexadecimal.
	public: String,
	/// What the keystore said.
	reason: String,
}

/// Refuses a keystore with a session key that is damaged or locked by another password.
///
/// Without this a validator would find out when it is its turn, and then at every turn.
pub(super) fn check_session_keys(keystore: &KeystorePtr) -> Result<(), Error> {
	for kind in [key_types::AURA, key_types::AUTHORITY_DISCOVERY] {
		for public in keystore.sr25519_public_keys(kind) {
			usable(kind, &public, keystore.sr25519_sign(kind, &public, b""))?;
		}
	}
	for public in keystore.ed25519_public_keys(key_types::GRANDPA) {
		let kind = key_types::GRANDPA;
		usable(kind, &public, keystore.ed25519_sign(kind, &public, b""))?;
	}
	Ok(())
}

/// Turns a failed signature into a sentence that names the key.
fn usable<S>(
	kind: KeyTypeId,
	public: &[u8],
	signature: Result<Option<S>, sp_keystore::Error>,
) -> Result<(), Error> {
	let Err(error) = signature else { return Ok(()) };
	let public = public.iter().map(|byte| format!("{byte:02x}")).collect();
	let kind = String::from_utf8_lossy(&kind.0).into_owned();
	Err(Error::Application(Box::new(Unusable { kind, public, reason: error.to_string() })))
}

#[cfg(test)]
mod tests {
	use super::*;
	use sc_keystore::LocalKeystore;
	use std::{fs, path::PathBuf, sync::Arc};

	fn folder(name: &str) -> PathBuf {
		let folder = std::env::temp_dir().join(format!("cmt-keys-{}-{name}", std::process::id()));
		fs::create_dir_all(&folder).unwrap();
		folder
	}

	#[test]
	fn usable_keys_pass() {
		let path = folder("good");
		let keystore: KeystorePtr = Arc::new(LocalKeystore::open(path.clone(), None).unwrap());
		keystore.sr25519_generate_new(key_types::AURA, None).unwrap();
		keystore.ed25519_generate_new(key_types::GRANDPA, None).unwrap();
		let result = check_session_keys(&keystore);
		fs::remove_dir_all(path).unwrap();
		assert!(result.is_ok());
	}

	#[test]
	fn a_cut_key_is_named() {
		let path = folder("cut");
		let keystore: KeystorePtr = Arc::new(LocalKeystore::open(path.clone(), None).unwrap());
		let public = keystore.ed25519_generate_new(key_types::GRANDPA, None).unwrap();
		let file = fs::read_dir(&path).unwrap().next().unwrap().unwrap().path();
		fs::write(&file, "\"half of a phr").unwrap();
		let keystore: KeystorePtr = Arc::new(LocalKeystore::open(path.clone(), None).unwrap());
		let error = check_session_keys(&keystore).unwrap_err().to_string();
		fs::remove_dir_all(path).unwrap();
		let public: String = public.iter().map(|byte| format!("{byte:02x}")).collect();
		assert!(error.contains(&format!("the gran key 0x{public} in the keystore")), "{error}");
	}
}
