// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract DisputeTest is EscrowTest {
	function test_BuyerDisputes() public {
		bytes32 id = delivered(usual(CMT));
		skip(1 days);
		bytes32 note = keccak256("no saddle");
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.DisputeOpened(id, buyer, note, uint64(START + 15 days));
		vm.prank(buyer);
		escrow.dispute(id, note);
		assertStage(id, ITradeEscrow.Stage.Disputed);
	}

	function decided(uint128 refund) private returns (bytes32 id) {
		id = disputed(usual(CMT));
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.DecisionMade(id, arbiter, refund, "why");
		vm.prank(arbiter);
		escrow.decide(id, refund, "why");
	}

	function test_TheSellerLosesAndItsDepositPays() public {
		bytes32 id = decided(PRICE);
		uint256 toSeller = SELLER_DEPOSIT - FEE;
		assertClosed(id, ITradeEscrow.Outcome.Decided, toSeller, BUYER_STAKE, FEE);
		assertDrains(CMT);
		assertEq(arbiter.balance, FEE, "the arbiter is paid");
		assertEq(buyer.balance, WEALTH, "the buyer loses nothing");
	}

	function test_TheBuyerLosesAndItsDepositPays() public {
		bytes32 id = decided(0);
		uint256 toSeller = uint256(PRICE) + SELLER_DEPOSIT;
		assertClosed(id, ITradeEscrow.Outcome.Decided, toSeller, BUYER_DEPOSIT - FEE, FEE);
		assertDrains(CMT);
	}

	function test_EachLosesAPartAndPaysThatPart() public {
		bytes32 id = decided(PRICE / 4);
		uint256 toSeller = PRICE * 3 / 4 + SELLER_DEPOSIT - FEE / 4;
		uint256 toBuyer = PRICE / 4 + BUYER_DEPOSIT - FEE * 3 / 4;
		assertClosed(id, ITradeEscrow.Outcome.Decided, toSeller, toBuyer, FEE);
		assertDrains(CMT);
	}

	function test_AUnitThatCannotBeSharedStaysWithTheSides() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		(terms.price, terms.sellerDeposit, terms.buyerDeposit, terms.arbiterFee) = (3, 5, 5, 5);
		bytes32 id = disputed(terms);
		vm.prank(arbiter);
		escrow.decide(id, 1, 0);
		// 5/3 and 10/3 of the fee, rounded down: 1 of the seller, 3 of the buyer.
		assertClosed(id, ITradeEscrow.Outcome.Decided, 2 + 5 - 1, 1 + 5 - 3, 4);
		assertDrains(CMT);
	}

	function test_AFeeOfTheWholeDepositLeavesNothingOfIt() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		(terms.sellerDeposit, terms.arbiterFee) = (BUYER_DEPOSIT, BUYER_DEPOSIT);
		bytes32 id = disputed(terms);
		vm.prank(arbiter);
		escrow.decide(id, PRICE, 0);
		assertClosed(id, ITradeEscrow.Outcome.Decided, 0, BUYER_STAKE, BUYER_DEPOSIT);
	}

	function test_ASideThatGivesInPaysTheArbiter() public {
		bytes32 id = disputed(usual(CMT));
		vm.prank(buyer);
		escrow.confirm(id);
		uint256 toSeller = uint256(PRICE) + SELLER_DEPOSIT;
		assertClosed(id, ITradeEscrow.Outcome.Confirmed, toSeller, BUYER_DEPOSIT - FEE, FEE);
		assertDrains(CMT);
		id = disputed(usual(CMT));
		vm.prank(seller);
		escrow.giveBack(id);
		toSeller = SELLER_DEPOSIT - FEE;
		assertClosed(id, ITradeEscrow.Outcome.GivenBack, toSeller, BUYER_STAKE, FEE);
	}

	function test_SharesTellTheFee() public {
		bytes32 id = disputed(usual(CMT));
		(uint256 toSeller, uint256 toBuyer, uint256 toArbiter) = escrow.shares(id, PRICE);
		assertEq(toSeller, SELLER_DEPOSIT - FEE, "seller");
		assertEq(toBuyer, BUYER_STAKE, "buyer");
		assertEq(toArbiter, FEE, "arbiter");
	}

	function test_RefusesARefundAboveThePrice() public {
		bytes32 id = disputed(usual(CMT));
		bytes4 why = ITradeEscrow.RefundAbovePrice.selector;
		vm.expectRevert(abi.encodeWithSelector(why, PRICE + 1, PRICE));
		vm.prank(arbiter);
		escrow.decide(id, PRICE + 1, 0);
	}

	function test_RefusesASecondDecision() public {
		bytes32 id = decided(PRICE);
		bytes4 why = ITradeEscrow.WrongStage.selector;
		vm.expectRevert(abi.encodeWithSelector(why, id, ITradeEscrow.Stage.Closed));
		vm.prank(arbiter);
		escrow.decide(id, PRICE, 0);
	}
}
