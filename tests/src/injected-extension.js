// The polkadot.js extension as a page sees it: `window.injectedWeb3["polkadot-js"]`. Runs in each page
// before its own scripts. Requests go to the wallet in the test's process by the binding
// `extensionRequest`; changes of its accounts come in by `extensionAccounts`.

(() => {
	const listeners = new Set();
	let counted = 0;

	async function ask(method, ...params) {
		const { result, error } = await window.extensionRequest(method, params);
		if (error !== undefined) throw new Error(error);
		return result;
	}

	const accounts = {
		get: () => ask("accounts"),
		subscribe(listener) {
			listeners.add(listener);
			ask("accounts").then(listener, console.error);
			return () => listeners.delete(listener);
		},
	};
	const signer = {
		signPayload: async (payload) => ({ id: ++counted, ...(await ask("signPayload", payload)) }),
		signRaw: async (payload) => ({ id: ++counted, ...(await ask("signRaw", payload)) }),
	};

	window.extensionAccounts = (changed) => {
		for (const listener of listeners) listener(changed);
	};

	window.injectedWeb3 = {
		...window.injectedWeb3,
		"polkadot-js": {
			version: "0.62.6",
			async enable(app) {
				await ask("enable", app);
				return { accounts, signer };
			},
		},
	};
})();
