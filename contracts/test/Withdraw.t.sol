// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {GreedyAccount, RefusingAccount} from "./support/Accounts.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract WithdrawTest is EscrowTest {
	/// A trade that the arbiter gave to the buyer whole.
	function lostBySeller(ITradeEscrow.Terms memory terms) private returns (bytes32 id) {
		id = disputed(terms);
		vm.prank(terms.arbiter);
		escrow.decide(id, terms.price, 0);
	}

	function test_CreditIsTakenInParts() public {
		lostBySeller(usual(CMT));
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.Withdrawn(arbiter, CMT, arbiter, FEE / 3, FEE / 3);
		vm.prank(arbiter);
		escrow.withdraw(CMT, arbiter, FEE / 3);
		assertEq(arbiter.balance, FEE / 3, "received");
		assertEq(escrow.credit(CMT, arbiter), FEE - FEE / 3, "rest");
		assertDrains(CMT);
	}

	function test_CreditIsSentElsewhere() public {
		lostBySeller(usual(CMT));
		vm.prank(arbiter);
		escrow.withdraw(CMT, address(77), FEE);
		assertEq(address(77).balance, FEE, "received");
	}

	function test_CreditsOfSeveralTradesAddUp() public {
		lostBySeller(usual(CMT));
		lostBySeller(usual(CMT));
		vm.prank(arbiter);
		escrow.withdraw(CMT, arbiter, 2 * FEE);
		assertDrains(CMT);
	}

	function test_RefusesMoreThanTheCredit() public {
		lostBySeller(usual(CMT));
		bytes4 why = ITradeEscrow.CreditTooSmall.selector;
		vm.expectRevert(abi.encodeWithSelector(why, FEE, FEE + 1));
		vm.prank(arbiter);
		escrow.withdraw(CMT, arbiter, FEE + 1);
	}

	function test_RefusesAnotherAsset() public {
		lostBySeller(usual(CMT));
		bytes4 why = ITradeEscrow.CreditTooSmall.selector;
		vm.expectRevert(abi.encodeWithSelector(why, 0, 1));
		vm.prank(arbiter);
		escrow.withdraw(address(1), arbiter, 1);
	}

	function test_RefusesNothing() public {
		vm.expectRevert(abi.encodeWithSelector(ITradeEscrow.AmountIsZero.selector));
		escrow.withdraw(CMT, stranger, 0);
	}

	function test_RefusesReceiversThatWouldLoseIt() public {
		bytes4 why = ITradeEscrow.BadReceiver.selector;
		vm.expectRevert(abi.encodeWithSelector(why, address(0)));
		escrow.withdraw(CMT, address(0), 1);
		vm.expectRevert(abi.encodeWithSelector(why, address(escrow)));
		escrow.withdraw(CMT, address(escrow), 1);
	}

	// --- receivers that do harm ---

	function test_AReceiverThatRefusesHoldsUpNobody() public {
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.arbiter = address(new RefusingAccount());
		lostBySeller(terms);
		vm.expectRevert(abi.encodeWithSelector(RefusingAccount.NoThanks.selector));
		vm.prank(terms.arbiter);
		escrow.withdraw(CMT, terms.arbiter, FEE);
		takeOut(CMT, buyer);
		takeOut(CMT, seller);
		vm.prank(terms.arbiter);
		escrow.withdraw(CMT, stranger, FEE);
		assertEq(address(escrow).balance, 0, "nothing is stuck");
	}

	function test_AReceiverThatCallsAgainGetsNoMore() public {
		GreedyAccount greedy = new GreedyAccount(escrow);
		ITradeEscrow.Terms memory terms = usual(CMT);
		terms.arbiter = address(greedy);
		lostBySeller(terms);
		greedy.setMessage(abi.encodeCall(ITradeEscrow.withdraw, (CMT, address(greedy), FEE / 2)));
		vm.prank(address(greedy));
		escrow.withdraw(CMT, address(greedy), FEE / 2);
		vm.assertTrue(!greedy.succeeded(), "the call within was refused");
		bytes4 why = bytes4(greedy.answer());
		bytes4 guard = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
		vm.assertTrue(why == guard, "by the guard");
		assertEq(address(greedy).balance, FEE / 2, "received once");
		assertEq(escrow.credit(CMT, address(greedy)), FEE - FEE / 2, "rest");
	}
}
