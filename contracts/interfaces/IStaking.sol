// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

// Where the chain answers to `IStaking`. There is no code at it: the chain itself does the work.
address constant STAKING_ADDRESS = 0x000000000000000000000000000000000a000000;

// No contract stores these structs, so that what belongs together stands together.
// solhint-disable gas-struct-packing

/// @title Stake of the CyberMiles chain
/// @author CyberMiles developers
/// @notice Lock CMT behind candidates, take it out again, and read what the chain knows of stake, awards
/// and offences. A position is the same whether it came about by this interface or by a native
/// transaction.
///
/// The delegator is always the direct caller (`msg.sender` as the chain sees it): a wallet, or a contract
/// that stakes what it has itself. An amount is taken from the caller's balance and never sent along:
/// no function takes value.
///
/// Units: amounts are in planck, which is wei: 10^-18 CMT. Rates are in tenths of a per cent: 0 to 1000.
/// Eras and sessions are counted from 0 at genesis. Only `jailedUntil` is a time: milliseconds since 1970.
///
/// Accounts: a native account is named by its Ethereum image, the last 20 bytes of the keccak-256 hash of
/// its public key (see `addressOf`). Where the native form matters too, both are returned.
///
/// Refusals: what is refused reverts with `Error(string)`, and leaves no trace. The string is the name of
/// the reason, a colon, a space, and a sentence that says what to do. The names stay; the sentences may
/// change. A `catch Error(string memory reason)` sees it. Names that any function can give:
///
/// - `DelegateCall`: it was called by `delegatecall` or `callcode`.
/// - `ValueAttached`: CMT was sent along.
///
/// and those that change something, besides what is listed at each:
///
/// - `ReadOnly`: it was called by `staticcall`.
/// - `AmountTooLarge`: an amount does not fit 128 bits.
/// - `NoSigner`: the chain's governance is the caller, which has no account.
/// - `CallFiltered`: the chain has paused calls of this kind.
///
/// A call that does not fit this interface reverts with `Panic(0x41)`. What is listed as "at" a function
/// are the names of the native call that does the work.
interface IStaking {
	/// @notice Whether a candidate stands for election.
	enum State {
		/// It stands for election.
		Active,
		/// It stands aside. Its stake stays, and delegators come and go.
		Inactive,
		/// It has closed for ever. All stake behind it is paid from era `due` on.
		Retired
	}

	/// @notice The part that a candidate plays in the present session.
	enum Role {
		/// It waits for enough stake.
		Candidate,
		/// It is next in line.
		Standby,
		/// It makes blocks and finalises them.
		Validator
	}

	/// @notice What kind of offence was committed.
	enum Offence {
		/// Too many own turns missed in a row.
		Downtime,
		/// Two blocks for one slot.
		DoubleAuthoring,
		/// Two finality votes in one round.
		GrandpaEquivocation
	}

	/// @notice Where the money of a slash is.
	enum SlashState {
		/// Held until era `due`. Governance can still give it back.
		Held,
		/// Given back to those it was taken from.
		Cancelled,
		/// Paid to who reported the offence and to the treasury.
		Applied
	}

	/// @notice A candidate.
	struct Candidate {
		/// The address that names it for its whole life.
		address candidate;
		/// The native account of that address.
		bytes32 account;
		/// Who controls it now.
		address owner;
		/// Whether it stands for election.
		State state;
		/// Its part in the present session.
		Role role;
		/// First era in which the stake behind it is paid, where it has closed; 0 where not.
		uint32 due;
		/// All stake behind it, its owner's included, awards up to the block before included.
		uint256 stake;
		/// Its owner's stake.
		uint256 selfStake;
		/// Stake above which it takes no further delegation.
		uint256 maxStake;
		/// The highest rate that it may ever ask of anybody. It can only fall.
		uint16 maxRate;
		/// The rate that a newcomer agrees to.
		uint16 defaultRate;
		/// How many positions there are behind it, its owner's and those that only wait included.
		uint32 positions;
	}

	/// @notice An amount that waits to be paid.
	struct Unbonding {
		/// The era in which it was taken out.
		uint32 since;
		/// First era in which it is paid. The payment arrives by itself.
		uint32 due;
		/// What it is worth now. A slash can still lower it.
		uint256 amount;
	}

	/// @notice What one account has behind one candidate.
	struct Position {
		/// The candidate.
		address candidate;
		/// The native account of that address.
		bytes32 account;
		/// What the bonded part is worth, awards up to the block before included.
		uint256 value;
		/// What was put in and not taken out.
		uint256 principal;
		/// What `harvest` would pay now.
		uint256 earned;
		/// The rate paid from the next award on.
		uint16 rate;
		/// What waits to be paid, oldest first. At most 33 entries.
		Unbonding[] unbonding;
	}

	/// @notice A seat of a session.
	struct Seat {
		/// Who sits.
		address candidate;
		/// Its stake when it was elected.
		uint256 stake;
		/// The part of that stake that counts after the cap.
		uint256 counted;
	}

	/// @notice What a block awarded.
	struct BlockAward {
		/// New CMT.
		uint256 issued;
		/// Fees, gas and tips of the block.
		uint256 fees;
		/// What earlier awards had left over.
		uint256 carried;
		/// The part of the present validators.
		uint256 toValidators;
		/// The part of the standbys that prove themselves alive.
		uint256 toStandbys;
	}

	/// @notice What a seat earned in a session.
	struct SessionAward {
		/// Whether the candidate had a seat at all. Where not, the rest is zero.
		bool seated;
		/// Whether the seat was a validator's; a standby's where not.
		bool validator;
		/// All that the seat earned, that of its delegators included.
		uint256 award;
		/// The part of it that is compensation.
		uint256 compensation;
	}

	/// @notice How a candidate behaves.
	struct Conduct {
		/// Whether it missed its latest turn, and so earns nothing until it makes a block again.
		bool absent;
		/// Own turns missed in a row.
		uint32 missedTurns;
		/// When its jail ends, in milliseconds since 1970; 0 where it is in none, or in jail for good.
		uint64 jailedUntil;
		/// Whether it is in jail for good.
		bool tombstoned;
	}

	/// @notice A slash.
	struct Slash {
		/// Its number.
		uint32 index;
		/// Who was slashed.
		address candidate;
		/// For what.
		Offence kind;
		/// The era of the offence.
		uint32 era;
		/// The session of the offence.
		uint32 session;
		/// The part of all stake that was taken, in parts of 1,000,000,000.
		uint32 fraction;
		/// What was taken.
		uint256 amount;
		/// Who reported the offence; zero where nobody is rewarded.
		address reporter;
		/// Where the money is.
		SlashState state;
		/// First era in which it is paid out by itself, where it is held; 0 where not.
		uint32 due;
	}

	/// @notice Numbers of the protocol that a delegator needs. Governance can change them.
	struct Parameters {
		/// Least worth of a position.
		uint256 minDelegation;
		/// Eras that stake taken out waits.
		uint32 unbondingEras;
		/// Positions that an account can hold.
		uint32 maxPositions;
		/// Sessions of an era.
		uint32 sessionsPerEra;
		/// Blocks of the present session.
		uint32 sessionLength;
	}

	/// @notice Stake was added to a position.
	/// @param delegator Who added it.
	/// @param candidate Behind whom.
	/// @param amount What was added.
	event Delegated(address indexed delegator, address indexed candidate, uint256 amount);

	/// @notice Stake was taken out and waits to be paid.
	/// @param delegator Whose stake it is.
	/// @param candidate Behind whom it was.
	/// @param amount What was taken out.
	/// @param due First era in which it is paid.
	event Undelegated(
		address indexed delegator, address indexed candidate, uint256 amount, uint32 due
	);

	/// @notice Waiting stake was taken back.
	/// @param delegator Whose stake it is.
	/// @param candidate Behind whom it is again.
	/// @param amount What was taken back.
	event Rebonded(address indexed delegator, address indexed candidate, uint256 amount);

	/// @notice What a position had earned was paid.
	/// @param delegator To whom.
	/// @param candidate Behind whom it was earned.
	/// @param amount What was paid.
	event Harvested(address indexed delegator, address indexed candidate, uint256 amount);

	/// @notice A delegator agreed to a higher rate.
	/// @param delegator Who agreed.
	/// @param candidate To whose rate.
	/// @param from The rate until now.
	/// @param to The rate from now on.
	event RateAccepted(
		address indexed delegator, address indexed candidate, uint16 from, uint16 to
	);

	/// @notice Locks `amount` of the caller's CMT behind `candidate`. A new position agrees to the
	/// candidate's default rate of now; an addition keeps the rate that was agreed.
	///
	/// At `cmtDpos.delegate`: `ZeroAmount`, `UnknownCandidate`, `CandidateRetired`, `Tombstoned`,
	/// `ExceedsMaximum`, `InsufficientBalance`, `BelowMinimum`, `TooManyPositions`, `TooManyClasses`,
	/// `PoolWorthless`, `Arithmetic`.
	/// @param candidate Behind whom.
	/// @param amount What to lock. The position must be worth `minDelegation` with it.
	function delegate(address candidate, uint256 amount) external;

	/// @notice Takes `amount` out. It earns nothing from now on, waits, and is paid by itself.
	///
	/// At `cmtDpos.undelegate`: `ZeroAmount`, `UnknownCandidate`, `CandidateRetired`, `NotDelegator`,
	/// `MoreThanBonded`, `RemainderTooSmall`, `SelfStakeTooLow`, `TooManyChunks`, `PoolWorthless`,
	/// `Arithmetic`.
	/// @param candidate Behind whom it is.
	/// @param amount What to take out. What stays must be worth `minDelegation`, or nothing.
	/// @return due First era in which it is paid.
	function undelegate(address candidate, uint256 amount) external returns (uint32 due);

	/// @notice Takes everything out. Refused as `undelegate` is.
	/// @param candidate Behind whom it is.
	/// @return amount What it was worth.
	/// @return due First era in which it is paid.
	function undelegateAll(address candidate) external returns (uint256 amount, uint32 due);

	/// @notice Takes `amount` of what waits back, the youngest first.
	///
	/// At `cmtDpos.rebond`: `ZeroAmount`, `UnknownCandidate`, `CandidateRetired`, `Tombstoned`,
	/// `NothingUnbonding`, `MoreThanUnbonding`, `ExceedsMaximum`, `BelowMinimum`, `TooManyClasses`,
	/// `PoolWorthless`, `Arithmetic`.
	/// @param candidate Behind whom it was.
	/// @param amount What to take back.
	function rebond(address candidate, uint256 amount) external;

	/// @notice Takes all that waits back. Refused as `rebond` is.
	/// @param candidate Behind whom it was.
	/// @return amount What it was worth.
	function rebondAll(address candidate) external returns (uint256 amount);

	/// @notice Pays the caller at once what its position has earned. The rest stays bonded.
	///
	/// At `validatorCompensation.harvest`: `PayoutsPaused`, `UnknownCandidate`, `CandidateRetired`,
	/// `NotDelegator`, `NothingEarned`.
	/// @param candidate Behind whom it was earned.
	/// @return amount What was paid.
	function harvest(address candidate) external returns (uint256 amount);

	/// @notice Agrees to a higher rate, from the next award on. Nobody else can raise the caller's rate.
	///
	/// At `validatorCompensation.acceptRate`: `NotDelegator`, `OwnerPaysNothing`, `RateAboveMaximum`,
	/// `RateLowered`, `RateUnchanged`, `CandidateRetired`, `TooManyClasses`, `PoolWorthless`,
	/// `Arithmetic`.
	/// @param candidate To whose rate.
	/// @param newRate The rate.
	function acceptRate(address candidate, uint16 newRate) external;

	/// @notice What `delegator` has behind `candidate`; zeros where it has nothing.
	/// @param delegator Who.
	/// @param candidate Behind whom.
	/// @return The position.
	function position(address delegator, address candidate) external view returns (Position memory);

	/// @notice What `delegator` has, candidate by candidate.
	/// @param delegator Who.
	/// @return At most 64 positions.
	function positions(address delegator) external view returns (Position[] memory);

	/// @notice The rate that `delegator` pays; 0 for the owner. `NotDelegator` where it has nothing bonded.
	/// @param candidate To whom.
	/// @param delegator Who.
	/// @return The rate.
	function rate(address candidate, address delegator) external view returns (uint16);

	/// @notice The highest rate that `candidate` may ever ask. `UnknownCandidate` where it is none.
	/// @param candidate Who.
	/// @return The rate.
	function maximumRate(address candidate) external view returns (uint16);

	/// @notice A candidate. `UnknownCandidate` where it is none.
	/// @param candidate The address that names it.
	/// @return What is known of it.
	function candidateInfo(address candidate) external view returns (Candidate memory);

	/// @notice The candidate that `owner` controls.
	/// @param owner Who.
	/// @return The address that names it; zero where there is none.
	function candidateOf(address owner) external view returns (address);

	/// @notice The candidates that stand for election, the strongest first.
	/// @param start How many to leave out.
	/// @param count How many at most. More than 100 is as 100.
	/// @return The candidates of places `start + 1` to `start + count`.
	function candidates(uint32 start, uint32 count) external view returns (Candidate[] memory);

	/// @notice The seats of the present session, the strongest first.
	/// @return index The session.
	/// @return validators At most 64.
	/// @return standbys At most 32.
	function seats()
		external
		view
		returns (uint32 index, Seat[] memory validators, Seat[] memory standbys);

	/// @notice What the last finished block awarded: in a transaction the block before.
	/// @return The award.
	function blockAward() external view returns (BlockAward memory);

	/// @notice What `candidate` earned in a session.
	/// @param index The present session, up to the block before, or one of the last 144.
	/// @param candidate Who.
	/// @return The award.
	function sessionAward(uint32 index, address candidate)
		external
		view
		returns (SessionAward memory);

	/// @notice How `candidate` behaves.
	/// @param candidate Who.
	/// @return Whether it is absent or in jail.
	function conduct(address candidate) external view returns (Conduct memory);

	/// @notice How many slashes there ever were.
	/// @return The number of the next one.
	function slashCount() external view returns (uint32);

	/// @notice Slashes of all candidates, in the order in which they happened.
	/// @param start The number of the first.
	/// @param count How many at most. More than 100 is as 100.
	/// @return The slashes.
	function slashes(uint32 start, uint32 count) external view returns (Slash[] memory);

	/// @notice The present era.
	/// @return Its number.
	function era() external view returns (uint32);

	/// @notice The present session.
	/// @return Its number.
	function session() external view returns (uint32);

	/// @notice Numbers of the protocol that a delegator needs.
	/// @return The numbers as they are now.
	function parameters() external view returns (Parameters memory);

	/// @notice The address by which a native account is named here.
	/// @param account Its public key, or the hash of that where it is longer than 32 bytes.
	/// @return The address.
	function addressOf(bytes32 account) external view returns (address);

	/// @notice The native account behind an address.
	/// @param who The address.
	/// @return Where no native account has it: the address and twelve bytes 0xEE.
	function accountOf(address who) external view returns (bytes32);
}
