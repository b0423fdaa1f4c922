//! Who may do what: from a viewer and the roles' data to decisions and row filters. No I/O.
//!
//! A decision about rows is never a yes or no in Rust but a [`RowFilter`], which the store compiles into the query
//! itself, so that a row outside the viewer's scope is not read at all.

mod check;
mod network;
mod roles;
mod sharing;
mod viewer;

pub use network::{Network, NotANetwork};
pub use roles::{Ability, Grant, Rights, Role, Roles, Scope};
pub use sharing::{Sharing, SharingRule, Veil};
pub use viewer::{Via, Viewer};

use guanxi_model::{Catalogue, FieldDef, Filter, Mask, ObjectDef, Trait, Value, field::FieldAccess, regions};
use jiff::Timestamp;
use std::{collections::BTreeSet, sync::Arc};
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
#[derive(Debug, Clone, PartialEq)]
pub enum RowFilter {
    /// Every row.
    All,
    /// Rows for which any of these holds; an empty list is no row at all.
    Any(Vec<RowTerm>),
}

/// One reason for which a row is within a scope.
#[derive(Debug, Clone, PartialEq)]
pub enum RowTerm {
    /// Owned by this user.
    Owner(Uuid),
    /// In one of these departments.
    In(Vec<Uuid>),
    /// In one of these departments or below.
    Under(Vec<Uuid>),
    /// In its team is this user, or a field names him as one who may read it.
    Shared {
        /// The object, as teams know it; with the field that names him.
        object: String,
        /// The member.
        user: Uuid,
        /// As one who may change it?
        write: bool,
        /// When: memberships may end.
        now: Timestamp,
    },
    /// It matches; conditions on its own fields only.
    Matching {
        /// The record of the rule that says so.
        rule: Uuid,
        /// Their definitions.
        object: Arc<ObjectDef>,
        /// Which rows.
        filter: Filter,
    },
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

    /// The terms that say more than whose a row is: what is shared.
    pub fn shared(&self) -> Self {
        match self {
            Self::All => Self::Any(Vec::new()),
            Self::Any(terms) => {
                let shared = |term: &&RowTerm| matches!(term, RowTerm::Shared { .. } | RowTerm::Matching { .. });
                Self::Any(terms.iter().filter(shared).cloned().collect())
            }
        }
    }
}

/// Decides for one catalogue and one set of roles.
#[derive(Debug, Clone)]
pub struct Access<'a> {
    /// What objects there are.
    pub catalogue: &'a Catalogue,
    /// What roles there are.
    pub roles: Roles,
    /// What is shared beyond them.
    pub sharing: Sharing,
    /// The moment of the request.
    pub now: Timestamp,
}

impl Access<'_> {
    /// May the viewer create such records?
    pub fn can_create(&self, viewer: &Viewer, object: &ObjectDef) -> bool {
        viewer.is_system()
            || !self.is_kept(viewer, object) && self.roles.of(viewer).any(|role| role.grant(object).create)
    }

    /// Has the viewer an ability, for an object or (without one) for the workspace?
    pub fn has_ability(&self, viewer: &Viewer, ability: Ability, object: Option<&ObjectDef>) -> bool {
        viewer.is_system() || self.roles.of(viewer).any(|role| role.has(ability, object))
    }

    /// The scopes that the viewer's roles give, without doubles and without those that give nothing.
    pub fn scopes(&self, viewer: &Viewer, object: &ObjectDef, verb: Verb) -> BTreeSet<Scope> {
        if viewer.is_system() {
            return [Scope::All].into();
        }
        if verb != Verb::Read && self.is_kept(viewer, object) {
            return BTreeSet::new();
        }
        let scopes = self.roles.of(viewer).map(|role| role.grant(object).scope(verb));
        scopes.filter(|scope| *scope > Scope::None).collect()
    }

    /// Who says what is shared could share everything with himself; so that is left to those who administer.
    fn is_kept(&self, viewer: &Viewer, object: &ObjectDef) -> bool {
        object.sharing.is_some() && !self.has_ability(viewer, Ability::Administer, None)
    }

    /// Does any role of the viewer let him do this with any such record?
    pub fn may_at_all(&self, viewer: &Viewer, object: &ObjectDef, verb: Verb) -> bool {
        !self.scopes(viewer, object, verb).is_empty()
    }

    /// Which rows the viewer may read, update or delete.
    pub fn rows(&self, viewer: &Viewer, object: &ObjectDef, verb: Verb) -> RowFilter {
        self.rows_at(viewer, object, verb, 0)
    }

    /// The same without what is shared with him.
    pub fn rows_by_role(&self, viewer: &Viewer, object: &ObjectDef, verb: Verb) -> RowFilter {
        match self.rows(viewer, object, verb) {
            RowFilter::Any(mut terms) => {
                terms.retain(|term| !matches!(term, RowTerm::Shared { .. } | RowTerm::Matching { .. }));
                RowFilter::Any(terms)
            }
            all => all,
        }
    }

    fn rows_at(&self, viewer: &Viewer, object: &ObjectDef, verb: Verb, depth: usize) -> RowFilter {
        let scopes = self.scopes(viewer, object, verb);
        if scopes.contains(&Scope::All) {
            return RowFilter::All;
        }
        let mut terms = Vec::new();
        if object.is_owned() && !scopes.is_empty() {
            terms.extend(viewer.id.map(RowTerm::Owner));
            // Rights add up: below holds what the department itself gives.
            let mut under = if scopes.contains(&Scope::Below) { viewer.departments.clone() } else { Vec::new() };
            for role in self.roles.of(viewer) {
                let grant = role.grant(object);
                if grant.scope(verb) == Scope::Chosen {
                    under.extend(
                        grant
                            .departments
                            .iter()
                            .filter(|department| !under.contains(department))
                            .copied()
                            .collect::<Vec<_>>(),
                    );
                }
            }
            if scopes.contains(&Scope::Department) && !scopes.contains(&Scope::Below) && !viewer.departments.is_empty()
            {
                terms.push(RowTerm::In(viewer.departments.clone()));
            }
            if !under.is_empty() {
                terms.push(RowTerm::Under(under));
            }
            self.share(&mut terms, viewer, object, verb, depth);
        }
        // A line is always in its parent's scope; `follow` opens reading only. Chains end where they would circle.
        let parent = if object.has(Trait::ChildOf) { object.parent.as_ref() } else { None };
        let follow = if verb == Verb::Read && !scopes.is_empty() { object.follow.as_ref() } else { None };
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

    /// What is shared with the viewer: rights to read or change single records, never more than his roles allow at all.
    fn share(&self, terms: &mut Vec<RowTerm>, viewer: &Viewer, object: &ObjectDef, verb: Verb, depth: usize) {
        let Some(user) = viewer.id.filter(|_| verb != Verb::Delete) else { return };
        let write = verb == Verb::Update;
        terms.push(RowTerm::Shared { object: object.name.clone(), user, write, now: self.now });
        for field in object.fields.values().filter(|field| field.readers && !write) {
            terms.push(RowTerm::Shared { object: field.readers_key(&object.name), user, write, now: self.now });
        }
        // What follows a record some of whose fields are hidden would tell them.
        let open = |rule: &&SharingRule| depth == 0 || !rule.veils(viewer);
        for rule in self.sharing.of(viewer, &object.name, verb).filter(open) {
            terms.push(RowTerm::Matching { rule: rule.id, object: rule.object.clone(), filter: rule.filter.clone() });
        }
    }

    /// Records of an object some of whose fields are hidden from the viewer, whatever he may do with them elsewhere. From
    /// whoever reads everybody's records nothing is.
    pub fn veils(&self, viewer: &Viewer, object: &ObjectDef) -> Vec<Veil> {
        if self.scopes(viewer, object, Verb::Read).contains(&Scope::All) {
            return Vec::new();
        }
        let rules = self.sharing.veiling(viewer, &object.name);
        rules
            .map(|rule| Veil {
                source: rule.id,
                filter: rule.filter.clone(),
                fields: with_what_tells(object, &rule.hides),
            })
            .collect()
    }

    /// The fields of a record at hand that are hidden from the viewer.
    pub fn veiled<'v>(
        &self,
        viewer: &Viewer,
        object: &ObjectDef,
        read: impl Fn(&str) -> &'v Value,
    ) -> BTreeSet<String> {
        // Values that one may lie below another are the values of `where`, which asks for one or for several of them.
        let lies_in = |above: &Value, value: &Value| match (above.as_text(), value.as_text()) {
            (Some(above), Some(value)) => {
                regions::under_prefixes(above).into_iter().any(|prefix| value.starts_with(prefix))
            }
            _ => true,
        };
        let veils = self.veils(viewer, object).into_iter();
        veils
            .filter(|veil| veil.filter.matches(&|condition| read(&condition.field).clone(), &lies_in))
            .flat_map(|veil| veil.fields)
            .collect()
    }

    /// What the viewer may do with a field.
    pub fn field(&self, viewer: &Viewer, object: &ObjectDef, field: &FieldDef) -> FieldAccess {
        if viewer.is_system() {
            return FieldAccess::Write;
        }
        let own = self.roles.of(viewer).map(|role| role.field(object, field)).max().unwrap_or(FieldAccess::None);
        let copied = field.copy_of.as_ref().and_then(|from| {
            let (object, field) = from.split_once('.')?;
            let object = self.catalogue.object(object)?;
            let closed = self.rows(viewer, object, Verb::Read).is_nothing();
            let access = object.field(field).map(|field| self.field(viewer, object, field));
            if closed { Some(FieldAccess::None) } else { access }
        });
        let own = match copied.map_or(own, |copied| own.min(copied)) {
            // Of what is no text nothing can be left out.
            FieldAccess::Masked if copied.is_some() && Mask::of(field.effective()).is_none() => FieldAccess::None,
            own => own,
        };
        // What is worked out from values that one may not read would tell them.
        let mut formulas = object.formulas.iter().filter(|formula| formula.field == field.name);
        let tells = formulas.any(|formula| {
            let mut reads = formula.reads.iter().filter_map(|name| object.field(name));
            reads.any(|read| self.field(viewer, object, read) < FieldAccess::Read)
        });
        if tells { FieldAccess::None } else { own }
    }

    /// May the viewer see the field, perhaps masked? Enough to show it; not to filter, sort, group or search by it.
    pub fn can_show(&self, viewer: &Viewer, object: &ObjectDef, field: &FieldDef) -> bool {
        self.field(viewer, object, field) >= FieldAccess::Masked
    }

    /// How much of the field's values the viewer sees, where that is neither all nor nothing.
    pub fn mask(&self, viewer: &Viewer, object: &ObjectDef, field: &FieldDef) -> Option<Mask> {
        let masked = self.field(viewer, object, field) == FieldAccess::Masked;
        masked.then(|| Mask::of(field.effective()).unwrap_or(Mask::Text))
    }

    /// May the viewer read the field's whole values?
    pub fn can_read(&self, viewer: &Viewer, object: &ObjectDef, field: &FieldDef) -> bool {
        self.field(viewer, object, field) >= FieldAccess::Read
    }

    /// May the viewer send a value for the field?
    pub fn can_write(&self, viewer: &Viewer, object: &ObjectDef, field: &FieldDef) -> bool {
        self.field(viewer, object, field) == FieldAccess::Write
            && (viewer.is_system() || !(field.read_only || field.is_computed()))
    }
}

/// Fields of an object, with those that are worked out from them.
fn with_what_tells(object: &ObjectDef, fields: &[String]) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = fields.iter().cloned().collect();
    loop {
        let before = all.len();
        for formula in &object.formulas {
            if formula.reads.iter().any(|read| all.contains(read)) {
                all.insert(formula.field.clone());
            }
        }
        for field in object.fields.values() {
            let from = field.copy_of.as_deref().and_then(|from| from.split_once('.'));
            if from.is_some_and(|(of, field)| of == object.name && all.contains(field)) {
                all.insert(field.name.clone());
            }
        }
        if all.len() == before {
            return all;
        }
    }
}
