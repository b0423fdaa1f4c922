//! Records of departments, people and products.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::company::{CATEGORIES, DEPARTMENTS, PEOPLE, PRODUCTS};
use super::rng::Rng;
use super::{Record, at, mobile, moment, record};

/// The day the company began to use the system: before anything else happened.
fn first_day(today: Date) -> String {
    moment(today.saturating_sub(370.days()), 9 * 60)
}

pub fn departments(today: Date) -> Vec<Record> {
    let make = |(order, (name, parent)): (usize, &(&str, Option<usize>))| {
        record([
            ("name", json!(name)),
            ("parent", parent.map_or(Value::Null, |p| at("department", p))),
            ("sort_order", json!(order + 1)),
            ("created_at", json!(first_day(today))),
        ])
    };
    DEPARTMENTS.iter().enumerate().map(make).collect()
}

pub fn users(rng: &mut Rng, today: Date) -> Vec<Record> {
    PEOPLE
        .iter()
        .map(|person| {
            record([
                ("name", json!(person.name)),
                ("login", json!(person.login)),
                ("position", json!(person.position)),
                ("department", at("department", person.department)),
                ("manager", person.manager.map_or(Value::Null, |m| at("user", m))),
                ("roles", json!([person.role])),
                ("mobile", json!(mobile(rng))),
                ("email", json!(format!("{}@lanhai.example.com", person.login))),
                ("active", json!(true)),
                ("language", json!("zh-CN")),
                ("created_at", json!(first_day(today))),
            ])
        })
        .collect()
}

pub fn categories(today: Date) -> Vec<Record> {
    let make = |(order, (name, parent)): (usize, &(&str, Option<usize>))| {
        record([
            ("name", json!(name)),
            ("parent", parent.map_or(Value::Null, |p| at("product_category", p))),
            ("sort_order", json!(order + 1)),
            ("created_at", json!(first_day(today))),
        ])
    };
    CATEGORIES.iter().enumerate().map(make).collect()
}

pub fn products(today: Date) -> Vec<Record> {
    PRODUCTS
        .iter()
        .map(|product| {
            record([
                ("name", json!(product.name)),
                ("code", json!(product.code)),
                ("category", at("product_category", product.category)),
                ("price", json!(product.price.to_string())),
                ("unit", json!(product.unit)),
                ("active", json!(true)),
                ("created_at", json!(first_day(today))),
            ])
        })
        .collect()
}
