// MetaMask as a page sees it: a provider (EIP-1193), announced (EIP-6963) and as `window.ethereum`.
// Runs in each page before its own scripts. Requests go to the wallet in the test's process by the
// binding `walletRequest`; the wallet's events come in by `walletEvent`.

(() => {
	const listeners = new Map();
	const of = (event) => listeners.get(event) ?? [];

	const provider = {
		isMetaMask: true,
		isConnected: () => true,
		async request({ method, params = [] }) {
			const { result, error } = await window.walletRequest(method, params);
			if (error) throw Object.assign(new Error(error.message), error);
			return result;
		},
		on(event, listener) {
			listeners.set(event, [...of(event), listener]);
			return provider;
		},
		removeListener(event, listener) {
			listeners.set(
				event,
				of(event).filter((other) => other !== listener),
			);
			return provider;
		},
	};

	window.walletEvent = (event, data) => {
		for (const listener of of(event)) listener(data);
	};

	const info = Object.freeze({
		uuid: crypto.randomUUID(),
		name: "MetaMask",
		icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
		rdns: "io.metamask",
	});
	const announce = () => {
		const detail = Object.freeze({ info, provider });
		window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
	};
	window.addEventListener("eip6963:requestProvider", announce);
	announce();
	window.ethereum = provider;
})();
