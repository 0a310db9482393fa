//! The CyberMiles node.

// The errors are those of the service library, and each is made once in a run at most.
#![allow(clippy::result_large_err)]

mod address;
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
