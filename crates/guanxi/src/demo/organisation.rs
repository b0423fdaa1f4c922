//! Records of departments, positions and people.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::company::{DEPARTMENTS, PEOPLE};
use super::rng::Rng;
use super::{Record, at, mobile, moment, record};

/// The day the company began to use the system: before anything else happened.
pub fn first_day(today: Date) -> String {
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

/// What people here are, each once, from the top down.
fn position_names() -> Vec<&'static str> {
    let mut names = Vec::new();
    for person in PEOPLE {
        if !names.contains(&person.position) {
            names.push(person.position);
        }
    }
    names
}

pub fn positions(today: Date) -> Vec<Record> {
    let make = |(order, name): (usize, &str)| {
        record([
            ("name", json!(name)),
            ("code", json!(format!("GW-{:02}", order + 1))),
            ("sort_order", json!(order + 1)),
            ("active", json!(true)),
            ("created_at", json!(first_day(today))),
        ])
    };
    position_names().into_iter().enumerate().map(make).collect()
}

pub fn users(rng: &mut Rng, today: Date) -> Vec<Record> {
    let positions = position_names();
    let position = |name| positions.iter().position(|known| *known == name).map(|place| at("position", place));
    PEOPLE
        .iter()
        .map(|person| {
            record([
                ("name", json!(person.name)),
                ("login", json!(person.login)),
                ("position", position(person.position).unwrap_or_default()),
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
