// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// What stands before a box and outlives its code.
contract BoxProxy is ERC1967Proxy {
	constructor(address code, bytes memory call) ERC1967Proxy(code, call) {}
}

/// A number that only code of a later version can raise.
contract Box is Initializable, UUPSUpgradeable {
	address public owner;
	uint256 public content;

	error NotOwner(address who);

	constructor() {
		_disableInitializers();
	}

	function initialize(uint256 first) external initializer {
		owner = msg.sender;
		content = first;
	}

	function version() external pure virtual returns (uint256) {
		return 1;
	}

	function _authorizeUpgrade(address) internal view override {
		if (msg.sender != owner) revert NotOwner(msg.sender);
	}
}

/// The later version.
contract BoxWithLift is Box {
	function version() external pure override returns (uint256) {
		return 2;
	}

	function lift() external {
		content += 1;
	}
}
