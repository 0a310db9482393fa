// The frame around the pages: head with node and accounts, navigation, and the page itself.

import { Component, type ReactNode, Suspense, lazy, useEffect } from "react";
import { connection } from "./chain/connection.ts";
import { AccountsBar } from "./components/accounts.tsx";
import { NodeBar } from "./components/node.tsx";
import { UnderWayBar } from "./components/under-way.tsx";
import { ValidatorsPage } from "./pages/validators/index.tsx";
import { href, usePlace } from "./router.ts";
import { useStore } from "./store.ts";
import { frame } from "./texts.ts";
import { resume } from "./wallets/wallets.ts";

// The first page comes with the frame; the others when somebody goes there.
const PAGES: Record<keyof typeof frame.pages, React.ComponentType> = {
	validators: ValidatorsPage,
	stake: lazy(() => import("./pages/stake/index.tsx")),
	governance: lazy(() => import("./pages/governance/index.tsx")),
	network: lazy(() => import("./pages/network/index.tsx")),
	trade: lazy(() => import("./pages/trade/index.tsx")),
};

export function App(): ReactNode {
	const { page } = usePlace();
	useResumed();
	const Page = PAGES[page as keyof typeof PAGES];
	return (
		<>
			<a className="skip" href="#content" onClick={skip}>
				{frame.skip}
			</a>
			<header className="head">
				<p className="brand">{frame.title}</p>
				<Navigation page={page} />
				<NodeBar />
				<AccountsBar />
				<UnderWayBar />
			</header>
			<main id="content" tabIndex={-1}>
				<Fence key={page}>
					<Suspense fallback={<p role="status">{frame.loading}</p>}>
						{Page ? <Page /> : <p>{frame.notFound}</p>}
					</Suspense>
				</Fence>
			</main>
		</>
	);
}

/** Moves the focus without an entry in the router's address. */
function skip(event: React.MouseEvent): void {
	event.preventDefault();
	document.getElementById("content")?.focus();
}

function Navigation({ page }: { page: string }): ReactNode {
	return (
		<nav aria-label={frame.menu}>
			{Object.entries(frame.pages).map(([name, title]) => (
				<a key={name} href={href(name)} aria-current={page === name ? "page" : undefined}>
					{title}
				</a>
			))}
		</nav>
	);
}

/** Takes up the accounts of the last visit as soon as a node is there. */
function useResumed(): void {
	const line = useStore(connection.line);
	const genesis = line?.facts.genesis;
	useEffect(() => {
		const present = connection.line.get();
		if (present) void resume(present);
	}, [genesis]);
}

/** Keeps a fault of one page from taking the frame with it. */
class Fence extends Component<{ children: ReactNode }, { failed: boolean }> {
	override state = { failed: false };

	static getDerivedStateFromError(): { failed: boolean } {
		return { failed: true };
	}

	override render(): ReactNode {
		return this.state.failed ? <p role="alert">{frame.failed}</p> : this.props.children;
	}
}
