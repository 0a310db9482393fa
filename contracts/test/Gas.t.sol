// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {TradeEscrow} from "../src/TradeEscrow.sol";
import {EscrowTest} from "./support/EscrowTest.sol";
import {PlainToken} from "./support/Tokens.sol";

/// Measures each step as a transaction of its own; `npm run gas` makes the table of the README.
contract GasTest is EscrowTest {
	function measured(string memory step, address asset) private {
		vm.snapshotGasLastCall(asset == CMT ? "CMT" : "ERC-20", step);
	}

	function measureDelivery(address asset) private {
		bytes32 id = offered(usual(asset));
		measured("offer", asset);
		vm.prank(arbiter);
		escrow.agreeToArbitrate(id);
		measured("agreeToArbitrate", asset);
		acceptFrom(buyer, id, BUYER_STAKE);
		measured("accept", asset);
		vm.prank(seller);
		escrow.claimDelivery(id, "note");
		measured("claimDelivery", asset);
		vm.prank(buyer);
		escrow.confirm(id);
		measured("confirm", asset);
		vm.startPrank(seller);
		escrow.withdraw(asset, seller, escrow.credit(asset, seller));
		measured("withdraw", asset);
		vm.stopPrank();
	}

	function measureDispute(address asset) private {
		bytes32 id = delivered(usual(asset));
		vm.prank(buyer);
		escrow.dispute(id, "note");
		measured("dispute", asset);
		vm.prank(arbiter);
		escrow.decide(id, PRICE / 4, "note");
		measured("decide", asset);
	}

	function measureAgreement(address asset) private {
		bytes32 id = active(usual(asset));
		vm.prank(seller);
		escrow.propose(id, PRICE / 4);
		measured("propose", asset);
		vm.prank(buyer);
		escrow.propose(id, PRICE / 2);
		vm.prank(buyer);
		escrow.withdrawProposal(id);
		measured("withdrawProposal", asset);
		vm.prank(buyer);
		escrow.agree(id, PRICE / 4);
		measured("agree", asset);
	}

	function measureEnds(address asset) private {
		bytes32 id = offered(usual(asset));
		vm.prank(seller);
		escrow.cancel(id);
		measured("cancel", asset);
		id = active(usual(asset));
		vm.prank(seller);
		escrow.giveBack(id);
		measured("giveBack", asset);
		id = active(usual(asset));
		skip(8 days);
		escrow.expire(id);
		measured("expire", asset);
	}

	/// Each part starts from the same state: a first credit costs more than a later one.
	function measureAll(address asset) private {
		uint256 before = vm.snapshotState();
		measureDelivery(asset);
		vm.revertToState(before);
		measureDispute(asset);
		vm.revertToState(before);
		measureAgreement(asset);
		vm.revertToState(before);
		measureEnds(asset);
		vm.revertToState(before);
	}

	function test_GasOfEachStep() public {
		measureAll(CMT);
		measureAll(address(new PlainToken()));
	}

	function test_GasOfTheDeployment() public {
		new TradeEscrow();
		measured("deploy", CMT);
	}
}
