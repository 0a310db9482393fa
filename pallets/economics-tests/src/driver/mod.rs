//! Runs sequences of operations on the chain and the model, and compares the two after each.

mod op;
mod resolve;

pub use op::{Op, BYTES};

use crate::{
	model::{Deviations, Heard, Model, Prices},
	runtime::{self, AccountId, RuntimeCall, RuntimeOrigin, Test},
};
use frame_support::{dispatch::RawOrigin, weights::Weight};
use sp_runtime::{traits::Dispatchable, DispatchError, DispatchResult, StateVersion};
use std::collections::BTreeMap;

/// What a run met.
#[derive(Clone, Debug, Default)]
pub struct Report {
	/// Operations.
	pub steps: u64,
	/// Blocks.
	pub blocks: u64,
	/// How often each call was taken and refused.
	pub calls: BTreeMap<&'static str, (u64, u64)>,
	/// The largest differences.
	pub deviations: Deviations,
}

impl Report {
	/// Both together.
	pub fn join(&mut self, other: Self) {
		self.steps += other.steps;
		self.blocks += other.blocks;
		for (name, (taken, refused)) in other.calls {
			let mine = self.calls.entry(name).or_default();
			*mine = (mine.0 + taken, mine.1 + refused);
		}
		self.deviations.join(&other.deviations);
	}
}

/// Who signs a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Signer {
	/// An account.
	Account(AccountId),
	/// Governance.
	Root,
	/// A right signature within the call.
	Call,
}

impl Signer {
	fn origin(self) -> RuntimeOrigin {
		match self {
			Self::Account(who) => runtime::signed(who),
			Self::Root => RuntimeOrigin::root(),
			Self::Call => RawOrigin::Authorized.into(),
		}
	}

	fn account(self) -> Option<AccountId> {
		match self {
			Self::Account(who) => Some(who),
			_ => None,
		}
	}
}

/// The chain and the model side by side.
pub struct Driver {
	/// The model.
	pub model: Model,
	report: Report,
}

/// Runs the operations that `bytes` spell, on a new chain.
pub fn run(bytes: &[u8]) -> Report {
	run_with(bytes, |_, _| ())
}

/// The same; `watch` sees each operation before it runs.
pub fn run_with(bytes: &[u8], mut watch: impl FnMut(usize, &Op)) -> Report {
	runtime::new_chain().execute_with(|| {
		let mut driver = Driver::new();
		for (index, chunk) in bytes.chunks(BYTES).enumerate() {
			let op = Op::decode(chunk);
			watch(index, &op);
			driver.step(&op);
		}
		driver.finish()
	})
}

/// The bytes of `steps` operations, drawn from `seed` (splitmix64).
pub fn random_bytes(seed: u64, steps: usize) -> Vec<u8> {
	let mut state = seed;
	let mut next = || {
		state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut z = state;
		z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		z ^ (z >> 31)
	};
	(0..steps * BYTES / 8).flat_map(|_| next().to_le_bytes()).collect()
}

impl Default for Driver {
	fn default() -> Self {
		Self::new()
	}
}

impl Driver {
	/// A model of the chain that has just begun.
	pub fn new() -> Self {
		let mut model = Model::genesis();
		model.assert_agrees();
		Self { model, report: Report::default() }
	}

	/// What was met so far.
	pub fn finish(mut self) -> Report {
		self.report.deviations = self.model.deviations;
		self.report
	}

	/// Runs one operation on both, then compares all books and checks all invariants.
	pub fn step(&mut self, op: &Op) {
		self.report.steps += 1;
		self.run_op(op);
		self.check();
	}

	/// Compares all books and checks all invariants.
	pub fn check(&mut self) {
		self.model.assert_agrees();
		runtime::check(self.model.gifts());
	}

	/// What the chain said since the last time.
	fn heard(taken: bool) -> Heard {
		let events = frame_system::Pallet::<Test>::events();
		frame_system::Pallet::<Test>::reset_events();
		let events = events.into_iter().map(|record| record.event).collect();
		Heard { taken, events, offences: runtime::OffencesSeen::take() }
	}

	/// Dispatches `call`: a refused one leaves the state as it was, and the model refuses it too, for
	/// the same reason unless rounding decides.
	pub fn call(&mut self, signer: Signer, call: RuntimeCall) -> DispatchResult {
		let before = Prices::now();
		frame_system::Pallet::<Test>::reset_events();
		let root = sp_io::storage::root(StateVersion::V1);
		let result = dispatch(signer, call.clone());
		self.count(&call, result.is_ok());
		let heard = Self::heard(result.is_ok());
		let mut model = self.model.clone();
		model.listen(before, heard);
		let verdict = model.call(signer.account(), &call);
		match (result, verdict) {
			(Ok(()), Ok(())) => self.model = model,
			(Ok(()), Err(refusal)) => panic!("{call:?} was taken; the model says {refusal}"),
			(Err(error), verdict) => {
				let name = name_of(error);
				// A signature that is not right has no error of its own.
				let alike = match signer {
					Signer::Call => verdict.is_err(),
					// How often a position changed since polls opened is not in the model.
					_ => verdict == Err(name) || model.is_close() || name == "ChangedTooOften",
				};
				assert!(
					alike,
					"{call:?} by {signer:?}: refused with {name}, the model {verdict:?}"
				);
				let after = sp_io::storage::root(StateVersion::V1);
				assert_eq!(root, after, "{call:?} was refused with {name} and left an effect");
			},
		}
		result
	}

	fn count(&mut self, call: &RuntimeCall, taken: bool) {
		use frame_support::traits::GetCallMetadata;
		let name = call.get_call_metadata().function_name;
		let entry = self.report.calls.entry(name).or_default();
		*entry = (entry.0 + u64::from(taken), entry.1 + u64::from(!taken));
	}

	/// Offences as the offences pallet would hand them over.
	pub fn commit(
		&mut self,
		offenders: &[(AccountId, Option<AccountId>)],
		fraction: sp_runtime::Perbill,
		session: u32,
	) {
		let before = Prices::now();
		runtime::commit(offenders, fraction, session);
		self.model.listen(before, Self::heard(true));
		self.model.commit();
	}

	/// Ends the running block and begins the next one in `slot`, by whose turn it is.
	pub fn block(&mut self, slot: u64, idle: bool) {
		self.report.blocks += 1;
		let before = Prices::now();
		runtime::end_block(if idle { Weight::MAX } else { Weight::zero() });
		self.model.listen(before, Self::heard(true));
		self.model.end_block(idle);
		let (before, time) = (Prices::now(), runtime::Now::get());
		let author = runtime::turn_of(slot);
		runtime::begin_block(slot, author);
		self.model.listen(before, Self::heard(true));
		self.model.begin_block(slot, author, time);
	}

	/// Runs `count` slots. Validators in `down`, by place, leave their turns unused, and so does who
	/// may not author.
	pub fn slots(&mut self, count: u64, down: u8, idle: bool) {
		let from = runtime::SlotNow::get() + 1;
		for slot in from..from + count {
			let seats = runtime::SessionValidators::get();
			let place = slot % seats.len() as u64;
			let is_down = place < 8 && down >> place & 1 == 1;
			if !is_down && runtime::may_author(runtime::turn_of(slot)) {
				self.jump_to(slot, idle);
			}
		}
	}

	/// Runs one block in `slot`, or the next in which somebody may author.
	pub fn jump_to(&mut self, mut slot: u64, idle: bool) {
		while !runtime::may_author(runtime::turn_of(slot)) {
			slot += 1;
		}
		self.block(slot, idle);
		self.check();
	}
}

/// Runs a call as a block does: one that needs no signature must be authorised first.
fn dispatch(signer: Signer, call: RuntimeCall) -> DispatchResult {
	if signer == Signer::Call && !runtime::is_authorized(&call) {
		return Err(DispatchError::Other("not authorised"));
	}
	call.dispatch(signer.origin()).map(|_| ()).map_err(|error| error.error)
}

/// The name of an error.
fn name_of(error: DispatchError) -> &'static str {
	match error {
		DispatchError::Module(error) => error.message.unwrap_or("unnamed"),
		error => error.into(),
	}
}
