//! Roles as data.

use crate::{Verb, Viewer};
use guanxi_model::{Label, ObjectDef};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Whose records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Nobody's.
    #[default]
    None,
    /// One's own.
    Own,
    /// Those of one's departments and below.
    Department,
    /// Everybody's.
    All,
}

/// What a role may do with the records of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grant {
    /// Whose records it reads.
    pub read: Scope,
    /// May it create?
    pub create: bool,
    /// Whose records it changes.
    pub update: Scope,
    /// Whose records it deletes.
    pub delete: Scope,
}

impl Grant {
    /// The scope for a verb.
    pub fn scope(&self, verb: Verb) -> Scope {
        match verb {
            Verb::Read => self.read,
            Verb::Update => self.update,
            Verb::Delete => self.delete,
        }
    }
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Name in `user.roles`.
    pub name: String,
    /// What people call it.
    pub label: Label,
    /// Objects whose records have an owner or belong to another record.
    pub owned: Grant,
    /// Objects that everybody shares (products, stages …).
    pub shared: Grant,
    /// Objects that differ from the two above.
    #[serde(default)]
    pub objects: IndexMap<String, Grant>,
    /// What it may do besides: `import`, `export`, `customize`, `administer`.
    #[serde(default)]
    pub abilities: Vec<String>,
}

impl Role {
    /// What this role may do with the records of an object.
    pub fn grant(&self, object: &ObjectDef) -> &Grant {
        self.objects.get(&object.name).unwrap_or_else(|| {
            let dependent = object.parent.is_some() || object.follow.is_some();
            if object.is_owned() || dependent { &self.owned } else { &self.shared }
        })
    }
}

/// All roles of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles {
    roles: Vec<Role>,
}

impl Roles {
    /// The roles that ship with the product.
    ///
    /// # Errors
    /// A shipped file that does not parse; a test keeps that from happening.
    pub fn built_in() -> Result<Self, toml::de::Error> {
        let files = [
            include_str!("../roles/administrator.toml"),
            include_str!("../roles/manager.toml"),
            include_str!("../roles/member.toml"),
        ];
        Ok(Self { roles: files.into_iter().map(toml::from_str).collect::<Result<_, _>>()? })
    }

    /// The viewer's roles.
    pub fn of<'a>(&'a self, viewer: &'a Viewer) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(|role| viewer.roles.contains(&role.name))
    }

    /// Every role.
    pub fn all(&self) -> &[Role] {
        &self.roles
    }
}
