// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";

/// Every step in every stage by everybody, in the last second of the deadline and in the one after:
/// each either works or is refused for the very reason that the rules give.
contract StepsTest is EscrowTest {
	uint256 private constant SELLER = 1;
	uint256 private constant BUYER = 2;
	uint256 private constant ARBITER = 4;

	struct Step {
		bytes data;
		uint256 value;
		ITradeEscrow.Stage first;
		ITradeEscrow.Stage last;
		uint256 allowed;
		bytes4 otherwise;
	}

	function stepsOfOffers(bytes32 id) private pure returns (Step[] memory steps) {
		steps = new Step[](3);
		steps[0] = Step(
			abi.encodeCall(ITradeEscrow.cancel, (id)),
			0,
			ITradeEscrow.Stage.Offered,
			ITradeEscrow.Stage.Open,
			SELLER,
			ITradeEscrow.NotTheMaker.selector
		);
		steps[1] = Step(
			abi.encodeCall(ITradeEscrow.agreeToArbitrate, (id)),
			0,
			ITradeEscrow.Stage.Offered,
			ITradeEscrow.Stage.Offered,
			ARBITER,
			ITradeEscrow.NotTheArbiter.selector
		);
		steps[2] = Step(
			abi.encodeCall(ITradeEscrow.accept, (id, BUYER_STAKE)),
			BUYER_STAKE,
			ITradeEscrow.Stage.Open,
			ITradeEscrow.Stage.Open,
			BUYER,
			ITradeEscrow.NotTheInvited.selector
		);
	}

	function stepsOfOneStage(bytes32 id) private pure returns (Step[] memory steps) {
		steps = new Step[](3);
		steps[0] = Step(
			abi.encodeCall(ITradeEscrow.claimDelivery, (id, 0)),
			0,
			ITradeEscrow.Stage.Active,
			ITradeEscrow.Stage.Active,
			SELLER,
			ITradeEscrow.NotTheSeller.selector
		);
		steps[1] = Step(
			abi.encodeCall(ITradeEscrow.dispute, (id, 0)),
			0,
			ITradeEscrow.Stage.Delivered,
			ITradeEscrow.Stage.Delivered,
			BUYER,
			ITradeEscrow.NotTheBuyer.selector
		);
		steps[2] = Step(
			abi.encodeCall(ITradeEscrow.decide, (id, 1, 0)),
			0,
			ITradeEscrow.Stage.Disputed,
			ITradeEscrow.Stage.Disputed,
			ARBITER,
			ITradeEscrow.NotTheArbiter.selector
		);
	}

	function runningStep(bytes memory data, uint256 allowed, bytes4 otherwise)
		private
		pure
		returns (Step memory)
	{
		return Step(
			data, 0, ITradeEscrow.Stage.Active, ITradeEscrow.Stage.Disputed, allowed, otherwise
		);
	}

	function stepsOfRunning(bytes32 id) private pure returns (Step[] memory steps) {
		bytes4 neither = ITradeEscrow.NotAParty.selector;
		steps = new Step[](5);
		steps[0] = runningStep(
			abi.encodeCall(ITradeEscrow.confirm, (id)), BUYER, ITradeEscrow.NotTheBuyer.selector
		);
		steps[1] = runningStep(
			abi.encodeCall(ITradeEscrow.giveBack, (id)), SELLER, ITradeEscrow.NotTheSeller.selector
		);
		steps[2] =
			runningStep(abi.encodeCall(ITradeEscrow.propose, (id, 1)), SELLER | BUYER, neither);
		steps[3] = runningStep(
			abi.encodeCall(ITradeEscrow.withdrawProposal, (id)), SELLER | BUYER, neither
		);
		steps[4] = runningStep(abi.encodeCall(ITradeEscrow.agree, (id, 5)), SELLER | BUYER, neither);
	}

	/// A trade in this stage; where both sides have paid, each proposes a refund of 5.
	function prepared(ITradeEscrow.Stage stage) private returns (bytes32 id) {
		if (stage == ITradeEscrow.Stage.None) return "unknown";
		id = brought(usual(CMT), stage);
		if (stage < ITradeEscrow.Stage.Active) return id;
		vm.prank(seller);
		escrow.propose(id, 5);
		vm.prank(buyer);
		escrow.propose(id, 5);
		if (stage < ITradeEscrow.Stage.Closed) return id;
		vm.prank(arbiter);
		escrow.decide(id, 0, 0);
	}

	function reason(Step memory step, ITradeEscrow.Stage stage, uint256 caller, bool late)
		private
		pure
		returns (bytes4)
	{
		if (stage == ITradeEscrow.Stage.None) return ITradeEscrow.UnknownTrade.selector;
		if (stage < step.first || stage > step.last) return ITradeEscrow.WrongStage.selector;
		if (late) return ITradeEscrow.DeadlinePassed.selector;
		return step.allowed & caller == 0 ? step.otherwise : bytes4(0);
	}

	function reasonToExpire(ITradeEscrow.Stage stage, bool late) private pure returns (bytes4) {
		if (stage == ITradeEscrow.Stage.None) return ITradeEscrow.UnknownTrade.selector;
		if (stage == ITradeEscrow.Stage.Closed) return ITradeEscrow.WrongStage.selector;
		return late ? bytes4(0) : ITradeEscrow.DeadlineNotPassed.selector;
	}

	/// Tries a step from the same state each time, and undoes it.
	function attempt(address who, uint256 value, bytes memory data, bytes4 why) private {
		uint256 before = vm.snapshotState();
		vm.prank(who);
		(bool done, bytes memory answer) = address(escrow).call{value: value}(data);
		vm.assertTrue(done == (why == 0), "whether it works");
		if (!done) vm.assertTrue(bytes4(answer) == why, "why it is refused");
		vm.revertToState(before);
	}

	function attemptAll(Step[] memory steps, ITradeEscrow.Stage stage, bool late) private {
		address[4] memory people = [seller, buyer, arbiter, stranger];
		for (uint256 i = 0; i < steps.length; i++) {
			for (uint256 k = 0; k < 4; k++) {
				bytes4 why = reason(steps[i], stage, 1 << k, late);
				attempt(people[k], steps[i].value, steps[i].data, why);
			}
		}
	}

	function attemptEverything(ITradeEscrow.Stage stage, bool late) private {
		uint256 before = vm.snapshotState();
		vm.deal(arbiter, WEALTH);
		bytes32 id = prepared(stage);
		if (stage != ITradeEscrow.Stage.None) vm.warp(escrow.trade(id).deadline + (late ? 1 : 0));
		attemptAll(stepsOfOffers(id), stage, late);
		attemptAll(stepsOfOneStage(id), stage, late);
		attemptAll(stepsOfRunning(id), stage, late);
		bytes memory expire = abi.encodeCall(ITradeEscrow.expire, (id));
		attempt(stranger, 0, expire, reasonToExpire(stage, late));
		vm.revertToState(before);
	}

	function test_EveryStepInEveryStageByEverybodyInTime() public {
		for (uint256 i = 0; i <= uint256(ITradeEscrow.Stage.Closed); i++) {
			attemptEverything(ITradeEscrow.Stage(i), false);
		}
	}

	function test_EveryStepInEveryStageByEverybodyTooLate() public {
		for (uint256 i = 0; i <= uint256(ITradeEscrow.Stage.Closed); i++) {
			attemptEverything(ITradeEscrow.Stage(i), true);
		}
	}
}
