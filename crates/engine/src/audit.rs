//! The audit: every change of every record, searched by those who administer.

use crate::{Engine, Error, Result, read::MAX_PAGE};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use guanxi_access::Viewer;
use guanxi_model::{Catalogue, error::excerpt};
use guanxi_store::{
    audit::{self, Part, Position, Search},
    changes::ChangeKind,
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The doors by which a change can come.
const DOORS: [&str; 6] = ["page", "api", "calendar", "import", "rule", "system"];

/// The fields of a user by which rights are given or taken.
const RIGHTS_OF_A_USER: [&str; 4] = ["roles", "department", "other_departments", "active"];

/// What the audit is searched for. Every part is text, as in an address; empty is the same as unset.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditFilter {
    /// Not before this moment (RFC 3339), or this day in the workspace's time zone.
    pub from: Option<String>,
    /// Not after this moment, or this day.
    pub to: Option<String>,
    /// Id of the user who did it.
    pub user: Option<String>,
    /// Object.
    pub object: Option<String>,
    /// Id of a record; wants its object.
    pub record: Option<String>,
    /// A field that was touched.
    pub field: Option<String>,
    /// `create`, `update`, `delete`, `restore`, `purge`.
    pub kind: Option<String>,
    /// `page`, `api`, `import`, `rule`, `system`.
    pub via: Option<String>,
    /// Address the change came from.
    pub address: Option<String>,
    /// `permissions`: roles, departments, and what gives a user his rights.
    pub only: Option<String>,
}

fn wrong(name: &'static str, zh: impl std::fmt::Display, en: impl std::fmt::Display) -> Error {
    Error::bad("bad_parameter", format!("参数 {name}：{zh}"), format!("{name}: {en}"))
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn id(name: &'static str, text: Option<&String>) -> Result<Option<Uuid>> {
    let Some(text) = given(text) else { return Ok(None) };
    Uuid::try_parse(text).map(Some).map_err(|_| wrong(name, "应为 id", "is an id"))
}

impl Engine {
    /// Changes of all records, newest first, for those who administer. They see every record's changes; fields are as
    /// their roles say, so what is masked to them is masked here.
    ///
    /// # Errors
    /// 403 for others; a part of the filter that makes no sense is named.
    pub async fn audit(
        &self,
        viewer: &Viewer,
        filter: &AuditFilter,
        cursor: Option<&str>,
        limit: Option<usize>,
    ) -> Result<Json> {
        self.require_administrator(viewer)?;
        let limit = limit.unwrap_or(50);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::bad(
                "bad_limit",
                format!("limit 应为 1 到 {MAX_PAGE}"),
                format!("limit is 1 to {MAX_PAGE}"),
            ));
        }
        let catalogue = self.catalogue();
        let mut search = self.audit_search(&catalogue, filter)?;
        search.before = cursor.map(decode).transpose()?;
        let found = audit::search(self.database(), &search, limit).await?;
        let items = self.show_changes(viewer, &catalogue, &found.changes, true).await?;
        Ok(json!({"items": items, "next": found.next.map(encode)}))
    }

    /// Reads a filter.
    pub(crate) fn audit_search(&self, catalogue: &Catalogue, filter: &AuditFilter) -> Result<Search> {
        let (from, to) =
            (self.moment("from", filter.from.as_ref(), false)?, self.moment("to", filter.to.as_ref(), true)?);
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(Error::bad("bad_range", "开始时间晚于结束时间", "`from` is later than `to`"));
        }
        let object = match given(filter.object.as_ref()) {
            None => None,
            Some(name) => Some(catalogue.object(name).ok_or_else(|| {
                let name = excerpt(name);
                wrong("object", format!("没有对象“{name}”"), format!("there is no object “{name}”"))
            })?),
        };
        let field = given(filter.field.as_ref());
        if let Some(name) = field {
            let known = match object {
                Some(object) => object.field(name).is_some(),
                None => catalogue.objects.values().any(|object| object.field(name).is_some()),
            };
            if !known {
                let name = excerpt(name);
                return Err(wrong("field", format!("没有字段“{name}”"), format!("there is no field “{name}”")));
            }
        }
        let record = id("record", filter.record.as_ref())?;
        if record.is_some() && object.is_none() {
            return Err(wrong("record", "要同时给出 object", "wants its object, too"));
        }
        let kind = match given(filter.kind.as_ref()) {
            None => None,
            Some(word) => Some(ChangeKind::parse(word).ok_or_else(|| {
                wrong(
                    "kind",
                    "应为 create、update、delete、restore 或 purge",
                    "is create, update, delete, restore or purge",
                )
            })?),
        };
        let via = given(filter.via.as_ref());
        if via.is_some_and(|via| !DOORS.contains(&via)) {
            return Err(wrong("via", format!("应为 {}", DOORS.join("、")), format!("is one of {}", DOORS.join(", "))));
        }
        let mut parts: Vec<Part> =
            object.iter().map(|object| Part { object: object.name.clone(), fields: Vec::new() }).collect();
        match given(filter.only.as_ref()) {
            None => {}
            Some("permissions") => {
                let all = ["role", "department", "user"].map(|name| Part {
                    object: name.to_owned(),
                    fields: if name == "user" { RIGHTS_OF_A_USER.map(str::to_owned).to_vec() } else { Vec::new() },
                });
                parts = all.into_iter().filter(|part| object.is_none_or(|object| object.name == part.object)).collect();
                if parts.is_empty() {
                    return Err(wrong(
                        "only",
                        "权限变更只涉及用户、角色和部门",
                        "permissions are about users, roles and departments",
                    ));
                }
            }
            Some(_) => return Err(wrong("only", "应为 permissions", "is permissions")),
        }
        Ok(Search {
            from,
            to,
            actor: id("user", filter.user.as_ref())?,
            parts,
            record,
            field: field.map(str::to_owned),
            kind,
            via: via.map(str::to_owned),
            address: given(filter.address.as_ref()).map(str::to_owned),
            before: None,
        })
    }

    /// A moment, or a day of the workspace. The end of a range is the first moment that is outside.
    fn moment(&self, name: &'static str, text: Option<&String>, end: bool) -> Result<Option<Timestamp>> {
        let Some(text) = given(text) else { return Ok(None) };
        let bad =
            || wrong(name, "应为日期（2026-11-21）或时间（RFC 3339）", "is a date (2026-11-21) or a moment (RFC 3339)");
        if let Ok(moment) = text.parse::<Timestamp>() {
            let step = if end { 1.microsecond() } else { 0.microseconds() };
            // Databases know no years before the first.
            let moment = moment.checked_add(step).ok().filter(|moment| moment.to_zoned(TimeZone::UTC).year() > 0);
            return moment.map(Some).ok_or_else(bad);
        }
        let day: Date = text.parse().ok().filter(|day: &Date| day.year() > 1).ok_or_else(bad)?;
        let day = if end { day.tomorrow().map_err(|_| bad())? } else { day };
        day.to_zoned(self.settings().zone.clone()).map(|start| Some(start.timestamp())).map_err(|_| bad())
    }
}

fn encode(position: Position) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}:{}", position.at.as_microsecond(), position.seq))
}

fn decode(cursor: &str) -> Result<Position> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (at, seq) = text.split_once(':')?;
        Some(Position { at: Timestamp::from_microsecond(at.parse().ok()?).ok()?, seq: seq.parse().ok()? })
    };
    read().ok_or_else(|| Error::bad("bad_cursor", "翻页标记无效，请从头开始", "the cursor does not fit; begin again"))
}
