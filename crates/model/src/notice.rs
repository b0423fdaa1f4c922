//! What people are told of by themselves: a change of a record, or a moment in it that has come.

use crate::{FieldType, Label, ObjectDef};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Tells people something about a record: when certain fields change, or when a moment in it comes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeDef {
    /// Its name; people set what they want to hear of by `object.name`.
    pub name: String,
    /// What it says, before the record's title.
    pub label: Label,
    /// The fields one of which has to change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<String>,
    /// Or the moment here that has to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Or it is found out by Rust of the module, which names whom it concerns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub computed: bool,
    /// The moment that is spoken of, where it is another one: a reminder comes before what it reminds of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment: Option<String>,
    /// Filter that the record must match then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Json>,
    /// The users here who are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
}

impl NoticeDef {
    /// The moment that is spoken of.
    pub fn spoken_of(&self) -> Option<&str> {
        self.moment.as_deref().or(self.at.as_deref())
    }

    /// What is wrong with it as a part of its object: where, and what.
    pub(crate) fn problems(&self, object: &ObjectDef) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut wrong = |name: &str, message: String| found.push((name.to_owned(), message));
        let ways = [!self.on.is_empty(), self.at.is_some(), self.computed];
        if ways.iter().filter(|way| **way).count() != 1 {
            wrong(&self.name, format!("notice {}: one of `on`, `at` and `computed` says when", self.name));
        }
        for name in self.at.iter().chain(&self.moment) {
            if object.field(name).map(|field| field.kind) != Some(FieldType::Datetime) {
                wrong(name, format!("notice {}: {name} is not a moment", self.name));
            }
        }
        if let Some(at) = &self.at
            && !object.indexes.iter().any(|index| index.fields.first() == Some(at))
        {
            wrong(
                at,
                format!("notice {}: an index has to begin with {at}, which is looked at all the time", self.name),
            );
        }
        for name in &self.on {
            if object.field(name).is_none() {
                wrong(name, format!("notice {}: there is no field {name}", self.name));
            }
        }
        if self.to.is_empty() != self.computed {
            wrong(&self.name, format!("notice {}: `to` says who is told, unless it is computed", self.name));
        }
        for name in &self.to {
            let field = object.field(name);
            let users = field.is_some_and(|field| {
                field.kind == FieldType::User
                    || (field.kind == FieldType::MultiLookup && field.to.as_deref() == Some("user"))
            });
            if !users {
                wrong(name, format!("notice {}: {name} names no users", self.name));
            }
        }
        found
    }
}
