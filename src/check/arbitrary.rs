//! Any JSON, for properties that hold of all of it.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Values with numbers that are written in several ways, members that name links, and texts that may be URLs.
pub(super) fn any_json() -> impl Strategy<Value = Value> {
    let number = |(digits, power): (i32, i32)| serde_json::from_str(&format!("{digits}e{power}")).expect("a number");
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3_i32..3, -2_i32..3).prop_map(number),
        "[a-z/?&=]{0,6}".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::hash_map("href|links|rel|[a-c]", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
