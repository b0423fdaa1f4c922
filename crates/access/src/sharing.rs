//! What is shared beyond roles: rules that open all records that match them. (Shares of single records are rows of the database.)

use crate::{Verb, Viewer};
use guanxi_model::{Filter, ObjectDef};
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// A rule: the records that match are shared with these people.
#[derive(Debug, Clone)]
pub struct SharingRule {
    /// The object of the record that says so, such as `sharing_rule` or `territory`.
    pub source: String,
    /// That record.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// Whose records are shared.
    pub object: Arc<ObjectDef>,
    /// Which of them; conditions on their own fields only.
    pub filter: Filter,
    /// With these users.
    pub users: HashSet<Uuid>,
    /// With who belongs to these departments.
    pub departments: HashSet<Uuid>,
    /// With who has one of these roles.
    pub roles: HashSet<String>,
    /// With everybody.
    pub everybody: bool,
    /// To change, not only to read?
    pub write: bool,
    /// These fields of what matches are hidden, and what follows it.
    pub hides: Vec<String>,
    /// But not from these users.
    pub spared: HashSet<Uuid>,
}

/// Records some of whose fields are hidden from somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Veil {
    /// The record that says so.
    pub source: Uuid,
    /// Which records; conditions on their own fields only.
    pub filter: Filter,
    /// Which of their fields.
    pub fields: BTreeSet<String>,
}

impl SharingRule {
    /// Does it hide anything from this viewer?
    pub fn veils(&self, viewer: &Viewer) -> bool {
        !(self.hides.is_empty() || viewer.id.is_some_and(|id| self.spared.contains(&id)))
    }

    /// Is it for this viewer?
    pub fn is_for(&self, viewer: &Viewer) -> bool {
        self.everybody && viewer.id.is_some()
            || viewer.id.is_some_and(|id| self.users.contains(&id))
            || viewer.departments.iter().any(|department| self.departments.contains(department))
            || viewer.roles.iter().any(|role| self.roles.contains(role))
    }
}

/// All rules in force. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Sharing(Arc<Vec<SharingRule>>);

impl Sharing {
    /// These rules.
    pub fn new(rules: Vec<SharingRule>) -> Self {
        Self(Arc::new(rules))
    }

    /// Are these the very same, nothing read anew meanwhile?
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The rules that open records of an object to a viewer for a verb. Nothing is ever shared for deleting.
    pub fn of<'s>(&'s self, viewer: &'s Viewer, object: &'s str, verb: Verb) -> impl Iterator<Item = &'s SharingRule> {
        self.0.iter().filter(move |rule| {
            let enough = match verb {
                Verb::Read => true,
                Verb::Update => rule.write,
                Verb::Delete => false,
            };
            enough && rule.object.name == object && rule.is_for(viewer)
        })
    }

    /// The rules that hide something of an object's records from a viewer, whether they open them to him or not.
    pub fn veiling<'s>(&'s self, viewer: &'s Viewer, object: &'s str) -> impl Iterator<Item = &'s SharingRule> {
        self.0.iter().filter(move |rule| rule.object.name == object && rule.veils(viewer))
    }
}
