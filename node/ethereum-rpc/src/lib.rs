//! # Ethereum's JSON-RPC, inside the node
//!
//! The methods by which Ethereum's tools (MetaMask, ethers, viem, web3.js, Hardhat, Foundry) use the
//! chain, on the node's own port beside the Substrate methods.
//!
//! - [`chain`]: the parts of the node that the methods read, and the blocks that callers name.
//! - [`index`]: Ethereum's blocks, transactions, receipts and logs, which are in no state.
//! - [`live`]: what happens, told to filters and subscriptions.
//! - [`pending`]: the state that the pool's transactions would make.
//! - [`eth`], [`net`], [`web3`], [`txpool`], [`debug`]: the methods, by namespace.
//! - [`subscriptions`]: what happens, told as it happens.
//! - [`convert`]: from what the index keeps to what tools read.
//! - [`params`]: parameters in every form in which tools write them.
//! - [`error`]: codes and words that wallets know.

pub mod chain;
pub mod convert;
pub mod debug;
pub mod error;
pub mod eth;
mod gate;
pub mod index;
pub mod live;
pub mod net;
pub mod params;
pub mod pending;
pub mod subscriptions;
#[cfg(test)]
mod testing;
pub mod txpool;
pub mod web3;

pub use chain::{Backend, Block, Chain, Client, Hash, Pool, Settings};
pub use error::Error;
pub use eth::filters::Filters;
pub use index::{Index, IndexedImport};
pub use live::Live;

use debug::{
	raw::{Raw, RawApiServer},
	trace::{TraceApiServer, Tracing},
};
use eth::{
	blocks::{Blocks, BlocksApiServer},
	client::{ClientApiServer, ClientInfo},
	execute::{Execute, ExecuteApiServer},
	fees::{Fees, FeesApiServer},
	filters::FiltersApiServer,
	logs::{Logs, LogsApiServer},
	state::{State, StateApiServer},
	submit::{Submit, SubmitApiServer},
	transactions::{Transactions, TransactionsApiServer},
};
use jsonrpsee::{core::RegisterMethodError, RpcModule};
use net::{Net, NetApiServer};
use std::sync::Arc;
use subscriptions::{Subscriptions, SubscriptionsApiServer};
use txpool::{PendingTransactionsApiServer, Txpool, TxpoolApiServer};
use web3::{Web3, Web3ApiServer};

/// All methods.
pub fn module(chain: &Arc<Chain>) -> Result<RpcModule<()>, RegisterMethodError> {
	let mut module = RpcModule::new(());
	module.merge(Blocks(chain.clone()).into_rpc())?;
	module.merge(ClientInfo(chain.clone()).into_rpc())?;
	module.merge(Execute(chain.clone()).into_rpc())?;
	module.merge(Fees(chain.clone()).into_rpc())?;
	module.merge(Logs(chain.clone()).into_rpc())?;
	module.merge(State(chain.clone()).into_rpc())?;
	module.merge(Submit(chain.clone()).into_rpc())?;
	module.merge(Transactions(chain.clone()).into_rpc())?;
	module.merge(Net(chain.clone()).into_rpc())?;
	module.merge(TxpoolApiServer::into_rpc(Txpool(chain.clone())))?;
	module.merge(PendingTransactionsApiServer::into_rpc(Txpool(chain.clone())))?;
	module.merge(Web3 { version: chain.settings.version.clone() }.into_rpc())?;
	module.merge(Raw(chain.clone()).into_rpc())?;
	module.merge(Tracing(chain.clone()).into_rpc())?;
	Ok(module)
}

/// The methods that tell what happens: filters and subscriptions. All modules of a node share
/// `live`, and `filters` with their limit.
pub fn events_module(
	chain: &Arc<Chain>,
	live: &Arc<Live>,
	filters: &Filters,
) -> Result<RpcModule<()>, RegisterMethodError> {
	let mut module = RpcModule::new(());
	module.merge(filters.clone().into_rpc())?;
	module.merge(Subscriptions { chain: chain.clone(), live: live.clone() }.into_rpc())?;
	Ok(module)
}
