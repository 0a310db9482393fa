//! JSON in which no object has the same key twice.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{collections::HashSet, fmt};

/// Stands for JSON without repeated keys; reading it fails where an object repeats one.
///
/// The usual reader silently keeps the last of them, which in a genesis decides over money.
pub(super) struct NoRepeatedKeys;

impl<'de> Deserialize<'de> for NoRepeatedKeys {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		deserializer.deserialize_any(Self)
	}
}

impl<'de> Visitor<'de> for NoRepeatedKeys {
	type Value = Self;

	fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("JSON")
	}

	fn visit_unit<E>(self) -> Result<Self, E> {
		Ok(self)
	}

	fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
		Ok(self)
	}

	fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
		Ok(self)
	}

	fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
		Ok(self)
	}

	fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
		Ok(self)
	}

	fn visit_str<E>(self, _: &str) -> Result<Self, E> {
		Ok(self)
	}

	fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
		while items.next_element::<Self>()?.is_some() {}
		Ok(self)
	}

	fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self, A::Error> {
		let mut seen = HashSet::new();
		while let Some(key) = entries.next_key::<String>()? {
			if seen.contains(&key) {
				return Err(A::Error::custom(format!("the key '{key}' occurs twice")));
			}
			entries.next_value::<Self>()?;
			seen.insert(key);
		}
		Ok(self)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn read(text: &str) -> Result<(), String> {
		serde_json::from_str(text)
			.map(|NoRepeatedKeys| ())
			.map_err(|error| error.to_string())
	}

	#[test]
	fn json_without_repeated_keys_is_accepted() {
		for text in [
			"null",
			"[]",
			r#"{"a":{"b":[1,-2,3.5,true,"x",null]},"c":{}}"#,
			r#"{"a":{"a":340282366920938463463374607431768211455},"b":{"a":1}}"#,
		] {
			assert_eq!(read(text), Ok(()), "{text}");
		}
	}

	#[test]
	fn repeated_keys_are_found_at_every_depth() {
		for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"c":2,"a":3}}]"#] {
			let error = read(text).unwrap_err();
			assert!(error.starts_with("the key 'a' occurs twice"), "{error}");
		}
	}

	#[test]
	fn broken_json_is_refused() {
		for text in ["", "{", r#"{"a":}"#, "[1,]", "{} x"] {
			assert!(read(text).is_err(), "{text}");
		}
	}
}
