// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../../interfaces/ITradeEscrow.sol";
import {TradeEscrow} from "../../src/TradeEscrow.sol";
import {Test} from "./Test.sol";
import {PlainToken} from "./Tokens.sol";

/// An escrow, three people and the usual trade among them.
abstract contract EscrowTest is Test {
	address internal constant CMT = address(0);
	uint128 internal constant PRICE = 1000 ether;
	uint128 internal constant SELLER_DEPOSIT = 100 ether;
	uint128 internal constant BUYER_DEPOSIT = 80 ether;
	uint128 internal constant FEE = 30 ether;
	uint256 internal constant BUYER_STAKE = uint256(PRICE) + BUYER_DEPOSIT;
	uint256 internal constant WEALTH = 1e30;

	TradeEscrow internal escrow;
	address internal seller = vm.addr(1);
	address internal buyer = vm.addr(2);
	address internal arbiter = vm.addr(3);
	address internal stranger = vm.addr(4);

	function setUp() public virtual {
		vm.warp(START);
		escrow = new TradeEscrow();
		vm.deal(seller, WEALTH);
		vm.deal(buyer, WEALTH);
		vm.deal(stranger, WEALTH);
	}

	// --- the usual trade ---

	function usual(address asset) internal view returns (ITradeEscrow.Terms memory terms) {
		terms.seller = seller;
		terms.buyer = buyer;
		terms.arbiter = arbiter;
		terms.asset = asset;
		terms.acceptWithin = 1 days;
		terms.deliverWithin = 7 days;
		terms.confirmWithin = 3 days;
		terms.decideWithin = 14 days;
		terms.price = PRICE;
		terms.sellerDeposit = SELLER_DEPOSIT;
		terms.buyerDeposit = BUYER_DEPOSIT;
		terms.arbiterFee = FEE;
		terms.goods = keccak256("a bicycle");
	}

	function offered(ITradeEscrow.Terms memory terms) internal returns (bytes32) {
		return offerFrom(seller, terms, terms.sellerDeposit);
	}

	function open(ITradeEscrow.Terms memory terms) internal returns (bytes32 id) {
		id = offered(terms);
		vm.prank(terms.arbiter);
		escrow.agreeToArbitrate(id);
	}

	function active(ITradeEscrow.Terms memory terms) internal returns (bytes32 id) {
		id = open(terms);
		acceptFrom(buyer, id, uint256(terms.price) + terms.buyerDeposit);
	}

	function delivered(ITradeEscrow.Terms memory terms) internal returns (bytes32 id) {
		id = active(terms);
		vm.prank(seller);
		escrow.claimDelivery(id, 0);
	}

	function disputed(ITradeEscrow.Terms memory terms) internal returns (bytes32 id) {
		id = delivered(terms);
		vm.prank(buyer);
		escrow.dispute(id, 0);
	}

	/// A trade in any stage from `Offered` to `Disputed`.
	function brought(ITradeEscrow.Terms memory terms, ITradeEscrow.Stage stage)
		internal
		returns (bytes32)
	{
		if (stage == ITradeEscrow.Stage.Offered) return offered(terms);
		if (stage == ITradeEscrow.Stage.Open) return open(terms);
		if (stage == ITradeEscrow.Stage.Active) return active(terms);
		if (stage == ITradeEscrow.Stage.Delivered) return delivered(terms);
		return disputed(terms);
	}

	// --- payments ---

	function offerFrom(address who, ITradeEscrow.Terms memory terms, uint256 amount)
		internal
		returns (bytes32)
	{
		uint256 value = prepare(who, terms.asset, amount);
		vm.prank(who);
		return escrow.offer{value: value}(terms, amount);
	}

	function acceptFrom(address who, bytes32 id, uint256 amount) internal {
		uint256 value = prepare(who, escrow.trade(id).terms.asset, amount);
		vm.prank(who);
		escrow.accept{value: value}(id, amount);
	}

	/// Gives the payer what a payment needs, and says how many CMT to send along.
	function prepare(address who, address asset, uint256 amount) internal returns (uint256 value) {
		if (asset == CMT) return amount;
		PlainToken(asset).mint(who, amount * 2);
		// A token may return nothing here.
		vm.prank(who);
		(bool done,) = asset.call(abi.encodeCall(PlainToken.approve, (address(escrow), amount)));
		require(done, "approve");
	}

	// --- what should be ---

	function assertStage(bytes32 id, ITradeEscrow.Stage stage) internal view {
		assertEq(uint256(escrow.trade(id).stage), uint256(stage), "stage");
	}

	/// The trade ended so, and credited this and nothing else.
	function assertClosed(
		bytes32 id,
		ITradeEscrow.Outcome outcome,
		uint256 toSeller,
		uint256 toBuyer,
		uint256 toArbiter
	) internal view {
		ITradeEscrow.Trade memory t = escrow.trade(id);
		assertEq(uint256(t.stage), uint256(ITradeEscrow.Stage.Closed), "stage");
		assertEq(uint256(t.outcome), uint256(outcome), "outcome");
		assertCredits(t.terms, toSeller, toBuyer, toArbiter);
	}

	function assertCredits(
		ITradeEscrow.Terms memory terms,
		uint256 toSeller,
		uint256 toBuyer,
		uint256 toArbiter
	) internal view {
		assertEq(escrow.credit(terms.asset, terms.seller), toSeller, "seller's credit");
		assertEq(escrow.credit(terms.asset, terms.buyer), toBuyer, "buyer's credit");
		assertEq(escrow.credit(terms.asset, terms.arbiter), toArbiter, "arbiter's credit");
		assertEq(escrow.owed(terms.asset), toSeller + toBuyer + toArbiter, "owed");
		assertEq(held(terms.asset), escrow.owed(terms.asset), "held");
	}

	function held(address asset) internal view returns (uint256) {
		if (asset == CMT) return address(escrow).balance;
		return PlainToken(asset).balanceOf(address(escrow));
	}

	function takeOut(address asset, address who) internal {
		uint256 amount = escrow.credit(asset, who);
		if (amount == 0) return;
		vm.prank(who);
		escrow.withdraw(asset, who, amount);
	}

	/// Everybody takes out all that the escrow owes them, and nothing is left.
	function assertDrains(address asset) internal {
		takeOut(asset, seller);
		takeOut(asset, buyer);
		takeOut(asset, arbiter);
		assertEq(escrow.owed(asset), 0, "nothing owed");
		assertEq(held(asset), 0, "nothing held");
	}
}
