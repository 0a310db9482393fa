//! How fast the machine is, measured at the start.

use sc_service::{Configuration, TaskManager};
use sc_sysinfo::{HwBench, Metric, Requirement, Requirements, Throughput};
use sc_telemetry::Telemetry;

/// Cores that a validator should have.
const CORES: usize = 4;

/// What a validator's machine should reach, as for validators of other chains of this family.
fn wanted() -> Requirements {
	let requirement = |metric, mebibytes| Requirement {
		metric,
		minimum: Throughput::from_mibs(mebibytes),
		validator_only: false,
	};
	Requirements(vec![
		requirement(Metric::Blake2256, 1000.0),
		requirement(Metric::Blake2256Parallel { num_cores: CORES }, 1000.0),
		requirement(Metric::MemCopy, 11.49 * 1024.0),
		requirement(Metric::DiskSeqWrite, 950.0),
		requirement(Metric::DiskRndWrite, 420.0),
	])
}

/// Measures processor, memory and the disk of the database; warns a validator that is too slow.
pub(super) fn measure(config: &Configuration) -> Option<HwBench> {
	let folder = config.database.path()?;
	let wanted = wanted();
	let measured = sc_sysinfo::gather_hwbench(Some(folder), &wanted);
	sc_sysinfo::print_hwbench(&measured);
	if config.role.is_authority() {
		if let Err(failures) = wanted.check_hardware(&measured, true) {
			log::warn!("This machine is slower than a validator's should be: {failures}");
		}
	}
	Some(measured)
}

/// Sends the measurements to telemetry, where there is any.
pub(super) fn report(
	measured: Option<HwBench>,
	telemetry: Option<&Telemetry>,
	tasks: &TaskManager,
) {
	let (Some(measured), Some(telemetry)) = (measured, telemetry) else { return };
	let reports = sc_sysinfo::initialize_hwbench_telemetry(telemetry.handle(), measured);
	tasks.spawn_handle().spawn("telemetry_hwbench", None, reports);
}
