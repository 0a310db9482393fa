// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";
import {
	CallingToken,
	ChargingToken,
	FalseToken,
	FeeToken,
	LyingToken,
	NoZeroToken,
	PlainToken,
	SilentToken
} from "./support/Tokens.sol";

contract TokensTest is EscrowTest {
	/// A whole trade with a dispute: 250 of 1000 go back.
	function tradeIn(address asset) private {
		bytes32 id = disputed(usual(asset));
		vm.prank(arbiter);
		escrow.decide(id, PRICE / 4, 0);
		uint256 toSeller = PRICE * 3 / 4 + SELLER_DEPOSIT - FEE / 4;
		uint256 toBuyer = PRICE / 4 + BUYER_DEPOSIT - FEE * 3 / 4;
		assertClosed(id, ITradeEscrow.Outcome.Decided, toSeller, toBuyer, FEE);
		assertDrains(asset);
		assertEq(PlainToken(asset).balanceOf(arbiter), FEE, "the arbiter is paid");
	}

	function test_AStandardToken() public {
		tradeIn(address(new PlainToken()));
	}

	function test_ATokenThatReturnsNothing() public {
		tradeIn(address(new SilentToken()));
	}

	function test_ATokenThatRefusesToMoveNothing() public {
		address asset = address(new NoZeroToken());
		tradeIn(asset);
		ITradeEscrow.Terms memory terms = usual(asset);
		(terms.sellerDeposit, terms.arbiterFee) = (0, 0);
		assertStage(active(terms), ITradeEscrow.Stage.Active);
	}

	// --- tokens that keep a part ---

	function test_OfATokenWithAFeeWhatArrivesCounts() public {
		address asset = address(new FeeToken());
		ITradeEscrow.Terms memory terms = usual(asset);
		// 99 of 100 arrive: too little. 100 of 101.01 and a bit do.
		uint256 asked = SELLER_DEPOSIT;
		uint256 value = prepare(seller, asset, asked);
		bytes4 why = ITradeEscrow.TooLittleArrived.selector;
		vm.expectRevert(abi.encodeWithSelector(why, SELLER_DEPOSIT * 99 / 100, SELLER_DEPOSIT));
		vm.prank(seller);
		escrow.offer{value: value}(terms, asked);
		offerFrom(seller, terms, SELLER_DEPOSIT * 100 / 99 + 1);
		assertEq(escrow.owed(asset), held(asset), "owed is what arrived");
	}

	function test_OfATokenWithAFeeTheSurplusIsCredited() public {
		address asset = address(new FeeToken());
		offerFrom(seller, usual(asset), 200 ether);
		assertEq(escrow.credit(asset, seller), 198 ether - SELLER_DEPOSIT, "surplus");
		takeOut(asset, seller);
		assertEq(held(asset), SELLER_DEPOSIT, "the stake stays");
	}

	function test_ATradeInATokenWithAFee() public {
		address asset = address(new FeeToken());
		bytes32 id = offerFrom(seller, usual(asset), 102 ether);
		vm.prank(arbiter);
		escrow.agreeToArbitrate(id);
		acceptFrom(buyer, id, 1100 ether);
		vm.prank(buyer);
		escrow.confirm(id);
		uint256 before = PlainToken(asset).balanceOf(seller);
		uint256 due = escrow.credit(asset, seller);
		assertDrains(asset);
		uint256 got = PlainToken(asset).balanceOf(seller) - before;
		assertEq(got, due * 99 / 100, "the receiver bears the fee");
	}

	function test_AChargeOnTopIsPaidByWhoWithdraws() public {
		address asset = address(new ChargingToken());
		bytes32 id = active(usual(asset));
		vm.prank(buyer);
		escrow.confirm(id);
		uint256 due = escrow.credit(asset, seller);
		vm.expectRevert(abi.encodeWithSelector(ITradeEscrow.CreditTooSmall.selector, 0, due / 100));
		vm.prank(seller);
		escrow.withdraw(asset, seller, due);
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.Withdrawn(seller, asset, seller, 1000 ether, 1010 ether);
		vm.prank(seller);
		escrow.withdraw(asset, seller, 1000 ether);
		assertEq(escrow.credit(asset, seller), due - 1010 ether, "the charge is debited");
		assertEq(held(asset), escrow.owed(asset), "nobody else pays");
	}

	// --- tokens that fail ---

	function test_ATokenThatSaysNoIsRefused() public {
		FalseToken token = new FalseToken();
		prepare(seller, address(token), SELLER_DEPOSIT);
		token.setRefuses(true);
		bytes memory why =
			abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token));
		vm.expectRevert(why);
		vm.prank(seller);
		escrow.offer(usual(address(token)), SELLER_DEPOSIT);
		token.setRefuses(false);
		bytes32 id = offered(usual(address(token)));
		vm.prank(seller);
		escrow.cancel(id);
		token.setRefuses(true);
		vm.expectRevert(why);
		vm.prank(seller);
		escrow.withdraw(address(token), seller, SELLER_DEPOSIT);
		assertEq(escrow.credit(address(token), seller), SELLER_DEPOSIT, "the credit stays");
	}

	function test_ATokenThatLiesWhenItPaysIn() public {
		LyingToken token = new LyingToken();
		prepare(seller, address(token), SELLER_DEPOSIT);
		token.setLies(true);
		bytes4 why = ITradeEscrow.TooLittleArrived.selector;
		vm.expectRevert(abi.encodeWithSelector(why, 0, SELLER_DEPOSIT));
		vm.prank(seller);
		escrow.offer(usual(address(token)), SELLER_DEPOSIT);
	}

	function test_ATokenThatLiesWhenItPaysOutCostsNoCredit() public {
		LyingToken token = new LyingToken();
		bytes32 id = offered(usual(address(token)));
		vm.prank(seller);
		escrow.cancel(id);
		token.setLies(true);
		takeOut(address(token), seller);
		assertEq(escrow.credit(address(token), seller), SELLER_DEPOSIT, "credited again");
		assertEq(escrow.owed(address(token)), SELLER_DEPOSIT, "owed");
		token.setLies(false);
		assertDrains(address(token));
	}

	function test_AnAddressWithoutCodeIsRefused() public {
		bytes memory why = abi.encodeWithSelector(ITradeEscrow.NotAToken.selector, stranger);
		vm.expectRevert(why);
		vm.prank(seller);
		escrow.offer(usual(stranger), SELLER_DEPOSIT);
		ITradeEscrow.Terms memory terms = usual(stranger);
		(terms.sellerDeposit, terms.arbiterFee) = (0, 0);
		vm.expectRevert(why);
		vm.prank(seller);
		escrow.offer(terms, 0);
	}

	function test_CmtWithATokenAreRefused() public {
		address asset = address(new PlainToken());
		prepare(seller, asset, SELLER_DEPOSIT);
		vm.expectRevert(abi.encodeWithSelector(ITradeEscrow.WrongValue.selector, 1, 0));
		vm.prank(seller);
		escrow.offer{value: 1}(usual(asset), SELLER_DEPOSIT);
	}

	function test_AssetsDoNotMix() public {
		address asset = address(new PlainToken());
		active(usual(CMT));
		bytes32 id = active(usual(asset));
		vm.prank(buyer);
		escrow.confirm(id);
		assertEq(escrow.credit(CMT, seller), 0, "no CMT");
		assertDrains(asset);
		assertEq(escrow.owed(CMT), BUYER_STAKE + SELLER_DEPOSIT, "CMT untouched");
	}

	// --- a token that calls back ---

	function calls(bytes32 id, address asset) private view returns (bytes[] memory all) {
		all = new bytes[](14);
		all[0] = abi.encodeCall(ITradeEscrow.offer, (usual(asset), 0));
		all[1] = abi.encodeCall(ITradeEscrow.cancel, (id));
		all[2] = abi.encodeCall(ITradeEscrow.agreeToArbitrate, (id));
		all[3] = abi.encodeCall(ITradeEscrow.accept, (id, 0));
		all[4] = abi.encodeCall(ITradeEscrow.claimDelivery, (id, 0));
		all[5] = abi.encodeCall(ITradeEscrow.confirm, (id));
		all[6] = abi.encodeCall(ITradeEscrow.giveBack, (id));
		all[7] = abi.encodeCall(ITradeEscrow.dispute, (id, 0));
		all[8] = abi.encodeCall(ITradeEscrow.decide, (id, 0, 0));
		all[9] = abi.encodeCall(ITradeEscrow.propose, (id, 0));
		all[10] = abi.encodeCall(ITradeEscrow.agree, (id, 0));
		all[11] = abi.encodeCall(ITradeEscrow.expire, (id));
		all[12] = abi.encodeCall(ITradeEscrow.withdrawProposal, (id));
		all[13] = abi.encodeCall(ITradeEscrow.withdraw, (asset, seller, 1));
	}

	function assertGuarded(CallingToken token) private view {
		vm.assertTrue(!token.succeeded(), "the call within was refused");
		bytes4 why = bytes4(token.answer());
		bytes4 guard = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
		vm.assertTrue(why == guard, "by the guard");
	}

	function test_NoStepCanBeTakenFromWithinAPayment() public {
		CallingToken token = new CallingToken();
		bytes32 id = offered(usual(address(token)));
		bytes[] memory all = calls(id, address(token));
		for (uint256 i = 0; i < all.length; i++) {
			token.setCall(address(escrow), all[i]);
			offered(usual(address(token)));
			assertGuarded(token);
		}
	}

	function test_NoStepCanBeTakenFromWithinAWithdrawal() public {
		CallingToken token = new CallingToken();
		bytes32 id = offered(usual(address(token)));
		vm.prank(seller);
		escrow.cancel(id);
		bytes[] memory all = calls(id, address(token));
		for (uint256 i = 0; i < all.length; i++) {
			token.setCall(address(escrow), all[i]);
			vm.prank(seller);
			escrow.withdraw(address(token), seller, 1);
			assertGuarded(token);
		}
	}

	function test_WhatATokenGivesFromWithinIsTheGiversOwn() public {
		CallingToken token = new CallingToken();
		bytes32 id = offered(usual(address(token)));
		vm.prank(seller);
		escrow.cancel(id);
		token.setCall(address(token), abi.encodeCall(PlainToken.mint, (address(escrow), 3)));
		vm.prank(seller);
		escrow.withdraw(address(token), seller, 10);
		assertEq(escrow.credit(address(token), seller), SELLER_DEPOSIT - 10 + 3, "credit");
		assertEq(held(address(token)), escrow.owed(address(token)), "held");
	}
}
