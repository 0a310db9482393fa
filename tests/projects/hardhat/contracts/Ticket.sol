// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// A seat at the show; its owner, the office, makes it and takes it back.
contract Ticket is ERC721, Ownable {
	constructor() ERC721("Ticket", "TKT") Ownable(msg.sender) {}

	function mint(address to, uint256 seat) external onlyOwner {
		_safeMint(to, seat);
	}

	function burn(uint256 seat) external onlyOwner {
		_burn(seat);
	}
}
