// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// A token whose whole supply is its maker's.
contract Coin is ERC20 {
	constructor(string memory name, string memory symbol, uint256 supply) ERC20(name, symbol) {
		_mint(msg.sender, supply);
	}
}

/// Tokens of which each is one of a kind; anybody makes them.
contract Deed is ERC721 {
	uint256 public made;

	constructor() ERC721("Deed", "DEED") {}

	function make() external returns (uint256) {
		made += 1;
		_safeMint(msg.sender, made);
		return made;
	}
}
