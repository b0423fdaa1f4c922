//! Fields: their types, their properties, and which filter operators fit.

use crate::{label::Label, value::Kind};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What kind of thing a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Several lines.
    LongText,
    /// Whole number.
    Integer,
    /// Exact number, four decimals.
    Decimal,
    /// Exact amount in the record's currency.
    Money,
    /// Percentage; `50` is fifty percent.
    Percent,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    Datetime,
    /// One of the options.
    Choice,
    /// Several of the options.
    MultiChoice,
    /// Telephone number.
    Phone,
    /// Mail address.
    Email,
    /// Web address.
    Url,
    /// Division code (省市区) or country code.
    Region,
    /// Postal address, free text.
    Address,
    /// Another record.
    Lookup,
    /// Several other records.
    MultiLookup,
    /// A node of a tree object.
    Category,
    /// A user.
    User,
    /// A department.
    Department,
    /// An uploaded file.
    File,
    /// An uploaded picture.
    Image,
    /// Made by a numbering rule.
    AutoNumber,
    /// Computed from fields of the same record.
    Formula,
    /// Zero to five stars.
    Rating,
    /// Free words.
    Tags,
    /// The record's own id; not a field a definition can name.
    #[serde(skip_deserializing)]
    Id,
}

impl FieldType {
    /// Every type a definition may use.
    pub const ALL: [Self; 27] = [
        Self::Text,
        Self::LongText,
        Self::Integer,
        Self::Decimal,
        Self::Money,
        Self::Percent,
        Self::Boolean,
        Self::Date,
        Self::Datetime,
        Self::Choice,
        Self::MultiChoice,
        Self::Phone,
        Self::Email,
        Self::Url,
        Self::Region,
        Self::Address,
        Self::Lookup,
        Self::MultiLookup,
        Self::Category,
        Self::User,
        Self::Department,
        Self::File,
        Self::Image,
        Self::AutoNumber,
        Self::Formula,
        Self::Rating,
        Self::Tags,
    ];

    /// Does it hold another record's id (or several)?
    pub fn is_reference(self) -> bool {
        matches!(self, Self::Lookup | Self::MultiLookup | Self::Category | Self::User | Self::Department)
    }

    /// Does it hold exactly one other record's id, so that filters can be dotted through it?
    pub fn is_single_reference(self) -> bool {
        self.is_reference() && self != Self::MultiLookup
    }

    /// Plain text that a person typed?
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::Text | Self::LongText | Self::Phone | Self::Email | Self::Url | Self::Address | Self::AutoNumber
        )
    }
}

/// A filter operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the documented operators")]
pub enum Operator {
    #[serde(rename = "=")]
    Eq,
    #[serde(rename = "!=")]
    Ne,
    #[serde(rename = "<")]
    Lt,
    #[serde(rename = "<=")]
    Le,
    #[serde(rename = ">")]
    Gt,
    #[serde(rename = ">=")]
    Ge,
    In,
    NotIn,
    Contains,
    StartsWith,
    Between,
    IsNull,
    NotNull,
    Within,
    Under,
}

impl Operator {
    /// Reads the operator's public spelling.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_value(Json::String(text.to_owned())).ok()
    }
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: Label,
    /// An Ant Design preset colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// What purging the target of a lookup does to the record that points at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// The lookup becomes empty.
    #[default]
    Clear,
    /// The target cannot be purged while something points at it.
    Restrict,
    /// The record goes with its target.
    Cascade,
}

/// What a role may do with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldAccess {
    /// Does not know it exists.
    None,
    /// Sees part of it (138****8023).
    Masked,
    /// Reads it.
    Read,
    /// Reads and writes it.
    #[default]
    Write,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDef {
    /// Name in the API and in the table; filled from the key in a definition file.
    #[serde(default)]
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// What people call it.
    pub label: Label,
    /// A hint beside the editor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Label>,
    /// Must not be empty.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// No two living records have the same value.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
    /// Is it found by the search? Unset: titles, numbers, phones and mail addresses are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<bool>,
    /// Longest text, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// Value of a new record when none is given; `today`, `now` and `me` are understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Json>,
    /// Written by rules only.
    #[serde(default, skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// Never drawn by the page (still in the API).
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    /// Smallest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<rust_decimal::Decimal>,
    /// Largest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<rust_decimal::Decimal>,
    /// Target object of a lookup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Narrows the candidates of a lookup: field of the target → field of this record.
    #[serde(default, rename = "where", skip_serializing_if = "IndexMap::is_empty")]
    pub candidates: IndexMap<String, String>,
    /// The record shows in the timeline of the record this lookup names.
    #[serde(default, skip_serializing_if = "is_false")]
    pub timeline: bool,
    /// What purging the target does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_delete: OnDelete,
    /// Options of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceOption>,
    /// A user whose place another takes in a handover; owners always are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub handover: bool,
    /// Whoever it names may read the record: for users, of records that have an owner.
    #[serde(default, skip_serializing_if = "is_false")]
    pub readers: bool,
    /// A rule keeps it from another field, `object.field`: whoever may not see that one does not see this one either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
    /// The options are those of another field, `object.field`; `*owned`: the objects whose records have an owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options_from: Option<String>,
    /// Numbering pattern of an auto number, e.g. `KH-{date:YYYYMMDD}-{seq:4}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// What a formula gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<FieldType>,
    /// A formula in ZEN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// What a role may do with it that says nothing about it itself and does not administer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access: FieldAccess,
    /// Made at run time in this workspace.
    #[serde(default, skip_serializing_if = "is_false")]
    pub custom: bool,
    /// Kept by the platform on every record (`created_at`, `owner` …).
    #[serde(skip)]
    pub system: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl FieldDef {
    /// A field with nothing but name, type and label set.
    pub fn new(name: &str, kind: FieldType, label: Label) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            label,
            help: None,
            required: false,
            unique: false,
            search: None,
            max_length: None,
            default: None,
            read_only: false,
            hidden: false,
            min: None,
            max: None,
            to: None,
            candidates: IndexMap::new(),
            timeline: false,
            on_delete: OnDelete::Clear,
            options: Vec::new(),
            handover: false,
            readers: false,
            copy_of: None,
            options_from: None,
            pattern: None,
            returns: None,
            expression: None,
            access: FieldAccess::Write,
            custom: false,
            system: false,
        }
    }

    /// The type its values really have: a formula's result type, otherwise its own.
    pub fn effective(&self) -> FieldType {
        match self.kind {
            FieldType::Formula => self.returns.unwrap_or(FieldType::Text),
            kind => kind,
        }
    }

    /// How it is stored.
    pub fn storage(&self) -> Kind {
        match self.effective() {
            FieldType::Integer | FieldType::Rating => Kind::Int,
            FieldType::Decimal | FieldType::Money | FieldType::Percent => Kind::Decimal,
            FieldType::Boolean => Kind::Bool,
            FieldType::Date => Kind::Date,
            FieldType::Datetime => Kind::Instant,
            FieldType::MultiChoice | FieldType::MultiLookup | FieldType::Tags => Kind::List,
            FieldType::Lookup
            | FieldType::Category
            | FieldType::User
            | FieldType::Department
            | FieldType::File
            | FieldType::Image
            | FieldType::Id => Kind::Id,
            _ => Kind::Text,
        }
    }

    /// The object it points at.
    pub fn target(&self) -> Option<&str> {
        match self.kind {
            FieldType::User => Some("user"),
            FieldType::Department => Some("department"),
            FieldType::Lookup | FieldType::MultiLookup | FieldType::Category => self.to.as_deref(),
            _ => None,
        }
    }

    /// Under what name the readers it names are kept for an object; no object can have it.
    pub fn readers_key(&self, object: &str) -> String {
        format!("{object}.{}", self.name)
    }

    /// Longest text in characters.
    pub fn text_limit(&self) -> usize {
        self.max_length.unwrap_or(match self.kind {
            FieldType::LongText => 100_000,
            FieldType::Phone => 40,
            FieldType::Url | FieldType::Address => 500,
            _ => 255,
        })
    }

    /// Which filter operators fit.
    pub fn operators(&self) -> &'static [Operator] {
        use Operator::{
            Between, Contains, Eq, Ge, Gt, In, IsNull, Le, Lt, Ne, NotIn, NotNull, StartsWith, Under, Within,
        };
        match self.effective() {
            FieldType::Text | FieldType::Phone | FieldType::Email | FieldType::Url | FieldType::AutoNumber => {
                &[Contains, Eq, Ne, StartsWith, In, NotIn, IsNull, NotNull]
            }
            FieldType::LongText | FieldType::Address => &[Contains, StartsWith, IsNull, NotNull],
            FieldType::Integer | FieldType::Rating | FieldType::Decimal | FieldType::Money | FieldType::Percent => {
                &[Eq, Ne, Lt, Le, Gt, Ge, Between, IsNull, NotNull]
            }
            FieldType::Boolean => &[Eq, Ne, IsNull, NotNull],
            FieldType::Date | FieldType::Datetime => &[Within, Between, Eq, Lt, Le, Gt, Ge, IsNull, NotNull],
            FieldType::Choice => &[In, NotIn, Eq, Ne, IsNull, NotNull],
            FieldType::MultiChoice | FieldType::Tags | FieldType::MultiLookup => &[Contains, IsNull, NotNull],
            FieldType::Region | FieldType::Category | FieldType::Department => {
                &[Under, Eq, Ne, In, NotIn, IsNull, NotNull]
            }
            FieldType::Lookup | FieldType::User | FieldType::Id => &[In, NotIn, Eq, Ne, IsNull, NotNull],
            FieldType::File | FieldType::Image | FieldType::Formula => &[IsNull, NotNull],
        }
    }

    /// Can lists be sorted by it?
    pub fn sortable(&self) -> bool {
        !matches!(
            self.effective(),
            FieldType::LongText
                | FieldType::MultiChoice
                | FieldType::MultiLookup
                | FieldType::Tags
                | FieldType::File
                | FieldType::Image
        )
    }

    /// Do no two records have the same in it?
    pub fn names_one(&self) -> bool {
        self.unique || self.kind == FieldType::AutoNumber
    }

    /// Can aggregates group by it?
    pub fn groupable(&self) -> bool {
        self.name == "currency"
            || matches!(
                self.effective(),
                FieldType::Choice
                    | FieldType::Boolean
                    | FieldType::Lookup
                    | FieldType::Category
                    | FieldType::User
                    | FieldType::Department
                    | FieldType::Region
                    | FieldType::Rating
                    | FieldType::Date
                    | FieldType::Datetime
            )
    }

    /// May a client send it?
    pub fn is_computed(&self) -> bool {
        matches!(self.kind, FieldType::Formula) || (self.system && !matches!(self.name.as_str(), "owner"))
    }

    /// The option with this value.
    pub fn option(&self, value: &str) -> Option<&ChoiceOption> {
        self.options.iter().find(|option| option.value == value)
    }
}
