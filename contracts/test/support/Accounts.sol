// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../../interfaces/ITradeEscrow.sol";

/// An account that refuses every CMT sent to it.
contract RefusingAccount {
	error NoThanks();

	receive() external payable {
		revert NoThanks();
	}
}

/// An account that, whenever CMT reach it, calls the escrow again and keeps the answer.
contract GreedyAccount {
	ITradeEscrow private immutable ESCROW;
	bytes public message;
	bytes public answer;
	bool public succeeded;

	constructor(ITradeEscrow escrow) {
		ESCROW = escrow;
	}

	receive() external payable {
		if (message.length != 0) (succeeded, answer) = address(ESCROW).call(message);
	}

	function setMessage(bytes calldata data) external {
		message = data;
	}
}
