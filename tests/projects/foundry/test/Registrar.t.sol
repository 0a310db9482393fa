// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {
	TransparentUpgradeableProxy
} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {vm} from "../script/Vm.sol";
import {Coin} from "../src/Coin.sol";
import {Names} from "../src/Names.sol";
import {Registrar} from "../src/Registrar.sol";

contract RegistrarTest {
	address internal constant BUYER = address(0xb0b);
	uint256 internal constant PRICE = 50;

	Coin internal coin;
	Registrar internal registrar;

	function setUp() public virtual {
		coin = new Coin(10 * PRICE);
		bytes memory start = abi.encodeCall(Registrar.initialize, (coin, PRICE));
		address code = address(new Registrar());
		registrar = Registrar(address(new TransparentUpgradeableProxy(code, address(1), start)));
		coin.transfer(BUYER, PRICE);
	}

	function test_sellsANameForCoins() external {
		Names names = registrar.names();
		uint256 id = names.idOf("carol");
		uint256 before = coin.balanceOf(address(registrar));
		vm.startPrank(BUYER);
		coin.approve(address(registrar), PRICE);
		vm.expectEmit(address(registrar));
		emit Registrar.Registered(BUYER, id, "carol");
		registrar.register("carol");
		vm.stopPrank();
		vm.assertEq(names.ownerOf(id), BUYER, "owner");
		vm.assertEq(coin.balanceOf(address(registrar)), before + PRICE, "coins");
	}

	function test_givesNothingAway() external {
		bytes4 poor = IERC20Errors.ERC20InsufficientAllowance.selector;
		vm.expectRevert(abi.encodeWithSelector(poor, registrar, 0, PRICE));
		registrar.register("carol");
		Names names = registrar.names();
		bytes4 foreign = Ownable.OwnableUnauthorizedAccount.selector;
		vm.expectRevert(abi.encodeWithSelector(foreign, this));
		names.give(BUYER, "carol");
	}

	function test_takesNoNameThatIsEmptyOrTooLong() external {
		vm.expectRevert(abi.encodePacked(Registrar.Empty.selector));
		registrar.register("");
		vm.expectRevert(abi.encodeWithSignature("Error(string)", "Registrar: too long"));
		registrar.register("charlotte");
	}

	function test_isStartedOnce() external {
		vm.expectRevert(abi.encodePacked(Initializable.InvalidInitialization.selector));
		registrar.initialize(coin, 0);
	}
}
