const { anyValue } = require("@nomicfoundation/hardhat-chai-matchers/withArgs");
const { expect } = require("chai");
const { ethers } = require("hardhat");
const { mined } = require("./mined");

describe("Points", () => {
	const paid = ethers.parseEther("2");
	const amount = paid * 1_000n;
	let points;
	let buyer;
	let friend;

	before(async () => {
		[, buyer, friend] = await ethers.getSigners();
		points = await ethers.deployContract("Points");
		await points.waitForDeployment();
	});

	it("are bought with CMT", async () => {
		const buy = await mined(points.connect(buyer).buy({ value: paid }));
		await expect(buy).to.emit(points, "Bought").withArgs(buyer.address, paid, amount);
		await expect(buy).to.changeEtherBalances([buyer, points], [-paid, paid]);
		await expect(buy).to.changeTokenBalance(points, buyer, amount);
	});

	it("are not given away", async () => {
		await expect(points.connect(buyer).buy()).to.be.revertedWith("Points: nothing paid");
		// Sent with gas of its own, it fails in a block and not when gas is estimated.
		const sent = mined(points.connect(buyer).buy({ gasLimit: 200_000 }));
		await expect(sent).to.be.rejectedWith(/reverted/);
	});

	it("are sent to others, by their owner only and no more than there are", async () => {
		const send = await mined(points.connect(buyer).transfer(friend, 7));
		await expect(send).to.changeTokenBalances(points, [buyer, friend], [-7, 7]);
		await expect(points.connect(friend).transfer(buyer, 8))
			.to.be.revertedWithCustomError(points, "ERC20InsufficientBalance")
			.withArgs(friend.address, 7, 8);
		await expect(points.connect(friend).transferFrom(buyer, friend, 1))
			.to.be.revertedWithCustomError(points, "ERC20InsufficientAllowance")
			.withArgs(friend.address, 0, anyValue);
	});

	it("are let to others by a signature alone (ERC-2612)", async () => {
		const { chainId } = await ethers.provider.getNetwork();
		const domain = { name: "Points", version: "1", chainId, verifyingContract: points.target };
		const types = {
			Permit: [
				{ name: "owner", type: "address" },
				{ name: "spender", type: "address" },
				{ name: "value", type: "uint256" },
				{ name: "nonce", type: "uint256" },
				{ name: "deadline", type: "uint256" },
			],
		};
		const message = {
			owner: buyer.address,
			spender: friend.address,
			value: 5,
			nonce: await points.nonces(buyer),
			deadline: ethers.MaxUint256,
		};
		const { v, r, s } = ethers.Signature.from(await buyer.signTypedData(domain, types, message));
		const { owner, spender, value, deadline } = message;
		const permit = () => points.connect(friend).permit(owner, spender, value, deadline, v, r, s);
		await expect(await mined(permit())).to.emit(points, "Approval").withArgs(owner, spender, 5);
		await expect(permit()).to.be.revertedWithCustomError(points, "ERC2612InvalidSigner");
		const spend = await mined(points.connect(friend).transferFrom(buyer, friend, 5));
		await expect(spend).to.changeTokenBalances(points, [buyer, friend], [-5, 5]);
	});

	it("are sold back for what they cost", async () => {
		const sell = await mined(points.connect(buyer).sell(1_000_000));
		await expect(sell).to.changeEtherBalance(buyer, 1_000);
		await expect(sell).to.changeTokenBalance(points, buyer, -1_000_000);
	});

	it("tell their history", async () => {
		const [bought, ...more] = await points.queryFilter(points.filters.Bought(buyer.address));
		expect(more).to.be.empty;
		expect(bought.args.points).to.equal(amount);
		const sent = await points.queryFilter(points.filters.Transfer(null, friend.address));
		expect(sent.map(({ args }) => args.value)).to.deep.equal([7n, 5n]);
	});
});
