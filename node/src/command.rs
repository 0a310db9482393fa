//! From the command line to the part of the node that does the work.

use crate::{
	chain_spec,
	cli::{Cli, CompileRuntimeCmd, RebuildEthereumIndexCmd, RunArgs, Subcommand},
	service::{self, BlockSource, Client, Options, Partial, Shared},
};
use cybermiles_ethereum_rpc::index::Scope;
use cybermiles_runtime::opaque::Block;
use sc_cli::{CliConfiguration, Error, Result, RunCmd, Runner, SubstrateCli, TransactionPoolType};
use sc_consensus::DefaultImportQueue;
use sc_keystore::Error as KeystoreError;
use sc_network::{
	config::{NodeKeyConfig, Secret},
	error::Error as NetworkError,
};
use sc_service::{ChainSpec, Configuration, Error as ServiceError, TaskManager};
use std::{
	io::{self, ErrorKind},
	sync::Arc,
};

/// Year of the first release.
const COPYRIGHT_START: i32 = 2026;

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"CyberMiles Node".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		env!("CARGO_PKG_DESCRIPTION").into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
	}

	fn copyright_start_year() -> i32 {
		COPYRIGHT_START
	}

	fn load_spec(&self, id: &str) -> std::result::Result<Box<dyn ChainSpec>, String> {
		match chain_spec::load(id) {
			Ok(spec) => Ok(Box::new(spec)),
			Err(error) => Err(error.to_string()),
		}
	}
}

/// Does what the command line says.
pub(crate) fn run() -> Result<()> {
	let cli = Cli::from_args();
	match &cli.subcommand {
		None => run_node(&cli),
		Some(Subcommand::Key(cmd)) => cmd.run(&cli),
		Some(Subcommand::BuildSpec(cmd)) => build_spec(&cli, cmd),
		Some(Subcommand::ExportChainSpec(cmd)) => export_chain_spec(&cli, cmd),
		Some(Subcommand::CheckBlock(cmd)) => check_block(&cli, cmd),
		Some(Subcommand::ExportBlocks(cmd)) => export_blocks(&cli, cmd),
		Some(Subcommand::ImportBlocks(cmd)) => import_blocks(&cli, cmd),
		Some(Subcommand::ExportState(cmd)) => export_state(&cli, cmd),
		Some(Subcommand::PurgeChain(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database))
		},
		Some(Subcommand::Revert(cmd)) => revert(&cli, cmd),
		Some(Subcommand::RebuildEthereumIndex(cmd)) => rebuild_ethereum_index(&cli, cmd),
		Some(Subcommand::CompileRuntime(cmd)) => compile_runtime(cmd),
		Some(Subcommand::ChainInfo(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config))
		},
	}
}

/// The error as one line, without the words that only name its kind.
pub(crate) fn sentence(error: &Error) -> String {
	let text = match error {
		Error::Input(text) => text.clone(),
		Error::NetworkKeyNotFound(path) => format!(
			"a validator needs a lasting network key and '{}' does not exist; make it with \
			`cybermiles key generate-node-key --file <that path>`, or pass \
			--unsafe-force-node-key-generation",
			path.display()
		),
		Error::Io(error)
		| Error::KeyStorage(KeystoreError::Io(error))
		| Error::Service(
			ServiceError::Io(error)
			| ServiceError::Keystore(KeystoreError::Io(error))
			| ServiceError::Network(NetworkError::Io(error)),
		) => io_sentence(error),
		Error::Service(ServiceError::Application(error)) => error.to_string(),
		Error::Service(ServiceError::Other(text)) => text.clone(),
		other => other.to_string(),
	};
	text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the system said about a file, of which it does not tell the name.
fn io_sentence(error: &io::Error) -> String {
	match error.kind() {
		ErrorKind::NotFound => "a file or folder that the command line names does not exist".into(),
		ErrorKind::InvalidData => format!("a key or data file is damaged: {error}"),
		_ => error.to_string(),
	}
}

/// Refuses key files that cannot be used, by name.
fn check_key_files(args: &RunCmd) -> Result<()> {
	let network_key = args.network_params.node_key_params.node_key_file.as_ref();
	if let Some(path) = network_key.filter(|path| path.exists()) {
		let key = NodeKeyConfig::Ed25519(Secret::File(path.clone()));
		key.into_keypair().map_err(|error| {
			let path = path.display();
			format!("the network key in '{path}' is neither 32 bytes nor 64 hex digits: {error}")
		})?;
	}
	if let Some(path) = &args.keystore_params.password_filename {
		std::fs::read_to_string(path).map_err(|error| {
			format!("the keystore password in '{}' cannot be read: {error}", path.display())
		})?;
	}
	Ok(())
}

/// Prepares a command that works on a chain, and makes its genesis.
///
/// A runtime refuses a genesis by panicking. It is made here, before there is a log for the panic
/// to go to, so that all that is seen of it is the sentence of the error.
fn runner<C: CliConfiguration>(cli: &Cli, command: &C) -> Result<Runner<Cli>> {
	let mut genesis = None;
	let chain = command.chain_id(command.is_dev()?)?;
	let mut runner = cli.create_runner_with_logger_hook(command, |_, config| {
		genesis = Some(chain_spec::genesis(&chain, config.chain_spec.as_ref()));
	})?;
	if let Some(genesis) = genesis {
		let genesis = genesis.map_err(|error| error.to_string())?;
		runner.config_mut().chain_spec.set_storage(genesis);
	}
	Ok(runner)
}

/// Runs a node until it is told to stop.
fn run_node(cli: &Cli) -> Result<()> {
	let RunArgs {
		mut base,
		sealing,
		no_hardware_benchmarks,
		storage_monitor,
		ethereum,
		compiled_runtimes,
	} = cli.run.clone();
	check_key_files(&base)?;
	let dev = base.shared_params.dev;
	if dev || sealing.is_some() {
		// The fork-aware pool looks again at what it set aside only when a block comes, but a
		// block comes only when the pool has something for it.
		base.pool_config.pool_type = TransactionPoolType::SingleState;
	}
	let runner = runner(cli, &base)?;
	let sealing = service::sealing(sealing, dev, runner.config().chain_spec.as_ref())
		.map_err(|error| error.to_string())?;
	let options = Options {
		sealing,
		hardware_benchmarks: !no_hardware_benchmarks && !dev,
		storage_monitor,
		ethereum,
		compiled_runtimes,
	};
	runner.run_node_until_exit(|config| async move {
		service::start(config, options).map_err(Error::Service)
	})
}

/// What a command on a database works with.
struct Opened {
	shared: Shared,
	import_queue: DefaultImportQueue<Block>,
	task_manager: TaskManager,
}

impl Opened {
	/// The same for a command that imports nothing.
	fn without_import(self) -> (Shared, TaskManager) {
		let Self { shared, import_queue, mut task_manager } = self;
		task_manager.keep_alive(import_queue);
		(shared, task_manager)
	}

	/// The same for a command that imports blocks.
	fn into_import(self) -> Result<(Arc<Client>, DefaultImportQueue<Block>, TaskManager)> {
		let Self { shared, import_queue, task_manager } = self;
		service::catch_up(&shared, Scope::Missing)?;
		Ok((shared.client, import_queue, task_manager))
	}
}

/// Opens the database for a command.
fn open(config: &Configuration) -> Result<Opened> {
	let Partial { shared, mut task_manager, import_queue, grandpa, .. } =
		service::open(config, BlockSource::of_chain(config), None)?;
	// Tasks whose other end goes before them report a failure.
	task_manager.keep_alive((shared.clone(), grandpa));
	Ok(Opened { shared, import_queue, task_manager })
}

fn build_spec(cli: &Cli, cmd: &sc_cli::BuildSpecCmd) -> Result<()> {
	let runner = if cmd.raw { runner(cli, cmd)? } else { cli.create_runner(cmd)? };
	runner.sync_run(|config| cmd.run(config.chain_spec, config.network))
}

fn export_chain_spec(cli: &Cli, cmd: &sc_cli::ExportChainSpecCmd) -> Result<()> {
	let mut spec = cli.load_spec(&cmd.chain)?;
	if cmd.raw {
		let genesis =
			chain_spec::genesis(&cmd.chain, spec.as_ref()).map_err(|error| error.to_string())?;
		spec.set_storage(genesis);
	}
	cmd.run(spec)
}

fn check_block(cli: &Cli, cmd: &sc_cli::CheckBlockCmd) -> Result<()> {
	runner(cli, cmd)?.async_run(|config| {
		let (client, import_queue, task_manager) = open(&config)?.into_import()?;
		Ok((cmd.run(client, import_queue), task_manager))
	})
}

fn export_blocks(cli: &Cli, cmd: &sc_cli::ExportBlocksCmd) -> Result<()> {
	runner(cli, cmd)?.async_run(|config| {
		let (shared, task_manager) = open(&config)?.without_import();
		Ok((cmd.run(shared.client, config.database), task_manager))
	})
}

fn import_blocks(cli: &Cli, cmd: &sc_cli::ImportBlocksCmd) -> Result<()> {
	runner(cli, cmd)?.async_run(|config| {
		let (client, import_queue, task_manager) = open(&config)?.into_import()?;
		Ok((cmd.run(client, import_queue), task_manager))
	})
}

fn export_state(cli: &Cli, cmd: &sc_cli::ExportStateCmd) -> Result<()> {
	runner(cli, cmd)?.async_run(|config| {
		let (shared, task_manager) = open(&config)?.without_import();
		Ok((cmd.run(shared.client, config.chain_spec), task_manager))
	})
}

fn revert(cli: &Cli, cmd: &sc_cli::RevertCmd) -> Result<()> {
	runner(cli, cmd)?.async_run(|config| {
		let (shared, task_manager) = open(&config)?.without_import();
		let forget_votes = Box::new(|client, _, blocks| {
			sc_consensus_grandpa::revert(client, blocks)?;
			Ok(())
		});
		Ok((cmd.run(shared.client, shared.backend, Some(forget_votes)), task_manager))
	})
}

fn rebuild_ethereum_index(cli: &Cli, cmd: &RebuildEthereumIndexCmd) -> Result<()> {
	runner(cli, cmd)?.async_run(|config| {
		let (shared, task_manager) = open(&config)?.without_import();
		let work = async move {
			let tally = service::catch_up(&shared, Scope::All)?;
			println!("{} blocks indexed, {} failed", tally.indexed, tally.failed);
			Ok(())
		};
		Ok((work, task_manager))
	})
}

fn compile_runtime(cmd: &CompileRuntimeCmd) -> Result<()> {
	let CompileRuntimeCmd { runtime, compiled_runtimes } = cmd;
	let path = runtime.display();
	let wasm = std::fs::read(runtime)
		.map_err(|error| format!("the runtime '{path}' cannot be read: {error}"))?;
	service::compile(&wasm, compiled_runtimes)
		.map_err(|error| format!("'{path}' cannot be compiled: {error}"))?;
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn errors_are_one_line() {
		let error = Error::Input("first\n\tsecond   third".into());
		assert_eq!(sentence(&error), "first second third");
	}

	#[test]
	fn missing_files_are_one_sentence() {
		let error = Error::Io(ErrorKind::NotFound.into());
		assert_eq!(sentence(&error), "a file or folder that the command line names does not exist");
	}

	#[test]
	fn a_missing_network_key_is_one_sentence() {
		let error = Error::NetworkKeyNotFound("/x/secret_ed25519".into());
		let text = sentence(&error);
		assert!(text.starts_with("a validator needs a lasting network key and '/x/secret_ed25519'"));
		assert!(!text.contains('\n'));
	}
}
