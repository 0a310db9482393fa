//! The CyberMiles node.

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod service;

use std::process::ExitCode;

/// Runs the command line; a failure is one sentence on standard error and exit code 1.
fn main() -> ExitCode {
	match command::run() {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {}", command::sentence(&error));
			ExitCode::FAILURE
		},
	}
}
