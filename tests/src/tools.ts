// One face for the libraries by which applications use Ethereum, so that all do the same work.

import {
	Contract,
	ContractFactory,
	type HDNodeWallet,
	JsonRpcProvider,
	NonceManager,
	WebSocketProvider,
	isError,
} from "ethers";
import {
	BaseError,
	ContractFunctionRevertedError,
	createPublicClient,
	createWalletClient,
	defineChain,
	http,
	webSocket,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { Web3 } from "web3";
import { CHAIN_ID, type Ethereum } from "./ethereum.ts";
import type { Compiled } from "./solidity.ts";
import { sleep, within } from "./wait.ts";

/** How often a tool looks for news, in milliseconds; their defaults are for slow chains. */
const POLLING = 100;

/** A call of a contract. */
export interface ContractCall {
	at: string;
	contract: Compiled;
	name: string;
	args?: readonly unknown[];
}

/** What a library does for an application. */
export interface Tool {
	/** Makes a contract; its address. */
	deploy(contract: Compiled, args?: readonly unknown[]): Promise<string>;
	/** Calls a contract in a transaction and waits for it; the transaction's hash. */
	send(call: ContractCall): Promise<string>;
	/** What a call would return. */
	read(call: ContractCall): Promise<unknown>;
	/** The name or the words of the error with which a call is refused. */
	refusal(call: ContractCall): Promise<string>;
	/** Tells the arguments of events of this name as they come. */
	watch(call: ContractCall, onEvent: (args: unknown[]) => void): Promise<void>;
	/** Ends all connections. */
	close(): Promise<void>;
}

function throwUnrefused(answer: unknown): never {
	throw new Error(`answered, and was to be refused: ${String(answer)}`);
}

/** ethers. */
class Ethers implements Tool {
	private readonly provider: JsonRpcProvider | WebSocketProvider;
	private readonly signer: NonceManager;

	constructor(eth: Ethereum, key: HDNodeWallet, socket: boolean) {
		// Answers are kept for a moment by default, in which the test goes on.
		const options = { cacheTimeout: -1, pollingInterval: POLLING, staticNetwork: true };
		this.provider = socket
			? new WebSocketProvider(eth.ws, CHAIN_ID, options)
			: new JsonRpcProvider(eth.http, CHAIN_ID, options);
		this.signer = new NonceManager(key.connect(this.provider));
	}

	private contract({ at, contract }: ContractCall): Contract {
		return new Contract(at, contract.abi, this.signer);
	}

	async deploy({ abi, bytecode }: Compiled, args: readonly unknown[] = []): Promise<string> {
		const made = await new ContractFactory(abi, bytecode, this.signer).deploy(...args);
		return (await made.waitForDeployment()).getAddress();
	}

	async send(call: ContractCall): Promise<string> {
		const sent = await this.contract(call).getFunction(call.name)(...(call.args ?? []));
		return (await sent.wait()).hash as string;
	}

	read(call: ContractCall): Promise<unknown> {
		return this.contract(call).getFunction(call.name).staticCall(...(call.args ?? []));
	}

	async refusal(call: ContractCall): Promise<string> {
		try {
			throwUnrefused(await this.read(call));
		} catch (error) {
			if (!isError(error, "CALL_EXCEPTION")) throw error;
			// The language's own error, `Error(string)`, has words; those of a contract have names.
			const name = error.revert?.name ?? "";
			return name === "Error" ? (error.reason ?? "") : name;
		}
	}

	async watch(call: ContractCall, onEvent: (args: unknown[]) => void): Promise<void> {
		await this.contract(call).on(call.name, (...all: unknown[]) => onEvent(all.slice(0, -1)));
	}

	async close(): Promise<void> {
		await this.provider.removeAllListeners();
		// Removing a listener sends a last request, for which ethers does not wait.
		await sleep(2 * POLLING);
		await this.provider.destroy();
	}
}

type Hex = `0x${string}`;

/** viem. */
class Viem implements Tool {
	private readonly clients;
	private readonly unwatch: (() => void)[] = [];

	constructor(
		eth: Ethereum,
		key: HDNodeWallet,
		private readonly socket: boolean,
	) {
		const chain = defineChain({
			id: CHAIN_ID,
			name: "CyberMiles",
			nativeCurrency: { name: "CMT", symbol: "CMT", decimals: 18 },
			rpcUrls: { default: { http: [eth.http], webSocket: [eth.ws] } },
		});
		const transport = socket ? webSocket(eth.ws) : http(eth.http);
		const options = { chain, transport, pollingInterval: POLLING, cacheTime: 0 };
		const account = privateKeyToAccount(key.privateKey as Hex);
		this.clients = {
			account,
			reader: createPublicClient(options),
			writer: createWalletClient({ ...options, account }),
		};
	}

	private request({ at, contract, name, args = [] }: ContractCall) {
		return { address: at as Hex, abi: contract.abi, functionName: name, args };
	}

	async deploy({ abi, bytecode }: Compiled, args: readonly unknown[] = []): Promise<string> {
		const { reader, writer } = this.clients;
		const hash = await writer.deployContract({ abi: abi, bytecode, args });
		const { contractAddress } = await reader.waitForTransactionReceipt({ hash });
		return contractAddress ?? "";
	}

	async send(call: ContractCall): Promise<string> {
		const { reader, writer } = this.clients;
		const hash = await writer.writeContract(this.request(call));
		const { status } = await reader.waitForTransactionReceipt({ hash });
		if (status !== "success") throw new Error(`${call.name}: ${status}`);
		return hash;
	}

	read(call: ContractCall): Promise<unknown> {
		return this.clients.reader.readContract(this.request(call));
	}

	async refusal(call: ContractCall): Promise<string> {
		const { account, reader } = this.clients;
		try {
			const { result } = await reader.simulateContract({ ...this.request(call), account });
			throwUnrefused(result);
		} catch (error) {
			if (!(error instanceof BaseError)) throw error;
			const found = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
			if (!(found instanceof ContractFunctionRevertedError)) throw error;
			return found.reason ?? found.data?.errorName ?? "";
		}
	}

	async watch(call: ContractCall, onEvent: (args: unknown[]) => void): Promise<void> {
		const { at, contract, name } = call;
		const stop = this.clients.reader.watchContractEvent({
			address: at as Hex,
			abi: contract.abi,
			eventName: name,
			onLogs: (logs) => {
				for (const { args } of logs as { args?: object }[]) {
					onEvent(Object.values(args ?? {}));
				}
			},
		});
		this.unwatch.push(stop);
	}

	async close(): Promise<void> {
		for (const stop of this.unwatch) stop();
		if (!this.socket) return;
		const { transport } = this.clients.reader;
		const client = await (
			transport as unknown as { getRpcClient(): Promise<{ close(): void }> }
		).getRpcClient();
		client.close();
	}
}

/** web3.js. */
class Web3Js implements Tool {
	private readonly web3: Web3;
	private readonly from: string;
	private timer: NodeJS.Timeout | undefined;

	constructor(
		eth: Ethereum,
		key: HDNodeWallet,
		private readonly socket: boolean,
	) {
		this.web3 = new Web3(socket ? eth.ws : eth.http);
		this.web3.setConfig({
			transactionPollingInterval: POLLING,
			transactionReceiptPollingInterval: POLLING,
			blockHeaderTimeout: 5,
		});
		this.from = key.address;
		this.web3.eth.accounts.wallet.add(key.privateKey);
	}

	private contract({ at, contract }: Omit<ContractCall, "name">) {
		return new this.web3.eth.Contract(contract.abi as never, at);
	}

	private method(call: ContractCall) {
		const method = this.contract(call).methods[call.name];
		if (!method) throw new Error(`no method ${call.name}`);
		return method(...((call.args ?? []) as []));
	}

	async deploy({ abi, bytecode }: Compiled, args: readonly unknown[] = []): Promise<string> {
		const contract = new this.web3.eth.Contract(abi as never);
		const made = contract.deploy({ data: bytecode, arguments: args as never });
		return (await made.send({ from: this.from })).options.address ?? "";
	}

	async send(call: ContractCall): Promise<string> {
		const { transactionHash } = await this.method(call).send({ from: this.from });
		return String(transactionHash);
	}

	async read(call: ContractCall): Promise<unknown> {
		return this.method(call).call({ from: this.from });
	}

	async refusal(call: ContractCall): Promise<string> {
		try {
			throwUnrefused(await this.read(call));
		} catch (error) {
			const { cause } = error as { cause?: { errorName?: string; message: string } };
			if (!cause) throw error;
			if (cause.errorName && cause.errorName !== "Error") return cause.errorName;
			return cause.message.replace("execution reverted: ", "");
		}
	}

	async watch(call: ContractCall, onEvent: (args: unknown[]) => void): Promise<void> {
		const tell = (event: { returnValues?: Record<string, unknown> }): void => {
			const { __length__: length, ...values } = event.returnValues ?? {};
			onEvent(Array.from({ length: Number(length) }, (_, index) => values[index]));
		};
		if (!this.socket) return this.poll(call, tell);
		const subscription = this.contract(call).events[call.name]!();
		subscription.on("data", (event) => tell(event as never));
		await within(
			"the subscription",
			5_000,
			new Promise((resolve, reject) => {
				subscription.once("connected", resolve);
				subscription.once("error", reject);
			}),
		);
	}

	/** web3.js subscribes over WebSocket only; over HTTP applications look again and again. */
	private async poll(call: ContractCall, tell: (event: object) => void): Promise<void> {
		let next = (await this.web3.eth.getBlockNumber()) + 1n;
		let looks = false;
		const look = async (): Promise<void> => {
			const newest = await this.web3.eth.getBlockNumber();
			if (newest < next) return;
			const range = { fromBlock: next, toBlock: newest };
			const found = await this.contract(call).getPastEvents(call.name as "allEvents", range);
			next = newest + 1n;
			for (const event of found) tell(event as object);
		};
		// One look at a time, so that none tells the same; one that fails is made up for by the next.
		const lookAgain = async (): Promise<void> => {
			if (looks) return;
			looks = true;
			await look().catch(() => {});
			looks = false;
		};
		this.timer = setInterval(() => void lookAgain(), POLLING);
	}

	async close(): Promise<void> {
		clearInterval(this.timer);
		if (!this.socket) return;
		await this.web3.eth.clearSubscriptions();
		this.web3.provider?.disconnect();
	}
}

/** The libraries that are tried. */
export const LIBRARIES = { ethers: Ethers, viem: Viem, "web3.js": Web3Js } as const;
