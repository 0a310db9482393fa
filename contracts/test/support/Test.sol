// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Vm} from "./Vm.sol";

/// The base of all tests: Foundry's cheat codes and a few words around them.
abstract contract Test {
	Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

	/// Where the tests of a suite begin in time: any day will do, but not 0.
	uint256 internal constant START = 1_800_000_000;

	function assertEq(uint256 left, uint256 right, string memory what) internal pure {
		vm.assertEq(left, right, what);
	}

	function skip(uint256 time) internal {
		vm.warp(block.timestamp + time);
	}

	/// Brings a random number into `low..=high`; those already in it stay what they are.
	function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
		if (value >= low && value <= high) return value;
		uint256 size = high - low + 1;
		return size == 0 ? value : low + value % size;
	}
}
