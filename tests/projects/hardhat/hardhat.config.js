const { version } = require("solc/package.json");
const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");
require("@nomicfoundation/hardhat-ethers");
require("@nomicfoundation/hardhat-chai-matchers");
require("@openzeppelin/hardhat-upgrades");

// The compiler of the npm package `solc`, where Hardhat would download one: it builds offline too.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async () => ({
	compilerPath: require.resolve("solc/soljson.js"),
	isSolcJs: true,
	version,
	longVersion: version,
}));

const url = process.env.CYBERMILES_URL ?? "http://127.0.0.1:9944";

/** @type {import("hardhat/config").HardhatUserConfig} */
module.exports = {
	solidity: {
		version,
		settings: { evmVersion: "cancun", optimizer: { enabled: true, runs: 200 } },
	},
	defaultNetwork: "cybermiles",
	// A test sends several transactions, and a block takes three seconds.
	mocha: { timeout: 180_000 },
	networks: {
		cybermiles: {
			url,
			chainId: 1234,
			// Accounts that have CMT on development chains alone; elsewhere: [process.env.PRIVATE_KEY].
			accounts: { mnemonic: "test test test test test test test test test test test junk" },
		},
		// A copy of the chain within Hardhat, to try something out.
		hardhat: { chainId: 1234, forking: { url } },
	},
};
