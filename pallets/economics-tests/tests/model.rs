//! Invariant 7 of the protocol: for every sequence of operations the books match the naive model.

use economics_tests::driver::{random_bytes, run, run_with, Op, Report};
use std::{env, fs, panic, time::Instant};

/// `name` as a number, or what it is without.
fn number(name: &str, default: u64) -> u64 {
	env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// Runs a case; where it fails, says which it was and what led to it.
fn run_case(name: &str, bytes: &[u8]) -> Report {
	let result = panic::catch_unwind(|| run(bytes));
	result.unwrap_or_else(|reason| {
		let mut ops = Vec::new();
		let _ = panic::catch_unwind(panic::AssertUnwindSafe(|| {
			run_with(bytes, |index, op: &Op| ops.push(format!("{index}: {op:?}")))
		}));
		let last = ops.len().saturating_sub(30);
		eprintln!("{name} fails; its last operations:\n{}", ops[last..].join("\n"));
		panic::resume_unwind(reason)
	})
}

#[test]
fn books_should_match_the_naive_model_when_anything_happens() {
	let (cases, steps) = (number("ECONOMICS_CASES", 60), number("ECONOMICS_STEPS", 125));
	let (seed, start) = (number("ECONOMICS_SEED", 19), Instant::now());
	let mut report = Report::default();
	for case in 0..cases {
		let bytes = random_bytes(seed.wrapping_add(case << 32), steps as usize);
		if env::var("ECONOMICS_SURVEY").is_ok() {
			let _ = panic::catch_unwind(|| run_case(&format!("case {case}"), &bytes))
				.map(|one| report.join(one));
			continue;
		}
		report.join(run_case(&format!("case {case} of seed {seed}"), &bytes));
	}
	println!("{cases} sequences of {steps} steps, seed {seed}, {:?}", start.elapsed());
	println!("{report:#?}");
}

/// What once went wrong, as bytes.
#[test]
fn books_should_match_the_naive_model_when_a_regression_is_replayed() {
	let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/regressions");
	for entry in fs::read_dir(folder).expect("the folder is there") {
		let path = entry.expect("readable").path();
		if path.extension().is_some_and(|end| end == "bin") {
			let bytes = fs::read(&path).expect("readable");
			run_case(&path.display().to_string(), &bytes);
		}
	}
}
