// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Coin} from "./Tokens.sol";

/// A token with six decimals, as those of many currencies have.
contract Cents is Coin {
	constructor(uint256 supply) Coin("Cents", "CENT", supply) {}

	function decimals() public pure override returns (uint8) {
		return 6;
	}
}
