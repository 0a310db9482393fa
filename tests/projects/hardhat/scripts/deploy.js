// Deploys the office and what it needs, and writes the addresses to deployments/<network>.json.

const { mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { config, ethers, network, upgrades } = require("hardhat");

const PRICE = ethers.parseEther("500");
const SEATS = 100;

async function deploy() {
	const points = await ethers.deployContract("Points");
	const tickets = await ethers.deployContract("Ticket");
	await Promise.all([points.waitForDeployment(), tickets.waitForDeployment()]);
	const args = [points.target, tickets.target, PRICE, SEATS];
	const factory = await ethers.getContractFactory("TicketOffice");
	const office = await upgrades.deployProxy(factory, args, { kind: "uups" });
	await office.waitForDeployment();
	await (await tickets.transferOwnership(office.target)).wait();
	return { points: points.target, tickets: tickets.target, office: office.target };
}

async function main() {
	const addresses = await deploy();
	const folder = join(config.paths.root, "deployments");
	mkdirSync(folder, { recursive: true });
	const text = JSON.stringify(addresses, null, "\t");
	writeFileSync(join(folder, `${network.name}.json`), `${text}\n`);
	console.log(text);
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
