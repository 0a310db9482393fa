// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ITradeEscrow} from "../interfaces/ITradeEscrow.sol";

/// @title Escrow for a sale between strangers
/// @author CyberMiles developers
/// @notice See {ITradeEscrow}. Nobody owns it, nothing in it can be changed, and it takes no fee.
/// @dev Money comes in by `_take` alone and leaves by `withdraw` alone; all else moves it from the stakes
/// of a trade to credits. Assets never mix, so a token that lies harms only those who trade in it.
contract TradeEscrow is ITradeEscrow, ReentrancyGuardTransient {
	using SafeERC20 for IERC20;
	using SafeCast for uint256;

	/// @inheritdoc ITradeEscrow
	uint32 public constant MIN_PERIOD = 1 minutes;
	/// @inheritdoc ITradeEscrow
	uint32 public constant MAX_PERIOD = 365 days;

	/// @dev Stands for CMT among the addresses of tokens.
	address private constant CMT = address(0);

	/// @inheritdoc ITradeEscrow
	mapping(address asset => mapping(address account => uint256)) public credit;
	/// @inheritdoc ITradeEscrow
	mapping(address asset => uint256) public owed;
	/// @inheritdoc ITradeEscrow
	mapping(address maker => uint256) public offersOf;

	mapping(bytes32 id => Trade) private _trades;
	mapping(bytes32 id => mapping(address party => Proposal)) private _proposals;

	/// @inheritdoc ITradeEscrow
	function offer(Terms calldata terms, uint256 amount)
		external
		payable
		nonReentrant
		returns (bytes32 id)
	{
		_demandSound(terms);
		id = keccak256(abi.encode(msg.sender, ++offersOf[msg.sender], terms));
		Trade storage t = _trades[id];
		t.terms = terms;
		t.maker = msg.sender;
		uint64 deadline = _move(t, Stage.Offered, terms.acceptWithin);
		emit Offered(id, msg.sender, terms.arbiter, terms, deadline);
		_take(terms.asset, amount, _stake(t, msg.sender));
	}

	/// @inheritdoc ITradeEscrow
	function cancel(bytes32 id) external nonReentrant {
		Trade storage t = _within(id, Stage.Offered, Stage.Open);
		if (msg.sender != t.maker) revert NotTheMaker(id, msg.sender);
		_closeOffer(id, t, Outcome.Cancelled);
	}

	/// @inheritdoc ITradeEscrow
	function agreeToArbitrate(bytes32 id) external nonReentrant {
		Trade storage t = _within(id, Stage.Offered, Stage.Offered);
		_demandArbiter(id, t);
		t.stage = Stage.Open;
		emit ArbiterAgreed(id, msg.sender);
	}

	/// @inheritdoc ITradeEscrow
	function accept(bytes32 id, uint256 amount) external payable nonReentrant {
		Trade storage t = _within(id, Stage.Open, Stage.Open);
		_join(id, t);
		uint64 deadline = _move(t, Stage.Active, t.terms.deliverWithin);
		emit Accepted(id, msg.sender, deadline);
		_take(t.terms.asset, amount, _stake(t, msg.sender));
	}

	/// @inheritdoc ITradeEscrow
	function claimDelivery(bytes32 id, bytes32 note) external nonReentrant {
		Trade storage t = _within(id, Stage.Active, Stage.Active);
		_demandSeller(id, t);
		uint64 deadline = _move(t, Stage.Delivered, t.terms.confirmWithin);
		emit DeliveryClaimed(id, msg.sender, note, deadline);
	}

	/// @inheritdoc ITradeEscrow
	function confirm(bytes32 id) external nonReentrant {
		Trade storage t = _within(id, Stage.Active, Stage.Disputed);
		_demandBuyer(id, t);
		_close(id, t, Outcome.Confirmed, 0);
	}

	/// @inheritdoc ITradeEscrow
	function giveBack(bytes32 id) external nonReentrant {
		Trade storage t = _within(id, Stage.Active, Stage.Disputed);
		_demandSeller(id, t);
		_close(id, t, Outcome.GivenBack, t.terms.price);
	}

	/// @inheritdoc ITradeEscrow
	function dispute(bytes32 id, bytes32 note) external nonReentrant {
		Trade storage t = _within(id, Stage.Delivered, Stage.Delivered);
		_demandBuyer(id, t);
		uint64 deadline = _move(t, Stage.Disputed, t.terms.decideWithin);
		emit DisputeOpened(id, msg.sender, note, deadline);
	}

	/// @inheritdoc ITradeEscrow
	function decide(bytes32 id, uint128 refund, bytes32 note) external nonReentrant {
		Trade storage t = _within(id, Stage.Disputed, Stage.Disputed);
		_demandArbiter(id, t);
		_demandRefund(t, refund);
		emit DecisionMade(id, msg.sender, refund, note);
		_close(id, t, Outcome.Decided, refund);
	}

	/// @inheritdoc ITradeEscrow
	function propose(bytes32 id, uint128 refund) external nonReentrant {
		Trade storage t = _within(id, Stage.Active, Stage.Disputed);
		_otherParty(id, t);
		_demandRefund(t, refund);
		_proposals[id][msg.sender] = Proposal(refund, t.stage);
		emit RefundProposed(id, msg.sender, refund, t.stage);
	}

	/// @inheritdoc ITradeEscrow
	function withdrawProposal(bytes32 id) external nonReentrant {
		Trade storage t = _within(id, Stage.Active, Stage.Disputed);
		_otherParty(id, t);
		if (_proposals[id][msg.sender].stage != t.stage) revert NoProposal(id);
		delete _proposals[id][msg.sender];
		emit ProposalWithdrawn(id, msg.sender);
	}

	/// @inheritdoc ITradeEscrow
	function agree(bytes32 id, uint128 refund) external nonReentrant {
		Trade storage t = _within(id, Stage.Active, Stage.Disputed);
		Proposal memory proposed = _proposals[id][_otherParty(id, t)];
		if (proposed.stage != t.stage) revert NoProposal(id);
		if (proposed.refund != refund) revert ProposalDiffers(id, proposed.refund);
		_close(id, t, Outcome.Agreed, refund);
	}

	/// @inheritdoc ITradeEscrow
	function expire(bytes32 id) external nonReentrant {
		Trade storage t = _existing(id);
		if (t.stage == Stage.Closed) revert WrongStage(id, Stage.Closed);
		if (block.timestamp <= t.deadline) revert DeadlineNotPassed(id, t.deadline);
		if (t.stage <= Stage.Open) _closeOffer(id, t, Outcome.Lapsed);
		else if (t.stage == Stage.Active) _close(id, t, Outcome.Undelivered, t.terms.price);
		else if (t.stage == Stage.Delivered) _close(id, t, Outcome.Unanswered, 0);
		else _close(id, t, Outcome.Undecided, t.terms.price - t.terms.price / 2);
	}

	/// @inheritdoc ITradeEscrow
	function withdraw(address asset, address to, uint256 amount) external nonReentrant {
		if (amount == 0) revert AmountIsZero();
		if (to == address(0) || to == address(this)) revert BadReceiver(to);
		_debit(asset, msg.sender, amount);
		uint256 debited = amount;
		if (asset == CMT) Address.sendValue(payable(to), amount);
		else debited = _sendToken(asset, to, amount);
		emit Withdrawn(msg.sender, asset, to, amount, debited);
	}

	/// @inheritdoc ITradeEscrow
	function trade(bytes32 id) external view returns (Trade memory) {
		return _trades[id];
	}

	/// @inheritdoc ITradeEscrow
	function proposal(bytes32 id, address party) external view returns (Proposal memory) {
		return _proposals[id][party];
	}

	/// @inheritdoc ITradeEscrow
	function shares(bytes32 id, uint128 refund)
		external
		view
		returns (uint256 toSeller, uint256 toBuyer, uint256 toArbiter)
	{
		Trade storage t = _existing(id);
		if (t.stage < Stage.Active || t.stage == Stage.Closed) revert WrongStage(id, t.stage);
		_demandRefund(t, refund);
		return _shares(t.terms, refund, t.stage == Stage.Disputed);
	}

	// --- moving on ---

	function _move(Trade storage t, Stage stage, uint32 period) private returns (uint64 deadline) {
		deadline = (block.timestamp + period).toUint64();
		t.stage = stage;
		t.deadline = deadline;
	}

	/// @dev Fills in who was left open.
	function _join(bytes32 id, Trade storage t) private {
		bool buys = t.maker == t.terms.seller;
		address invited = buys ? t.terms.buyer : t.terms.seller;
		if (invited == msg.sender) return;
		if (invited != address(0)) revert NotTheInvited(id, msg.sender);
		if (msg.sender == t.maker) revert SellerIsBuyer(msg.sender);
		if (msg.sender == t.terms.arbiter) revert ArbiterIsParty(msg.sender);
		if (buys) t.terms.buyer = msg.sender;
		else t.terms.seller = msg.sender;
	}

	function _closeOffer(bytes32 id, Trade storage t, Outcome outcome) private {
		uint256 stake = _stake(t, t.maker);
		bool sells = t.maker == t.terms.seller;
		_end(t, outcome);
		emit TradeClosed(id, outcome, sells ? stake : 0, sells ? 0 : stake, 0);
		_credit(t.terms.asset, t.maker, stake);
	}

	/// @dev Only the arbiter's silence ends a dispute without paying it: who sees that it is about to
	/// decide cannot save the fee by giving in or by agreeing first.
	function _close(bytes32 id, Trade storage t, Outcome outcome, uint128 refund) private {
		Terms memory terms = t.terms;
		bool paysArbiter = t.stage == Stage.Disputed && outcome != Outcome.Undecided;
		(uint256 toSeller, uint256 toBuyer, uint256 toArbiter) = _shares(terms, refund, paysArbiter);
		_end(t, outcome);
		emit TradeClosed(id, outcome, toSeller, toBuyer, toArbiter);
		_credit(terms.asset, terms.seller, toSeller);
		_credit(terms.asset, terms.buyer, toBuyer);
		_credit(terms.asset, terms.arbiter, toArbiter);
	}

	/// @dev Proposals stay behind: none is good for a stage that has passed.
	function _end(Trade storage t, Outcome outcome) private {
		t.stage = Stage.Closed;
		t.outcome = outcome;
	}

	// --- money ---

	/// @dev Last in a function: what arrives is known only after the token was called, and the guard
	/// keeps everybody out meanwhile. Too little undoes the whole step.
	function _take(address asset, uint256 amount, uint256 stake) private {
		uint256 arrived = asset == CMT ? _takeCmt(amount) : _takeToken(asset, amount);
		if (arrived < stake) revert TooLittleArrived(arrived, stake);
		owed[asset] += arrived;
		_credit(asset, msg.sender, arrived - stake);
	}

	function _takeCmt(uint256 amount) private view returns (uint256) {
		if (msg.value != amount) revert WrongValue(msg.value, amount);
		return amount;
	}

	/// @dev Some tokens refuse to move nothing, so they are not asked to.
	function _takeToken(address asset, uint256 amount) private returns (uint256) {
		if (msg.value != 0) revert WrongValue(msg.value, 0);
		if (asset.code.length == 0) revert NotAToken(asset);
		if (amount == 0) return 0;
		uint256 before = IERC20(asset).balanceOf(address(this));
		IERC20(asset).safeTransferFrom(msg.sender, address(this), amount);
		return IERC20(asset).balanceOf(address(this)) - before;
	}

	/// @dev Whoever withdraws bears what the token does: a charge on top is debited too, and what did not
	/// leave is credited again. Nobody else's money pays for it.
	function _sendToken(address asset, address to, uint256 amount) private returns (uint256 left) {
		uint256 before = IERC20(asset).balanceOf(address(this));
		IERC20(asset).safeTransfer(to, amount);
		left = Math.saturatingSub(before, IERC20(asset).balanceOf(address(this)));
		if (left > amount) _debit(asset, msg.sender, left - amount);
		if (left < amount) {
			owed[asset] += amount - left;
			_credit(asset, msg.sender, amount - left);
		}
	}

	function _credit(address asset, address account, uint256 amount) private {
		if (amount == 0) return;
		credit[asset][account] += amount;
		emit Credited(account, asset, amount);
	}

	function _debit(address asset, address account, uint256 amount) private {
		uint256 available = credit[asset][account];
		if (available < amount) revert CreditTooSmall(available, amount);
		credit[asset][account] = available - amount;
		owed[asset] -= amount;
	}

	/// @dev Each side pays the part of the fee that is its part of the price lost, rounded down, so a
	/// unit that cannot be shared stays with the sides. The products of two 128-bit numbers always fit.
	function _shares(Terms memory terms, uint128 refund, bool paysArbiter)
		private
		pure
		returns (uint256 toSeller, uint256 toBuyer, uint256 toArbiter)
	{
		uint256 price = terms.price;
		uint256 fee = paysArbiter ? terms.arbiterFee : 0;
		uint256 sellerFee = fee * refund / price;
		uint256 buyerFee = fee * (price - refund) / price;
		toSeller = price - refund + terms.sellerDeposit - sellerFee;
		toBuyer = uint256(refund) + terms.buyerDeposit - buyerFee;
		toArbiter = sellerFee + buyerFee;
	}

	function _stake(Trade storage t, address party) private view returns (uint256) {
		if (party == t.terms.seller) return t.terms.sellerDeposit;
		return uint256(t.terms.price) + t.terms.buyerDeposit;
	}

	// --- refusals ---

	function _existing(bytes32 id) private view returns (Trade storage t) {
		t = _trades[id];
		if (t.stage == Stage.None) revert UnknownTrade(id);
	}

	function _within(bytes32 id, Stage first, Stage last) private view returns (Trade storage t) {
		t = _existing(id);
		if (t.stage < first || t.stage > last) revert WrongStage(id, t.stage);
		if (block.timestamp > t.deadline) revert DeadlinePassed(id, t.deadline);
	}

	function _otherParty(bytes32 id, Trade storage t) private view returns (address) {
		if (msg.sender == t.terms.seller) return t.terms.buyer;
		if (msg.sender == t.terms.buyer) return t.terms.seller;
		revert NotAParty(id, msg.sender);
	}

	function _demandSeller(bytes32 id, Trade storage t) private view {
		if (msg.sender != t.terms.seller) revert NotTheSeller(id, msg.sender);
	}

	function _demandBuyer(bytes32 id, Trade storage t) private view {
		if (msg.sender != t.terms.buyer) revert NotTheBuyer(id, msg.sender);
	}

	function _demandArbiter(bytes32 id, Trade storage t) private view {
		if (msg.sender != t.terms.arbiter) revert NotTheArbiter(id, msg.sender);
	}

	function _demandRefund(Trade storage t, uint128 refund) private view {
		if (refund > t.terms.price) revert RefundAbovePrice(refund, t.terms.price);
	}

	function _demandSound(Terms calldata terms) private view {
		_demandPeople(terms);
		if (terms.price == 0) revert PriceIsZero();
		_demandFee(terms.arbiterFee, terms.sellerDeposit);
		_demandFee(terms.arbiterFee, terms.buyerDeposit);
		_demandPeriod(terms.acceptWithin);
		_demandPeriod(terms.deliverWithin);
		_demandPeriod(terms.confirmWithin);
		_demandPeriod(terms.decideWithin);
	}

	function _demandPeople(Terms calldata terms) private view {
		address arbiter = terms.arbiter;
		if (msg.sender != terms.seller && msg.sender != terms.buyer) {
			revert MakerNotInTerms(msg.sender);
		}
		if (terms.seller == terms.buyer) revert SellerIsBuyer(msg.sender);
		if (arbiter == address(0)) revert ArbiterMissing();
		if (arbiter == terms.seller || arbiter == terms.buyer) revert ArbiterIsParty(arbiter);
	}

	function _demandFee(uint128 fee, uint128 deposit) private pure {
		if (fee > deposit) revert FeeAboveDeposit(fee, deposit);
	}

	function _demandPeriod(uint32 period) private pure {
		if (period < MIN_PERIOD || period > MAX_PERIOD) revert PeriodOutOfRange(period);
	}
}
