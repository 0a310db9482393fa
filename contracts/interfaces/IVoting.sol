// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

// Where the chain answers to `IVoting`. There is no code at it: the chain itself does the work.
address constant VOTING_ADDRESS = 0x000000000000000000000000000000000a010000;

// No contract stores these structs, so that what belongs together stands together.
// solhint-disable gas-struct-packing

/// @title Votes on referenda of the CyberMiles chain
/// @author CyberMiles developers
/// @notice Vote with the stake behind a candidate, or with one's own, and read what the chain knows of
/// proposals. A vote is the same whether it was cast by this interface or by a native transaction.
///
/// The voter is always the direct caller (`msg.sender` as the chain sees it): a wallet, or a contract that
/// stakes what it has itself. No function takes value.
///
/// A poll is a referendum, by its number. It opens for votes with the session that follows its submission,
/// and the stake of that moment counts in it to its end. The owner of a candidate votes with all stake
/// behind it, less what its delegators vote with themselves. Votes can be changed until the poll ends.
///
/// Units: power and deposits are in planck, which is wei: 10^-18 CMT. Times and periods are in blocks.
///
/// Accounts: a native account is named by its Ethereum image, as in `IStaking`.
///
/// Refusals: what is refused reverts with `Error(string)`, and leaves no trace. The string is the name of
/// the reason, a colon, a space, and a sentence that says what to do. The names stay; the sentences may
/// change. Names that any function can give:
///
/// - `DelegateCall`: it was called by `delegatecall` or `callcode`.
/// - `ValueAttached`: CMT was sent along.
///
/// and those that change something, besides what is listed at each:
///
/// - `ReadOnly`: it was called by `staticcall`.
/// - `NoSigner`: the chain's governance is the caller, which has no account.
/// - `NoVote`: the vote is `Vote.None`.
///
/// A call that does not fit this interface reverts with `Panic(0x41)`. What is listed as "at" a function
/// are the names of the native call that does the work.
interface IVoting {
	/// @notice What a voter says.
	enum Vote {
		/// Nothing: not voted, or withdrawn.
		None,
		/// In favour.
		Aye,
		/// Against.
		Nay,
		/// Neither. Takes a delegator's stake out of its candidate's vote without adding it to a side.
		Abstain
	}

	/// @notice How far a proposal is.
	enum State {
		/// Has its decision deposit, and waits for the end of its track's preparation.
		Preparing,
		/// Nobody has left the decision deposit yet.
		AwaitingDeposit,
		/// Its track decides as many as it can.
		Queued,
		/// Is decided, and does not reach its bars at present.
		Deciding,
		/// Reaches its bars, and is approved if it does to the end of the confirmation.
		Confirming,
		/// Passed.
		Approved,
		/// Did not reach its bars in time.
		Rejected,
		/// Taken back by governance; deposits are returned.
		Cancelled,
		/// Nobody left the decision deposit in time.
		TimedOut,
		/// Ended by governance; deposits are lost.
		Killed
	}

	/// @notice A proposal. A block is 0 where it is not known, or will not come.
	struct Proposal {
		/// How far it is.
		State state;
		/// Its track; 0 where `forgotten`.
		uint16 track;
		/// Whether the chain has forgotten track and votes, as it does when a poll has ended. An approved
		/// one keeps its track until its call runs.
		bool forgotten;
		/// When it was submitted.
		uint32 submitted;
		/// When it times out if nobody leaves the decision deposit.
		uint32 timesOut;
		/// When its decision began, or begins at the earliest; 0 while it is queued.
		uint32 decisionStarts;
		/// When it is rejected if it does not reach its bars then.
		uint32 decisionEnds;
		/// When it is approved if it reaches its bars until then.
		uint32 confirmationEnds;
		/// When it ended.
		uint32 ended;
		/// When its call is to run, where it is approved and the call has not run.
		uint32 enactment;
	}

	/// @notice The votes on a poll that goes on; zeros on one that has ended.
	struct Tally {
		/// The session with which voting opens.
		uint32 opens;
		/// Whether it takes votes.
		bool open;
		/// Power of all seats; 0 until it opens.
		uint256 total;
		/// Power in favour.
		uint256 ayes;
		/// Power against.
		uint256 nays;
		/// Power that was voted with for neither.
		uint256 abstentions;
		/// Power that has to join the ayes, with the nays as they are, for both bars; 0 until it opens.
		uint256 needed;
	}

	/// @notice A part of a whole that has to be reached: `numerator / denominator`.
	struct Bar {
		/// Parts needed.
		uint32 numerator;
		/// Parts in all.
		uint32 denominator;
	}

	/// @notice What a referendum of one track needs.
	struct Track {
		/// Its number.
		uint16 id;
		/// Its name.
		string name;
		/// How many of its referenda are decided at the same time.
		uint32 maxDeciding;
		/// What whoever submits one leaves.
		uint256 submissionDeposit;
		/// What whoever wants a decision leaves.
		uint256 decisionDeposit;
		/// From the submission to the decision at the earliest.
		uint32 preparePeriod;
		/// How long a decision may take.
		uint32 decisionPeriod;
		/// How long the bars have to be reached without a break.
		uint32 confirmPeriod;
		/// From the approval to the enactment at the earliest.
		uint32 minEnactmentPeriod;
		/// The part of all voting power that has to be in favour.
		Bar support;
		/// The part of the power for or against that has to be in favour.
		Bar approval;
	}

	/// @notice A candidate voted, changed its vote or withdrew it.
	/// @param poll On what.
	/// @param candidate Who.
	/// @param vote Its vote from now on; `None` when withdrawn.
	/// @param power What it counts for at present: less with each delegator that votes itself.
	event Voted(uint32 indexed poll, address indexed candidate, Vote vote, uint256 power);

	/// @notice A delegator voted with its own stake, changed its vote or withdrew it.
	/// @param poll On what.
	/// @param candidate Behind whom the stake is.
	/// @param who The delegator.
	/// @param vote Its vote from now on; `None` when the stake goes with the candidate's vote again.
	/// @param power What it counts for.
	event StakeVoted(
		uint32 indexed poll,
		address indexed candidate,
		address indexed who,
		Vote vote,
		uint256 power
	);

	/// @notice Votes with the stake behind the candidate that the caller owns, or changes that vote.
	///
	/// At `stakeVoting.vote`: `UnknownPoll`, `PollNotOpen`, `PollEnded`, `NoSeat`, `SameVote`,
	/// `NotOwner`, `CandidateRetired`, `Jailed`, `Tombstoned`.
	/// @param poll On what.
	/// @param newVote The vote.
	function vote(uint32 poll, Vote newVote) external;

	/// @notice Withdraws the vote of the candidate that the caller owns.
	///
	/// At `stakeVoting.withdrawVote`: `NotVoted`, `UnknownPoll`, `PollNotOpen`, `PollEnded`, `NoSeat`,
	/// `NotOwner`, `CandidateRetired`, `Jailed`, `Tombstoned`.
	/// @param poll On what.
	function withdrawVote(uint32 poll) external;

	/// @notice Votes with the caller's own stake behind `candidate`, whatever the candidate votes, or
	/// changes that vote. It counts for the stake of when the poll opened, wherever that is now.
	///
	/// At `stakeVoting.voteStake`: `UnknownPoll`, `PollNotOpen`, `PollEnded`, `NoSeat`, `NotDelegator`,
	/// `StakeForgotten`, `SameVote`.
	/// @param poll On what.
	/// @param candidate Behind whom the stake was when the poll opened.
	/// @param newVote The vote.
	function voteStake(uint32 poll, address candidate, Vote newVote) external;

	/// @notice Withdraws the vote of the caller's own stake: it goes with the candidate's vote again.
	///
	/// At `stakeVoting.withdrawStakeVote`: `UnknownPoll`, `PollNotOpen`, `PollEnded`, `NotVoted`.
	/// @param poll On what.
	/// @param candidate Behind whom the stake was when the poll opened.
	function withdrawStakeVote(uint32 poll, address candidate) external;

	/// @notice How many proposals were ever submitted.
	/// @return The number of the next one.
	function proposalCount() external view returns (uint32);

	/// @notice A proposal. `UnknownPoll` where there is none of this number.
	/// @param poll Its number.
	/// @return info How far it is.
	/// @return votes The votes on it.
	function proposal(uint32 poll) external view returns (Proposal memory info, Tally memory votes);

	/// @notice What `candidate` voted; zeros where it has no seat in the poll, or the poll has ended.
	/// @param poll On what.
	/// @param candidate Who.
	/// @return cast Its vote.
	/// @return power What its whole seat counts for.
	/// @return takenOut The part of `power` that its delegators vote with themselves.
	function candidateVote(uint32 poll, address candidate)
		external
		view
		returns (Vote cast, uint256 power, uint256 takenOut);

	/// @notice What `delegator` voted with its own stake; zeros where it did not.
	/// @param poll On what.
	/// @param candidate Behind whom the stake was when the poll opened.
	/// @param delegator Who.
	/// @return cast Its vote.
	/// @return power What it counts for.
	function stakeVote(uint32 poll, address candidate, address delegator)
		external
		view
		returns (Vote cast, uint256 power);

	/// @notice What the stake of `delegator` behind `candidate` counts for, voted with or not; 0 where it
	/// cannot vote: the poll is not open or has ended, or there was no such stake when it opened.
	/// @param poll On what.
	/// @param candidate Behind whom the stake was when the poll opened.
	/// @param delegator Who.
	/// @return The power.
	function votingPower(uint32 poll, address candidate, address delegator)
		external
		view
		returns (uint256);

	/// @notice What referenda need, track by track.
	/// @return All tracks, by number.
	function tracks() external view returns (Track[] memory);
}
