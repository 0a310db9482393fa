// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TicketOffice} from "./TicketOffice.sol";

/// Also takes tickets back, for a fee.
contract TicketOfficeV2 is TicketOffice {
	uint256 public fee;

	error NotYours(uint256 seat);

	/// @custom:oz-upgrades-validate-as-initializer
	function initializeV2(uint256 fee_) external reinitializer(2) {
		__Ownable_init(owner());
		fee = fee_;
	}

	function version() external pure override returns (string memory) {
		return "2";
	}

	function giveBack(uint256 seat) external {
		if (tickets.ownerOf(seat) != msg.sender) revert NotYours(seat);
		tickets.burn(seat);
		points.transfer(msg.sender, price - fee);
	}
}
