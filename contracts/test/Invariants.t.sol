// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";
import {TradeEscrow} from "../src/TradeEscrow.sol";
import {Handler} from "./support/Handler.sol";
import {Test} from "./support/Test.sol";
import {PlainToken} from "./support/Tokens.sol";

/// What must hold whatever people do.
abstract contract Ledger is Test {
	TradeEscrow internal escrow;
	Handler internal handler;

	function setUp() public virtual {
		vm.warp(START);
		escrow = new TradeEscrow();
		handler = new Handler(escrow);
	}

	function held(address asset) internal view returns (uint256) {
		if (asset == address(0)) return address(escrow).balance;
		return PlainToken(asset).balanceOf(address(escrow));
	}

	/// What is owed is what trades and people are due, and it is there.
	function checkSolvent() public view {
		address[] memory assets = handler.allAssets();
		address[] memory people = handler.allPeople();
		for (uint256 i = 0; i < assets.length; i++) {
			uint256 due = handler.stakesIn(assets[i]);
			for (uint256 k = 0; k < people.length; k++) {
				due += escrow.credit(assets[i], people[k]);
			}
			assertEq(escrow.owed(assets[i]), due, "owed is what is due");
			assertEq(held(assets[i]), due + handler.donated(assets[i]), "held is what is owed");
		}
	}

	/// Nobody needs anybody else to get out what is theirs, and then nothing is left.
	function checkNothingStuck() public {
		uint256 before = vm.snapshotState();
		handler.drain();
		address[] memory assets = handler.allAssets();
		for (uint256 i = 0; i < assets.length; i++) {
			assertEq(escrow.owed(assets[i]), 0, "nothing is owed");
			assertEq(held(assets[i]), handler.donated(assets[i]), "nothing is left");
		}
		vm.revertToState(before);
	}

	/// Nothing that the handler looked for has happened.
	function checkNothingWrong() public view {
		vm.assertTrue(bytes(handler.wrong()).length == 0, handler.wrong());
	}
}

contract InvariantsTest is Ledger {
	function targetContracts() external view returns (address[] memory targets) {
		targets = new address[](1);
		targets[0] = address(handler);
	}

	function excludeSelectors() external view returns (FuzzSelector[] memory excluded) {
		excluded = new FuzzSelector[](1);
		bytes4[] memory selectors = new bytes4[](1);
		selectors[0] = Handler.drain.selector;
		excluded[0] = FuzzSelector(address(handler), selectors);
	}

	struct FuzzSelector {
		address addr;
		bytes4[] selectors;
	}

	function invariant_Solvent() external view {
		checkSolvent();
	}

	function invariant_NothingStuck() external {
		checkNothingStuck();
	}

	function invariant_NothingWrong() external view {
		checkNothingWrong();
	}
}

/// The checks above find what they look for, and the handler comes everywhere.
contract LedgerTest is Ledger {
	/// Where the escrow keeps maker, deadline, stage and outcome of a trade.
	function slotOf(bytes32 id) private pure returns (bytes32) {
		return bytes32(uint256(keccak256(abi.encode(id, 3))) + 7);
	}

	function someTrades() private {
		for (uint256 i = 0; i < 10; i++) {
			handler.offer(i << 40, 1000, 300, 1 days);
		}
		for (uint256 i = 0; i < 5; i++) {
			handler.agreeToArbitrate(0);
		}
		handler.accept(0);
		handler.expire(0);
		checkSolvent();
		checkNothingStuck();
		checkNothingWrong();
	}

	function test_AMissingUnitOfAnyAssetIsFound() public {
		someTrades();
		address[] memory assets = handler.allAssets();
		for (uint256 i = 0; i < assets.length; i++) {
			uint256 before = vm.snapshotState();
			lose(assets[i]);
			vm.expectRevert();
			this.checkSolvent();
			vm.revertToState(before);
		}
	}

	function lose(address asset) private {
		if (asset == address(0)) return vm.deal(address(escrow), address(escrow).balance - 1);
		// One of the tokens returns nothing.
		vm.prank(address(escrow));
		(bool done,) = asset.call(abi.encodeCall(PlainToken.transfer, (address(1), 1)));
		require(done, "lost");
	}

	function test_ACreditOutOfNothingIsFound() public {
		someTrades();
		bytes32 ofAsset = keccak256(abi.encode(address(0), 0));
		bytes32 slot = keccak256(abi.encode(handler.people(5), ofAsset));
		vm.store(address(escrow), slot, bytes32(uint256(1)));
		assertEq(escrow.credit(address(0), handler.people(5)), 1, "the slot is that of the credit");
		vm.expectRevert();
		this.checkSolvent();
	}

	function test_ATradeThatCannotEndIsFound() public {
		someTrades();
		bytes32 slot = slotOf(handler.ids(0));
		uint256 word = uint256(vm.load(address(escrow), slot));
		vm.store(address(escrow), slot, bytes32(word | (uint256(type(uint64).max) << 160)));
		assertEq(escrow.trade(handler.ids(0)).deadline, type(uint64).max, "the slot is the trade's");
		vm.expectRevert();
		this.checkNothingStuck();
	}

	function test_ATradeThatGoesBackIsFound() public {
		someTrades();
		bytes32 slot = slotOf(handler.ids(0));
		uint256 word = uint256(vm.load(address(escrow), slot));
		vm.store(address(escrow), slot, bytes32(word & ~(uint256(0xff) << 224) | (1 << 224)));
		assertEq(uint256(escrow.trade(handler.ids(0)).stage), 1, "the slot is the trade's");
		handler.intrude(0);
		vm.expectRevert();
		this.checkNothingWrong();
	}

	function test_TheHandlerReachesEveryOutcome() public {
		uint256 missing = (1 << (uint256(ITradeEscrow.Outcome.Undecided) + 1)) - 2;
		for (uint256 run = 0; run < 100 && missing != 0; run++) {
			setUp();
			for (uint256 i = 0; i < 100; i++) {
				act(uint256(keccak256(abi.encode(run, i))));
			}
			for (uint256 k = 1; k <= uint256(ITradeEscrow.Outcome.Undecided); k++) {
				if (handler.outcomes(ITradeEscrow.Outcome(k)) != 0) missing &= ~(1 << k);
			}
		}
		assertEq(missing, 0, "outcomes that were not reached");
	}

	/// An action of the handler, chosen by chance.
	function act(uint256 seed) private {
		uint256 which = seed % 13;
		seed >>= 8;
		if (which == 0) handler.offer(seed, uint128(seed), uint128(seed >> 9), uint32(seed));
		else if (which == 1) handler.agreeToArbitrate(seed);
		else if (which == 2) handler.accept(seed);
		else if (which == 3) handler.cancel(seed);
		else if (which == 4) handler.claimDelivery(seed);
		else if (which == 5) handler.dispute(seed);
		else if (which == 6) handler.decide(seed, uint128(seed));
		else if (which == 7) handler.concede(seed);
		else if (which == 8) handler.propose(seed, uint128(seed));
		else if (which == 9) handler.answer(seed);
		else if (which == 10) handler.wait(uint32(seed));
		else if (which == 11) handler.expire(seed);
		else handler.withdraw(seed, seed);
	}
}
