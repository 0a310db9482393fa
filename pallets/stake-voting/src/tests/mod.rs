//! Tests by topic.

mod changes;
mod cleaning;
mod delegators;
mod limits;
mod opening;
mod queries;
mod tally;
mod try_state;
mod votes;
