//! Objects: a set of fields, how they are laid out, and what else holds for their records.

use crate::{
    field::{FieldDef, FieldType},
    formula::Formula,
    label::Label,
    notice::NoticeDef,
    value::Value,
};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Something an object's records can do besides having fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trait {
    /// Has an owner and the owner's department; the row scope goes by them.
    Owned,
    /// Its page shows what happened, newest first.
    Timeline,
    /// Files can be put on it.
    Attachments,
    /// A tree: has a `parent` lookup to itself.
    Tree,
    /// Lines of a parent record, ordered, in its scope.
    ChildOf,
}

/// A secondary index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexDef {
    /// Fields in order.
    pub fields: Vec<String>,
}

/// How values are made comparable for a duplicate rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Normalize {
    /// Trimmed, case folded.
    #[default]
    Exact,
    /// Digits without country code.
    Phone,
    /// Company name without its legal form.
    Company,
}

/// What a duplicate rule does when it finds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateMode {
    /// Asks; the writer may insist.
    #[default]
    Warn,
    /// Refuses.
    Block,
}

/// A duplicate rule (查重): two records with the same key in any of these fields are probably the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateRule {
    /// Any of these, compared across each other.
    pub fields: Vec<String>,
    /// How values are compared.
    #[serde(default)]
    pub normalize: Normalize,
    /// Warn or block.
    #[serde(default)]
    pub mode: DuplicateMode,
}

/// Fields to ask for when another field gets a certain value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// The field that changes.
    pub on: String,
    /// What its new record (lookup) or value (`value = …`) must look like.
    #[serde(rename = "where")]
    pub matching: IndexMap<String, Json>,
    /// What to ask for.
    pub fields: Vec<String>,
}

/// That the records of an object share those of another: each opens what matches it to the people it names. In a tree, who
/// is named by a record is named by all below it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharingDef {
    /// Whose records are shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Or the choice here that says whose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The long text here that holds a filter on them, in its JSON form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criteria: Option<String>,
    /// Or their field → the field here whose value, or one of whose values, it must have; `id` is the record itself. Empty fields here ask nothing; a record
    /// that asks nothing at all shares nothing.
    #[serde(default, rename = "where", skip_serializing_if = "IndexMap::is_empty")]
    pub matching: IndexMap<String, String>,
    /// The users here that they are shared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<String>,
    /// The departments here, with all below them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departments: Option<String>,
    /// The roles here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<String>,
    /// The boolean here that shares them with everybody who is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everybody: Option<String>,
    /// The choice here of `read` or `write`; unset: to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The boolean here that switches it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<String>,
    /// The tags here that name fields of theirs which are hidden as long as they match, with all that follows them. Whoever reads
    /// everybody's records sees them all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hides: Option<String>,
    /// The users here from whom nothing is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spares: Option<String>,
}

/// What follows from a record's getting another owner, however it gets him: by a change, an action or a handover.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OwnershipDef {
    /// The moment here that says since when; empty while there is no owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// What is emptied here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clears: Vec<String>,
}

/// States in which a record and its lines are closed: nobody changes or deletes them but rules and actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedDef {
    /// The choice that says its state.
    pub field: String,
    /// Values of it in which it is closed.
    pub values: Vec<String>,
    /// Fields that stay open all the same; the owner does so by himself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keeps: Vec<String>,
}

/// A button on a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionDef {
    /// Name in the API.
    pub name: String,
    /// What the button says.
    pub label: Label,
    /// Ant Design icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Filter the record must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Json>,
    /// What it writes, with `today`, `now` and `me` as in defaults; empty when Rust does it.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub set: IndexMap<String, Json>,
    /// Parameters the caller must give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub input: Vec<FieldDef>,
    /// The ability it takes; unset: whoever may update the record may do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ability: Option<String>,
    /// Whoever may read the record may do it: the rest is decided in Rust.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub readers: bool,
}

/// How lists look at first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListLayout {
    /// Columns in order.
    pub columns: Vec<String>,
    /// As in the API's `sort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Offers an A–Z rail.
    pub surname_index: bool,
}

/// A group of fields on the record's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Heading.
    pub label: Label,
    /// Fields in order.
    pub fields: Vec<String>,
    /// One to three.
    #[serde(default = "two")]
    pub columns: u8,
}

fn two() -> u8 {
    2
}

/// Records of another object that point at this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Related {
    /// The other object.
    pub object: String,
    /// Its lookup.
    pub field: String,
    /// Columns in order.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// The record's page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DetailLayout {
    /// Shown beside the title.
    pub highlights: Vec<String>,
    /// Groups of fields.
    pub sections: Vec<Section>,
    /// Related lists.
    pub related: Vec<Related>,
}

/// The short form for a new record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CreateLayout {
    /// Fields in order.
    pub fields: Vec<String>,
    /// Objects whose records are this one's lines and are entered along with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// The board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardLayout {
    /// A choice or lookup.
    pub group_by: String,
    /// A number summed per column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<String>,
    /// What a card shows.
    #[serde(default)]
    pub card: Vec<String>,
}

/// The calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarLayout {
    /// A date or datetime.
    pub date: String,
}

/// All layouts of an object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Layouts {
    /// Lists.
    pub list: ListLayout,
    /// The record's page.
    pub detail: DetailLayout,
    /// New records.
    pub create: CreateLayout,
    /// The board, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board: Option<BoardLayout>,
    /// The calendar, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarLayout>,
}

/// An object as its definition file says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectDef {
    /// Name in the API and of the table.
    pub name: String,
    /// One of them.
    pub label: Label,
    /// Several of them.
    #[serde(default)]
    pub plural: Option<Label>,
    /// Ant Design icon.
    #[serde(default)]
    pub icon: Option<String>,
    /// The text field that names a record.
    pub title: String,
    /// The ability without which nobody may do anything with its records; unset: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ability: Option<String>,
    /// What its records can do.
    #[serde(default)]
    pub traits: Vec<Trait>,
    /// The lookup to the parent, with [`Trait::ChildOf`].
    #[serde(default)]
    pub parent: Option<String>,
    /// Who may read this lookup's record may read this one too.
    #[serde(default)]
    pub follow: Option<String>,
    /// Filter on records that still want something done, such as tasks not yet done: a handover counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Json>,
    /// Its records say who did something: a handover leaves them with him unless it is told otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stays: bool,
    /// What a new owner brings with him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<OwnershipDef>,
    /// Do its records share those of another object?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<SharingDef>,
    /// Fields by name, in order; system fields come last.
    pub fields: IndexMap<String, FieldDef>,
    /// Secondary indexes.
    #[serde(default)]
    pub indexes: Vec<IndexDef>,
    /// Combinations that may exist once.
    #[serde(default)]
    pub unique: Vec<IndexDef>,
    /// Duplicate rules.
    #[serde(default)]
    pub duplicates: Vec<DuplicateRule>,
    /// Fields to ask for.
    #[serde(default)]
    pub prompts: Vec<Prompt>,
    /// In which states it is closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<ClosedDef>,
    /// Buttons.
    #[serde(default)]
    pub actions: Vec<ActionDef>,
    /// What people are told of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<NoticeDef>,
    /// Layouts.
    #[serde(default)]
    pub layout: Layouts,
    /// The module it belongs to.
    #[serde(skip)]
    pub module: String,
    /// Compiled formulas in an order in which each only needs those before it.
    #[serde(skip)]
    pub formulas: Vec<Formula>,
}

impl ObjectDef {
    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&FieldDef> {
        self.fields.get(name)
    }

    /// Has it this trait?
    pub fn has(&self, which: Trait) -> bool {
        self.traits.contains(&which)
    }

    /// Is the row scope by owner?
    pub fn is_owned(&self) -> bool {
        self.has(Trait::Owned)
    }

    /// The first of its states of being closed that holds for a record with these values.
    pub fn closed_by<'v>(&self, value: impl Fn(&str) -> &'v Value) -> Option<&ClosedDef> {
        self.closed.iter().find(|closed| {
            let state = value(&closed.field).as_text();
            state.is_some_and(|state| closed.values.iter().any(|name| name == state))
        })
    }

    /// Is this field found by the search?
    pub fn is_searchable(&self, field: &FieldDef) -> bool {
        field.search.unwrap_or_else(|| {
            !field.system
                && (field.name == self.title
                    || matches!(field.kind, FieldType::AutoNumber | FieldType::Phone | FieldType::Email))
        })
    }

    /// Fields that give search tokens, the title first.
    pub fn search_fields(&self) -> impl Iterator<Item = &FieldDef> {
        let title = self.fields.get(&self.title).into_iter();
        title
            .chain(self.fields.values().filter(|field| field.name != self.title))
            .filter(|field| self.is_searchable(field))
    }

    /// Is there a pinyin sort key beside this field? Titles have one.
    pub fn has_sort_key(&self, field: &FieldDef) -> bool {
        field.name == self.title && field.kind == FieldType::Text
    }
}

/// A module: a group of objects in the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleDef {
    /// Folder name.
    pub name: String,
    /// What the navigation says.
    pub label: Label,
    /// Ant Design icon.
    #[serde(default)]
    pub icon: Option<String>,
    /// Place in the navigation.
    #[serde(default)]
    pub order: i32,
    /// Objects in the navigation's order.
    #[serde(default)]
    pub objects: Vec<String>,
    /// Objects kept out of the navigation.
    #[serde(default)]
    pub hidden: Vec<String>,
}
