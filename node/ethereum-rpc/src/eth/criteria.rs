//! What a caller looks for among logs.

use crate::{params::NumberParam, Error};
use alloy_primitives::B256;
use alloy_rpc_types_eth::{Filter, FilterBlockOption};
use serde::{de::Error as _, Deserialize, Deserializer};
use serde_json::{json, Value};

/// Addresses that one filter may name, and words that it may name at each place.
const ALTERNATIVES: usize = 1_000;

/// What a caller looks for among logs, in every form in which tools write it.
///
/// Block numbers may be hexadecimal or JSON numbers, and fields of other names are ignored. Refused
/// are more than 1000 addresses, or words at one of the four places, because each is compared with
/// the filter of every block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria(pub Filter);

/// The fields of a filter; what is `null` counts as absent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
	from_block: Option<NumberParam>,
	to_block: Option<NumberParam>,
	block_hash: Option<B256>,
	#[serde(default)]
	address: Value,
	#[serde(default)]
	topics: Value,
}

impl<'de> Deserialize<'de> for Criteria {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let Fields { from_block, to_block, block_hash, address, topics } =
			Fields::deserialize(deserializer)?;
		let logs = json!({ "address": address, "topics": topics });
		let logs = Filter::deserialize(logs).map_err(D::Error::custom)?;
		let block_option = match (block_hash, from_block, to_block) {
			(None, from, to) => FilterBlockOption::Range {
				from_block: from.map(|NumberParam(tag)| tag),
				to_block: to.map(|NumberParam(tag)| tag),
			},
			(Some(hash), None, None) => FilterBlockOption::AtBlockHash(hash),
			_ => return Err(D::Error::custom("blockHash excludes fromBlock and toBlock")),
		};
		Self::checked(Filter { block_option, ..logs }).map_err(D::Error::custom)
	}
}

impl Criteria {
	fn checked(filter: Filter) -> Result<Self, String> {
		if filter.address.len() > ALTERNATIVES {
			return Err(format!("a filter may name at most {ALTERNATIVES} addresses"));
		}
		match filter.topics.iter().all(|topic| topic.len() <= ALTERNATIVES) {
			true => Ok(Self(filter)),
			false => Err(format!("a filter may name at most {ALTERNATIVES} topics at each place")),
		}
	}

	/// Reads an optional parameter; without it everything is meant.
	///
	/// # Errors
	///
	/// If it makes no sense.
	pub fn read(value: Option<Value>) -> Result<Self, Error> {
		let Some(value) = value.filter(|value| !value.is_null()) else {
			return Ok(Self::default());
		};
		serde_json::from_value(value)
			.map_err(|error| Error::InvalidParams(format!("this is no filter of logs: {error}")))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloy_eips::BlockNumberOrTag as Tag;
	use alloy_primitives::Address;

	fn read(value: Value) -> Result<Filter, String> {
		let read = Criteria::read(Some(value));
		read.map(|Criteria(filter)| filter).map_err(|error| error.to_string())
	}

	#[test]
	fn filters_are_read_in_every_form() {
		let (one, two) = (Address::repeat_byte(1), Address::repeat_byte(2));
		let (word, other) = (B256::repeat_byte(3), B256::repeat_byte(4));
		let any = Filter::default();
		for (value, filter) in [
			(json!(null), any.clone()),
			(json!({}), any.clone()),
			(json!({ "address": null, "topics": null, "fromBlock": null }), any.clone()),
			(json!({ "address": [], "topics": [] }), any.clone()),
			(json!({ "limit": 5 }), any.clone()),
			(json!({ "address": one }), any.clone().address(one)),
			(json!({ "address": [one, two] }), any.clone().address(vec![one, two])),
			(json!({ "topics": [word] }), any.clone().event_signature(word)),
			(json!({ "topics": [null, [word, other]] }), any.clone().topic1(vec![word, other])),
			(json!({ "topics": [[], word] }), any.clone().topic1(word)),
			(json!({ "fromBlock": "0x10" }), any.clone().from_block(16)),
			(json!({ "fromBlock": 16, "toBlock": 17 }), any.clone().from_block(16).to_block(17)),
			(json!({ "toBlock": "finalized" }), any.clone().to_block(Tag::Finalized)),
			(json!({ "toBlock": "pending" }), any.clone().to_block(Tag::Pending)),
			(json!({ "blockHash": word }), any.clone().at_block_hash(word)),
			(json!({ "blockHash": word, "fromBlock": null }), any.at_block_hash(word)),
		] {
			assert_eq!(read(value.clone()), Ok(filter), "{value}");
		}
	}

	#[test]
	fn nonsense_is_no_filter() {
		let word = B256::repeat_byte(3);
		for value in [
			json!([1]),
			json!("0x1"),
			json!(7),
			json!({ "address": "0x12" }),
			json!({ "address": 5 }),
			json!({ "topics": [word, word, word, word, word] }),
			json!({ "topics": ["0x12"] }),
			json!({ "topics": word }),
			json!({ "fromBlock": "soon" }),
			json!({ "fromBlock": -1 }),
			json!({ "fromBlock": word }),
			json!({ "blockHash": "0x1" }),
			json!({ "blockHash": word, "fromBlock": "0x1" }),
			json!({ "blockHash": word, "toBlock": "latest" }),
		] {
			assert!(read(value.clone()).is_err(), "{value}");
		}
	}

	#[test]
	fn endless_filters_are_refused() {
		let addresses = |count: u64| {
			let of = |number: u64| Address::left_padding_from(&number.to_be_bytes());
			json!({ "address": (0..count).map(of).collect::<Vec<_>>() })
		};
		assert!(read(addresses(1_000)).is_ok());
		assert!(read(addresses(1_001)).is_err_and(|error| error.contains("1000 addresses")));
		let words = |count: u64| {
			let of = |number: u64| B256::left_padding_from(&number.to_be_bytes());
			json!({ "topics": [null, (0..count).map(of).collect::<Vec<_>>()] })
		};
		assert!(read(words(1_000)).is_ok());
		assert!(read(words(1_001)).is_err_and(|error| error.contains("1000 topics")));
	}
}
