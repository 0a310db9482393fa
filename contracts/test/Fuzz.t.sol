// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";
import {FeeToken, PlainToken} from "./support/Tokens.sol";

contract FuzzTest is EscrowTest {
	uint256 private constant MOST = type(uint128).max;

	struct Numbers {
		uint128 price;
		uint128 sellerDeposit;
		uint128 buyerDeposit;
		uint128 fee;
		uint128 refund;
	}

	function setUp() public override {
		super.setUp();
		vm.deal(seller, 2 * MOST);
		vm.deal(buyer, 2 * MOST);
	}

	/// Any numbers that make sound terms, up to the largest that there are.
	function sound(Numbers memory n) private view returns (ITradeEscrow.Terms memory terms) {
		terms = usual(CMT);
		terms.price = uint128(bound(n.price, 1, MOST));
		terms.sellerDeposit = n.sellerDeposit;
		terms.buyerDeposit = n.buyerDeposit;
		uint256 most = n.sellerDeposit < n.buyerDeposit ? n.sellerDeposit : n.buyerDeposit;
		terms.arbiterFee = uint128(bound(n.fee, 0, most));
		n.refund = uint128(bound(n.refund, 0, terms.price));
	}

	function assertFair(ITradeEscrow.Terms memory terms, uint128 refund, uint256 fee) private view {
		uint256 toSeller = escrow.credit(CMT, seller);
		uint256 toBuyer = escrow.credit(CMT, buyer);
		uint256 toArbiter = escrow.credit(CMT, arbiter);
		uint256 all = uint256(terms.price) + terms.sellerDeposit + terms.buyerDeposit;
		assertEq(toSeller + toBuyer + toArbiter, all, "every unit is accounted for");
		vm.assertLe(terms.price - refund, toSeller, "the seller gets its part of the price");
		vm.assertLe(refund, toBuyer, "the buyer gets its part of the price");
		vm.assertLe(toArbiter, fee, "the arbiter gets no more than its fee");
		vm.assertLe(fee, toArbiter + 1, "and at most one unit less");
	}

	function testFuzz_ADecisionSharesEveryUnit(Numbers memory n) public {
		ITradeEscrow.Terms memory terms = sound(n);
		bytes32 id = disputed(terms);
		vm.prank(arbiter);
		escrow.decide(id, n.refund, 0);
		assertFair(terms, n.refund, terms.arbiterFee);
		uint256 sellerFee = uint256(terms.arbiterFee) * n.refund / terms.price;
		uint256 toSeller = uint256(terms.price) - n.refund + terms.sellerDeposit - sellerFee;
		assertEq(escrow.credit(CMT, seller), toSeller, "seller");
		assertDrains(CMT);
	}

	function testFuzz_AnAgreementSharesEveryUnit(Numbers memory n, bool inDispute) public {
		ITradeEscrow.Terms memory terms = sound(n);
		bytes32 id = inDispute ? disputed(terms) : delivered(terms);
		vm.prank(seller);
		escrow.propose(id, n.refund);
		vm.prank(buyer);
		escrow.agree(id, n.refund);
		assertFair(terms, n.refund, inDispute ? terms.arbiterFee : 0);
		assertDrains(CMT);
	}

	function testFuzz_WhatSharesSayIsWhatIsCredited(Numbers memory n, uint8 where) public {
		ITradeEscrow.Terms memory terms = sound(n);
		uint256 stage = bound(where, 3, 5);
		bytes32 id = brought(terms, ITradeEscrow.Stage(stage));
		(uint256 toSeller, uint256 toBuyer, uint256 toArbiter) = escrow.shares(id, n.refund);
		vm.prank(buyer);
		escrow.propose(id, n.refund);
		vm.prank(seller);
		escrow.agree(id, n.refund);
		assertCredits(terms, toSeller, toBuyer, toArbiter);
	}

	function testFuzz_MoreRefundIsNeverLessForTheBuyer(Numbers memory n, uint128 other) public {
		ITradeEscrow.Terms memory terms = sound(n);
		bytes32 id = disputed(terms);
		uint128 more = uint128(bound(other, n.refund, terms.price));
		(uint256 sellerBefore, uint256 buyerBefore,) = escrow.shares(id, n.refund);
		(uint256 sellerAfter, uint256 buyerAfter,) = escrow.shares(id, more);
		vm.assertLe(buyerBefore, buyerAfter, "buyer");
		vm.assertLe(sellerAfter, sellerBefore, "seller");
	}

	function testFuzz_EveryWaitEndsAndPaysAllOut(Numbers memory n, uint8 where, uint32 late)
		public
	{
		ITradeEscrow.Terms memory terms = sound(n);
		bytes32 id = brought(terms, ITradeEscrow.Stage(bound(where, 1, 5)));
		vm.warp(uint256(escrow.trade(id).deadline) + 1 + late);
		vm.prank(stranger);
		escrow.expire(id);
		assertEq(escrow.credit(CMT, arbiter), 0, "the arbiter did nothing");
		assertDrains(CMT);
	}

	function testFuzz_AStepWorksUpToItsDeadline(uint32 period, uint32 passed) public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.deliverWithin = uint32(bound(period, escrow.MIN_PERIOD(), escrow.MAX_PERIOD()));
		bytes32 id = active(terms);
		skip(passed);
		bool late = passed > terms.deliverWithin;
		bytes4 why = ITradeEscrow.DeadlinePassed.selector;
		uint64 deadline = uint64(START + terms.deliverWithin);
		if (late) vm.expectRevert(abi.encodeWithSelector(why, id, deadline));
		vm.prank(seller);
		escrow.claimDelivery(id, 0);
		if (!late) vm.expectRevert();
		escrow.expire(id);
	}

	function testFuzz_TermsAreTakenExactlyWhereTheyAreSound(
		uint128 price,
		uint128[3] memory amounts,
		uint32[4] memory periods
	) public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.price = price;
		// A tenth of the periods are too long.
		for (uint256 i = 0; i < 4; i++) {
			periods[i] %= 400 days;
		}
		(terms.sellerDeposit, terms.buyerDeposit) = (amounts[0], amounts[1]);
		terms.arbiterFee = amounts[2];
		(terms.acceptWithin, terms.deliverWithin) = (periods[0], periods[1]);
		(terms.confirmWithin, terms.decideWithin) = (periods[2], periods[3]);
		bool good = price > 0 && amounts[2] <= amounts[0] && amounts[2] <= amounts[1];
		for (uint256 i = 0; i < 4; i++) {
			good = good && periods[i] >= 60 && periods[i] <= 365 days;
		}
		if (!good) vm.expectRevert();
		vm.prank(seller);
		escrow.offer{value: amounts[0]}(terms, amounts[0]);
	}

	function testFuzz_OfATokenWithAFeeNothingIsOwedThatDidNotArrive(uint128 sent) public {
		FeeToken token = new FeeToken();
		prepare(seller, address(token), sent);
		uint256 arrived = uint256(sent) - (uint256(sent) + 99) / 100;
		if (arrived < SELLER_DEPOSIT) vm.expectRevert();
		vm.prank(seller);
		escrow.offer(usual(address(token)), sent);
		if (arrived < SELLER_DEPOSIT) return;
		assertEq(escrow.owed(address(token)), arrived, "owed");
		assertEq(escrow.credit(address(token), seller), arrived - SELLER_DEPOSIT, "credit");
	}

	function testFuzz_WithdrawalsInPartsTakeOutTheCreditAndNoMore(uint128[5] memory parts) public {
		PlainToken token = new PlainToken();
		bytes32 id = active(usual(address(token)));
		vm.prank(buyer);
		escrow.confirm(id);
		uint256 left = uint256(PRICE) + SELLER_DEPOSIT;
		uint256 start = token.balanceOf(seller);
		for (uint256 i = 0; i < parts.length; i++) {
			uint256 part = bound(parts[i], 1, uint256(PRICE));
			if (part > left) vm.expectRevert();
			vm.prank(seller);
			escrow.withdraw(address(token), seller, part);
			if (part <= left) left -= part;
		}
		assertEq(escrow.credit(address(token), seller), left, "left");
		assertEq(token.balanceOf(seller) - start, uint256(PRICE) + SELLER_DEPOSIT - left, "taken");
	}
}
