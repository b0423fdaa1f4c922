//! A mapping checked against the catalogue, the viewer's rights and the columns of a file: what to do with every row.

use super::{
    mapping::{Column, Duplicates, Empty, Mapping, Mode, bad, plain},
    source::Row,
};
use crate::{Engine, Result};
use guanxi_access::{Access, Viewer};
use guanxi_model::{Catalogue, FieldDef, FieldType, ObjectDef, Trait, Value, coerce};
use indexmap::IndexMap;
use rust_decimal::Decimal;
use serde_json::Value as Json;
use std::{collections::HashMap, str::FromStr, sync::Arc};

/// Text with places for cells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Text(String),
    Column(usize),
}

/// Where a field's value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Origin {
    /// One column.
    Column(usize),
    /// The same for every row.
    Constant(Value),
    /// A text made from columns.
    Text(Template),
}

/// A field that is filled.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub field: FieldDef,
    pub origin: Origin,
    pub keep_empty: bool,
    pub format: Option<String>,
    pub scale: Option<Decimal>,
    /// Which lookup finds its value.
    pub lookup: Option<usize>,
    /// What people call the place the value comes from.
    pub place: String,
}

/// How texts find records of another object.
#[derive(Debug, Clone)]
pub(crate) struct Lookup {
    pub target: Arc<ObjectDef>,
    /// The target's field that texts are compared with, and whether the mapping named it.
    pub matching: String,
    pub named: bool,
    pub create: bool,
    pub with: Vec<Target>,
    /// Does it point at the object that is being imported?
    pub own: bool,
    /// Field of the target → field of the row that must be the same.
    pub candidates: Vec<(String, String)>,
    pub many: bool,
}

/// A mapping ready to be carried out.
#[derive(Debug)]
pub(crate) struct Plan {
    pub object: Arc<ObjectDef>,
    pub mode: Mode,
    pub key: Vec<usize>,
    pub targets: Vec<Target>,
    pub lookups: Vec<Lookup>,
    pub columns: Vec<String>,
    /// Texts that stand for others, by column.
    pub replace: Vec<HashMap<String, String>>,
    pub refuse_duplicates: bool,
    pub true_dates: bool,
}

impl Plan {
    /// A cell after `replace`.
    pub fn cell<'a>(&'a self, row: &'a Row, column: usize) -> &'a str {
        let text = row.cell(column).trim();
        match self.replace.get(column) {
            Some(map) if !map.is_empty() => map.get(text).map_or(text, String::as_str),
            _ => text,
        }
    }

    /// The text of a template in a row.
    pub fn render(&self, template: &Template, row: &Row) -> String {
        let mut out = String::new();
        for piece in &template.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Column(column) => out.push_str(self.cell(row, *column)),
            }
        }
        out
    }

    /// Lookups to the object itself that name a target further down the file have to wait.
    pub fn waits(&self) -> impl Iterator<Item = (usize, &Target, &Lookup)> {
        self.targets.iter().enumerate().filter_map(|(index, target)| {
            let lookup = self.lookups.get(target.lookup?)?;
            lookup.own.then_some((index, target, lookup))
        })
    }

    /// The target of a field.
    pub fn target_of(&self, field: &str) -> Option<usize> {
        self.targets.iter().position(|target| target.field.name == field)
    }
}

struct Planner<'a> {
    catalogue: &'a Catalogue,
    access: Access<'a>,
    viewer: &'a Viewer,
    engine: &'a Engine,
    columns: &'a [String],
    lookups: Vec<Lookup>,
    imported: &'a str,
}

/// Checks a mapping; every mistake is found before the first row.
pub(crate) fn plan(
    engine: &Engine,
    viewer: &Viewer,
    mapping: &Mapping,
    columns: &[String],
    true_dates: bool,
) -> Result<Plan> {
    let catalogue = engine.catalogue();
    let object = catalogue.object(&mapping.object).cloned().ok_or_else(|| {
        bad(format!("没有对象“{}”", mapping.object), format!("there is no object “{}”", mapping.object))
    })?;
    let access = engine.access(&catalogue);
    let mut planner =
        Planner { catalogue: &catalogue, access, viewer, engine, columns, lookups: Vec::new(), imported: &object.name };
    for name in &mapping.ignore {
        planner.column(name, "ignore")?;
    }
    let mut replace = vec![HashMap::new(); columns.len()];
    let mut targets: Vec<Target> = Vec::new();
    for (heading, column) in &mapping.columns {
        let index = planner.column(heading, "columns")?;
        if mapping.ignore.contains(heading) {
            return Err(bad(
                format!("列“{heading}”同时出现在 columns 和 ignore 中"),
                format!("column “{heading}” is in columns and in ignore"),
            ));
        }
        replace[index] = column.replace.iter().map(|(from, to)| (from.trim().to_owned(), to.clone())).collect();
        targets.push(planner.of_column(&object, heading, index, column)?);
    }
    for (name, value) in &mapping.values {
        let field = planner.field(&object, name, &format!("values.{name}"))?.clone();
        targets.push(planner.of_value(&object, field, value, &format!("values.{name}"), false)?);
    }
    for (index, target) in targets.iter().enumerate() {
        if targets[..index].iter().any(|other| other.field.name == target.field.name) {
            let name = &target.field.name;
            return Err(bad(format!("字段“{name}”被填写了两次"), format!("field “{name}” is filled twice")));
        }
    }
    if targets.is_empty() {
        return Err(bad("映射没有填写任何字段", "the mapping fills no field"));
    }
    let mode = mapping.mode();
    let key = key_of(mapping, mode, &targets)?;
    Ok(Plan {
        lookups: planner.lookups,
        mode,
        key,
        targets,
        columns: columns.to_vec(),
        replace,
        refuse_duplicates: mapping.duplicates == Duplicates::Refuse,
        true_dates,
        object,
    })
}

fn key_of(mapping: &Mapping, mode: Mode, targets: &[Target]) -> Result<Vec<usize>> {
    if mapping.key.is_empty() && mode != Mode::Create {
        return Err(bad("mode 为 update 或 upsert 时需要 key", "mode update and upsert need a key"));
    }
    let mut key = Vec::new();
    for name in &mapping.key {
        let index = targets.iter().position(|target| target.field.name == *name).ok_or_else(|| {
            bad(
                format!("key 中的字段“{name}”没有对应的列或值"),
                format!("field “{name}” of the key has no column and no value"),
            )
        })?;
        if matches!(
            targets[index].field.kind,
            FieldType::MultiLookup | FieldType::MultiChoice | FieldType::Tags | FieldType::LongText
        ) {
            return Err(bad(format!("字段“{name}”不能作为 key"), format!("field “{name}” cannot be part of a key")));
        }
        key.push(index);
    }
    Ok(key)
}

impl Planner<'_> {
    fn column(&self, heading: &str, place: &str) -> Result<usize> {
        self.columns.iter().position(|column| column == heading.trim()).ok_or_else(|| {
            let there = self.columns.iter().take(30).cloned().collect::<Vec<_>>().join(", ");
            bad(
                format!("{place}：文件中没有列“{heading}”。文件的列：{there}"),
                format!("{place}: the file has no column “{heading}”; it has: {there}"),
            )
        })
    }

    fn field<'o>(&self, object: &'o ObjectDef, name: &str, place: &str) -> Result<&'o FieldDef> {
        let readable = object.field(name).filter(|field| self.access.can_read(self.viewer, object, field));
        let field = readable.ok_or_else(|| {
            bad(
                format!("{place}：{}没有字段“{name}”", object.label.zh),
                format!("{place}: {} has no field “{name}”", object.name),
            )
        })?;
        let kept = matches!(field.kind, FieldType::Formula | FieldType::Id)
            || (field.system && !matches!(name, "owner" | "created_at" | "created_by" | "updated_at" | "updated_by"));
        if kept || !self.access.can_write(self.viewer, object, field) {
            return Err(bad(
                format!("{place}：字段“{name}”不能导入"),
                format!("{place}: field “{name}” cannot be imported"),
            ));
        }
        Ok(field)
    }

    fn of_column(&mut self, object: &ObjectDef, heading: &str, index: usize, column: &Column) -> Result<Target> {
        let place = format!("columns.{heading}");
        let field = self.field(object, &column.field, &place)?.clone();
        let kind = field.effective();
        let scale = match &column.scale {
            None => None,
            Some(json) => Some(scale_of(json, kind).ok_or_else(|| {
                bad(
                    format!("{place}：scale 应为数字，且只用于数字字段"),
                    format!("{place}: scale is a number, for fields that hold numbers"),
                )
            })?),
        };
        if column.format.is_some() && !matches!(kind, FieldType::Date | FieldType::Datetime) {
            return Err(bad(
                format!("{place}：format 只用于日期和时间"),
                format!("{place}: format is for dates and times"),
            ));
        }
        let lookup = self.lookup(object, &field, column.matching.as_deref(), column.create, &column.with, &place)?;
        if lookup.is_none() && (column.matching.is_some() || column.create || !column.with.is_empty()) {
            return Err(bad(
                format!("{place}：match、create 和 with 只用于关联字段"),
                format!("{place}: match, create and with are for lookups"),
            ));
        }
        Ok(Target {
            field,
            origin: Origin::Column(index),
            keep_empty: column.empty == Empty::Keep,
            format: column.format.clone(),
            scale,
            lookup,
            place: heading.to_owned(),
        })
    }

    fn of_value(
        &mut self,
        object: &ObjectDef,
        field: FieldDef,
        json: &Json,
        place: &str,
        create: bool,
    ) -> Result<Target> {
        let lookup = self.lookup(object, &field, None, create, &IndexMap::new(), place)?;
        let json = plain(json);
        let template = match json.as_str() {
            Some(text) => Some(self.template(text, place)?),
            None => None,
        };
        let constant = |json: &Json| {
            coerce::from_json(&field, json, &self.engine.coercion()).map_err(|problem| {
                bad(format!("{place}：{}", problem.message.zh), format!("{place}: {}", problem.message.en))
            })
        };
        let origin = match template {
            // A lookup's text has to be looked up, even where it is always the same.
            Some(template)
                if lookup.is_some() || template.pieces.iter().any(|piece| matches!(piece, Piece::Column(_))) =>
            {
                Origin::Text(template)
            }
            Some(template) => {
                let text: String = template
                    .pieces
                    .iter()
                    .map(|piece| if let Piece::Text(text) = piece { text.as_str() } else { "" })
                    .collect();
                let coerced = coerce::from_text(&field, &text, &self.engine.coercion()).map_err(|problem| {
                    bad(format!("{place}：{}", problem.message.zh), format!("{place}: {}", problem.message.en))
                })?;
                Origin::Constant(coerced)
            }
            None => Origin::Constant(constant(&json)?),
        };
        let lookup = if matches!(origin, Origin::Constant(_)) { None } else { lookup };
        Ok(Target { field, origin, keep_empty: false, format: None, scale: None, lookup, place: place.to_owned() })
    }

    fn template(&self, text: &str, place: &str) -> Result<Template> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
            } else if brace == "{" {
                let Some((name, after)) = rest.split_once('}') else {
                    return Err(bad(format!("{place}：{{ 没有对应的 }}"), format!("{place}: there is {{ without }}")));
                };
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Column(self.column(name, place)?));
                rest = after;
            } else {
                literal.push('}');
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        Ok(Template { pieces })
    }

    fn lookup(
        &mut self,
        object: &ObjectDef,
        field: &FieldDef,
        matching: Option<&str>,
        create: bool,
        with: &IndexMap<String, Json>,
        place: &str,
    ) -> Result<Option<usize>> {
        let Some(target) = field.target().and_then(|name| self.catalogue.object(name)).cloned() else {
            return Ok(None);
        };
        let name = matching.unwrap_or(&target.title);
        let known = target.field(name).filter(|known| {
            self.access.can_read(self.viewer, &target, known) && known.storage() != guanxi_model::Kind::List
        });
        if known.is_none() {
            return Err(bad(
                format!("{place}：{}没有可用于 match 的字段“{name}”", target.label.zh),
                format!("{place}: {} has no field “{name}” to match by", target.name),
            ));
        }
        if create && !self.access.can_create(self.viewer, &target) {
            return Err(bad(
                format!("{place}：没有新建{}的权限", target.label.zh),
                format!("{place}: you may not create {}", target.name),
            ));
        }
        if !create && !with.is_empty() {
            return Err(bad(format!("{place}：with 需要 create = true"), format!("{place}: with needs create = true")));
        }
        let mut targets = Vec::new();
        for (name, json) in with {
            let place = format!("{place}.with.{name}");
            let given = self.field(&target, name, &place)?.clone();
            // What a made record needs is made too: the department of a manager, say.
            targets.push(self.of_value(&target, given, json, &place, true)?);
        }
        let candidates = field.candidates.iter().map(|(theirs, ours)| (theirs.clone(), ours.clone())).collect();
        let own = target.name == self.imported && object.name == self.imported;
        self.lookups.push(Lookup {
            matching: name.to_owned(),
            named: matching.is_some(),
            create,
            with: targets,
            own,
            candidates,
            many: field.kind == FieldType::MultiLookup,
            target,
        });
        Ok(Some(self.lookups.len() - 1))
    }
}

impl Lookup {
    /// Do its targets form a tree whose places have paths?
    pub fn is_tree(&self) -> bool {
        self.target.has(Trait::Tree)
    }
}

fn scale_of(json: &Json, kind: FieldType) -> Option<Decimal> {
    let text = match json {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        _ => return None,
    };
    let number = Decimal::from_str(text.trim()).or_else(|_| Decimal::from_scientific(text.trim())).ok()?;
    let fits = matches!(
        kind,
        FieldType::Integer | FieldType::Decimal | FieldType::Money | FieldType::Percent | FieldType::Rating
    );
    (fits && !number.is_zero()).then_some(number)
}
