// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Escrow for a sale between strangers
/// @author CyberMiles developers
/// @notice Holds the price and a deposit of both sides until the goods are delivered, and asks an
/// arbiter whom both accepted where they disagree.
///
/// Amounts are in the smallest unit of the asset: for CMT 10^-18 CMT. Times are Unix times and periods
/// lengths of time, both in seconds. A step may be taken up to and including the second of its deadline;
/// after it only `expire` is left, which anybody may call. A `refund` is the part of the price that goes
/// to the buyer: the seller gets the rest.
///
/// Nothing is ever pushed to anybody. Whoever is due money has a credit, and takes it with `withdraw`.
///
/// Each function that changes state refuses to be called from within another one of the same contract,
/// with `ReentrancyGuardReentrantCall()`.
interface ITradeEscrow {
	/// @notice Where a trade stands. It only ever moves to a later one.
	enum Stage {
		/// There is no such trade.
		None,
		/// One side has paid its stake. The arbiter has not agreed yet.
		Offered,
		/// The arbiter has agreed. The other side may accept.
		Open,
		/// Both sides have paid. The seller has to deliver.
		Active,
		/// The seller says that it delivered. The buyer has to confirm or dispute.
		Delivered,
		/// The arbiter has to decide.
		Disputed,
		/// The whole money has been credited. Nothing can happen any more.
		Closed
	}

	/// @notice How a trade ended.
	enum Outcome {
		/// It has not ended.
		None,
		/// Whoever made the offer took it back.
		Cancelled,
		/// Nobody accepted in time.
		Lapsed,
		/// The buyer gave the whole price to the seller.
		Confirmed,
		/// The seller gave the whole price back.
		GivenBack,
		/// Both sides agreed on a refund.
		Agreed,
		/// The arbiter decided on a refund.
		Decided,
		/// The seller did not deliver in time: the whole price went back.
		Undelivered,
		/// The buyer did not answer in time: the whole price went to the seller.
		Unanswered,
		/// The arbiter did not decide in time: each side got half of the price.
		Undecided
	}

	/// @notice What both sides and the arbiter agree to. It is fixed when the offer is made.
	struct Terms {
		/// Who sells; zero in a buyer's offer to anybody.
		address seller;
		/// How long the seller has to deliver, from the acceptance.
		uint32 deliverWithin;
		/// How long the buyer has to confirm or dispute, from the seller's claim.
		uint32 confirmWithin;
		/// How long the arbiter has to decide, from the dispute.
		uint32 decideWithin;
		/// Who buys; zero in a seller's offer to anybody.
		address buyer;
		/// How long the offer stands.
		uint32 acceptWithin;
		/// Who decides a dispute.
		address arbiter;
		/// The ERC-20 token of all amounts; zero means CMT.
		address asset;
		/// What the goods cost.
		uint128 price;
		/// What the seller leaves beside the goods.
		uint128 sellerDeposit;
		/// What the buyer leaves beside the price.
		uint128 buyerDeposit;
		/// What a dispute costs. At most the smaller deposit.
		uint128 arbiterFee;
		/// Hash of the text that says what is sold, for the arbiter to compare with.
		bytes32 goods;
	}

	/// @notice A trade: its terms, in which an acceptance fills in who was left open, and its state.
	struct Trade {
		/// What was agreed.
		Terms terms;
		/// Who made the offer: the seller or the buyer.
		address maker;
		/// The last second in which its stage may be left by anything but `expire`.
		uint64 deadline;
		/// Where it stands.
		Stage stage;
		/// How it ended.
		Outcome outcome;
	}

	/// @notice A refund that one side would agree to.
	struct Proposal {
		/// How much of the price the buyer would get.
		uint128 refund;
		/// The stage in which it was made, and beyond which it does not hold; `None`: there is none.
		Stage stage;
	}

	/// @notice An offer was made and its maker's stake paid.
	/// @param id The trade.
	/// @param maker Who made it.
	/// @param arbiter Who is asked to be the arbiter.
	/// @param terms What is offered.
	/// @param deadline The last second in which it can be accepted.
	event Offered(
		bytes32 indexed id,
		address indexed maker,
		address indexed arbiter,
		Terms terms,
		uint64 deadline
	);

	/// @notice The arbiter agreed to be one.
	/// @param id The trade.
	/// @param arbiter Who agreed.
	event ArbiterAgreed(bytes32 indexed id, address indexed arbiter);

	/// @notice The other side accepted an offer and paid its stake.
	/// @param id The trade.
	/// @param taker Who accepted.
	/// @param deadline The last second for the delivery.
	event Accepted(bytes32 indexed id, address indexed taker, uint64 deadline);

	/// @notice The seller said that it delivered.
	/// @param id The trade.
	/// @param seller Who says so.
	/// @param note Hash of the seller's evidence, or zero.
	/// @param deadline The last second for the buyer's answer.
	event DeliveryClaimed(
		bytes32 indexed id, address indexed seller, bytes32 note, uint64 deadline
	);

	/// @notice The buyer asked the arbiter.
	/// @param id The trade.
	/// @param buyer Who asked.
	/// @param note Hash of the complaint, or zero.
	/// @param deadline The last second for the decision.
	event DisputeOpened(bytes32 indexed id, address indexed buyer, bytes32 note, uint64 deadline);

	/// @notice The arbiter decided.
	/// @param id The trade.
	/// @param arbiter Who decided.
	/// @param refund The part of the price that goes to the buyer.
	/// @param note Hash of the reasons, or zero.
	event DecisionMade(bytes32 indexed id, address indexed arbiter, uint128 refund, bytes32 note);

	/// @notice One side said to which refund it would agree. It replaces what it said before.
	/// @param id The trade.
	/// @param party Who said so.
	/// @param refund The part of the price that would go to the buyer.
	/// @param stage The only stage in which it can be accepted.
	event RefundProposed(bytes32 indexed id, address indexed party, uint128 refund, Stage stage);

	/// @notice One side took its proposal back.
	/// @param id The trade.
	/// @param party Whose proposal it was.
	event ProposalWithdrawn(bytes32 indexed id, address indexed party);

	/// @notice A trade ended and its money was credited. The three amounts are all that it held.
	/// @param id The trade.
	/// @param outcome How it ended.
	/// @param toSeller Credited to the seller.
	/// @param toBuyer Credited to the buyer.
	/// @param toArbiter Credited to the arbiter.
	event TradeClosed(
		bytes32 indexed id,
		Outcome indexed outcome,
		uint256 toSeller,
		uint256 toBuyer,
		uint256 toArbiter
	);

	/// @notice An account may withdraw more than before.
	/// @param account Whose credit grew.
	/// @param asset The token; zero means CMT.
	/// @param amount By how much.
	event Credited(address indexed account, address indexed asset, uint256 amount);

	/// @notice An account withdrew.
	/// @param account Whose credit shrank.
	/// @param asset The token; zero means CMT.
	/// @param to Where it was sent.
	/// @param amount What was sent.
	/// @param debited What left the escrow: more than `amount` where the token charges the sender.
	event Withdrawn(
		address indexed account,
		address indexed asset,
		address indexed to,
		uint256 amount,
		uint256 debited
	);

	/// @notice There is no trade with this id.
	error UnknownTrade(bytes32 id);
	/// @notice The trade stands elsewhere: the step cannot be taken now.
	error WrongStage(bytes32 id, Stage stage);
	/// @notice It is too late for this step.
	error DeadlinePassed(bytes32 id, uint64 deadline);
	/// @notice It is too early to end the trade by its deadline.
	error DeadlineNotPassed(bytes32 id, uint64 deadline);

	/// @notice Only who made the offer may do this.
	error NotTheMaker(bytes32 id, address caller);
	/// @notice Only the seller may do this.
	error NotTheSeller(bytes32 id, address caller);
	/// @notice Only the buyer may do this.
	error NotTheBuyer(bytes32 id, address caller);
	/// @notice Only the arbiter may do this.
	error NotTheArbiter(bytes32 id, address caller);
	/// @notice Only the seller and the buyer may do this.
	error NotAParty(bytes32 id, address caller);
	/// @notice The offer is to somebody else.
	error NotTheInvited(bytes32 id, address caller);

	/// @notice An offer comes from its seller or its buyer.
	error MakerNotInTerms(address caller);
	/// @notice Nobody trades with themselves.
	error SellerIsBuyer(address account);
	/// @notice Terms need an arbiter.
	error ArbiterMissing();
	/// @notice The seller and the buyer cannot be the arbiter.
	error ArbiterIsParty(address arbiter);
	/// @notice A price is more than zero.
	error PriceIsZero();
	/// @notice The loser's deposit could not pay the arbiter.
	error FeeAboveDeposit(uint128 fee, uint128 deposit);
	/// @notice A period is from `MIN_PERIOD` to `MAX_PERIOD`.
	error PeriodOutOfRange(uint32 period);
	/// @notice There is no contract at this address.
	error NotAToken(address asset);

	/// @notice The CMT sent along are not the amount named: with a token none may be sent.
	error WrongValue(uint256 value, uint256 expected);
	/// @notice Less than the stake arrived.
	error TooLittleArrived(uint256 arrived, uint256 stake);
	/// @notice A refund is at most the price.
	error RefundAbovePrice(uint128 refund, uint128 price);
	/// @notice The other side proposes nothing in this stage.
	error NoProposal(bytes32 id);
	/// @notice The other side proposes another refund.
	error ProposalDiffers(bytes32 id, uint128 proposed);
	/// @notice There is nothing to send.
	error AmountIsZero();
	/// @notice Money sent to the escrow itself or to nobody would be lost.
	error BadReceiver(address to);
	/// @notice The credit does not cover what would leave the escrow.
	error CreditTooSmall(uint256 credit, uint256 needed);

	/// @notice Makes an offer, as its seller or its buyer, and pays the maker's stake: `sellerDeposit`,
	/// or `price` + `buyerDeposit`. Leave the other side zero to let anybody accept.
	/// @dev Reverts with `MakerNotInTerms`, `SellerIsBuyer`, `ArbiterMissing`, `ArbiterIsParty`,
	/// `PriceIsZero`, `FeeAboveDeposit`, `PeriodOutOfRange`, `NotAToken`, `WrongValue`,
	/// `TooLittleArrived`, or as the token does.
	/// @param terms What is offered.
	/// @param amount What to pay: with CMT what is sent along, with a token what it is asked to move.
	/// What counts is what arrives; where it is more than the stake, the rest is credited to the maker.
	/// @return id The trade: a hash of its maker, its number among the maker's offers, and its terms, so
	/// that whoever names it means exactly these terms.
	function offer(Terms calldata terms, uint256 amount) external payable returns (bytes32 id);

	/// @notice Takes an offer back, before it is accepted: the stake is credited to its maker.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotTheMaker`.
	/// @param id The trade.
	function cancel(bytes32 id) external;

	/// @notice As the arbiter: agrees to decide a dispute of this trade.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotTheArbiter`.
	/// @param id The trade.
	function agreeToArbitrate(bytes32 id) external;

	/// @notice As the other side: accepts the offer and pays its stake.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotTheInvited`,
	/// `SellerIsBuyer`, `ArbiterIsParty`, `WrongValue`, `TooLittleArrived`, or as the token does.
	/// @param id The trade.
	/// @param amount What to pay, as in `offer`.
	function accept(bytes32 id, uint256 amount) external payable;

	/// @notice As the seller: says that the goods are delivered.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotTheSeller`.
	/// @param id The trade.
	/// @param note Hash of evidence, such as the number of a parcel, or zero.
	function claimDelivery(bytes32 id, bytes32 note) external;

	/// @notice As the buyer: gives the whole price to the seller. In a dispute that is to lose it.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotTheBuyer`.
	/// @param id The trade.
	function confirm(bytes32 id) external;

	/// @notice As the seller: gives the whole price back to the buyer. In a dispute that is to lose it.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotTheSeller`.
	/// @param id The trade.
	function giveBack(bytes32 id) external;

	/// @notice As the buyer: denies the delivery and asks the arbiter.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotTheBuyer`.
	/// @param id The trade.
	/// @param note Hash of the complaint, or zero.
	function dispute(bytes32 id, bytes32 note) external;

	/// @notice As the arbiter: decides how the price is shared, and is paid from the loser's deposit.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotTheArbiter`,
	/// `RefundAbovePrice`.
	/// @param id The trade.
	/// @param refund The part of the price that goes to the buyer.
	/// @param note Hash of the reasons, or zero.
	function decide(bytes32 id, uint128 refund, bytes32 note) external;

	/// @notice As the seller or the buyer: would agree to this refund, for as long as the trade stays in
	/// its present stage. Replaces what the caller proposed before.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotAParty`,
	/// `RefundAbovePrice`.
	/// @param id The trade.
	/// @param refund The part of the price that would go to the buyer.
	function propose(bytes32 id, uint128 refund) external;

	/// @notice Takes the caller's proposal back.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotAParty`, `NoProposal`.
	/// @param id The trade.
	function withdrawProposal(bytes32 id) external;

	/// @notice Accepts what the other side proposes, and ends the trade. In a dispute the arbiter is paid
	/// as if it had decided so.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlinePassed`, `NotAParty`, `NoProposal`,
	/// `ProposalDiffers`.
	/// @param id The trade.
	/// @param refund What the caller takes the proposal to be.
	function agree(bytes32 id, uint128 refund) external;

	/// @notice Ends a trade whose deadline has passed, whoever calls:
	/// an offer goes back to its maker; what is not delivered goes back to the buyer; what is not answered
	/// goes to the seller; what is not decided is halved, an odd unit staying with the buyer. Deposits go
	/// back whole: the arbiter is paid nothing.
	/// @dev Reverts with `UnknownTrade`, `WrongStage`, `DeadlineNotPassed`.
	/// @param id The trade.
	function expire(bytes32 id) external;

	/// @notice Sends from the caller's credit. A token that charges the sender is paid from it too.
	/// @dev Reverts with `AmountIsZero`, `BadReceiver`, `CreditTooSmall`, or as the token or the receiver
	/// does.
	/// @param asset The token; zero means CMT.
	/// @param to Where to.
	/// @param amount How much.
	function withdraw(address asset, address to, uint256 amount) external;

	/// @notice A trade; one that does not exist has the stage `None`.
	/// @param id The trade.
	/// @return What is known of it.
	function trade(bytes32 id) external view returns (Trade memory);

	/// @notice What one side proposes; it can be accepted where its stage is that of the trade.
	/// @param id The trade.
	/// @param party The seller or the buyer.
	/// @return The proposal.
	function proposal(bytes32 id, address party) external view returns (Proposal memory);

	/// @notice Who would be credited what if the trade ended in its present stage with this refund, by
	/// the arbiter, by agreement or by one side giving in.
	/// @dev Reverts with `UnknownTrade`, `WrongStage` before both sides have paid and after the end,
	/// `RefundAbovePrice`.
	/// @param id The trade.
	/// @param refund The part of the price that goes to the buyer.
	/// @return toSeller Of the seller.
	/// @return toBuyer Of the buyer.
	/// @return toArbiter Of the arbiter.
	function shares(bytes32 id, uint128 refund)
		external
		view
		returns (uint256 toSeller, uint256 toBuyer, uint256 toArbiter);

	/// @notice What an account may withdraw.
	/// @param asset The token; zero means CMT.
	/// @param account Whose credit.
	/// @return In units of the asset.
	function credit(address asset, address account) external view returns (uint256);

	/// @notice What the escrow owes: all stakes of trades that have not ended and all credits. Its
	/// balance is never less, unless a token takes it away.
	/// @param asset The token; zero means CMT.
	/// @return In units of the asset.
	function owed(address asset) external view returns (uint256);

	/// @notice How many offers an account has made.
	/// @param maker The account.
	/// @return Their number.
	function offersOf(address maker) external view returns (uint256);

	// solhint-disable func-name-mixedcase
	/// @notice The shortest period of terms: nobody can be kept from answering by full blocks alone.
	/// @return 1 minute, in seconds.
	function MIN_PERIOD() external view returns (uint32);

	/// @notice The longest period of terms: money comes out within four of them.
	/// @return 365 days, in seconds.
	function MAX_PERIOD() external view returns (uint32);
	// solhint-enable func-name-mixedcase
}
