// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// A token as the standard says, whose behaviour others change.
contract PlainToken {
	mapping(address => uint256) public balanceOf;
	mapping(address => mapping(address => uint256)) public allowance;

	function mint(address to, uint256 amount) external {
		balanceOf[to] += amount;
	}

	function approve(address spender, uint256 amount) external returns (bool) {
		allowance[msg.sender][spender] = amount;
		return true;
	}

	function transfer(address to, uint256 amount) external virtual returns (bool) {
		_move(msg.sender, to, amount);
		return true;
	}

	function transferFrom(address from, address to, uint256 amount)
		external
		virtual
		returns (bool)
	{
		_spend(from, amount);
		_move(from, to, amount);
		return true;
	}

	function _spend(address from, uint256 amount) internal {
		require(allowance[from][msg.sender] >= amount, "allowance");
		allowance[from][msg.sender] -= amount;
	}

	function _move(address from, address to, uint256 amount) internal virtual {
		require(balanceOf[from] >= amount, "balance");
		balanceOf[from] -= amount;
		balanceOf[to] += amount;
	}
}

/// A token that keeps a hundredth of what is moved, rounded up.
contract FeeToken is PlainToken {
	function _move(address from, address to, uint256 amount) internal override {
		super._move(from, to, amount);
		balanceOf[to] -= (amount + 99) / 100;
	}
}

/// A token that charges the sender a hundredth on top.
contract ChargingToken is PlainToken {
	function _move(address from, address to, uint256 amount) internal override {
		super._move(from, to, amount);
		super._move(from, address(this), amount / 100);
	}
}

/// A token that refuses to move nothing, as a few do.
contract NoZeroToken is PlainToken {
	function _move(address from, address to, uint256 amount) internal override {
		require(amount != 0, "zero");
		super._move(from, to, amount);
	}
}

/// A token that says no instead of reverting.
contract FalseToken is PlainToken {
	bool public refuses;

	function setRefuses(bool value) external {
		refuses = value;
	}

	function transfer(address to, uint256 amount) external override returns (bool) {
		if (refuses) return false;
		_move(msg.sender, to, amount);
		return true;
	}

	function transferFrom(address from, address to, uint256 amount)
		external
		override
		returns (bool)
	{
		if (refuses) return false;
		_spend(from, amount);
		_move(from, to, amount);
		return true;
	}
}

/// A token that says yes and moves nothing.
contract LyingToken is PlainToken {
	bool public lies;

	function setLies(bool value) external {
		lies = value;
	}

	function _move(address from, address to, uint256 amount) internal override {
		if (!lies) super._move(from, to, amount);
	}
}

/// A token that calls back whom it is told to, within each move.
contract CallingToken is PlainToken {
	address public target;
	bytes public message;
	bytes public answer;
	bool public succeeded;

	function setCall(address to, bytes calldata data) external {
		target = to;
		message = data;
	}

	function _move(address from, address to, uint256 amount) internal override {
		super._move(from, to, amount);
		if (target != address(0)) (succeeded, answer) = target.call(message);
	}
}

/// A token from before the standard: `transfer` and `transferFrom` return nothing.
contract SilentToken {
	mapping(address => uint256) public balanceOf;
	mapping(address => mapping(address => uint256)) public allowance;

	function mint(address to, uint256 amount) external {
		balanceOf[to] += amount;
	}

	function approve(address spender, uint256 amount) external {
		allowance[msg.sender][spender] = amount;
	}

	function transfer(address to, uint256 amount) external {
		balanceOf[msg.sender] -= amount;
		balanceOf[to] += amount;
	}

	function transferFrom(address from, address to, uint256 amount) external {
		allowance[from][msg.sender] -= amount;
		balanceOf[from] -= amount;
		balanceOf[to] += amount;
	}
}
