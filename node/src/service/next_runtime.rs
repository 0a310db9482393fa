//! The runtime of the next upgrade, in memory before it takes over.
//!
//! Also a runtime that is compiled takes some tenths of a second to load. A node that loads it when
//! it is first needed does so when the block of the upgrade has come and the next one is due.

use super::{
	executor::{executor, load},
	Client, Executor,
};
use futures::StreamExt;
use sc_client_api::BlockchainEvents;
use sc_service::{config::ExecutorConfiguration, TaskManager};
use std::{
	fs, io,
	path::{Path, PathBuf},
	sync::Arc,
	time::SystemTime,
};

/// Where a folder of compiled runtimes has the code of the next one.
fn file(folder: &Path) -> PathBuf {
	folder.join("next.wasm")
}

/// Compiles a runtime into `folder`, for nodes that execute with the default settings. Those that
/// run load it from there.
pub(crate) fn compile(wasm: &[u8], folder: &Path) -> Result<(), String> {
	let executor = executor(&ExecutorConfiguration::default(), Some(folder))
		.map_err(|error| error.to_string())?;
	load(&executor, wasm)?;
	put(wasm, folder).map_err(|error| error.to_string())
}

/// Puts the code of the next runtime there, whole or not at all.
fn put(wasm: &[u8], folder: &Path) -> io::Result<()> {
	let part = folder.join("next.part");
	fs::write(&part, wasm)?;
	fs::rename(part, file(folder))
}

/// Looks at every new block whether there is another next runtime in the `folder`, and loads it.
pub(super) fn spawn(
	folder: Option<&Path>,
	executor: Executor,
	client: &Arc<Client>,
	tasks: &TaskManager,
) {
	let Some(folder) = folder else { return };
	let mut watch = Watch { file: file(folder), seen: None };
	let mut blocks = client.import_notification_stream();
	tasks.spawn_handle().spawn_blocking("next-runtime", None, async move {
		while blocks.next().await.is_some() {
			let Some(wasm) = watch.news() else { continue };
			match load(&executor, &wasm) {
				Ok(()) => log::info!("The next runtime is loaded ({} bytes)", wasm.len()),
				Err(error) => log::warn!("The next runtime cannot be loaded: {error}"),
			}
		}
	});
}

/// A file that is read again when it was written again.
struct Watch {
	file: PathBuf,
	/// When the version was written that was read last.
	seen: Option<SystemTime>,
}

impl Watch {
	/// What is in the file now, where that was not read yet.
	fn news(&mut self) -> Option<Vec<u8>> {
		let written = fs::metadata(&self.file).and_then(|file| file.modified()).ok()?;
		if self.seen == Some(written) {
			return None;
		}
		self.seen = Some(written);
		fs::read(&self.file).ok()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn each_version_is_read_once() {
		let folder = tempfile::tempdir().expect("a folder can be made");
		let mut watch = Watch { file: file(folder.path()), seen: None };
		assert_eq!(watch.news(), None);
		for code in [b"one", b"two"] {
			put(code, folder.path()).expect("it can be written");
			assert_eq!(watch.news().as_deref(), Some(code.as_slice()));
			assert_eq!(watch.news(), None);
			// Times of files may be as coarse as some milliseconds.
			std::thread::sleep(std::time::Duration::from_millis(20));
		}
	}

	/// All files below `folder` that are large enough to be a runtime, but for the one to load.
	fn compiled(folder: &Path) -> Vec<PathBuf> {
		let (mut folders, mut found) = (vec![folder.to_path_buf()], vec![]);
		while let Some(folder) = folders.pop() {
			for entry in fs::read_dir(&folder).expect("it can be read").flatten() {
				match entry.metadata().expect("it is there") {
					_ if entry.path() == file(folder.as_path()) => {},
					of if of.is_dir() => folders.push(entry.path()),
					of if of.len() > 1_000_000 => found.push(entry.path()),
					_ => {},
				}
			}
		}
		found
	}

	#[test]
	fn a_runtime_is_compiled_into_the_folder_once() {
		let wasm = cybermiles_runtime::WASM_BINARY.expect("the build makes it");
		let folder = tempfile::tempdir().expect("a folder can be made");
		for _ in 0..2 {
			compile(wasm, folder.path()).expect("it is a runtime");
			assert_eq!(compiled(folder.path()).len(), 1);
			assert_eq!(fs::read(file(folder.path())).expect("it is there"), wasm);
		}
	}

	#[test]
	fn what_is_no_runtime_is_refused() {
		let folder = tempfile::tempdir().expect("a folder can be made");
		assert!(compile(b"no runtime", folder.path()).is_err());
	}
}
