// Hardhat's node as the benchmark runs it; what it depends on comes from the environment.

const interval = Number(process.env["RIVAL_INTERVAL"]);

/** @type {import("hardhat/config").HardhatUserConfig} */
module.exports = {
	networks: {
		hardhat: {
			chainId: Number(process.env["RIVAL_CHAIN_ID"]),
			blockGasLimit: Number(process.env["RIVAL_GAS_LIMIT"]),
			mining: { auto: false, interval },
		},
	},
};
