// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// Names, each of which has one owner; the registrar gives them out.
contract Names is ERC721, Ownable {
	constructor(address registrar) ERC721("Name", "NAME") Ownable(registrar) {}

	function idOf(string memory name) public pure returns (uint256) {
		return uint256(keccak256(bytes(name)));
	}

	function give(address to, string calldata name) external onlyOwner {
		_safeMint(to, idOf(name));
	}
}
