/** Waits until a transaction is in a block, which takes 3 seconds on a network, and returns it. */
exports.mined = async (sending) => {
	const sent = await sending;
	await sent.wait();
	return sent;
};
