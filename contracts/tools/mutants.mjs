// Breaks the escrow in one place at a time and demands that a test notices. Each mutant is a copy of this
// package in a temporary folder, with one piece of `src/TradeEscrow.sol` replaced.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = "src/TradeEscrow.sol";

// What it breaks, the piece, and what takes its place.
const mutants = [
	["the step back", "t.stage = Stage.Open;", "t.stage = Stage.None;"],
	["an arrival counted as asked", "return IERC20(asset).balanceOf(address(this)) - before;", "return amount;"],
	["too little accepted", "if (arrived < stake) revert TooLittleArrived(arrived, stake);", ""],
	["a surplus kept", "_credit(asset, msg.sender, arrived - stake);", ""],
	["a surplus owed to nobody", "owed[asset] += arrived;", "owed[asset] += stake;"],
	["value not compared", "if (msg.value != amount) revert WrongValue(msg.value, amount);", ""],
	["CMT with a token", "if (msg.value != 0) revert WrongValue(msg.value, 0);", ""],
	["an address without code", "if (asset.code.length == 0) revert NotAToken(asset);", ""],
	["moves of nothing", "if (amount == 0) return 0;", ""],
	["a credit not debited", "credit[asset][account] = available - amount;", ""],
	["a withdrawal still owed", "owed[asset] -= amount;", ""],
	["a withdrawal above the credit", "if (available < amount) revert", "if (available > amount) revert"],
	["a charge at the cost of others", "if (left > amount) _debit(asset, msg.sender, left - amount);", ""],
	["a lie at the cost of the receiver", "if (left < amount) {", "if (false) {"],
	["no guard on withdrawals", "withdraw(address asset, address to, uint256 amount) external nonReentrant", "withdraw(address asset, address to, uint256 amount) external"],
	["a free dispute", "bool paysArbiter = t.stage == Stage.Disputed &&", "bool paysArbiter = false &&"],
	["a paid silence", " && outcome != Outcome.Undecided", ""],
	["a fee in each trade", "bool paysArbiter = t.stage == Stage.Disputed && outcome", "bool paysArbiter = outcome"],
	["the fee of the seller twice", "toArbiter = sellerFee + buyerFee;", "toArbiter = sellerFee + sellerFee;"],
	["the fee from nobody", "+ terms.sellerDeposit - sellerFee;", "+ terms.sellerDeposit;"],
	["a lost deposit", "+ terms.buyerDeposit - buyerFee;", "- buyerFee;"],
	["the loser swapped", "fee * refund / price;", "fee * (price - refund) / price;"],
	["a whole half", "t.terms.price - t.terms.price / 2", "t.terms.price / 2"],
	["silence for the wrong side", "Outcome.Unanswered, 0)", "Outcome.Unanswered, t.terms.price)"],
	["no delivery for the wrong side", "Outcome.Undelivered, t.terms.price)", "Outcome.Undelivered, 0)"],
	["an end in the last second", "block.timestamp <= t.deadline", "block.timestamp < t.deadline"],
	["a step too late", "block.timestamp > t.deadline", "block.timestamp > t.deadline + 1"],
	["a second end", "if (t.stage == Stage.Closed) revert WrongStage(id, Stage.Closed);", ""],
	["an end that leaves the stage", "t.stage = Stage.Closed;", ""],
	["an end that leaves no outcome", "t.outcome = outcome;", ""],
	["an old proposal", "if (proposed.stage != t.stage) revert NoProposal(id);", ""],
	["another proposal", "if (proposed.refund != refund) revert ProposalDiffers(id, proposed.refund);", ""],
	["a refund above the price", "if (refund > t.terms.price) revert", "if (false) revert"],
	["an offer that anybody takes back", "if (msg.sender != t.maker) revert NotTheMaker(id, msg.sender);", ""],
	["an acceptance by anybody", "if (invited != address(0)) revert NotTheInvited(id, msg.sender);", ""],
	["a trade with oneself", "if (msg.sender == t.maker) revert SellerIsBuyer(msg.sender);", ""],
	["an arbiter who buys", "if (msg.sender == t.terms.arbiter) revert ArbiterIsParty(msg.sender);", ""],
	["any seller", "if (msg.sender != t.terms.seller) revert NotTheSeller(id, msg.sender);", ""],
	["any buyer", "if (msg.sender != t.terms.buyer) revert NotTheBuyer(id, msg.sender);", ""],
	["any arbiter", "if (msg.sender != t.terms.arbiter) revert NotTheArbiter(id, msg.sender);", ""],
	["equal offers of one name", "++offersOf[msg.sender]", "offersOf[msg.sender]"],
	["a fee above a deposit", "if (fee > deposit) revert", "if (false) revert"],
	["any period", "period < MIN_PERIOD || period > MAX_PERIOD", "false"],
	["an arbiter who is a party", "arbiter == terms.seller || arbiter == terms.buyer", "false"],
	["no arbiter", "if (arbiter == address(0)) revert ArbiterMissing();", ""],
	["a loss by the receiver", "if (to == address(0) || to == address(this)) revert BadReceiver(to);", ""],
];

function copy() {
	const folder = mkdtempSync(join(tmpdir(), "mutant-"));
	for (const name of ["src", "interfaces", "test", "tools", "foundry.toml", "package.json"]) {
		cpSync(join(root, name), join(folder, name), { recursive: true });
	}
	symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
	return folder;
}

/** Whether the tests fail with this text as the escrow; a text that does not compile is no mutant. */
function noticed(folder, text) {
	writeFileSync(join(folder, source), text);
	const env = { ...process.env, FOUNDRY_DENY: "never", FOUNDRY_INVARIANT_RUNS: "16", FOUNDRY_FUZZ_RUNS: "64" };
	const args = ["test", "--no-match-contract", "GasTest", "--fail-fast"];
	const { status, stdout, stderr } = spawnSync("forge", args, { cwd: folder, env, encoding: "utf8" });
	if (!stdout.includes("Suite result")) throw new Error(`it does not compile:\n${stdout}${stderr}`);
	return status !== 0;
}

const original = readFileSync(join(root, source), "utf8");
const folder = copy();
let missed = 0;
try {
	if (noticed(folder, original)) throw new Error("the tests fail without a mutant");
	for (const [name, piece, other] of mutants) {
		// forge fmt may have broken the piece into lines.
		const pattern = new RegExp(piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "\\s+"));
		if (!pattern.test(original)) throw new Error(`${name}: the escrow has no "${piece}"`);
		const found = noticed(folder, original.replace(pattern, () => other));
		if (!found) missed++;
		console.log(`${found ? "noticed" : "MISSED "}  ${name}`);
	}
} finally {
	rmSync(folder, { recursive: true });
}
console.log(`mutants: ${mutants.length - missed} of ${mutants.length} noticed`);
process.exitCode = missed === 0 ? 0 : 1;
