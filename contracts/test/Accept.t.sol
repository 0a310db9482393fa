// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract AcceptTest is EscrowTest {
	function test_BuyerAccepts() public {
		bytes32 id = open(usual(CMT));
		skip(1 hours);
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.Accepted(id, buyer, uint64(START + 1 hours + 7 days));
		acceptFrom(buyer, id, BUYER_STAKE);
		assertStage(id, ITradeEscrow.Stage.Active);
		assertEq(escrow.trade(id).deadline, START + 1 hours + 7 days, "deadline");
		assertEq(escrow.owed(CMT), BUYER_STAKE + SELLER_DEPOSIT, "owed");
	}

	function test_SellerAccepts() public {
		bytes32 id = offerFrom(buyer, usual(CMT), BUYER_STAKE);
		vm.prank(arbiter);
		escrow.agreeToArbitrate(id);
		acceptFrom(seller, id, SELLER_DEPOSIT);
		assertStage(id, ITradeEscrow.Stage.Active);
		assertEq(seller.balance, WEALTH - SELLER_DEPOSIT, "paid");
	}

	function test_AnybodyAcceptsAnOpenSale() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.buyer = address(0);
		bytes32 id = open(terms);
		acceptFrom(stranger, id, BUYER_STAKE);
		assertEq(uint160(escrow.trade(id).terms.buyer), uint160(stranger), "the buyer");
		vm.prank(stranger);
		escrow.confirm(id);
		assertEq(escrow.credit(CMT, stranger), BUYER_DEPOSIT, "the deposit comes back");
	}

	function test_AnybodyAcceptsAnOpenPurchase() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.seller = address(0);
		bytes32 id = offerFrom(buyer, terms, BUYER_STAKE);
		vm.prank(arbiter);
		escrow.agreeToArbitrate(id);
		acceptFrom(stranger, id, SELLER_DEPOSIT);
		assertEq(uint160(escrow.trade(id).terms.seller), uint160(stranger), "the seller");
		vm.prank(buyer);
		escrow.confirm(id);
		assertEq(escrow.credit(CMT, stranger), PRICE + SELLER_DEPOSIT, "price and deposit");
	}

	function test_AnOpenOfferOfEitherSideGoesBackToItsMaker() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.seller = address(0);
		bytes32 id = offerFrom(buyer, terms, BUYER_STAKE);
		vm.prank(buyer);
		escrow.cancel(id);
		terms = usual(CMT);
		terms.buyer = address(0);
		id = offered(terms);
		vm.prank(seller);
		escrow.cancel(id);
		assertEq(escrow.credit(CMT, buyer), BUYER_STAKE, "buyer");
		assertEq(escrow.credit(CMT, seller), SELLER_DEPOSIT, "seller");
		assertEq(escrow.credit(CMT, address(0)), 0, "nobody");
	}

	function test_MoreThanTheStakeIsCredited() public {
		acceptFrom(buyer, open(usual(CMT)), BUYER_STAKE + 9);
		assertEq(escrow.credit(CMT, buyer), 9, "credit");
	}

	// --- refusals ---

	function refused(address who, bytes32 id, bytes memory why) private {
		vm.expectRevert(why);
		vm.prank(who);
		escrow.accept{value: BUYER_STAKE}(id, BUYER_STAKE);
	}

	function test_RefusesBeforeTheArbiterAgreed() public {
		bytes32 id = offered(usual(CMT));
		bytes4 why = ITradeEscrow.WrongStage.selector;
		refused(buyer, id, abi.encodeWithSelector(why, id, ITradeEscrow.Stage.Offered));
	}

	function test_RefusesWhoIsNotInvited() public {
		bytes32 id = open(usual(CMT));
		vm.deal(arbiter, WEALTH);
		bytes4 why = ITradeEscrow.NotTheInvited.selector;
		refused(stranger, id, abi.encodeWithSelector(why, id, stranger));
		refused(seller, id, abi.encodeWithSelector(why, id, seller));
		refused(arbiter, id, abi.encodeWithSelector(why, id, arbiter));
	}

	function test_RefusesMakerAndArbiterInAnOpenSale() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.buyer = address(0);
		bytes32 id = open(terms);
		vm.deal(arbiter, WEALTH);
		refused(seller, id, abi.encodeWithSelector(ITradeEscrow.SellerIsBuyer.selector, seller));
		refused(arbiter, id, abi.encodeWithSelector(ITradeEscrow.ArbiterIsParty.selector, arbiter));
	}

	function test_RefusesLessThanTheStake() public {
		bytes32 id = open(usual(CMT));
		bytes4 why = ITradeEscrow.TooLittleArrived.selector;
		vm.expectRevert(abi.encodeWithSelector(why, BUYER_STAKE - 1, BUYER_STAKE));
		vm.prank(buyer);
		escrow.accept{value: BUYER_STAKE - 1}(id, BUYER_STAKE - 1);
		assertStage(id, ITradeEscrow.Stage.Open);
	}

	function test_RefusesASecondAcceptance() public {
		bytes32 id = active(usual(CMT));
		bytes4 why = ITradeEscrow.WrongStage.selector;
		refused(buyer, id, abi.encodeWithSelector(why, id, ITradeEscrow.Stage.Active));
	}
}
