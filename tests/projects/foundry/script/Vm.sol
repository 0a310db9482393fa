// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// What Foundry offers to scripts and tests, as far as this project uses it.
interface Vm {
	function addr(uint256 key) external pure returns (address);
	function assertEq(address left, address right, string calldata what) external pure;
	function assertEq(uint256 left, uint256 right, string calldata what) external pure;
	function envAddress(string calldata name) external view returns (address);
	function envUint(string calldata name) external view returns (uint256);
	function expectEmit(address emitter) external;
	function expectRevert(bytes calldata data) external;
	function load(address account, bytes32 slot) external view returns (bytes32);
	function startBroadcast(uint256 key) external;
	function startPrank(address sender) external;
	function stopBroadcast() external;
	function stopPrank() external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
