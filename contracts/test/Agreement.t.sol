// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

contract AgreementTest is EscrowTest {
	function propose(address who, bytes32 id, uint128 refund) private {
		vm.prank(who);
		escrow.propose(id, refund);
	}

	function agree(address who, bytes32 id, uint128 refund) private {
		vm.prank(who);
		escrow.agree(id, refund);
	}

	function test_SellerProposesAndBuyerAgrees() public {
		bytes32 id = delivered(usual(CMT));
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.RefundProposed(id, seller, 200 ether, ITradeEscrow.Stage.Delivered);
		propose(seller, id, 200 ether);
		assertEq(escrow.proposal(id, seller).refund, 200 ether, "proposal");
		agree(buyer, id, 200 ether);
		uint256 toSeller = 800 ether + SELLER_DEPOSIT;
		assertClosed(id, ITradeEscrow.Outcome.Agreed, toSeller, 200 ether + BUYER_DEPOSIT, 0);
		assertDrains(CMT);
	}

	function test_BuyerProposesAndSellerAgreesBeforeTheDelivery() public {
		bytes32 id = active(usual(CMT));
		propose(buyer, id, PRICE);
		agree(seller, id, PRICE);
		assertClosed(id, ITradeEscrow.Outcome.Agreed, SELLER_DEPOSIT, BUYER_STAKE, 0);
	}

	function test_InADisputeTheArbiterIsPaidAsIfItHadDecidedSo() public {
		bytes32 id = disputed(usual(CMT));
		propose(buyer, id, PRICE / 2);
		agree(seller, id, PRICE / 2);
		uint256 half = PRICE / 2;
		assertClosed(
			id,
			ITradeEscrow.Outcome.Agreed,
			half + SELLER_DEPOSIT - FEE / 2,
			half + BUYER_DEPOSIT - FEE / 2,
			FEE
		);
		assertDrains(CMT);
	}

	function test_ACounterProposalLeavesTheOtherStanding() public {
		bytes32 id = active(usual(CMT));
		propose(seller, id, 1);
		propose(buyer, id, 3);
		agree(buyer, id, 1);
		assertEq(uint256(escrow.trade(id).outcome), uint256(ITradeEscrow.Outcome.Agreed), "agreed");
	}

	function test_ALaterProposalReplacesTheFormer() public {
		bytes32 id = active(usual(CMT));
		propose(seller, id, 5);
		propose(seller, id, 2);
		bytes4 why = ITradeEscrow.ProposalDiffers.selector;
		vm.expectRevert(abi.encodeWithSelector(why, id, 2));
		agree(buyer, id, 5);
		agree(buyer, id, 2);
	}

	function test_AProposalDoesNotOutliveItsStage() public {
		bytes32 id = active(usual(CMT));
		propose(seller, id, 500 ether);
		vm.prank(seller);
		escrow.claimDelivery(id, 0);
		bytes memory why = abi.encodeWithSelector(ITradeEscrow.NoProposal.selector, id);
		vm.expectRevert(why);
		agree(buyer, id, 500 ether);
		propose(seller, id, 1);
		vm.prank(buyer);
		escrow.dispute(id, 0);
		vm.expectRevert(why);
		agree(buyer, id, 1);
		vm.expectRevert(why);
		vm.prank(seller);
		escrow.withdrawProposal(id);
	}

	function test_AProposalTakenBackCannotBeAccepted() public {
		bytes32 id = active(usual(CMT));
		propose(seller, id, 5);
		vm.expectEmit(address(escrow));
		emit ITradeEscrow.ProposalWithdrawn(id, seller);
		vm.prank(seller);
		escrow.withdrawProposal(id);
		vm.expectRevert(abi.encodeWithSelector(ITradeEscrow.NoProposal.selector, id));
		agree(buyer, id, 5);
	}

	function test_NobodyAgreesWithThemselves() public {
		bytes32 id = active(usual(CMT));
		propose(seller, id, 5);
		vm.expectRevert(abi.encodeWithSelector(ITradeEscrow.NoProposal.selector, id));
		agree(seller, id, 5);
	}

	function test_RefusesToAgreeToARefundThatNobodyProposed() public {
		bytes32 id = active(usual(CMT));
		vm.expectRevert(abi.encodeWithSelector(ITradeEscrow.NoProposal.selector, id));
		agree(buyer, id, 0);
	}

	function test_RefusesToProposeMoreThanThePrice() public {
		bytes32 id = active(usual(CMT));
		bytes4 why = ITradeEscrow.RefundAbovePrice.selector;
		vm.expectRevert(abi.encodeWithSelector(why, PRICE + 1, PRICE));
		propose(buyer, id, PRICE + 1);
	}

	function test_RefusesWhoIsNoParty() public {
		bytes32 id = active(usual(CMT));
		bytes4 why = ITradeEscrow.NotAParty.selector;
		vm.expectRevert(abi.encodeWithSelector(why, id, arbiter));
		propose(arbiter, id, 0);
		vm.expectRevert(abi.encodeWithSelector(why, id, stranger));
		agree(stranger, id, 0);
		vm.expectRevert(abi.encodeWithSelector(why, id, stranger));
		vm.prank(stranger);
		escrow.withdrawProposal(id);
	}
}
