// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract ExpiryTest is EscrowTest {
	function expire(bytes32 id) private {
		uint64 deadline = escrow.trade(id).deadline;
		vm.warp(deadline);
		bytes4 why = ITradeEscrow.DeadlineNotPassed.selector;
		vm.expectRevert(abi.encodeWithSelector(why, id, deadline));
		escrow.expire(id);
		skip(1);
		vm.prank(stranger);
		escrow.expire(id);
	}

	function test_AnOfferLapses() public {
		bytes32 id = offered(usual(CMT));
		expire(id);
		assertClosed(id, ITradeEscrow.Outcome.Lapsed, SELLER_DEPOSIT, 0, 0);
		assertDrains(CMT);
	}

	function test_AnOfferWithAnArbiterLapses() public {
		bytes32 id = open(usual(CMT));
		expire(id);
		assertClosed(id, ITradeEscrow.Outcome.Lapsed, SELLER_DEPOSIT, 0, 0);
	}

	function test_ABuyersOfferLapses() public {
		bytes32 id = offerFrom(buyer, usual(CMT), BUYER_STAKE);
		expire(id);
		assertClosed(id, ITradeEscrow.Outcome.Lapsed, 0, BUYER_STAKE, 0);
	}

	function test_WhatIsNotDeliveredGoesBackToTheBuyer() public {
		bytes32 id = active(usual(CMT));
		expire(id);
		assertClosed(id, ITradeEscrow.Outcome.Undelivered, SELLER_DEPOSIT, BUYER_STAKE, 0);
		assertDrains(CMT);
	}

	function test_WhatIsNotAnsweredGoesToTheSeller() public {
		bytes32 id = delivered(usual(CMT));
		expire(id);
		uint256 toSeller = uint256(PRICE) + SELLER_DEPOSIT;
		assertClosed(id, ITradeEscrow.Outcome.Unanswered, toSeller, BUYER_DEPOSIT, 0);
		assertDrains(CMT);
	}

	function test_WhatIsNotDecidedIsHalvedAndTheArbiterUnpaid() public {
		bytes32 id = disputed(usual(CMT));
		expire(id);
		uint256 half = PRICE / 2;
		assertClosed(
			id, ITradeEscrow.Outcome.Undecided, half + SELLER_DEPOSIT, half + BUYER_DEPOSIT, 0
		);
		assertDrains(CMT);
	}

	function test_TheOddUnitOfAHalvedPriceStaysWithTheBuyer() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		(terms.price, terms.sellerDeposit, terms.buyerDeposit, terms.arbiterFee) = (7, 2, 2, 2);
		bytes32 id = disputed(terms);
		expire(id);
		assertClosed(id, ITradeEscrow.Outcome.Undecided, 3 + 2, 4 + 2, 0);
	}

	function test_LongPeriodsEndToo() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		(terms.acceptWithin, terms.deliverWithin) = (escrow.MAX_PERIOD(), escrow.MAX_PERIOD());
		(terms.confirmWithin, terms.decideWithin) = (escrow.MAX_PERIOD(), escrow.MAX_PERIOD());
		bytes32 id = disputed(terms);
		expire(id);
		assertDrains(CMT);
	}

	function test_RefusesASecondEnd() public {
		bytes32 id = active(usual(CMT));
		expire(id);
		bytes4 why = ITradeEscrow.WrongStage.selector;
		vm.expectRevert(abi.encodeWithSelector(why, id, ITradeEscrow.Stage.Closed));
		escrow.expire(id);
	}
}
