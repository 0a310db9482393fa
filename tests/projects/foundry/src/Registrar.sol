// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Names} from "./Names.sol";

/// Sells names for coins. Stands behind a transparent proxy.
contract Registrar is Initializable {
	using SafeERC20 for IERC20;

	IERC20 public coin;
	Names public names;
	uint256 public price;

	event Registered(address indexed owner, uint256 indexed id, string name);

	error Empty();

	constructor() {
		_disableInitializers();
	}

	/// Makes the names too, whose owner is then the proxy.
	function initialize(IERC20 coin_, uint256 price_) external initializer {
		(coin, price) = (coin_, price_);
		names = new Names(address(this));
	}

	function register(string calldata name) external {
		if (bytes(name).length == 0) revert Empty();
		require(isAllowed(name), "Registrar: too long");
		emit Registered(msg.sender, names.idOf(name), name);
		coin.safeTransferFrom(msg.sender, address(this), price);
		names.give(msg.sender, name);
	}

	function isAllowed(string calldata name) public pure virtual returns (bool) {
		return bytes(name).length <= 8;
	}
}
