// When sessions begin.

/** `in about 12 minutes`. */
export function duration(milliseconds) {
	const seconds = Math.max(0, Math.round(milliseconds / 1000));
	if (seconds < 120) return `${seconds} seconds`;
	return seconds < 7200
		? `${Math.round(seconds / 60)} minutes`
		: `${Math.round(seconds / 3600)} hours`;
}

/** When a coming session begins, if no slot stays empty: `in about 12 minutes, at block #480`. */
export async function startOf(api, session) {
	const [clock, present, best, slot] = await Promise.all([
		api.query.cmtDpos.clock(),
		api.query.session.currentIndex(),
		api.rpc.chain.getHeader(),
		api.call.auraApi.slotDuration(),
	]);
	const { start, length } = clock;
	const block = start.toNumber() + (session - present.toNumber()) * length.toNumber();
	const left = block - best.number.toNumber();
	return `in about ${duration(left * slot.toNumber())}, at block #${block}`;
}
