// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {
	OwnableUpgradeable
} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {Points} from "./Points.sol";
import {Ticket} from "./Ticket.sol";

/// Sells the seats of a show, one after the other. Stands behind a proxy.
contract TicketOffice is Initializable, OwnableUpgradeable, UUPSUpgradeable {
	Points public points;
	Ticket public tickets;
	uint256 public price;
	uint256 public seats;
	uint256 public sold;

	event Sold(address indexed buyer, uint256 indexed seat, uint256 price);

	/// @custom:oz-upgrades-unsafe-allow constructor
	constructor() {
		_disableInitializers();
	}

	function initialize(Points points_, Ticket tickets_, uint256 price_, uint256 seats_)
		external
		initializer
	{
		__Ownable_init(msg.sender);
		(points, tickets, price, seats) = (points_, tickets_, price_, seats_);
	}

	function version() external pure virtual returns (string memory) {
		return "1";
	}

	function buy() external returns (uint256 seat) {
		require(sold < seats, "TicketOffice: sold out");
		seat = ++sold;
		emit Sold(msg.sender, seat, price);
		points.transferFrom(msg.sender, address(this), price);
		tickets.mint(msg.sender, seat);
	}

	function _authorizeUpgrade(address) internal override onlyOwner {}
}
