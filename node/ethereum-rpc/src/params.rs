//! Parameters in every form in which tools write them.

use alloy_eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::U64;
use serde::{de::Error as _, Deserialize, Deserializer};
use serde_json::Value;

/// A block: a number (hexadecimal or JSON number), a tag, a hash, or an object with one of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockParam(pub BlockId);

impl<'de> Deserialize<'de> for BlockParam {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let value = Value::deserialize(deserializer)?;
		match &value {
			Value::Null => Ok(Self::default()),
			Value::Number(number) => match number.as_u64() {
				Some(number) => Ok(Self(BlockId::number(number))),
				None => Err(D::Error::custom(format!("{number} is not a block number"))),
			},
			_ => BlockId::deserialize(value).map(Self).map_err(D::Error::custom),
		}
	}
}

/// A block by number or tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberParam(pub BlockNumberOrTag);

impl<'de> Deserialize<'de> for NumberParam {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		match BlockParam::deserialize(deserializer)?.0 {
			BlockId::Number(number) => Ok(Self(number)),
			BlockId::Hash(_) => {
				Err(D::Error::custom("a block number or tag is expected, not a hash"))
			},
		}
	}
}

/// A count or index: hexadecimal, or a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexParam(pub u64);

impl<'de> Deserialize<'de> for IndexParam {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let value = Value::deserialize(deserializer)?;
		match value.as_u64() {
			Some(number) => Ok(Self(number)),
			None => {
				let number = U64::deserialize(value).map_err(D::Error::custom)?;
				Ok(Self(number.to()))
			},
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloy_primitives::B256;
	use serde_json::json;

	fn block(value: Value) -> Result<BlockId, String> {
		serde_json::from_value(value)
			.map(|BlockParam(id)| id)
			.map_err(|error| error.to_string())
	}

	#[test]
	fn blocks_are_named_in_every_form() {
		let hash = B256::repeat_byte(7);
		for (value, expected) in [
			(json!(null), BlockId::latest()),
			(json!("latest"), BlockId::latest()),
			(json!("pending"), BlockId::pending()),
			(json!("earliest"), BlockId::earliest()),
			(json!("safe"), BlockId::safe()),
			(json!("finalized"), BlockId::finalized()),
			(json!("0x10"), BlockId::number(16)),
			(json!(16), BlockId::number(16)),
			(json!({ "blockNumber": "0x10" }), BlockId::number(16)),
			(json!(hash), BlockId::hash(hash)),
			(json!({ "blockHash": hash }), BlockId::hash(hash)),
			(json!({ "blockHash": hash, "requireCanonical": true }), BlockId::hash_canonical(hash)),
		] {
			assert_eq!(block(value.clone()), Ok(expected), "{value}");
		}
	}

	#[test]
	fn nonsense_is_no_block() {
		for value in [
			json!(-1),
			json!(1.5),
			json!("0x"),
			json!("best"),
			json!("0x10000000000000000"),
			json!("0xzz"),
			json!([]),
			json!(true),
			json!({ "blockHash": "0x01" }),
			json!({}),
		] {
			assert!(block(value.clone()).is_err(), "{value}");
		}
	}

	#[test]
	fn a_hash_is_no_number() {
		let hash = json!(B256::repeat_byte(7));
		assert!(serde_json::from_value::<NumberParam>(hash).is_err());
		let number = serde_json::from_value::<NumberParam>(json!("0x2"));
		assert_eq!(number.map_err(|_| ()), Ok(NumberParam(BlockNumberOrTag::Number(2))));
	}

	#[test]
	fn indices_are_hexadecimal_or_plain() {
		let index = |value: Value| serde_json::from_value::<IndexParam>(value).map_err(|_| ());
		assert_eq!(index(json!("0xa")), Ok(IndexParam(10)));
		assert_eq!(index(json!(10)), Ok(IndexParam(10)));
		for value in [json!(-1), json!("-0x1"), json!("x"), json!(null), json!([1])] {
			assert!(index(value.clone()).is_err(), "{value}");
		}
	}
}
