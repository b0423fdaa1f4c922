//! Who may do what: from a viewer and the roles' data to decisions and row filters. No I/O.
//!
//! A decision about rows is never a yes or no in Rust but a [`RowFilter`], which the store compiles into the query
//! itself, so that a row outside the viewer's scope is not read at all.

mod roles;
mod viewer;

pub use roles::{Grant, Role, Roles, Scope};
pub use viewer::{Via, Viewer};

use guanxi_model::{Catalogue, FieldDef, ObjectDef, Trait, field::FieldAccess};
use uuid::Uuid;

/// What a viewer wants to do with records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// See it.
    Read,
    /// Change it.
    Update,
    /// Put it into the recycle bin, restore it, purge it.
    Delete,
}

/// Which rows of an object are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFilter {
    /// Every row.
    All,
    /// Rows for which any of these holds; an empty list is no row at all.
    Any(Vec<RowTerm>),
}

/// One reason for which a row is within a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowTerm {
    /// Owned by this user.
    Owner(Uuid),
    /// In one of these departments or below.
    Under(Vec<Uuid>),
    /// The record that the lookup names is within this filter.
    Via {
        /// The lookup.
        field: String,
        /// The object it points at.
        target: String,
        /// Which of its rows.
        filter: RowFilter,
    },
}

impl RowFilter {
    /// No row at all?
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Any(terms) if terms.is_empty())
    }
}

/// Decides for one catalogue and one set of roles.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    /// What objects there are.
    pub catalogue: &'a Catalogue,
    /// What roles there are.
    pub roles: &'a Roles,
}

impl Access<'_> {
    /// May the viewer create such records?
    pub fn can_create(&self, viewer: &Viewer, object: &ObjectDef) -> bool {
        viewer.is_system() || self.roles.of(viewer).any(|role| role.grant(object).create)
    }

    /// Has the viewer an ability that is not about single records (`import`, `export`, `customize` …)?
    pub fn has_ability(&self, viewer: &Viewer, ability: &str) -> bool {
        viewer.is_system() || self.roles.of(viewer).any(|role| role.abilities.iter().any(|known| known == ability))
    }

    /// The widest scope that any role of the viewer gives.
    pub fn scope(&self, viewer: &Viewer, object: &ObjectDef, verb: Verb) -> Scope {
        if viewer.is_system() {
            return Scope::All;
        }
        self.roles.of(viewer).map(|role| role.grant(object).scope(verb)).max().unwrap_or(Scope::None)
    }

    /// Which rows the viewer may read, update or delete.
    pub fn rows(&self, viewer: &Viewer, object: &ObjectDef, verb: Verb) -> RowFilter {
        self.rows_at(viewer, object, verb, 0)
    }

    fn rows_at(&self, viewer: &Viewer, object: &ObjectDef, verb: Verb, depth: usize) -> RowFilter {
        let scope = self.scope(viewer, object, verb);
        if scope == Scope::All {
            return RowFilter::All;
        }
        let mut terms = Vec::new();
        if object.is_owned() && scope >= Scope::Own {
            terms.extend(viewer.id.map(RowTerm::Owner));
            if scope >= Scope::Department && !viewer.departments.is_empty() {
                terms.push(RowTerm::Under(viewer.departments.clone()));
            }
        }
        // A line is always in its parent's scope; `follow` opens reading only. Chains end where they would circle.
        let parent = if object.has(Trait::ChildOf) { object.parent.as_ref() } else { None };
        let follow = if verb == Verb::Read && scope >= Scope::Own { object.follow.as_ref() } else { None };
        if let Some(name) = parent.or(follow)
            && depth < 3
            && let Some(target) =
                object.field(name).and_then(FieldDef::target).and_then(|name| self.catalogue.object(name))
        {
            let filter = self.rows_at(viewer, target, verb, depth + 1);
            if !filter.is_nothing() {
                terms.push(RowTerm::Via { field: name.clone(), target: target.name.clone(), filter });
            }
        }
        RowFilter::Any(terms)
    }

    /// What the viewer may do with a field.
    pub fn field(&self, viewer: &Viewer, object: &ObjectDef, field: &FieldDef) -> FieldAccess {
        if viewer.is_system() || field.access.is_empty() {
            return FieldAccess::Write;
        }
        let _ = object;
        self.roles
            .of(viewer)
            .map(|role| field.access.get(&role.name).copied().unwrap_or_default())
            .max()
            .unwrap_or(FieldAccess::None)
    }

    /// May the viewer read the field?
    pub fn can_read(&self, viewer: &Viewer, object: &ObjectDef, field: &FieldDef) -> bool {
        self.field(viewer, object, field) >= FieldAccess::Read
    }

    /// May the viewer send a value for the field?
    pub fn can_write(&self, viewer: &Viewer, object: &ObjectDef, field: &FieldDef) -> bool {
        self.field(viewer, object, field) == FieldAccess::Write
            && (viewer.is_system() || !(field.read_only || field.is_computed()))
    }
}
