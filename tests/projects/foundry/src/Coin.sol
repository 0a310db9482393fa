// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// What names are paid with.
contract Coin is ERC20 {
	constructor(uint256 supply) ERC20("Coin", "COIN") {
		_mint(msg.sender, supply);
	}
}
