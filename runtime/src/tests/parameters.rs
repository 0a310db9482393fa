use super::*;
use crate::parameters::{
	dynamic_params::{election, staking, time},
	ranged::*,
	Plain, RuntimeParameters,
};
use codec::Decode;
use cybermiles_primitives::{Balance, CMT};
use frame_support::traits::Get;
use sp_runtime::Perbill;

/// Whether the encoded `value` decodes as `Ranged`, and the error where it does not.
fn decoded<Ranged: Decode>(value: impl Encode) -> Result<(), String> {
	Ranged::decode(&mut &value.encode()[..])
		.map(|_| ())
		.map_err(|error| error.to_string())
}

#[test]
fn parameters_should_have_the_defaults_of_the_protocol_when_genesis_sets_none() {
	TestExternalities::default().execute_with(|| {
		let count = |value: u32| value;
		assert_eq!(count(Plain::<time::SessionLength>::get()), 200);
		assert_eq!(count(Plain::<time::SessionsPerEra>::get()), 144);
		assert_eq!(count(Plain::<time::UnbondingEras>::get()), 7);
		assert_eq!(count(Plain::<election::Validators>::get()), 19);
		assert_eq!(count(Plain::<election::Standbys>::get()), 5);
		assert_eq!(count(Plain::<staking::MaxPositions>::get()), 32);
		let cap: Perbill = Plain::<election::StakeCap>::get();
		assert_eq!(cap, Perbill::from_percent(12));
		let ratio: Perbill = Plain::<staking::SelfStakeRatio>::get();
		assert_eq!(ratio, Perbill::from_percent(10));
		let least: Balance = Plain::<staking::MinDelegation>::get();
		assert_eq!(least, 1_000 * CMT);
		let listed = crate::parameters::list::all();
		let value = |name: &str| listed.iter().find(|p| p.name == name.as_bytes()).unwrap().value;
		assert_eq!(value("Inflation"), 80_000_000);
		assert_eq!(value("StandbyShare"), 100_000_000);
		assert_eq!((value("DowntimeTurns"), value("DowntimeSlash")), (21, 1_000_000));
		assert_eq!((value("JailTime"), value("HoldEras")), (3_600_000, 2));
		assert_eq!((value("MassAbsence"), value("EquivocationSlash")), (333_333_333, 50_000_000));
	});
}

#[test]
fn ranged_value_should_decode_only_within_its_range() {
	for (value, fits) in [(4u32, false), (5, true), (28_800, true), (28_801, false)] {
		assert_eq!(decoded::<U32From5To28800>(value).is_ok(), fits, "{value}");
	}
	for (value, fits) in [(0u32, false), (1, true), (64, true), (65, false), (u32::MAX, false)] {
		assert_eq!(decoded::<U32From1To64>(value).is_ok(), fits, "{value}");
	}
	for (value, fits) in [(0u32, true), (32, true), (33, false)] {
		assert_eq!(decoded::<U32From0To32>(value).is_ok(), fits, "{value}");
	}
	for (value, fits) in [(0, false), (CMT - 1, false), (CMT, true), (u128::MAX, false)] {
		assert_eq!(decoded::<CmtFrom1To1000000>(value).is_ok(), fits, "{value}");
	}
	for (parts, fits) in [(9_999_999, false), (10_000_000, true), (1_000_000_000, true)] {
		let value = Perbill::from_parts(parts);
		assert_eq!(decoded::<PercentFrom1To100>(value).is_ok(), fits, "{parts}");
	}
}

#[test]
fn ranged_value_should_name_its_range_when_it_refuses() {
	let error = decoded::<U32From5To28800>(4u32).unwrap_err();
	assert!(error.contains("value out of range 5..=28800"), "{error}");
	let error = decoded::<CmtFrom1To1000000>(0u128).unwrap_err();
	assert!(error.contains("value out of range 1..=1000000 CMT"), "{error}");
}

#[test]
fn set_parameter_should_not_decode_when_the_value_is_out_of_range() {
	let call = |length: u32| {
		let key_value = RuntimeParameters::Time(time::Parameters::SessionLength(
			time::SessionLength,
			Some(U32From5To28800::new(20)),
		));
		let call = RuntimeCall::from(pallet_parameters::Call::set_parameter { key_value });
		let mut bytes = call.encode();
		let end = bytes.len() - 4;
		bytes[end..].copy_from_slice(&length.to_le_bytes());
		RuntimeCall::decode(&mut &bytes[..])
	};
	assert!(call(5).is_ok());
	assert!(call(4).is_err());
	assert!(call(28_801).is_err());
}

#[test]
fn genesis_should_set_each_parameter() {
	let mut ext = try_genesis(with_network(serde_json::json!({ "protocolGenesis": {
		"sessionLength": 21,
		"sessionsPerEra": 4,
		"unbondingEras": 3,
		"validators": 7,
		"standbys": 0,
		"minValidators": 2,
		"stakeCap": 500_000_000,
		"minDelegation": 2 * CMT,
		"minMaxStake": 300 * CMT,
		"selfStakeRatio": 20_000_000,
		"maxPositions": 5,
		"inflation": 200_000_000,
		"standbyShare": 0,
		"downtimeTurns": 2,
		"downtimeSlash": 0,
		"jailTime": 60_000,
		"massAbsence": 500_000_000,
		"equivocationSlash": 1_000_000_000,
		"holdEras": 1,
		"reporterShare": 500_000_000,
	}})))
	.unwrap();
	ext.execute_with(|| {
		let counts: [u32; 7] = [
			Plain::<time::SessionLength>::get(),
			Plain::<time::SessionsPerEra>::get(),
			Plain::<time::UnbondingEras>::get(),
			Plain::<election::Validators>::get(),
			Plain::<election::Standbys>::get(),
			Plain::<election::MinValidators>::get(),
			Plain::<staking::MaxPositions>::get(),
		];
		assert_eq!(counts, [21, 4, 3, 7, 0, 2, 5]);
		let amounts: [Balance; 2] =
			[Plain::<staking::MinDelegation>::get(), Plain::<staking::MinMaxStake>::get()];
		assert_eq!(amounts, [2 * CMT, 300 * CMT]);
		let parts: [Perbill; 2] =
			[Plain::<election::StakeCap>::get(), Plain::<staking::SelfStakeRatio>::get()];
		assert_eq!(parts, [Perbill::from_percent(50), Perbill::from_percent(2)]);
		let values: Vec<_> = crate::parameters::list::all().into_iter().map(|p| p.value).collect();
		let set = [200_000_000, 0, 2, 0, 60_000, 500_000_000, 1_000_000_000, 1, 500_000_000];
		assert_eq!(values[11..], set);
	});
}

#[test]
fn genesis_should_be_refused_with_the_range_when_a_value_is_out_of_it() {
	for (field, value, range) in [
		("sessionLength", 4, "5..=28800"),
		("validators", 65, "1..=64"),
		("standbys", 33, "0..=32"),
		("unbondingEras", 0, "1..=28"),
		("inflation", 200_000_001, "0..=20 %"),
		("downtimeTurns", 1, "2..=10000"),
		("jailTime", 59_999, "1..=525600 min"),
		("equivocationSlash", 9_999_999, "1..=100 %"),
	] {
		let patch = serde_json::json!({ "protocolGenesis": { field: value } });
		let error = try_genesis(patch).map(|_| ()).unwrap_err();
		assert!(error.contains(range), "{field}: {error}");
	}
}

#[test]
fn ranges_should_be_visible_in_the_metadata() {
	// Some defaults in it are read from the state.
	let metadata = genesis("development").execute_with(|| Runtime::metadata().encode());
	for name in ["U32From5To28800", "PercentFrom1To100", "CmtFrom100To100000000"] {
		let found = metadata.windows(name.len()).any(|bytes| bytes == name.as_bytes());
		assert!(found, "{name}");
	}
}
