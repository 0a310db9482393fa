// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {vm} from "../script/Vm.sol";
import {Coin} from "../src/Coin.sol";
import {Registrar} from "../src/Registrar.sol";
import {RegistrarTest} from "./Registrar.t.sol";

/// The same tests with a registrar that is on a chain: `forge test --fork-url`.
contract ForkTest is RegistrarTest {
	function setUp() public override {
		registrar = Registrar(vm.envAddress("REGISTRAR"));
		coin = Coin(address(registrar.coin()));
		vm.startPrank(vm.envAddress("OWNER"));
		coin.transfer(BUYER, PRICE);
		vm.stopPrank();
	}
}
