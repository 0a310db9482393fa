//! What a referendum needs, by what it is about.
//!
//! Every bar is the same from the first block of a decision to the last: a referendum that has what
//! it takes passes after its confirmation, however late the votes came. Times are parts of an era, so
//! that a test network with short eras decides in minutes by the same rules.

use crate::{
	parameters::{dynamic_params::time, lengths::era_of, Plain},
	Balance, BlockNumber, OriginCaller,
};
use alloc::borrow::Cow;
use cybermiles_primitives::CMT;
use frame_support::traits::{Get, OriginTrait};
use frame_system::RawOrigin;
use pallet_governance::Origin;
use pallet_referenda::{Curve, Track, TrackInfo, TracksInfo};
use pallet_stake_voting::{Bar, Bars, TrackId};
use sp_runtime::Perbill;

/// A part of an era.
#[derive(Clone, Copy)]
struct Eras(u32, u32);

impl Eras {
	/// In blocks of a chain whose eras have `era` blocks; at least one.
	fn blocks(self, era: BlockNumber) -> BlockNumber {
		(era.saturating_mul(self.0) / self.1).max(1)
	}
}

/// A track, with times as parts of an era.
struct Rules {
	id: TrackId,
	name: &'static str,
	/// In whose name its referenda act.
	origin: OriginCaller,
	/// How many of its referenda are decided at the same time.
	max_deciding: u32,
	/// What whoever wants a decision leaves as deposit until it is made, in CMT.
	deposit: Balance,
	/// From the submission to the decision at the earliest.
	prepare: Eras,
	/// How long a decision may take.
	decide: Eras,
	/// How long the bars have to be reached without a break.
	confirm: Eras,
	/// From the decision to the enactment at the earliest.
	enact: Eras,
	/// The part of all voting power that has to be in favour.
	support: Bar,
	/// The part of the power for or against that has to be in favour.
	approval: Bar,
}

/// Number of the track for everything.
pub const ROOT: TrackId = 0;
/// Number of the track for parameters.
pub const PARAMETERS: TrackId = 1;
/// Number of the track for spends up to [`SMALL_SPEND`](super::origins::SMALL_SPEND).
pub const SMALL_SPEND: TrackId = 10;
/// Number of the track for spends up to [`MEDIUM_SPEND`](super::origins::MEDIUM_SPEND).
pub const MEDIUM_SPEND: TrackId = 11;
/// Number of the track for spends up to [`BIG_SPEND`](super::origins::BIG_SPEND).
pub const BIG_SPEND: TrackId = 12;
/// Number of the track for slashes and pardons.
pub const SLASHES: TrackId = 20;
/// Number of the track for registrars and identities.
pub const IDENTITIES: TrackId = 21;
/// Number of the track for pauses.
pub const EMERGENCY: TrackId = 22;

const MAJORITY: Bar = Bar::new(3, 5);

static RULES: [Rules; 8] = [
	Rules {
		id: ROOT,
		name: "root",
		origin: OriginCaller::system(RawOrigin::Root),
		max_deciding: 2,
		deposit: 100_000,
		prepare: Eras(1, 3),
		decide: Eras(7, 1),
		confirm: Eras(1, 1),
		enact: Eras(1, 1),
		support: Bar::new(2, 3),
		approval: Bar::new(2, 3),
	},
	Rules {
		id: PARAMETERS,
		name: "parameters",
		origin: OriginCaller::Governance(Origin::Parameters),
		max_deciding: 10,
		deposit: 20_000,
		prepare: Eras(1, 6),
		decide: Eras(3, 1),
		confirm: Eras(1, 3),
		enact: Eras(1, 3),
		support: Bar::new(1, 2),
		approval: MAJORITY,
	},
	Rules {
		id: SMALL_SPEND,
		name: "small_spend",
		origin: OriginCaller::Governance(Origin::SmallSpend),
		max_deciding: 20,
		deposit: 1_000,
		prepare: Eras(1, 6),
		decide: Eras(3, 1),
		confirm: Eras(1, 3),
		enact: Eras(1, 12),
		support: Bar::new(1, 5),
		approval: MAJORITY,
	},
	Rules {
		id: MEDIUM_SPEND,
		name: "medium_spend",
		origin: OriginCaller::Governance(Origin::MediumSpend),
		max_deciding: 10,
		deposit: 5_000,
		prepare: Eras(1, 6),
		decide: Eras(5, 1),
		confirm: Eras(2, 3),
		enact: Eras(1, 6),
		support: Bar::new(3, 10),
		approval: MAJORITY,
	},
	Rules {
		id: BIG_SPEND,
		name: "big_spend",
		origin: OriginCaller::Governance(Origin::BigSpend),
		max_deciding: 5,
		deposit: 20_000,
		prepare: Eras(1, 3),
		decide: Eras(7, 1),
		confirm: Eras(1, 1),
		enact: Eras(1, 3),
		support: Bar::new(9, 20),
		approval: MAJORITY,
	},
	Rules {
		id: SLASHES,
		name: "slashes",
		origin: OriginCaller::Governance(Origin::Slashes),
		max_deciding: 10,
		deposit: 10_000,
		prepare: Eras(1, 72),
		decide: Eras(1, 1),
		confirm: Eras(1, 12),
		enact: Eras(1, 72),
		support: Bar::new(1, 2),
		approval: MAJORITY,
	},
	Rules {
		id: IDENTITIES,
		name: "identities",
		origin: OriginCaller::Governance(Origin::Identities),
		max_deciding: 10,
		deposit: 1_000,
		prepare: Eras(1, 12),
		decide: Eras(3, 1),
		confirm: Eras(1, 4),
		enact: Eras(1, 12),
		support: Bar::new(1, 3),
		approval: MAJORITY,
	},
	Rules {
		id: EMERGENCY,
		name: "emergency",
		origin: OriginCaller::Governance(Origin::Emergency),
		max_deciding: 3,
		deposit: 20_000,
		prepare: Eras(1, 144),
		decide: Eras(1, 1),
		confirm: Eras(1, 144),
		enact: Eras(1, 144),
		support: Bar::new(1, 2),
		approval: Bar::new(2, 3),
	},
];

/// Blocks in an era.
pub fn era_length() -> BlockNumber {
	let session: BlockNumber = Plain::<time::SessionLength>::get();
	let sessions: u32 = Plain::<time::SessionsPerEra>::get();
	era_of(session, sessions)
}

/// A curve that does not bend.
fn flat(bar: Bar) -> Curve {
	let at = bar.perbill();
	Curve::LinearDecreasing { length: Perbill::one(), floor: at, ceil: at }
}

/// A name as pallet-referenda keeps it: filled up with zeros.
fn name(text: &str) -> [u8; 25] {
	let mut name = [0; 25];
	name.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
	name
}

impl Rules {
	fn track(&self, era: BlockNumber) -> Track<TrackId, Balance, BlockNumber> {
		let info = TrackInfo {
			name: name(self.name),
			max_deciding: self.max_deciding,
			decision_deposit: self.deposit * CMT,
			prepare_period: self.prepare.blocks(era),
			decision_period: self.decide.blocks(era),
			confirm_period: self.confirm.blocks(era),
			min_enactment_period: self.enact.blocks(era),
			min_approval: flat(self.approval),
			min_support: flat(self.support),
		};
		Track { id: self.id, info }
	}

	fn of(id: TrackId) -> Option<&'static Self> {
		RULES.iter().find(|rules| rules.id == id)
	}
}

/// The tracks of this chain.
pub struct Tracks;

impl TracksInfo<Balance, BlockNumber> for Tracks {
	type Id = TrackId;
	type RuntimeOrigin = <crate::RuntimeOrigin as OriginTrait>::PalletsOrigin;

	fn tracks() -> impl Iterator<Item = Cow<'static, Track<TrackId, Balance, BlockNumber>>> {
		let era = era_length();
		RULES.iter().map(move |rules| Cow::Owned(rules.track(era)))
	}

	fn track_for(origin: &Self::RuntimeOrigin) -> Result<TrackId, ()> {
		let rules = RULES.iter().find(|rules| rules.origin == *origin);
		rules.map(|rules| rules.id).ok_or(())
	}
}

/// In whose name a referendum of `track` acts.
pub(crate) fn origin_of(track: TrackId) -> Option<OriginCaller> {
	Rules::of(track).map(|rules| rules.origin.clone())
}

impl Bars for Tracks {
	/// A track that is not known passes nothing.
	fn support(track: TrackId) -> Bar {
		Rules::of(track).map_or(Bar::new(1, 1), |rules| rules.support)
	}

	fn approval(track: TrackId) -> Bar {
		Rules::of(track).map_or(Bar::new(1, 1), |rules| rules.approval)
	}
}
