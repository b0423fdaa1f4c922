//! What happened to a record: its own changes, and the records that belong to it.

use crate::{
    Engine, Error, Result,
    present::{Titles, masked},
    team::{TEAM, people_in, show_team, user_field},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use guanxi_access::{RowFilter, Verb, Viewer};
use guanxi_model::{
    Catalogue, CoerceContext, FieldDef, FieldType, Filter, Label, ObjectDef, Operand, Operator, Value, coerce,
};
use guanxi_store::{
    changes::{self, Change, ChangeKind},
    query::{FieldPath, Life, SortKey, Start},
    records,
};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A field of a change with its value before and after.
pub(crate) type ChangedField<'a> = (&'a FieldDef, Value, Value);

/// Changes with the fields that a viewer may see of them, and the titles these name.
pub(crate) struct ShownChanges<'a> {
    pub entries: Vec<(&'a Change, Vec<ChangedField<'a>>)>,
    /// Beside each: how the record's team changed, where it did.
    pub teams: Vec<Option<Json>>,
    pub titles: Titles,
}

impl Engine {
    /// The changes of a record, newest first, with the fields the viewer may read.
    ///
    /// # Errors
    /// [`Error::NotFound`] where he may not read the record.
    pub async fn history(
        &self,
        viewer: &Viewer,
        object: &str,
        id: Uuid,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Json> {
        let catalogue = self.catalogue();
        self.visible(viewer, &catalogue, object, id).await?;
        let before = match cursor {
            Some(cursor) => cursor.parse().map_err(|_| bad_cursor())?,
            None => i64::MAX,
        };
        let limit = limit.clamp(1, 200);
        let mut found = changes::history(&self.inner.database, object, id, before, limit as i64 + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more { found.last().map(|change| change.seq.to_string()) } else { None };
        let items = self.show_changes(viewer, &catalogue, &found, false).await?;
        Ok(json!({"items": items, "next": next}))
    }

    async fn visible(&self, viewer: &Viewer, catalogue: &Catalogue, object: &str, id: Uuid) -> Result<()> {
        let definition = catalogue.object(object).ok_or(Error::NotFound)?;
        let rows = self.access(catalogue).rows(viewer, definition, Verb::Read);
        records::get(&self.inner.database, definition, id, &rows, Life::Any).await?.ok_or(Error::NotFound)?;
        Ok(())
    }

    /// Changes as the viewer may see them. For the audit, also of which record and from which address.
    pub(crate) async fn show_changes(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        found: &[Change],
        audit: bool,
    ) -> Result<Vec<Json>> {
        let shown = self.shown_changes(viewer, catalogue, found, audit).await?;
        let items = shown.entries.iter().zip(&shown.teams).map(|((change, fields), team)| {
            let list: Vec<Json> = fields
                .iter()
                .map(|(field, before, after)| {
                    json!({"field": field.name, "before": shown.titles.value(field, before), "after": shown.titles.value(field, after)})
                })
                .chain(team.clone())
                .collect();
            let mut item = json!({
                "seq": change.seq.to_string(),
                "at": change.at,
                "actor": change.actor.map(|actor| shown.titles.reference(actor)),
                "via": change.via,
                "reason": change.reason,
                "kind": change.kind.as_str(),
                "version": change.version,
                "changes": list,
            });
            if audit {
                item["object"] = json!(change.object);
                item["record"] = shown.titles.reference(change.record);
                item["address"] = json!(change.address);
            }
            item
        });
        Ok(items.collect())
    }

    /// The fields of changes that the viewer may see, masked where they are to him, and the titles that they need.
    pub(crate) async fn shown_changes<'a>(
        &self,
        viewer: &Viewer,
        catalogue: &'a Catalogue,
        found: &'a [Change],
        records: bool,
    ) -> Result<ShownChanges<'a>> {
        let access = self.access(catalogue);
        let veiled = self.veiled_fields(viewer, catalogue, found).await?;
        let context = self.coercion();
        let user_field = user_field();
        let diffs: Vec<Map<String, Json>> =
            found.iter().map(|change| serde_json::from_str(&change.diff).unwrap_or_default()).collect();
        let mut entries: Vec<(&Change, Vec<ChangedField<'_>>)> = Vec::new();
        for (change, diff) in found.iter().zip(&diffs) {
            let mut fields = Vec::new();
            let object = catalogue.object(&change.object);
            for (name, pair) in diff {
                let hidden = veiled.get(&change.record).is_some_and(|fields| fields.contains(name));
                let known = object.filter(|_| !hidden).and_then(|object| Some((object, object.field(name)?)));
                let Some((object, field)) = known.filter(|(object, field)| access.can_show(viewer, object, field))
                else {
                    continue;
                };
                let mask = access.mask(viewer, object, field);
                let side = |index: usize| {
                    let value = pair.get(index).and_then(|json| stored(field, json, &context)).unwrap_or_default();
                    masked(mask, value)
                };
                fields.push((field, side(0), side(1)));
            }
            entries.push((change, fields));
        }
        let mut people: Vec<Value> = found.iter().map(|change| change.actor.into()).collect();
        people.extend(diffs.iter().flat_map(people_in).map(Value::Id));
        let mut subjects: Vec<(FieldDef, Value)> = Vec::new();
        for change in found.iter().filter(|_| records) {
            let mut subject = FieldDef::new("record", FieldType::Lookup, Label::default());
            subject.to = Some(change.object.clone());
            subjects.push((subject, change.record.into()));
        }
        let cells = entries
            .iter()
            .flat_map(|(_, fields)| {
                fields.iter().flat_map(|(field, before, after)| [(*field, before), (*field, after)])
            })
            .chain(people.iter().map(|person| (&user_field, person)))
            .chain(subjects.iter().map(|(field, value)| (field, value)))
            .collect();
        let titles = self.titles_for(viewer, catalogue, cells).await?;
        let teams = diffs
            .iter()
            .map(|diff| {
                let pair = diff.get(TEAM)?;
                let side = |index: usize| show_team(&pair[index], |id| titles.reference(id));
                Some(json!({"field": TEAM, "before": side(0), "after": side(1)}))
            })
            .collect();
        Ok(ShownChanges { entries, teams, titles })
    }

    /// Of changed records, the fields that are hidden from the viewer as they are now.
    async fn veiled_fields(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        found: &[Change],
    ) -> Result<HashMap<Uuid, BTreeSet<String>>> {
        let access = self.access(catalogue);
        let mut hidden = HashMap::new();
        let names: BTreeSet<&str> = found.iter().map(|change| change.object.as_str()).collect();
        for object in names.into_iter().filter_map(|name| catalogue.object(name)) {
            if access.veils(viewer, object).is_empty() {
                continue;
            }
            let ids: BTreeSet<Uuid> =
                found.iter().filter(|change| change.object == object.name).map(|change| change.record).collect();
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for record in records::get_many(&self.inner.database, object, &ids, &RowFilter::All, Life::Any).await? {
                hidden.insert(record.id, access.veiled(viewer, object, |field| record.get(field)));
            }
        }
        Ok(hidden)
    }

    /// What happened with a record, newest first: its changes and the records whose timeline lookup names it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the viewer may not read the record.
    pub async fn timeline(
        &self,
        viewer: &Viewer,
        object: &str,
        id: Uuid,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Json> {
        let catalogue = self.catalogue();
        self.visible(viewer, &catalogue, object, id).await?;
        let limit = limit.clamp(1, 100);
        let start = cursor.map(decode).transpose()?;
        // Entries: moment, id as tie-break, JSON. Each source gives its newest; the newest of all make the page.
        let mut entries: Vec<(jiff::Timestamp, Uuid, Json)> = Vec::new();
        for (other, field) in catalogue.pointing_at(object).filter(|(_, field)| field.timeline) {
            if self.readable(&catalogue, viewer, other).is_nothing()
                || !self.access(&catalogue).can_read(viewer, other, field)
            {
                continue;
            }
            entries.extend(self.timeline_of(viewer, &catalogue, other, field, id, start, limit).await?);
        }
        let changes = changes::history(&self.inner.database, object, id, i64::MAX, 1000).await?;
        let own: Vec<Change> = changes
            .into_iter()
            // What followers and rules keep up to date by themselves is not news.
            .filter(|change| change.via != "rule" || change.kind != ChangeKind::Update)
            .filter(|change| start.is_none_or(|(at, last)| (change.at, entry_id(change)) < (at, last)))
            .take(limit + 1)
            .collect();
        for (change, shown) in own.iter().zip(self.show_changes(viewer, &catalogue, &own, false).await?) {
            if change.kind == ChangeKind::Update && shown["changes"].as_array().is_some_and(Vec::is_empty) {
                continue;
            }
            let entry = json!({"at": change.at, "object": object, "id": id, "title": Json::Null, "kind": "change", "actor": shown["actor"], "change": shown});
            entries.push((change.at, entry_id(change), entry));
        }
        entries.sort_by_key(|(at, id, _)| std::cmp::Reverse((*at, *id)));
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = if more { entries.last().map(|(at, id, _)| encode(*at, *id)) } else { None };
        let items: Vec<Json> = entries.into_iter().map(|(_, _, entry)| entry).collect();
        Ok(json!({"items": items, "next": next}))
    }

    #[expect(clippy::too_many_arguments, reason = "one source of a timeline")]
    async fn timeline_of(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        other: &ObjectDef,
        field: &FieldDef,
        id: Uuid,
        start: Option<(jiff::Timestamp, Uuid)>,
        limit: usize,
    ) -> Result<Vec<(jiff::Timestamp, Uuid, Json)>> {
        // When it happened, where the object knows that apart from when it was entered.
        let when = if other.field("happened_at").is_some() { "happened_at" } else { "created_at" };
        let condition = |name: &str, operator, operand| {
            Filter::Is(guanxi_model::Condition {
                via: Vec::new(),
                object: other.name.clone(),
                field: name.to_owned(),
                operator,
                operand,
            })
        };
        let mut filter = condition(&field.name, Operator::Eq, Operand::One(Value::Id(id)));
        if let Some((at, _)) = start {
            filter = Filter::And(vec![filter, condition(when, Operator::Le, Operand::One(Value::Instant(at)))]);
        }
        let columns = self.columns(viewer, catalogue, other, None)?;
        let sort = [SortKey { path: FieldPath::of(when), descending: true }];
        let (items, positions) = self
            .read_page(viewer, catalogue, other, &columns, &filter, &sort, &Start::First, limit + 1, Life::Living)
            .await?;
        let mut out = Vec::new();
        for (record, position) in items.into_iter().zip(positions) {
            let (Some(at), Some(record_id)) = (position[0].as_instant(), position[1].as_id()) else { continue };
            if start.is_some_and(|last| (at, record_id) >= last) {
                continue;
            }
            let title = record.get(&other.title).and_then(Json::as_str).map(crate::present::short_title);
            let actor = record.get("owner").or_else(|| record.get("created_by")).cloned();
            out.push((at, record_id, json!({"at": at, "object": other.name, "id": record_id, "title": title, "kind": "record", "actor": actor, "record": record})));
        }
        Ok(out)
    }
}

/// A change has no id of its own; its number makes one that orders like it.
fn entry_id(change: &Change) -> Uuid {
    Uuid::from_u128(change.seq.unsigned_abs().into())
}

/// A value as the change log keeps it.
fn stored(field: &FieldDef, json: &Json, context: &CoerceContext) -> Option<Value> {
    // The log may hold values that the definition no longer admits (a dropped option): they are shown as they stand.
    match coerce::from_json(field, json, context) {
        Ok(value) => Some(value),
        Err(_) => json.as_str().map(Value::from),
    }
}

fn encode(at: jiff::Timestamp, id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}:{id}", at.as_microsecond()))
}

fn decode(cursor: &str) -> Result<(jiff::Timestamp, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad_cursor())?;
    let text = String::from_utf8(bytes).map_err(|_| bad_cursor())?;
    let (micros, id) = text.split_once(':').ok_or_else(bad_cursor)?;
    let at =
        micros.parse().ok().and_then(|micros| jiff::Timestamp::from_microsecond(micros).ok()).ok_or_else(bad_cursor)?;
    Ok((at, Uuid::try_parse(id).map_err(|_| bad_cursor())?))
}

fn bad_cursor() -> Error {
    Error::bad("bad_cursor", "翻页标记无效，请从头开始", "the cursor does not fit; begin again")
}
