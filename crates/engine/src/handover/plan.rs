//! What a handover is asked for, checked against the catalogue and the rights of who asks.

use crate::{Engine, Error, Result};
use guanxi_access::{Ability, RowFilter, Verb, Viewer};
use guanxi_model::{Catalogue, Condition, FieldError, FieldType, Filter, ObjectDef, Operand, Operator, Value};
use guanxi_store::{
    query::{Life, Query, Start},
    records,
    sql::Sql,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Most records of one part.
const MAX_RECORDS: usize = 1_000_000;
/// Most parts, and most people of one part.
const MAX_PARTS: usize = 200;

/// A handover as the API takes it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Request {
    /// Whose records; unset: anybody's that the parts' filters name.
    pub from: Option<Uuid>,
    /// What goes to whom; a record goes by the first part that it fits.
    pub parts: Vec<PartRequest>,
    /// Shall he no longer be able to sign in?
    pub deactivate: bool,
    /// Why; it stands beside the handover.
    pub note: Option<String>,
}

/// A part of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PartRequest {
    /// Which object's records.
    pub object: String,
    /// In which field he stands: `owner`, or one that the definition marks with `handover`.
    pub field: Option<String>,
    /// Only those.
    pub filter: Option<Json>,
    /// To these, in turn.
    pub to: Vec<Uuid>,
    /// Records of these objects go along with what they follow, where they belonged to the same one.
    pub along: Vec<String>,
}

impl Request {
    pub fn parse(input: &Json) -> Result<Self> {
        let read = if input.is_object() {
            serde_json::from_value(input.clone()).map_err(|error| error.to_string())
        } else {
            Err("not an object".to_owned())
        };
        read.map_err(|text| {
            Error::bad("bad_request", format!("交接请求无效：{text}"), format!("not a handover: {text}"))
        })
    }
}

/// A part, understood.
pub(super) struct Part {
    pub object: Arc<ObjectDef>,
    pub field: String,
    /// The filter of this part without those before it.
    pub filter: Filter,
    pub to: Vec<Uuid>,
    /// Objects that go along, and their lookup to what they follow.
    pub along: Vec<(Arc<ObjectDef>, String)>,
    /// Also what lies in the recycle bin: only where all that somebody owns goes.
    pub life: Life,
}

/// A handover, understood.
pub(super) struct Plan {
    pub catalogue: Arc<Catalogue>,
    pub from: Option<Uuid>,
    pub parts: Vec<Part>,
    pub deactivate: bool,
    /// The departments of those who receive.
    pub departments: HashMap<Uuid, Option<Uuid>>,
}

/// Which records the viewer may give away: those that his roles let him change.
pub(super) fn givable(engine: &Engine, catalogue: &Catalogue, viewer: &Viewer, object: &ObjectDef) -> RowFilter {
    engine.access(catalogue).rows_by_role(viewer, object, Verb::Update)
}

impl Plan {
    pub async fn read(engine: &Engine, viewer: &Viewer, request: Request) -> Result<Self> {
        let catalogue = engine.catalogue();
        let mut problems: Vec<FieldError> = Vec::new();
        let mut refuse = |field: String, code: &'static str, zh: &'static str, en: &'static str| {
            problems.push(FieldError::new(&field, code, zh, en));
        };
        let administers = engine.may(viewer, Ability::Administer);
        if request.deactivate && !administers {
            return Err(Error::forbidden("只有管理员可以停用用户", "only administrators deactivate users"));
        }
        if request.deactivate && request.from.is_none() {
            refuse("from".into(), "required", "请选择交接人", "say who hands over");
        }
        if request.note.as_ref().is_some_and(|note| note.chars().count() > 500) {
            refuse("note".into(), "too_long", "说明最多 500 字", "a note has at most 500 characters");
        }
        if request.parts.is_empty() && !request.deactivate || request.parts.len() > MAX_PARTS {
            refuse("parts".into(), "bad_parts", "请选择 1 到 200 项要交接的内容", "name 1 to 200 parts to hand over");
        }
        let people = engine.object("user")?;
        if let Some(from) = request.from {
            let found = records::get(engine.database(), &people, from, &RowFilter::All, Life::Living).await?;
            if found.is_none() {
                refuse("from".into(), "unknown_record", "没有这个用户", "there is no such user");
            }
        }
        let mut departments: HashMap<Uuid, Option<Uuid>> = HashMap::new();
        let mut parts: Vec<Part> = Vec::new();
        for (index, part) in request.parts.into_iter().enumerate() {
            let place = |name: &str| format!("parts[{index}].{name}");
            let Some(object) = catalogue.object(&part.object) else {
                refuse(place("object"), "unknown_object", "没有这个对象", "there is no such object");
                continue;
            };
            let field = part.field.unwrap_or_else(|| "owner".to_owned());
            let known =
                field == "owner" && object.is_owned() || object.field(&field).is_some_and(|field| field.handover);
            if !known {
                refuse(place("field"), "unknown_field", "这个字段不能交接", "this field is not handed over");
                continue;
            }
            let access = engine.access(&catalogue);
            let may = if field == "owner" {
                let mass = request.from.is_some() || access.has_ability(viewer, Ability::MassUpdate, Some(object));
                mass && access.has_ability(viewer, Ability::Transfer, Some(object))
            } else {
                administers
            };
            if !may || !access.may_at_all(viewer, object, Verb::Update) {
                return Err(Error::forbidden(
                    format!("没有移交{}的权限", object.label.zh),
                    format!("you may not hand over {}", object.plural.as_ref().unwrap_or(&object.label).en),
                ));
            }
            if field != "owner" && request.from.is_none() {
                refuse("from".into(), "required", "请选择交接人", "say who hands over");
            }
            if part.to.is_empty() || part.to.len() > MAX_PARTS {
                refuse(place("to"), "required", "请选择接收人", "say who receives it");
            }
            for to in &part.to {
                if Some(*to) == request.from {
                    refuse(place("to"), "same_person", "接收人不能是交接人自己", "nobody hands over to himself");
                }
                if departments.contains_key(to) {
                    continue;
                }
                let found = records::get(engine.database(), &people, *to, &RowFilter::All, Life::Living).await?;
                match found.filter(|user| user.get("active").as_bool() == Some(true)) {
                    Some(user) => {
                        departments.insert(*to, user.get("department").as_id());
                    }
                    None => {
                        refuse(place("to"), "unknown_record", "接收人不存在或已停用", "there is no such active user")
                    }
                }
            }
            let own = engine.parse_filter(viewer, &catalogue, object, part.filter.as_ref())?;
            let whole = own == Filter::all();
            if whole && request.from.is_none() {
                refuse(place("filter"), "required", "请先筛选要分配的记录", "say by a filter which records are meant");
            }
            // What an earlier part takes is not there for a later one.
            let mut filter = own.clone();
            for earlier in parts.iter().filter(|earlier| earlier.object.name == object.name && earlier.field == field) {
                filter = filter.and(Filter::Not(Box::new(earlier.filter.clone())));
            }
            let mut along = Vec::new();
            for name in &part.along {
                let other = catalogue.object(name).filter(|other| other.is_owned() && field == "owner");
                let link = other.and_then(|other| {
                    let follow = other.follow.as_ref()?;
                    (other.field(follow)?.target() == Some(object.name.as_str()))
                        .then(|| (other.clone(), follow.clone()))
                });
                match link {
                    Some((other, _)) if !access.has_ability(viewer, Ability::Transfer, Some(&other)) => {
                        return Err(Error::forbidden(
                            format!("没有移交{}的权限", other.label.zh),
                            format!("you may not hand over {}", other.plural.as_ref().unwrap_or(&other.label).en),
                        ));
                    }
                    Some(link) => along.push(link),
                    None => {
                        refuse(place("along"), "unknown_object", "该对象不随之移交", "this object does not go along")
                    }
                }
            }
            let life = if whole && request.from.is_some() { Life::Any } else { Life::Living };
            parts.push(Part { object: object.clone(), field, filter, to: part.to, along, life });
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        Ok(Self { catalogue, from: request.from, parts, deactivate: request.deactivate, departments })
    }

    /// The filter of a part with the one who hands over in it.
    fn whole_filter(&self, part: &Part) -> Filter {
        let Some(from) = self.from else { return part.filter.clone() };
        let many = part.object.field(&part.field).is_some_and(|field| field.kind == FieldType::MultiLookup);
        let his = Filter::Is(Condition {
            via: Vec::new(),
            object: part.object.name.clone(),
            field: part.field.clone(),
            operator: if many { Operator::Contains } else { Operator::Eq },
            operand: Operand::One(Value::Id(from)),
        });
        Filter::And(vec![his, part.filter.clone()])
    }

    /// How many living records a part moves now.
    pub async fn count(&self, engine: &Engine, viewer: &Viewer, index: usize) -> Result<i64> {
        let part = &self.parts[index];
        let scopes = (
            |object: &ObjectDef| givable(engine, &self.catalogue, viewer, object),
            |object: &ObjectDef| engine.access(&self.catalogue).veils(viewer, object),
        );
        let dialect = engine.database().dialect();
        let sql = Query::new(&self.catalogue, &part.object, &scopes, dialect).count(&self.whole_filter(part));
        let rows = engine.database().read(sql).await?;
        Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
    }

    /// The ids of the records that a part has still to move.
    pub fn records(&self, engine: &Engine, viewer: &Viewer, index: usize) -> Sql {
        let part = &self.parts[index];
        let scopes = (
            |object: &ObjectDef| givable(engine, &self.catalogue, viewer, object),
            |object: &ObjectDef| engine.access(&self.catalogue).veils(viewer, object),
        );
        let dialect = engine.database().dialect();
        Query::new(&self.catalogue, &part.object, &scopes, dialect).life(part.life).page(
            &[],
            &self.whole_filter(part),
            &[],
            &Start::First,
            MAX_RECORDS,
        )
    }
}
