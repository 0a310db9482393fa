// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract OfferTest is EscrowTest {
	// --- what works ---

	function test_SellerOffersAndPaysItsDeposit() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		bytes32 id = keccak256(abi.encode(seller, 1, terms));
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.Offered(id, seller, arbiter, terms, uint64(START + 1 days));
		assertEq(uint256(offered(terms)), uint256(id), "id");
		assertEq(seller.balance, WEALTH - SELLER_DEPOSIT, "paid");
		assertEq(escrow.owed(CMT), SELLER_DEPOSIT, "owed");
		assertEq(escrow.offersOf(seller), 1, "offers");
	}

	function test_BuyerOffersAndPaysPriceAndDeposit() public {
		bytes32 id = offerFrom(buyer, usual(CMT), BUYER_STAKE);
		assertEq(buyer.balance, WEALTH - BUYER_STAKE, "paid");
		assertEq(escrow.owed(CMT), BUYER_STAKE, "owed");
		assertEq(uint160(escrow.trade(id).maker), uint160(buyer), "maker");
	}

	function test_OfferIsRecordedAsMade() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		ITradeEscrow.Trade memory t = escrow.trade(offered(terms));
		assertEq(
			uint256(keccak256(abi.encode(t.terms))), uint256(keccak256(abi.encode(terms))), "terms"
		);
		assertEq(uint160(t.maker), uint160(seller), "maker");
		assertEq(t.deadline, START + 1 days, "deadline");
		assertEq(uint256(t.stage), uint256(ITradeEscrow.Stage.Offered), "stage");
		assertEq(uint256(t.outcome), uint256(ITradeEscrow.Outcome.None), "outcome");
	}

	function test_EqualTermsMakeAnotherTrade() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		bytes32 first = offered(terms);
		bytes32 second = offered(terms);
		vm.assertTrue(first != second, "two trades");
		assertEq(escrow.owed(CMT), 2 * uint256(SELLER_DEPOSIT), "owed");
	}

	function test_MoreThanTheStakeIsCredited() public {
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.Credited(seller, CMT, 7);
		offerFrom(seller, usual(CMT), SELLER_DEPOSIT + 7);
		assertEq(escrow.credit(CMT, seller), 7, "credit");
		assertEq(escrow.owed(CMT), SELLER_DEPOSIT + 7, "owed");
	}

	function test_ArbiterMayWorkForNothingAndDepositsBeZero() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		(terms.sellerDeposit, terms.buyerDeposit, terms.arbiterFee) = (0, 0, 0);
		bytes32 id = disputed(terms);
		vm.prank(arbiter);
		escrow.decide(id, PRICE / 4, 0);
		assertClosed(id, ITradeEscrow.Outcome.Decided, PRICE * 3 / 4, PRICE / 4, 0);
	}

	function test_ArbiterAgrees() public {
		bytes32 id = offered(usual(CMT));
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.ArbiterAgreed(id, arbiter);
		vm.prank(arbiter);
		escrow.agreeToArbitrate(id);
		assertStage(id, ITradeEscrow.Stage.Open);
		assertEq(
			escrow.trade(id).deadline, START + 1 days, "the offer stands no longer than before"
		);
	}

	function test_SellerCancels() public {
		bytes32 id = offered(usual(CMT));
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.TradeClosed(id, ITradeEscrow.Outcome.Cancelled, SELLER_DEPOSIT, 0, 0);
		vm.prank(seller);
		escrow.cancel(id);
		assertClosed(id, ITradeEscrow.Outcome.Cancelled, SELLER_DEPOSIT, 0, 0);
		assertDrains(CMT);
	}

	function test_BuyerCancelsAfterTheArbiterAgreed() public {
		bytes32 id = offerFrom(buyer, usual(CMT), BUYER_STAKE);
		vm.prank(arbiter);
		escrow.agreeToArbitrate(id);
		vm.prank(buyer);
		escrow.cancel(id);
		assertClosed(id, ITradeEscrow.Outcome.Cancelled, 0, BUYER_STAKE, 0);
		assertDrains(CMT);
	}

	function test_TheCodeFitsTheChain() public view {
		vm.assertLe(address(escrow).code.length, 24_576, "bytes of code");
	}

	// --- what does not ---

	function refused(ITradeEscrow.Terms memory terms, bytes memory why) private {
		vm.expectRevert(why);
		vm.prank(seller);
		escrow.offer{value: terms.sellerDeposit}(terms, terms.sellerDeposit);
	}

	function test_RefusesAMakerWhoIsNeither() public {
		vm.expectRevert(abi.encodeWithSelector(ITradeEscrow.MakerNotInTerms.selector, stranger));
		vm.prank(stranger);
		escrow.offer{value: SELLER_DEPOSIT}(usual(CMT), SELLER_DEPOSIT);
	}

	function test_RefusesATradeWithOneself() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.buyer = seller;
		refused(terms, abi.encodeWithSelector(ITradeEscrow.SellerIsBuyer.selector, seller));
	}

	function test_RefusesNoArbiter() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.arbiter = address(0);
		refused(terms, abi.encodeWithSelector(ITradeEscrow.ArbiterMissing.selector));
	}

	function test_RefusesNoArbiterWhereTheBuyerIsOpen() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		(terms.arbiter, terms.buyer) = (address(0), address(0));
		refused(terms, abi.encodeWithSelector(ITradeEscrow.ArbiterMissing.selector));
	}

	function test_RefusesAPartyAsArbiter() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.arbiter = seller;
		refused(terms, abi.encodeWithSelector(ITradeEscrow.ArbiterIsParty.selector, seller));
		terms.arbiter = buyer;
		refused(terms, abi.encodeWithSelector(ITradeEscrow.ArbiterIsParty.selector, buyer));
	}

	function test_RefusesNoPrice() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.price = 0;
		refused(terms, abi.encodeWithSelector(ITradeEscrow.PriceIsZero.selector));
	}

	function test_RefusesAFeeAboveEitherDeposit() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		bytes4 why = ITradeEscrow.FeeAboveDeposit.selector;
		terms.arbiterFee = BUYER_DEPOSIT + 1;
		refused(terms, abi.encodeWithSelector(why, BUYER_DEPOSIT + 1, BUYER_DEPOSIT));
		terms.sellerDeposit = BUYER_DEPOSIT;
		refused(terms, abi.encodeWithSelector(why, BUYER_DEPOSIT + 1, BUYER_DEPOSIT));
		terms.arbiterFee = BUYER_DEPOSIT;
		offered(terms);
	}

	function test_RefusesEachPeriodOutOfRange() public {
		uint32[2] memory wrong = [escrow.MIN_PERIOD() - 1, escrow.MAX_PERIOD() + 1];
		for (uint256 i = 0; i < 8; i++) {
			ITradeEscrow.Terms memory terms = usual(CMT);
			uint32 period = wrong[i % 2];
			if (i / 2 == 0) terms.acceptWithin = period;
			if (i / 2 == 1) terms.deliverWithin = period;
			if (i / 2 == 2) terms.confirmWithin = period;
			if (i / 2 == 3) terms.decideWithin = period;
			refused(terms, abi.encodeWithSelector(ITradeEscrow.PeriodOutOfRange.selector, period));
		}
	}

	function test_RefusesLessThanTheStake() public {
		vm.expectRevert(
			abi.encodeWithSelector(
				ITradeEscrow.TooLittleArrived.selector, SELLER_DEPOSIT - 1, SELLER_DEPOSIT
			)
		);
		vm.prank(seller);
		escrow.offer{value: SELLER_DEPOSIT - 1}(usual(CMT), SELLER_DEPOSIT - 1);
	}

	function test_RefusesAnotherValueThanNamed() public {
		vm.expectRevert(
			abi.encodeWithSelector(
				ITradeEscrow.WrongValue.selector, SELLER_DEPOSIT, SELLER_DEPOSIT + 1
			)
		);
		vm.prank(seller);
		escrow.offer{value: SELLER_DEPOSIT}(usual(CMT), SELLER_DEPOSIT + 1);
	}

	function test_RefusesCmtOutsideOfATrade() public {
		vm.prank(stranger);
		(bool sent,) = address(escrow).call{value: 1}("");
		vm.assertTrue(!sent, "a plain transfer is refused");
	}
}
