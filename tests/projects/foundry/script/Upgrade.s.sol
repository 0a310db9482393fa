// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {ProxyAdmin} from "@openzeppelin/contracts/proxy/transparent/ProxyAdmin.sol";
import {
	ITransparentUpgradeableProxy
} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {RegistrarV2} from "../src/RegistrarV2.sol";
import {vm} from "./Vm.sol";

/// Gives the registrar its second code.
contract Upgrade {
	function run() external {
		address proxy = vm.envAddress("REGISTRAR");
		bytes32 admin = vm.load(proxy, ERC1967Utils.ADMIN_SLOT);
		vm.startBroadcast(vm.envUint("PRIVATE_KEY"));
		ProxyAdmin(address(uint160(uint256(admin))))
			.upgradeAndCall(ITransparentUpgradeableProxy(proxy), address(new RegistrarV2()), "");
		vm.stopBroadcast();
	}
}
