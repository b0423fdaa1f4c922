//! From a typed value to the JSON that clients read.

use crate::{
    field::{FieldDef, FieldType},
    value::Value,
};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

/// A decimal as text: money always with two decimals at least, the others as short as they are.
pub fn decimal_text(value: Decimal, kind: FieldType) -> String {
    let mut value = value.normalize();
    if kind == FieldType::Money && value.scale() < 2 {
        value.rescale(2);
    }
    value.to_string()
}

/// The JSON of a plain value. References come as bare ids; the engine adds titles where it knows them.
pub fn to_json(field: &FieldDef, value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Int(number) => json!(number),
        Value::Decimal(number) => Json::String(decimal_text(*number, field.effective())),
        Value::Text(text) => Json::String(text.clone()),
        Value::Date(date) => Json::String(date.to_string()),
        Value::Instant(moment) => Json::String(moment.to_string()),
        Value::Id(id) => Json::String(id.to_string()),
        Value::List(members) => Json::Array(members.iter().map(|member| to_json(field, member)).collect()),
    }
}
