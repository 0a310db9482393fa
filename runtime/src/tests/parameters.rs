use super::*;
use crate::{
	parameters::{
		dynamic_params::{election, staking, time},
		ranged::*,
		Plain, RuntimeParameters,
	},
	Governance, RuntimeOrigin,
};
use codec::Decode;
use cybermiles_primitives::{Balance, CMT};
use frame_support::{assert_noop, assert_ok, traits::Get};
use pallet_governance::{Changes, Error};
use sp_runtime::{traits::Dispatchable, DispatchResult, Perbill};

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

/// Notes a new length of sessions, in blocks; none stands for the default.
fn change_session_length(blocks: Option<u32>) -> DispatchResult {
	let value = blocks.map(U32From5To28800::new);
	let parameter =
		RuntimeParameters::Time(time::Parameters::SessionLength(time::SessionLength, value));
	Governance::change_parameter(RuntimeOrigin::root(), parameter)
}

/// Notes a new number of sessions in an era; none stands for the default.
fn change_sessions_per_era(count: Option<u32>) -> DispatchResult {
	let value = count.map(U32From1To1440::new);
	let parameter =
		RuntimeParameters::Time(time::Parameters::SessionsPerEra(time::SessionsPerEra, value));
	Governance::change_parameter(RuntimeOrigin::root(), parameter)
}

#[test]
fn era_should_last_a_week_at_most_when_one_of_its_lengths_changes() {
	genesis("staging").execute_with(|| {
		assert_noop!(change_session_length(Some(28_800)), Error::<Runtime>::EraTooLong);
		assert_noop!(change_sessions_per_era(Some(1_440)), Error::<Runtime>::EraTooLong);
		// 144 sessions of 1,400 blocks, or 1,008 of 200: a week to the block.
		assert_noop!(change_session_length(Some(1_401)), Error::<Runtime>::EraTooLong);
		assert_ok!(change_session_length(Some(1_400)));
	});
	genesis("staging").execute_with(|| {
		assert_noop!(change_sessions_per_era(Some(1_009)), Error::<Runtime>::EraTooLong);
		assert_ok!(change_sessions_per_era(Some(1_008)));
		Governance::do_try_state().unwrap();
	});
}

#[test]
fn era_should_last_three_minutes_at_least_when_one_of_its_lengths_changes() {
	genesis("local").execute_with(|| {
		assert_noop!(change_session_length(Some(19)), Error::<Runtime>::EraTooShort);
		assert_noop!(change_sessions_per_era(Some(2)), Error::<Runtime>::EraTooShort);
		assert_ok!(change_session_length(Some(20)));
		assert_ok!(change_sessions_per_era(Some(3)));
		Governance::do_try_state().unwrap();
	});
}

#[test]
fn era_should_stay_in_range_when_both_lengths_change_in_one_session() {
	genesis("staging").execute_with(|| {
		// Each alone is fine beside what holds today; both together are not, in either order.
		assert_ok!(change_session_length(Some(1_400)));
		assert_noop!(change_sessions_per_era(Some(145)), Error::<Runtime>::EraTooLong);
		assert_ok!(change_session_length(Some(200)));
		assert_ok!(change_sessions_per_era(Some(1_008)));
		assert_noop!(change_session_length(Some(201)), Error::<Runtime>::EraTooLong);
		// What alone would be too long is fine beside a change that waits.
		assert_ok!(change_sessions_per_era(Some(7)));
		assert_ok!(change_session_length(Some(28_800)));
		// To no value: to the default, 144 sessions or 200 blocks.
		assert_noop!(change_sessions_per_era(None), Error::<Runtime>::EraTooLong);
		assert_ok!(change_session_length(None));
		assert_ok!(change_sessions_per_era(None));
		assert_eq!(Changes::<Runtime>::iter().count(), 2);
		Governance::do_try_state().unwrap();
	});
}

#[test]
fn era_should_stay_in_range_when_its_lengths_change_in_a_batch() {
	genesis("staging").execute_with(|| {
		let change = |parameter| -> RuntimeCall {
			pallet_governance::Call::change_parameter {
				parameter: RuntimeParameters::Time(parameter),
			}
			.into()
		};
		let length = U32From5To28800::new(1_400);
		let sessions = U32From1To1440::new(145);
		let calls = vec![
			change(time::Parameters::SessionLength(time::SessionLength, Some(length))),
			change(time::Parameters::SessionsPerEra(time::SessionsPerEra, Some(sessions))),
		];
		let batch = RuntimeCall::from(pallet_utility::Call::batch_all { calls });
		let refused = batch.dispatch(RuntimeOrigin::root()).unwrap_err().error;
		assert_eq!(refused, Error::<Runtime>::EraTooLong.into());
		assert_eq!(Changes::<Runtime>::iter().count(), 0);
	});
}

#[test]
fn invariant_of_lengths_should_be_seen_when_it_breaks() {
	use frame_support::traits::dynamic_params::AggregatedKeyValue;

	genesis("local").execute_with(|| {
		let shorter = RuntimeParameters::Time(time::Parameters::SessionLength(
			time::SessionLength,
			Some(U32From5To28800::new(19)),
		));
		let (key, value) = shorter.clone().into_parts();
		Changes::<Runtime>::insert(&key, shorter);
		assert!(Governance::do_try_state().is_err(), "a change that waits makes eras too short");
		Changes::<Runtime>::remove(&key);
		Governance::do_try_state().unwrap();
		pallet_parameters::Parameters::<Runtime>::insert(key, value.unwrap());
		assert!(Governance::do_try_state().is_err(), "eras are too short");
	});
}

#[test]
fn genesis_should_be_refused_with_a_sentence_when_its_era_is_out_of_range() {
	for (lengths, era) in [
		(serde_json::json!({ "sessionLength": 28_800 }), "4147200"),
		(serde_json::json!({ "sessionsPerEra": 1_009 }), "201800"),
		(serde_json::json!({ "sessionLength": 5, "sessionsPerEra": 11 }), "55"),
	] {
		let patch = with_network(serde_json::json!({ "protocolGenesis": lengths }));
		let error = try_genesis(patch).map(|_| ()).unwrap_err();
		assert!(error.starts_with(&format!("an era of {era} blocks")), "{error}");
		assert!(error.ends_with("is not between 60 and 201600 blocks"), "{error}");
	}
	for lengths in [
		serde_json::json!({ "sessionLength": 28_800, "sessionsPerEra": 7 }),
		serde_json::json!({ "sessionLength": 5, "sessionsPerEra": 12 }),
	] {
		let patch = with_network(serde_json::json!({ "protocolGenesis": lengths }));
		assert!(try_genesis(patch).is_ok());
	}
}
