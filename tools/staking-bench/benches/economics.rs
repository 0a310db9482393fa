//! The speed table of the economics: one line of JSON for each measurement, those with a goal first.
//!
//! Rows with a goal compare counted work, so that they come out the same in every run; only that of
//! the session change adds a measured time, which it has to. `cybermiles_staking_bench::work` says
//! how work is counted. Rows without a goal are what the others come from, and the times.

#![allow(missing_docs)]

use cybermiles_runtime::constants::{block::MAX_WEIGHT, time::DAYS};
use cybermiles_staking_bench::{
	chain, looped, nominations, session,
	work::{State, Work},
};
use serde_json::json;
use std::time::Duration;

/// Delegators of the large states, and of the small ones.
const MANY: u32 = 1_000_000;
const FEW: u32 = 10;
/// The fewest delegators that fill all classes: ten cannot.
const FEW_IN_CLASSES: u32 = chain::CLASSES;
/// Delegators who are paid, and who call.
const PAID: u32 = 10_000;
/// Blocks of a day.
const BLOCKS: u64 = DAYS as u64;
/// Days for which a delegator stays, in the comparison of whole stays.
const STAY: u64 = 30;

fn main() {
	let mut table = Table::default();
	growth(&mut table);
	let mut ours = chain::state(PAID);
	let mut theirs = nominations::state(PAID);
	ours.set_up(chain::check);
	calls(&mut table, &mut ours, &mut theirs);
	payments(&mut table, &mut ours, &mut theirs);
	session_change(&mut table);
	table.print();
}

/// An award and a slash must cost the same however many delegators there are.
fn growth(table: &mut Table) {
	let mut many = chain::state(MANY);
	let mut few = chain::state(FEW);
	few.set_up(chain::check);
	let mut full = chain::state(FEW_IN_CLASSES);
	full.set_up(chain::check);
	let mut compare = |name: &str, few: (&mut State, u32), operation: fn(), goal| {
		let (few, number) = few;
		let after = measured(&mut many, operation);
		let before = measured(few, operation);
		let ratio = after.0.micros() / before.0.micros();
		table.goal(&format!("{name}, {MANY} delegators against {number}: work"), ratio, goal);
		table.compare(&format!("{name}, {MANY} (baseline: {number})"), after, before);
	};
	compare("award of a block", (&mut few, FEW), chain::award, "<= 1.05");
	compare("fold of a seat", (&mut few, FEW), chain::fold, "");
	compare("empty block", (&mut few, FEW), chain::empty_block, "");
	let name = "slash, 16 classes, 7 eras of unbonding";
	compare(name, (&mut full, FEW_IN_CLASSES), chain::slash, "<= 1.05");
}

/// The calls of a delegator beside those of a nominator.
///
/// The validator has an award to fold whenever one of them comes, as it has in every block.
fn calls(table: &mut Table, ours: &mut State, theirs: &mut State) {
	let delegate = measured(ours, chain::delegate);
	let undelegate = measured(ours, chain::undelegate);
	let harvest = measured(ours, chain::harvest);
	let bond = measured(theirs, nominations::bond);
	let nominate = measured(theirs, nominations::nominate);
	let unbond = measured(theirs, nominations::unbond);
	let enter = (bond.0 + nominate.0, bond.1 + nominate.1);
	let reward = payout(theirs).keys() as f64 / f64::from(PAID);
	let withdraw = measured(theirs, nominations::withdraw);
	ours.set_up(chain::let_wait_pass);
	let payment = measured(ours, chain::withdraw);

	let [come, go] = [&delegate, &undelegate].map(|(work, _)| work.keys() as f64);
	let [enters, leaves] = [&enter, &unbond].map(|(work, _)| work.keys() as f64);
	let each = harvest.0.keys() as f64;
	let name = "delegate, undelegate, harvest against bond, nominate, unbond, payout";
	let ratio = (come + go + each) / (enters + leaves + reward);
	table.goal(&format!("{name}: reads + writes"), ratio, "<= 0.5");
	table.compare("delegate (baseline: bond and nominate)", delegate, enter);
	table.compare("undelegate (baseline: unbond)", undelegate, unbond);
	table.row("harvest (baseline: payout, each nominator)", each, "keys", Some(reward));
	table.row("harvest: reads", harvest.0.reads as f64, "keys", None);
	table.row("harvest: writes", harvest.0.writes as f64, "keys", None);
	table.row("harvest: time", micros(harvest.1), "us", None);
	table.compare("payment (baseline: withdraw_unbonded)", payment, withdraw);
	let stay = come + go + each + payment.0.keys() as f64;
	let stays = enters + leaves + withdraw.0.keys() as f64 + STAY as f64 * reward;
	let name = format!("a stay of {STAY} days with one harvest (baseline: with its payouts)");
	table.row(&name, stay, "keys", Some(stays));
}

/// pallet-staking's payout of an era to [`PAID`] nominators, page by page.
fn payout(theirs: &mut State) -> Work {
	(0..nominations::pages(PAID))
		.map(|page| theirs.work(|| nominations::payout(page)))
		.sum()
}

/// What it costs that [`PAID`] delegators get what a day earned.
///
/// A fold pays all of them what waits, be it of a block or of a day; so does pallet-staking's payout,
/// once in an era, which is a day on both. The first CyberMiles chain paid in each block. A chain
/// folds more often than it must, and both chains note in each block who earned: what that comes to
/// in a day stands in the rows without a goal.
fn payments(table: &mut Table, ours: &mut State, theirs: &mut State) {
	let (fold, award) = (ours.work(chain::fold), ours.work(chain::award));
	let (payout, points) = (payout(theirs), theirs.work(nominations::points));
	let looped = looped::state(PAID).work(looped::award);
	let folds = fold * chain::SESSIONS_PER_ERA.into();
	let (our_day, their_day) = (award * BLOCKS + folds, points * BLOCKS + payout);

	let mut less = |what: &str, ours: Work, theirs: Work, goal: &str| {
		let name = format!("paying {PAID} delegators for a day, {what}: times less work");
		table.goal(&name, theirs.micros() / ours.micros(), goal);
	};
	less("a fold against paged payout", fold, payout, ">= 1000");
	less("all of a day against a loop in each block", our_day, looped * BLOCKS, ">= 1000");
	less("all folds of a day against paged payout", folds, payout, "");
	less("all of a day against points and payout", our_day, their_day, "");
	for (name, work) in [
		("fold", fold),
		("award of a block", award),
		("paged payout", payout),
		("points of a block", points),
		("loop of a block", looped),
	] {
		table.row(&format!("{name}, {PAID} delegators"), work.keys() as f64, "keys", None);
		table.row(&format!("{name}, {PAID} delegators"), work.micros(), "us of work", None);
	}
}

/// The session change as a part of a block: its work and its measured time together.
fn session_change(table: &mut Table) {
	let mut state = session::state();
	let (work, time) = measured(&mut state, session::change);
	let registered = state.set_up(|| {
		session::change();
		session::check();
		session::registered()
	});
	let block = MAX_WEIGHT.ref_time() as f64 / 1e6;
	let used = work.micros() + micros(time);
	let (candidates, seats) = (session::CANDIDATES, session::SEATS);
	let name = format!("session change, {candidates} candidates, {seats} seats");
	table.part(&format!("{name}: part of a block"), used / block * 100.0, "<= 5");
	table.row(&format!("{name}: work and time (baseline: a block)"), used, "us", Some(block));
	table.row(&format!("{name}: native time"), micros(time), "us", None);
	table.row(&format!("{name}: weight as registered"), registered, "us", Some(block));
	table.row(&format!("{name}: reads"), work.reads as f64, "keys", None);
	table.row(&format!("{name}: writes"), work.writes as f64, "keys", None);
	table.row(&format!("{name}: trie nodes"), work.nodes as f64, "nodes", None);
}

/// What an operation touches, and its median time.
type Measured = (Work, Duration);

fn measured(state: &mut State, operation: impl Fn()) -> Measured {
	(state.work(&operation), state.time(&operation))
}

/// In microseconds, to a nanosecond.
fn micros(time: Duration) -> f64 {
	time.as_nanos() as f64 / 1e3
}

/// The measurements: those with a goal, and the others.
#[derive(Default)]
struct Table {
	goals: Vec<serde_json::Value>,
	rows: Vec<serde_json::Value>,
}

impl Table {
	/// A ratio, with its goal unless that is empty.
	fn goal(&mut self, name: &str, value: f64, goal: &str) {
		match goal {
			"" => self.row(name, value, "x", None),
			_ => self
				.goals
				.push(json!({ "name": name, "value": value, "unit": "x", "goal": goal })),
		}
	}

	/// A percentage with its goal.
	fn part(&mut self, name: &str, value: f64, goal: &str) {
		self.goals
			.push(json!({ "name": name, "value": value, "unit": "%", "goal": goal }));
	}

	/// A measurement without a goal.
	fn row(&mut self, name: &str, value: f64, unit: &str, baseline: Option<f64>) {
		self.rows
			.push(json!({ "name": name, "value": value, "unit": unit, "baseline": baseline }));
	}

	/// All that is known of an operation, beside that of another.
	fn compare(&mut self, name: &str, (work, time): Measured, (base, base_time): Measured) {
		let parts: [(&str, fn(&Work) -> u64, &str); 4] = [
			("reads", |work| work.reads, "keys"),
			("writes", |work| work.writes, "keys"),
			("trie nodes", |work| work.nodes, "nodes"),
			("size of trie nodes", |work| work.bytes, "bytes"),
		];
		for (what, part, unit) in parts {
			let baseline = Some(part(&base) as f64);
			self.row(&format!("{name}: {what}"), part(&work) as f64, unit, baseline);
		}
		self.row(&format!("{name}: time"), micros(time), "us", Some(micros(base_time)));
	}

	fn print(self) {
		self.goals.iter().chain(&self.rows).for_each(|row| println!("{row}"));
	}
}
