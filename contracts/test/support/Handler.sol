// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITradeEscrow} from "../../interfaces/ITradeEscrow.sol";
import {TradeEscrow} from "../../src/TradeEscrow.sol";
import {Test} from "./Test.sol";
import {ChargingToken, FeeToken, PlainToken, SilentToken} from "./Tokens.sol";

/// Does what people do with an escrow, in any order, and notes what must not happen. Each action picks
/// a trade where it is allowed, so nearly all go through; `intrude` does the others.
contract Handler is Test {
	uint256 private constant MOST_TRADES = 10;

	TradeEscrow public immutable ESCROW;
	address[] public people;
	address[] public assets;
	bytes32[] public ids;

	mapping(address asset => uint256) public donated;
	mapping(bytes32 id => ITradeEscrow.Stage) public reached;
	mapping(bytes32 id => bytes32) public closedAs;
	mapping(ITradeEscrow.Outcome => uint256) public outcomes;

	/// What went wrong, and stays empty.
	string public wrong;

	constructor(TradeEscrow escrow) {
		ESCROW = escrow;
		for (uint256 i = 0; i < 6; i++) {
			people.push(vm.addr(100 + i));
		}
		assets.push(address(0));
		assets.push(address(new PlainToken()));
		assets.push(address(new SilentToken()));
		assets.push(address(new FeeToken()));
		assets.push(address(new ChargingToken()));
	}

	// --- offers ---

	function offer(uint256 seed, uint128 price, uint128 deposit, uint32 period) external {
		if (ids.length == MOST_TRADES) return;
		ITradeEscrow.Terms memory terms = _terms(seed, price, deposit, period);
		address maker = seed % 2 == 0 ? terms.seller : terms.buyer;
		uint256 stake = _stake(terms, seed % 2 == 0);
		if (seed % 5 == 0) (terms.seller, terms.buyer) = _alone(terms, seed % 2 == 0);
		uint256 amount = _amount(terms.asset, stake, seed % 3);
		uint256 value = _fund(maker, terms.asset, amount);
		vm.prank(maker);
		ids.push(ESCROW.offer{value: value}(terms, amount));
		_look();
	}

	function agreeToArbitrate(uint256 seed) external {
		(bytes32 id, ITradeEscrow.Trade memory t) =
			_pick(seed, ITradeEscrow.Stage.Offered, ITradeEscrow.Stage.Offered);
		if (id == 0) return;
		vm.prank(t.terms.arbiter);
		ESCROW.agreeToArbitrate(id);
		_look();
	}

	function accept(uint256 seed) external {
		(bytes32 id, ITradeEscrow.Trade memory t) =
			_pick(seed, ITradeEscrow.Stage.Open, ITradeEscrow.Stage.Open);
		if (id == 0) return;
		bool buys = t.maker == t.terms.seller;
		address taker = buys ? t.terms.buyer : t.terms.seller;
		if (taker == address(0)) taker = _outsider(t.terms, seed);
		uint256 amount = _amount(t.terms.asset, _stake(t.terms, !buys), seed % 3);
		uint256 value = _fund(taker, t.terms.asset, amount);
		vm.prank(taker);
		ESCROW.accept{value: value}(id, amount);
		_look();
	}

	function cancel(uint256 seed) external {
		(bytes32 id, ITradeEscrow.Trade memory t) =
			_pick(seed, ITradeEscrow.Stage.Offered, ITradeEscrow.Stage.Open);
		// Seldom: the trades that go on are the interesting ones.
		if (id == 0 || seed % 4 != 0) return;
		uint256[3] memory before = _credits(id);
		vm.prank(t.maker);
		ESCROW.cancel(id);
		_weigh(id, t, before);
	}

	// --- running trades ---

	function claimDelivery(uint256 seed) external {
		(bytes32 id, ITradeEscrow.Trade memory t) =
			_pick(seed, ITradeEscrow.Stage.Active, ITradeEscrow.Stage.Active);
		if (id == 0) return;
		vm.prank(t.terms.seller);
		ESCROW.claimDelivery(id, bytes32(seed));
		_look();
	}

	function dispute(uint256 seed) external {
		(bytes32 id, ITradeEscrow.Trade memory t) =
			_pick(seed, ITradeEscrow.Stage.Delivered, ITradeEscrow.Stage.Delivered);
		if (id == 0) return;
		vm.prank(t.terms.buyer);
		ESCROW.dispute(id, bytes32(seed));
		_look();
	}

	function decide(uint256 seed, uint128 refund) external {
		(bytes32 id, ITradeEscrow.Trade memory t) =
			_pick(seed, ITradeEscrow.Stage.Disputed, ITradeEscrow.Stage.Disputed);
		// Not always: some arbiters stay silent.
		if (id == 0 || seed % 2 != 0) return;
		uint256[3] memory before = _credits(id);
		vm.prank(t.terms.arbiter);
		ESCROW.decide(id, uint128(bound(refund, 0, t.terms.price)), bytes32(seed));
		_weigh(id, t, before);
	}

	/// One side gives in.
	function concede(uint256 seed) external {
		(bytes32 id, ITradeEscrow.Trade memory t) = _running(seed);
		if (id == 0 || seed % 3 != 0) return;
		uint256[3] memory before = _credits(id);
		vm.prank(seed % 2 == 0 ? t.terms.seller : t.terms.buyer);
		if (seed % 2 == 0) ESCROW.giveBack(id);
		else ESCROW.confirm(id);
		_weigh(id, t, before);
	}

	function propose(uint256 seed, uint128 refund) external {
		(bytes32 id, ITradeEscrow.Trade memory t) = _running(seed);
		if (id == 0) return;
		vm.prank(seed % 2 == 0 ? t.terms.seller : t.terms.buyer);
		ESCROW.propose(id, uint128(bound(refund, 0, t.terms.price)));
		_look();
	}

	/// Takes up what the other side proposes, or takes one's own proposal back.
	function answer(uint256 seed) external {
		(bytes32 id, ITradeEscrow.Trade memory t) = _running(seed);
		if (id == 0) return;
		address who = seed % 2 == 0 ? t.terms.seller : t.terms.buyer;
		address other = seed % 2 == 0 ? t.terms.buyer : t.terms.seller;
		uint256[3] memory before = _credits(id);
		if (_stands(id, t, other)) _agree(id, t, who, other, before);
		else if (_stands(id, t, who)) _takeBack(id, who);
	}

	// --- time and money ---

	function wait(uint32 time) external {
		skip(bound(time, 1, 12 hours));
	}

	function expire(uint256 seed) external {
		for (uint256 i = 0; i < ids.length; i++) {
			bytes32 id = ids[addmod(seed, i, ids.length)];
			ITradeEscrow.Trade memory t = ESCROW.trade(id);
			if (t.stage == ITradeEscrow.Stage.Closed || block.timestamp <= t.deadline) continue;
			uint256[3] memory before = _credits(id);
			ESCROW.expire(id);
			return _weigh(id, t, before);
		}
	}

	function withdraw(uint256 seed, uint256 amount) external {
		address who = people[seed % people.length];
		address asset = assets[(seed >> 8) % assets.length];
		uint256 most = _withdrawable(asset, who);
		if (most == 0) return;
		vm.prank(who);
		ESCROW.withdraw(asset, who, bound(amount, 1, most));
		_look();
	}

	function donate(uint256 seed, uint64 amount) external {
		address asset = assets[seed % assets.length];
		donated[asset] += amount;
		if (asset == address(0)) vm.deal(address(ESCROW), address(ESCROW).balance + amount);
		else PlainToken(asset).mint(address(ESCROW), amount);
	}

	/// Somebody who has no part in a trade tries a step of it.
	function intrude(uint256 seed) external {
		if (ids.length == 0) return;
		bytes32 id = ids[seed % ids.length];
		address who = vm.addr(999);
		bytes[8] memory steps = [
			abi.encodeCall(ITradeEscrow.cancel, (id)),
			abi.encodeCall(ITradeEscrow.agreeToArbitrate, (id)),
			abi.encodeCall(ITradeEscrow.claimDelivery, (id, 0)),
			abi.encodeCall(ITradeEscrow.confirm, (id)),
			abi.encodeCall(ITradeEscrow.giveBack, (id)),
			abi.encodeCall(ITradeEscrow.decide, (id, 0, 0)),
			abi.encodeCall(ITradeEscrow.agree, (id, 0)),
			abi.encodeCall(ITradeEscrow.withdraw, (assets[seed % assets.length], who, 1))
		];
		vm.prank(who);
		(bool done,) = address(ESCROW).call(steps[(seed >> 8) % steps.length]);
		if (done) wrong = "a stranger took a step";
		_look();
	}

	// --- the end of all things ---

	/// Long after every deadline: ends what still waits, and everybody takes out everything.
	function drain() external {
		vm.warp(block.timestamp + 4 * 365 days + 4);
		for (uint256 i = 0; i < ids.length; i++) {
			if (ESCROW.trade(ids[i]).stage != ITradeEscrow.Stage.Closed) ESCROW.expire(ids[i]);
		}
		for (uint256 i = 0; i < assets.length; i++) {
			for (uint256 k = 0; k < people.length; k++) {
				_takeAll(assets[i], people[k]);
			}
		}
	}

	function _takeAll(address asset, address who) private {
		// A charge on top leaves a smaller and smaller rest.
		for (uint256 most = _withdrawable(asset, who); most > 0;) {
			vm.prank(who);
			ESCROW.withdraw(asset, who, most);
			most = _withdrawable(asset, who);
		}
	}

	function tradeCount() external view returns (uint256) {
		return ids.length;
	}

	function allAssets() external view returns (address[] memory) {
		return assets;
	}

	function allPeople() external view returns (address[] memory) {
		return people;
	}

	// --- what is noted ---

	/// No trade goes back, and none that has ended changes.
	function _look() private {
		for (uint256 i = 0; i < ids.length; i++) {
			ITradeEscrow.Trade memory t = ESCROW.trade(ids[i]);
			if (t.stage < reached[ids[i]]) wrong = "a trade went back";
			reached[ids[i]] = t.stage;
			if (t.stage != ITradeEscrow.Stage.Closed) continue;
			bytes32 digest = keccak256(abi.encode(t));
			if (closedAs[ids[i]] == 0) closedAs[ids[i]] = digest;
			if (closedAs[ids[i]] != digest) wrong = "a closed trade changed";
		}
	}

	/// An end credits exactly what the trade held, and the arbiter only for a dispute that it decided
	/// or that the sides ended themselves.
	function _weigh(bytes32 id, ITradeEscrow.Trade memory t, uint256[3] memory before) private {
		uint256[3] memory gained = _credits(id);
		for (uint256 i = 0; i < 3; i++) {
			gained[i] -= before[i];
		}
		ITradeEscrow.Outcome outcome = ESCROW.trade(id).outcome;
		outcomes[outcome]++;
		if (gained[0] + gained[1] + gained[2] != _staked(t)) wrong = "an end lost or made money";
		bool paid =
			t.stage == ITradeEscrow.Stage.Disputed && outcome != ITradeEscrow.Outcome.Undecided;
		uint256 fee = paid ? t.terms.arbiterFee : 0;
		if (gained[2] > fee || gained[2] + 1 < fee) wrong = "an arbiter was paid wrongly";
		_look();
	}

	function _credits(bytes32 id) private view returns (uint256[3] memory amounts) {
		ITradeEscrow.Terms memory terms = ESCROW.trade(id).terms;
		amounts[0] = ESCROW.credit(terms.asset, terms.seller);
		amounts[1] = ESCROW.credit(terms.asset, terms.buyer);
		amounts[2] = ESCROW.credit(terms.asset, terms.arbiter);
	}

	/// What a trade holds, told from its stage alone.
	function _staked(ITradeEscrow.Trade memory t) private pure returns (uint256) {
		if (t.stage == ITradeEscrow.Stage.Closed) return 0;
		bool sells = t.maker == t.terms.seller;
		if (t.stage <= ITradeEscrow.Stage.Open) return _stake(t.terms, sells);
		return _stake(t.terms, true) + _stake(t.terms, false);
	}

	function stakesIn(address asset) external view returns (uint256 sum) {
		for (uint256 i = 0; i < ids.length; i++) {
			ITradeEscrow.Trade memory t = ESCROW.trade(ids[i]);
			if (t.terms.asset == asset) sum += _staked(t);
		}
	}

	// --- helpers ---

	function _terms(uint256 seed, uint128 price, uint128 deposit, uint32 period)
		private
		view
		returns (ITradeEscrow.Terms memory terms)
	{
		uint256 first = (seed >> 16) % 6;
		terms.seller = people[first];
		terms.buyer = people[(first + 1 + (seed >> 24) % 2) % 6];
		terms.arbiter = people[(first + 3 + (seed >> 32) % 3) % 6];
		terms.asset = assets[(seed >> 40) % assets.length];
		terms.price = uint128(bound(price, 1, 1e24));
		terms.sellerDeposit = uint128(bound(deposit, 0, 1e24));
		terms.buyerDeposit = uint128(bound(deposit / 3, 0, 1e24));
		uint256 most =
			terms.sellerDeposit < terms.buyerDeposit ? terms.sellerDeposit : terms.buyerDeposit;
		terms.arbiterFee = uint128(bound(seed >> 48, 0, most));
		terms.acceptWithin = uint32(bound(period, 1 hours, 10 days));
		terms.deliverWithin = uint32(bound(period / 3, 1 hours, 10 days));
		terms.confirmWithin = uint32(bound(period / 5, 1 hours, 10 days));
		terms.decideWithin = uint32(bound(period / 7, 1 hours, 1 days));
	}

	function _alone(ITradeEscrow.Terms memory terms, bool sells)
		private
		pure
		returns (address, address)
	{
		return sells ? (terms.seller, address(0)) : (address(0), terms.buyer);
	}

	function _stake(ITradeEscrow.Terms memory terms, bool sells) private pure returns (uint256) {
		return sells ? terms.sellerDeposit : uint256(terms.price) + terms.buyerDeposit;
	}

	/// What to pay for a stake to arrive, and sometimes a little more.
	function _amount(address asset, uint256 stake, uint256 extra) private view returns (uint256) {
		return asset == assets[3] ? (stake + extra) * 100 / 99 + 2 : stake + extra;
	}

	function _fund(address who, address asset, uint256 amount) private returns (uint256 value) {
		if (asset == address(0)) {
			vm.deal(who, who.balance + amount);
			return amount;
		}
		PlainToken(asset).mint(who, amount * 2);
		vm.prank(who);
		(bool done,) = asset.call(abi.encodeCall(PlainToken.approve, (address(ESCROW), amount)));
		require(done, "approve");
	}

	function _withdrawable(address asset, address who) private view returns (uint256) {
		uint256 credit = ESCROW.credit(asset, who);
		if (asset != assets[4] || credit < 100) return credit;
		return credit * 100 / 101;
	}

	function _outsider(ITradeEscrow.Terms memory terms, uint256 seed)
		private
		view
		returns (address who)
	{
		for (uint256 i = 0; i < 3; i++) {
			who = people[addmod(seed, i, people.length)];
			bool inside = who == terms.seller || who == terms.buyer || who == terms.arbiter;
			if (!inside) return who;
		}
	}

	function _running(uint256 seed) private view returns (bytes32 id, ITradeEscrow.Trade memory t) {
		return _pick(seed, ITradeEscrow.Stage.Active, ITradeEscrow.Stage.Disputed);
	}

	/// A trade in one of these stages and within its deadline; zero where there is none.
	function _pick(uint256 seed, ITradeEscrow.Stage first, ITradeEscrow.Stage last)
		private
		view
		returns (bytes32 id, ITradeEscrow.Trade memory t)
	{
		for (uint256 i = 0; i < ids.length; i++) {
			id = ids[addmod(seed, i, ids.length)];
			t = ESCROW.trade(id);
			bool fits = t.stage >= first && t.stage <= last && block.timestamp <= t.deadline;
			if (fits) return (id, t);
		}
		return (0, t);
	}

	function _stands(bytes32 id, ITradeEscrow.Trade memory t, address who)
		private
		view
		returns (bool)
	{
		return ESCROW.proposal(id, who).stage == t.stage;
	}

	function _agree(
		bytes32 id,
		ITradeEscrow.Trade memory t,
		address who,
		address other,
		uint256[3] memory before
	) private {
		uint128 refund = ESCROW.proposal(id, other).refund;
		vm.prank(who);
		ESCROW.agree(id, refund);
		_weigh(id, t, before);
	}

	function _takeBack(bytes32 id, address who) private {
		vm.prank(who);
		ESCROW.withdrawProposal(id);
		_look();
	}
}
