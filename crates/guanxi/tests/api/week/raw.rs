//! What is there after the week, page by page through the API, and how it came to be, from the change log.

use guanxi_testkit::{Client, encoded};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// A part of a record that may be a lookup: its id, or the text itself.
pub(super) fn text(record: &Json, field: &str) -> String {
    let value = &record[field];
    value.get("id").unwrap_or(value).as_str().unwrap_or_default().to_owned()
}

pub(super) fn decimal(value: &Json) -> Decimal {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}

pub(super) fn moment(value: &Json) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

pub(super) fn date(value: &Json) -> Option<Date> {
    value.as_str()?.parse().ok()
}

pub(super) fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::get("Asia/Shanghai").expect("a zone")).date()
}

/// A change of the log.
pub(super) struct Change {
    pub at: Timestamp,
    pub record: String,
    pub kind: String,
    pub via: String,
    /// Who did it; empty where nobody did.
    pub actor: String,
    /// Before and after.
    pub fields: BTreeMap<String, (Json, Json)>,
}

impl Change {
    /// What a lookup led to before and after.
    pub(super) fn of(&self, field: &str) -> Option<(String, String)> {
        let (before, after) = self.fields.get(field)?;
        let id = |value: &Json| value.get("id").unwrap_or(value).as_str().unwrap_or_default().to_owned();
        Some((id(before), id(after)))
    }
}

/// Everything.
pub(super) struct Raw {
    pub now: Timestamp,
    records: BTreeMap<&'static str, Vec<Json>>,
    changes: BTreeMap<&'static str, Vec<Change>>,
}

const OBJECTS: [&str; 14] = [
    "customer",
    "lead",
    "opportunity",
    "opportunity_product",
    "stage",
    "stage_change",
    "follow_up",
    "task",
    "event",
    "target",
    "user",
    "department",
    "pool",
    "recycle_rule",
];

impl Raw {
    pub(super) async fn read(client: &Client, now: Timestamp) -> Self {
        let mut records = BTreeMap::new();
        for object in OBJECTS {
            records.insert(object, every(client, object).await);
        }
        let mut changes = BTreeMap::new();
        for object in ["customer", "lead", "opportunity"] {
            changes.insert(object, log(client, object).await);
        }
        Self { now, records, changes }
    }

    pub(super) fn all(&self, object: &str) -> &[Json] {
        &self.records[object]
    }

    /// The changes of an object's records, the oldest first.
    pub(super) fn log(&self, object: &str) -> &[Change] {
        &self.changes[object]
    }

    pub(super) fn find(&self, object: &str, id: &str) -> &Json {
        self.all(object).iter().find(|record| record["id"] == json!(id)).unwrap_or_else(|| panic!("{object} {id}"))
    }

    /// The records of an object as they stood right after a moment, by id.
    pub(super) fn at(&self, object: &str, moment: Timestamp) -> BTreeMap<String, Map<String, Json>> {
        let mut found = BTreeMap::<String, Map<String, Json>>::new();
        for change in self.log(object).iter().filter(|change| change.at <= moment) {
            let record = found.entry(change.record.clone()).or_default();
            for (field, (_, after)) in &change.fields {
                record.insert(field.clone(), after.clone());
            }
        }
        found
    }
}

/// All of a list, in small pages.
pub(super) async fn every(client: &Client, object: &str) -> Vec<Json> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/records/{object}?limit=70&sort=id{cursor}")).await.expect(200).json;
        found.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", encoded(next)),
            None => return found,
        }
    }
}

async fn log(client: &Client, object: &str) -> Vec<Change> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/audit?object={object}&limit=150{cursor}")).await.expect(200).json;
        for item in page["items"].as_array().expect("items") {
            let fields = item["changes"]
                .as_array()
                .expect("changes")
                .iter()
                .map(|change| (text(change, "field"), (change["before"].clone(), change["after"].clone())));
            found.push(Change {
                at: moment(&item["at"]).expect("a moment"),
                record: text(item, "record"),
                kind: text(item, "kind"),
                via: text(item, "via"),
                actor: text(item, "actor"),
                fields: fields.collect(),
            });
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", encoded(next)),
            None => break,
        }
    }
    found.reverse();
    found
}
