// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// What a test looks at: events, storage, money, and every way to fail.
contract Bell {
	uint256 public rings;
	mapping(address who => uint256) public ringsOf;

	event Rung(address indexed who, uint256 indexed number, string words);
	event Echo(uint256 indexed number) anonymous;

	error TooLoud(uint256 volume, address who);

	receive() external payable {}

	/// Logs once, or `echoes + 1` times.
	function ring(string calldata words, uint256 echoes) external payable returns (uint256) {
		rings += 1;
		ringsOf[msg.sender] += 1;
		emit Rung(msg.sender, rings, words);
		for (uint256 echo = 0; echo < echoes; ++echo) emit Echo(rings);
		return rings;
	}

	function silent() external pure {
		require(false, "the bell is silent");
	}

	function loud(uint256 volume) external view {
		revert TooLoud(volume, msg.sender);
	}

	function broken(uint256 divisor) external pure returns (uint256) {
		return 1 / divisor;
	}

	/// Uses gas until there is none.
	function endless() external view returns (uint256 sum) {
		for (uint256 step = 0;; ++step) sum ^= uint256(keccak256(abi.encode(step, rings)));
	}
}
