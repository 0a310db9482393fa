// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// What tickets are paid with: bought for CMT, and sold back at the same price.
contract Points is ERC20, ERC20Permit {
	/// Points for one CMT.
	uint256 public constant PRICE = 1_000;

	event Bought(address indexed buyer, uint256 paid, uint256 points);

	constructor() ERC20("Points", "PTS") ERC20Permit("Points") {}

	function buy() external payable {
		require(msg.value > 0, "Points: nothing paid");
		uint256 points = msg.value * PRICE;
		_mint(msg.sender, points);
		emit Bought(msg.sender, msg.value, points);
	}

	function sell(uint256 points) external {
		_burn(msg.sender, points);
		Address.sendValue(payable(msg.sender), points / PRICE);
	}
}
