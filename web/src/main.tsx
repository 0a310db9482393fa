import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { connection } from "./chain/connection.ts";
import { applyTheme } from "./theme.ts";
import { discoverEthereumWallets } from "./wallets/ethereum.ts";
import "./styles.css";

applyTheme();
discoverEthereumWallets();
connection.open();
createRoot(document.getElementById("root")!).render(
	<StrictMode>
		<App />
	</StrictMode>,
);
