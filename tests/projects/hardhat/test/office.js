const { expect } = require("chai");
const { ethers, upgrades } = require("hardhat");
const { mined } = require("./mined");

describe("TicketOffice", () => {
	const price = 500n;
	let points;
	let tickets;
	let office;
	let owner;
	let guest;

	before(async () => {
		[owner, , , guest] = await ethers.getSigners();
		points = await ethers.deployContract("Points");
		tickets = await ethers.deployContract("Ticket");
		await Promise.all([points.waitForDeployment(), tickets.waitForDeployment()]);
		const factory = await ethers.getContractFactory("TicketOffice");
		const args = [points.target, tickets.target, price, 2];
		office = await upgrades.deployProxy(factory, args, { kind: "uups" });
		await office.waitForDeployment();
		await mined(tickets.transferOwnership(office));
		await mined(points.connect(guest).buy({ value: 10n }));
	});

	it("sells seats for points", async () => {
		await mined(points.connect(guest).approve(office, ethers.MaxUint256));
		const buy = await mined(office.connect(guest).buy());
		await expect(buy).to.emit(office, "Sold").withArgs(guest.address, 1, price);
		await expect(buy).to.emit(tickets, "Transfer").withArgs(ethers.ZeroAddress, guest.address, 1);
		await expect(buy).to.changeTokenBalances(points, [guest, office], [-price, price]);
		expect(await tickets.ownerOf(1)).to.equal(guest.address);
	});

	it("sells nothing to who has not paid, and leaves no trace of it", async () => {
		await expect(office.connect(owner).buy())
			.to.be.revertedWithCustomError(points, "ERC20InsufficientAllowance")
			.withArgs(office.target, 0, price);
		expect(await office.sold()).to.equal(1);
	});

	it("alone makes tickets", async () => {
		await expect(tickets.connect(guest).mint(guest, 9))
			.to.be.revertedWithCustomError(tickets, "OwnableUnauthorizedAccount")
			.withArgs(guest.address);
		await expect(tickets.ownerOf(9))
			.to.be.revertedWithCustomError(tickets, "ERC721NonexistentToken")
			.withArgs(9);
	});

	it("sells no more seats than there are", async () => {
		await mined(office.connect(guest).buy());
		await expect(office.connect(guest).buy()).to.be.revertedWith("TicketOffice: sold out");
	});

	it("is started once, and its code behind the proxy never", async () => {
		const code = await upgrades.erc1967.getImplementationAddress(office.target);
		for (const at of [office.target, code]) {
			const start = office.attach(at).initialize(points, tickets, 1, 1);
			await expect(start).to.be.revertedWithCustomError(office, "InvalidInitialization");
		}
	});

	it("gets new code from its owner only, and keeps what it holds", async () => {
		const later = await ethers.getContractFactory("TicketOfficeV2", guest);
		const call = { fn: "initializeV2", args: [20] };
		await expect(upgrades.upgradeProxy(office, later, { call }))
			.to.be.revertedWithCustomError(office, "OwnableUnauthorizedAccount")
			.withArgs(guest.address);
		const before = await upgrades.erc1967.getImplementationAddress(office.target);
		office = await upgrades.upgradeProxy(office, later.connect(owner), { call });
		await office.deployTransaction.wait();
		expect(await office.version()).to.equal("2");
		expect([await office.sold(), await office.fee()]).to.deep.equal([2n, 20n]);
		expect(await upgrades.erc1967.getImplementationAddress(office.target)).not.to.equal(before);
	});

	it("takes seats back from their owners, once it can", async () => {
		await expect(office.connect(owner).giveBack(1))
			.to.be.revertedWithCustomError(office, "NotYours")
			.withArgs(1);
		const back = await mined(office.connect(guest).giveBack(1));
		await expect(back).to.changeTokenBalances(points, [guest, office], [480, -480]);
		await expect(tickets.ownerOf(1)).to.be.revertedWithCustomError(tickets, "ERC721NonexistentToken");
	});
});
