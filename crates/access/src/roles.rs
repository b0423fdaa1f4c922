//! Roles as data.

use crate::{Network, Verb, Viewer};
use guanxi_model::{FieldDef, Label, ObjectDef, field::FieldAccess};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::{
    net::IpAddr,
    sync::{Arc, LazyLock},
};
use uuid::Uuid;

/// The module whose objects are the organisation itself.
const ORGANISATION: &str = "organisation";

/// Whose records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Nobody's.
    #[default]
    None,
    /// One's own.
    Own,
    /// Those of one's departments.
    Department,
    /// Those of one's departments and below.
    Below,
    /// One's own, and those of the departments that the grant names, with all below them.
    Chosen,
    /// Everybody's.
    All,
}

/// What a role may do with the records of an object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
    /// The departments of [`Scope::Chosen`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<Uuid>,
    /// What it may do with them besides; unset: the role's abilities hold here too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abilities: Option<Vec<Ability>>,
    /// Fields it may do less with, or more, than their definition says.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub fields: IndexMap<String, FieldAccess>,
}

/// The grant of those who have none.
static NOTHING: LazyLock<Grant> = LazyLock::new(Grant::default);

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

/// What somebody may do besides reading and writing single records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ability {
    /// Bring records in from a file.
    Import,
    /// Take records out as a file.
    Export,
    /// Change many records at once.
    MassUpdate,
    /// Give records to another owner.
    Transfer,
    /// See the whole value of a masked field; every look is logged.
    Reveal,
    /// Add fields to objects.
    Customize,
    /// Users, departments, roles, everything that belongs to the whole company.
    Administer,
}

impl Ability {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Import, Self::Export, Self::MassUpdate, Self::Transfer, Self::Reveal, Self::Customize, Self::Administer];

    /// Those that are about the records of an object; the others are about the workspace.
    pub fn of_objects() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|ability| *ability < Self::Customize)
    }

    /// The ability with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ability| ability.as_str() == name)
    }

    /// Its name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Export => "export",
            Self::MassUpdate => "mass_update",
            Self::Transfer => "transfer",
            Self::Reveal => "reveal",
            Self::Customize => "customize",
            Self::Administer => "administer",
        }
    }
}

/// What a role may do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rights {
    /// Objects whose records have an owner or belong to another record.
    pub owned: Grant,
    /// Objects that everybody shares (products, stages …).
    pub shared: Grant,
    /// The organisation itself: users, departments, roles.
    pub organisation: Grant,
    /// Objects that differ from the three above.
    pub objects: IndexMap<String, Grant>,
    /// What it may do besides.
    pub abilities: Vec<Ability>,
    /// Networks from which it gives its rights; from anywhere without.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Modules that its menu leaves out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden_modules: Vec<String>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Name in `user.roles`.
    pub code: String,
    /// What people call it.
    pub label: Label,
    /// What it may do.
    pub rights: Rights,
}

/// A role as the product ships it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    code: String,
    label: Label,
    rights: Rights,
}

impl Rights {
    /// Do they hold for somebody who comes from this address? Where it is not known, only rights that hold everywhere do.
    pub fn hold_at(&self, address: Option<IpAddr>) -> bool {
        self.addresses.is_empty()
            || address.is_some_and(|address| {
                self.addresses
                    .iter()
                    .filter_map(|text| text.parse::<Network>().ok())
                    .any(|network| network.holds(address))
            })
    }
}

impl Role {
    /// What this role may do with the records of an object.
    pub fn grant(&self, object: &ObjectDef) -> &Grant {
        let rights = &self.rights;
        // Administrators' records are nobody else's, whatever a role says about everything.
        let withheld = object
            .ability
            .as_deref()
            .is_some_and(|ability| !rights.abilities.iter().any(|known| known.as_str() == ability));
        if withheld {
            return &NOTHING;
        }
        rights.objects.get(&object.name).unwrap_or_else(|| {
            let dependent = object.parent.is_some() || object.follow.is_some();
            if object.is_owned() || dependent {
                &rights.owned
            } else if object.module == ORGANISATION {
                &rights.organisation
            } else {
                &rights.shared
            }
        })
    }

    /// What this role may do with a field: what it says itself, otherwise what the field's definition leaves to those who
    /// do not administer.
    pub fn field(&self, object: &ObjectDef, field: &FieldDef) -> FieldAccess {
        match self.grant(object).fields.get(&field.name) {
            Some(access) => *access,
            None if self.rights.abilities.contains(&Ability::Administer) => FieldAccess::Write,
            None => field.access,
        }
    }

    /// Has this role an ability, for an object or (without one) for anything at all?
    pub fn has(&self, ability: Ability, object: Option<&ObjectDef>) -> bool {
        let own = object.and_then(|object| self.grant(object).abilities.as_ref());
        own.unwrap_or(&self.rights.abilities).contains(&ability)
    }
}

/// All roles of a workspace. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles {
    roles: Arc<Vec<Role>>,
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
        let shipped: Vec<Shipped> = files.into_iter().map(toml::from_str).collect::<Result<_, _>>()?;
        Ok(Self::new(
            shipped.into_iter().map(|role| Role { code: role.code, label: role.label, rights: role.rights }).collect(),
        ))
    }

    /// These roles.
    pub fn new(roles: Vec<Role>) -> Self {
        Self { roles: Arc::new(roles) }
    }

    /// The viewer's roles.
    pub fn of<'a>(&'a self, viewer: &'a Viewer) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(|role| viewer.roles.contains(&role.code))
    }

    /// Are these the very same, nothing read anew meanwhile?
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.roles, &other.roles)
    }

    /// Every role.
    pub fn all(&self) -> &[Role] {
        &self.roles
    }
}
