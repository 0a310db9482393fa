// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract DeliveryTest is EscrowTest {
	function test_SellerClaimsDelivery() public {
		bytes32 id = active(usual(CMT));
		skip(2 days);
		bytes32 note = keccak256("parcel 17");
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.DeliveryClaimed(id, seller, note, uint64(START + 5 days));
		vm.prank(seller);
		escrow.claimDelivery(id, note);
		assertStage(id, ITradeEscrow.Stage.Delivered);
	}

	function test_BuyerConfirmsAndAllIsPaidOut() public {
		bytes32 id = delivered(usual(CMT));
		uint256 toSeller = uint256(PRICE) + SELLER_DEPOSIT;
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.TradeClosed(
			id, ITradeEscrow.Outcome.Confirmed, toSeller, BUYER_DEPOSIT, 0
		);
		vm.prank(buyer);
		escrow.confirm(id);
		assertClosed(id, ITradeEscrow.Outcome.Confirmed, toSeller, BUYER_DEPOSIT, 0);
		assertDrains(CMT);
		assertEq(seller.balance, WEALTH + PRICE, "the seller has the price");
		assertEq(buyer.balance, WEALTH - PRICE, "the buyer has paid it");
	}

	function test_BuyerConfirmsBeforeTheClaim() public {
		bytes32 id = active(usual(CMT));
		vm.prank(buyer);
		escrow.confirm(id);
		uint256 toSeller = uint256(PRICE) + SELLER_DEPOSIT;
		assertClosed(id, ITradeEscrow.Outcome.Confirmed, toSeller, BUYER_DEPOSIT, 0);
	}

	function test_SellerGivesBackBeforeAndAfterTheClaim() public {
		bytes32 id = active(usual(CMT));
		vm.prank(seller);
		escrow.giveBack(id);
		assertClosed(id, ITradeEscrow.Outcome.GivenBack, SELLER_DEPOSIT, BUYER_STAKE, 0);
		assertDrains(CMT);
		id = delivered(usual(CMT));
		vm.prank(seller);
		escrow.giveBack(id);
		assertClosed(id, ITradeEscrow.Outcome.GivenBack, SELLER_DEPOSIT, BUYER_STAKE, 0);
		assertDrains(CMT);
		assertEq(buyer.balance, WEALTH, "nothing lost");
	}

	function test_SharesSayWhatWouldBeCredited() public {
		bytes32 id = delivered(usual(CMT));
		(uint256 toSeller, uint256 toBuyer, uint256 toArbiter) = escrow.shares(id, PRICE / 5);
		assertEq(toSeller, PRICE * 4 / 5 + SELLER_DEPOSIT, "seller");
		assertEq(toBuyer, PRICE / 5 + BUYER_DEPOSIT, "buyer");
		assertEq(toArbiter, 0, "arbiter");
	}

	function test_SharesRefuseOutsideOfARunningTrade() public {
		bytes4 why = ITradeEscrow.WrongStage.selector;
		vm.expectRevert(abi.encodeWithSelector(ITradeEscrow.UnknownTrade.selector, bytes32("x")));
		escrow.shares("x", 0);
		bytes32 id = open(usual(CMT));
		vm.expectRevert(abi.encodeWithSelector(why, id, ITradeEscrow.Stage.Open));
		escrow.shares(id, 0);
		acceptFrom(buyer, id, BUYER_STAKE);
		bytes4 above = ITradeEscrow.RefundAbovePrice.selector;
		vm.expectRevert(abi.encodeWithSelector(above, PRICE + 1, PRICE));
		escrow.shares(id, PRICE + 1);
		vm.prank(buyer);
		escrow.confirm(id);
		vm.expectRevert(abi.encodeWithSelector(why, id, ITradeEscrow.Stage.Closed));
		escrow.shares(id, 0);
	}
}
