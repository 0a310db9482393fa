// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {
	TransparentUpgradeableProxy
} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {Coin} from "../src/Coin.sol";
import {Registrar} from "../src/Registrar.sol";
import {vm} from "./Vm.sol";

/// Makes the coin, and the registrar behind its proxy.
contract Deploy {
	function run() external returns (Coin coin, Registrar registrar) {
		uint256 key = vm.envUint("PRIVATE_KEY");
		vm.startBroadcast(key);
		coin = new Coin(1_000_000);
		bytes memory start = abi.encodeCall(Registrar.initialize, (coin, 50));
		address code = address(new Registrar());
		registrar = Registrar(address(new TransparentUpgradeableProxy(code, vm.addr(key), start)));
		vm.stopBroadcast();
	}
}
