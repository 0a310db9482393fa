//! Operations, and the bytes that spell them.

use crate::runtime::AccountId;
use cybermiles_primitives::{Balance, CMT};
use pallet_stake_voting::Vote;

/// How many bytes spell an operation.
pub const BYTES: usize = 16;

/// An amount, made out when the operation runs.
#[derive(Clone, Copy, Debug)]
pub enum Sum {
	/// So many planck.
	Planck(Balance),
	/// So many CMT.
	Cmt(Balance),
	/// So many thousandths of what the operation can take.
	Part(Balance),
	/// What the operation can take, and so much more or less.
	Off(i8),
	/// The largest number.
	Max,
}

impl Sum {
	/// The amount where the operation can take `whole`.
	pub fn of(self, whole: Balance) -> Balance {
		match self {
			Self::Planck(planck) => planck,
			Self::Cmt(cmt) => cmt * CMT,
			Self::Part(part) => whole / 1_000 * part,
			Self::Off(off) => whole.saturating_add_signed(off.into()),
			Self::Max => Balance::MAX,
		}
	}
}

/// Which of those for whom the operation makes sense; any where a number is odd out.
#[derive(Clone, Copy, Debug)]
pub enum Pick {
	/// One for whom it makes sense.
	Fitting(usize),
	/// Whoever: account and candidate.
	Any(AccountId, AccountId),
}

/// How much an equivocation costs.
#[derive(Clone, Copy, Debug)]
pub enum Share {
	/// `(3k / n)²` for `k` offenders of `n`.
	Formula,
	/// So many thousandths.
	Parts(u32),
	/// Everything.
	All,
}

/// One step. The first account acts.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Op {
	Declare(AccountId, Sum, u16, Sum),
	Update(AccountId, Option<Sum>, Option<u16>, Option<u16>),
	Activate(AccountId),
	Deactivate(AccountId),
	Retire(AccountId),
	Offer(AccountId, Option<AccountId>),
	Accept(Pick),
	Delegate(AccountId, AccountId, Sum),
	Undelegate(Pick, Option<Sum>),
	Rebond(Pick, Option<Sum>),
	Withdraw(AccountId, Pick),
	Harvest(Pick),
	LowerRate(Pick, u16),
	LowerAll(AccountId, u16),
	AcceptRate(Pick, u16),
	Account(AccountId, Option<AccountId>),
	PayCompensation(AccountId, AccountId),
	/// A standby, or another candidate; in this session or another.
	Heartbeat(usize, u32),
	Resume,
	/// Escrow stops to pay, as after a mismatch.
	Pause,
	Settle(AccountId, usize),
	Confirm(usize),
	Cancel(usize),
	Pardon(AccountId),
	/// Candidates as bits, how much, how many sessions ago, who reports.
	Equivocate(u16, Share, u32, Option<AccountId>),
	/// A right report of a validator by its place.
	Report(AccountId, usize),
	/// Slots, validators that are down as bits, room for payments.
	Slots(u8, u8, bool),
	/// Nobody authors for so many slots.
	Gap(u16, bool),
	Fees(AccountId, Sum),
	Gift(AccountId, Sum),
	/// Gives or takes session keys.
	Keys(AccountId),
	/// New session keys.
	Rotate(AccountId),
	Parameter(u8, u32),
	Submit,
	End(usize),
	/// By the owner of a candidate, in one of the polls; none withdraws.
	Vote(Pick, usize, Option<Vote>),
	/// By a delegator.
	VoteStake(Pick, usize, Option<Vote>),
}

/// Reads numbers off bytes; zeros where they end.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
	fn byte(&mut self) -> u8 {
		let Some((first, rest)) = self.0.split_first() else { return 0 };
		self.0 = rest;
		*first
	}

	fn word(&mut self) -> u16 {
		u16::from_le_bytes([self.byte(), self.byte()])
	}

	fn account(&mut self) -> AccountId {
		1 + AccountId::from(self.byte() % 18)
	}

	/// Mostly one of the genesis that sits, so that stakes meet.
	fn candidate(&mut self) -> AccountId {
		match self.byte() {
			byte @ 0..=130 => 1 + AccountId::from(byte % 4),
			byte @ 131..=230 => 5 + AccountId::from(byte % 4),
			byte => 9 + AccountId::from(byte % 6),
		}
	}

	fn pick(&mut self) -> Pick {
		match self.byte() {
			0..=230 => Pick::Fitting(self.word().into()),
			_ => Pick::Any(self.account(), self.candidate()),
		}
	}

	fn sum(&mut self) -> Sum {
		let (kind, word) = (self.byte(), Balance::from(self.word()));
		match kind {
			0..=13 => Sum::Planck(word % 3),
			14..=150 => Sum::Cmt(900 + word % 40_000),
			151..=220 => Sum::Part(1 + word % 1_000),
			221..=250 => Sum::Off((word % 5) as i8 - 2),
			_ => Sum::Max,
		}
	}

	fn maximum(&mut self) -> Sum {
		let (kind, word) = (self.byte(), Balance::from(self.word()));
		match kind {
			0..=19 => Sum::Planck(word % 2),
			20..=239 => Sum::Cmt(15_000 + word * 8),
			_ => Sum::Max,
		}
	}

	fn rate(&mut self) -> u16 {
		match self.byte() {
			0..=127 => self.word() % 1_050,
			// Few different rates, so that classes meet.
			_ => 100 * (self.word() % 6),
		}
	}

	fn maybe<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> Option<R> {
		(self.byte() > 100).then(|| read(self))
	}

	fn vote(&mut self) -> Vote {
		match self.byte() % 3 {
			0 => Vote::Aye,
			1 => Vote::Nay,
			_ => Vote::Abstain,
		}
	}

	fn share(&mut self) -> Share {
		match self.byte() {
			0..=120 => Share::Formula,
			121..=245 => Share::Parts(u32::from(self.word()) % 600),
			_ => Share::All,
		}
	}
}

impl Op {
	/// The operation that these bytes spell: any bytes spell one.
	pub fn decode(bytes: &[u8]) -> Self {
		let mut bytes = Bytes(bytes);
		match bytes.byte() {
			kind @ 0..=63 => Self::stake(kind, &mut bytes),
			kind @ 64..=95 => Self::owner(kind - 64, &mut bytes),
			kind @ 96..=135 => Self::awards(kind - 96, &mut bytes),
			kind @ 136..=164 => Self::offences(kind - 136, &mut bytes),
			kind @ 165..=204 => Self::surroundings(kind - 165, &mut bytes),
			kind => Self::votes(kind - 205, &mut bytes),
		}
	}

	fn stake(kind: u8, bytes: &mut Bytes) -> Self {
		match kind {
			0..=25 => Self::Delegate(bytes.account(), bytes.candidate(), bytes.sum()),
			26..=44 => Self::Undelegate(bytes.pick(), bytes.maybe(Bytes::sum)),
			45..=58 => Self::Rebond(bytes.pick(), bytes.maybe(Bytes::sum)),
			_ => Self::Withdraw(bytes.account(), bytes.pick()),
		}
	}

	fn owner(kind: u8, bytes: &mut Bytes) -> Self {
		match kind {
			0..=4 => Self::Declare(bytes.account(), bytes.maximum(), bytes.rate(), bytes.sum()),
			5..=10 => Self::Update(
				bytes.candidate(),
				bytes.maybe(Bytes::maximum),
				bytes.maybe(Bytes::rate),
				bytes.maybe(Bytes::rate),
			),
			11..=16 => Self::Activate(bytes.candidate()),
			17..=18 => Self::Deactivate(bytes.candidate()),
			19..=21 => Self::Retire(bytes.candidate()),
			22..=27 => Self::Offer(bytes.candidate(), bytes.maybe(Bytes::account)),
			_ => Self::Accept(bytes.pick()),
		}
	}

	fn awards(kind: u8, bytes: &mut Bytes) -> Self {
		match kind {
			0..=9 => Self::Harvest(bytes.pick()),
			10..=15 => Self::LowerRate(bytes.pick(), bytes.rate()),
			16..=19 => Self::LowerAll(bytes.candidate(), bytes.rate()),
			20..=24 => Self::AcceptRate(bytes.pick(), bytes.rate()),
			25..=27 => Self::Account(bytes.candidate(), bytes.maybe(Bytes::account)),
			28..=29 => Self::PayCompensation(bytes.account(), bytes.account()),
			30..=36 => Self::Heartbeat(bytes.byte().into(), u32::from(bytes.byte() > 230)),
			37 => Self::Pause,
			_ => Self::Resume,
		}
	}

	fn offences(kind: u8, bytes: &mut Bytes) -> Self {
		match kind {
			0..=1 => Self::Settle(bytes.account(), bytes.byte().into()),
			2..=4 => Self::Confirm(bytes.byte().into()),
			5..=10 => Self::Cancel(bytes.byte().into()),
			11..=15 => Self::Pardon(bytes.candidate()),
			16..=24 => {
				let mask = match bytes.byte() {
					0..=180 => 1 << (bytes.byte() % 9),
					_ => bytes.word() % 512,
				};
				let age = u32::from(bytes.byte() % 16);
				Self::Equivocate(mask, bytes.share(), age, bytes.maybe(Bytes::account))
			},
			_ => Self::Report(bytes.account(), bytes.byte().into()),
		}
	}

	fn surroundings(kind: u8, bytes: &mut Bytes) -> Self {
		match kind {
			0..=16 => Self::Slots(1 + bytes.byte() % 6, 0, bytes.byte() > 80),
			17..=24 => {
				Self::Slots(1 + bytes.byte() % 20, bytes.byte() & bytes.byte(), bytes.byte() > 80)
			},
			25..=26 => Self::Gap(1 + bytes.word() % 3_000, bytes.byte() > 80),
			27..=29 => Self::Fees(bytes.account(), bytes.sum()),
			30 => Self::Gift(bytes.account(), bytes.sum()),
			31..=32 => Self::Keys(bytes.candidate()),
			33 => Self::Rotate(bytes.candidate()),
			_ => Self::Parameter(bytes.byte(), bytes.word().into()),
		}
	}

	fn votes(kind: u8, bytes: &mut Bytes) -> Self {
		match kind {
			0..=6 => Self::Submit,
			7..=8 => Self::End(bytes.byte().into()),
			9..=22 => Self::Vote(bytes.pick(), bytes.byte().into(), Some(bytes.vote())),
			23..=26 => Self::Vote(bytes.pick(), bytes.byte().into(), None),
			27..=45 => Self::VoteStake(bytes.pick(), bytes.byte().into(), Some(bytes.vote())),
			_ => Self::VoteStake(bytes.pick(), bytes.byte().into(), None),
		}
	}
}
