// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// What Foundry offers to tests, as far as ours use it.
interface Vm {
	struct Log {
		bytes32[] topics;
		bytes data;
		address emitter;
	}

	function addr(uint256 key) external pure returns (address);
	function assertEq(uint256 left, uint256 right, string calldata what) external pure;
	function assertLe(uint256 left, uint256 right, string calldata what) external pure;
	function assertTrue(bool condition, string calldata what) external pure;
	function assume(bool condition) external pure;
	function deal(address account, uint256 balance) external;
	function expectEmit(address emitter) external;
	function expectRevert() external;
	function expectRevert(bytes calldata data) external;
	function getRecordedLogs() external returns (Log[] memory);
	function label(address account, string calldata name) external;
	function load(address account, bytes32 slot) external view returns (bytes32);
	function prank(address sender) external;
	function recordLogs() external;
	function revertToState(uint256 id) external returns (bool);
	function snapshotGasLastCall(string calldata group, string calldata name)
		external
		returns (uint256);
	function snapshotState() external returns (uint256);
	function startPrank(address sender) external;
	function stopPrank() external;
	function store(address account, bytes32 slot, bytes32 value) external;
	function warp(uint256 time) external;
}
