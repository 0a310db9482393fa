//! Ten thousand random sequences of 200 operations, each compared with the naive model after every
//! step. `ECONOMICS_CASES`, `ECONOMICS_STEPS` and `ECONOMICS_SEED` ask for others. Prints one JSON
//! line a measurement. Sequences that differ by more than the bounds are named, and make it fail.

use economics_tests::driver::{random_bytes, run, Report};
use serde_json::json;
use std::{
	env,
	panic::catch_unwind,
	sync::atomic::{AtomicU64, Ordering},
	thread,
	time::Instant,
};

/// `name` as a number, or what it is without.
fn number(name: &str, default: u64) -> u64 {
	env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

fn main() {
	let (cases, steps) = (number("ECONOMICS_CASES", 10_000), number("ECONOMICS_STEPS", 200));
	let (seed, start) = (number("ECONOMICS_SEED", 19), Instant::now());
	let report = run_all(cases, steps as usize, seed);
	line("sequences", cases as f64, "sequences", None);
	line("steps", report.steps as f64, "steps", None);
	line("blocks", report.blocks as f64, "blocks", None);
	line("calls taken", total(&report, |(taken, _)| taken) as f64, "calls", None);
	line("calls refused", total(&report, |(_, refused)| refused) as f64, "calls", None);
	line("seed", seed as f64, "", None);
	line("time", start.elapsed().as_secs_f64(), "s", None);
	let largest = &report.deviations;
	let bound = format!("<= {}", largest.bound);
	for (name, value) in [
		("largest difference in what a position is worth", largest.stake),
		("largest difference in what waits", largest.waits),
		("largest difference in compensation due", largest.due),
		("largest difference in what the next award takes up", largest.pot),
		("largest difference in what a slash took of a pool", largest.slashes),
		("largest difference in a payment", largest.payments),
	] {
		line(name, value as f64, "planck", Some(&bound));
	}
}

fn total(report: &Report, part: fn((u64, u64)) -> u64) -> u64 {
	report.calls.values().copied().map(part).sum()
}

/// Spreads the sequences over the cores.
fn run_all(cases: u64, steps: usize, seed: u64) -> Report {
	let (next, failed) = (AtomicU64::new(0), AtomicU64::new(0));
	let work = || {
		let mut report = Report::default();
		loop {
			let case = next.fetch_add(1, Ordering::Relaxed);
			if case >= cases {
				return report;
			}
			let bytes = random_bytes(seed.wrapping_add(case << 32), steps);
			match catch_unwind(|| run(&bytes)) {
				Ok(one) => report.join(one),
				Err(_) => {
					eprintln!("sequence {case} of seed {seed} does not agree with the model");
					failed.fetch_add(1, Ordering::Relaxed);
				},
			}
		}
	};
	thread::scope(|scope| {
		let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
		let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
		let mut report = Report::default();
		for worker in workers {
			report.join(worker.join().expect("no worker panics"));
		}
		assert_eq!(failed.load(Ordering::Relaxed), 0, "sequences that do not agree with the model");
		report
	})
}

fn line(name: &str, value: f64, unit: &str, goal: Option<&str>) {
	println!("{}", json!({ "name": name, "value": value, "unit": unit, "goal": goal }));
}
