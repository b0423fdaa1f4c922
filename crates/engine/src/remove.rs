//! The recycle bin: deleting, restoring, purging; and writing many records at once.

use crate::{
    Engine, Error, Result,
    save::{Session, Write, check_removal, not_unique, rule_of, save_many, write_pending},
};
use guanxi_access::{Ability, RowFilter, Verb, Viewer};
use guanxi_model::{FieldType, Filter, ObjectDef, Value, field::OnDelete};
use guanxi_store::{
    Tx,
    changes::{self, ChangeKind},
    platform,
    query::{FieldPath, Life, SortKey, Start},
    records::{self, Record},
};
use serde_json::{Map, Value as Json, json};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Most records of one bulk call.
pub const MAX_BULK: usize = 1000;
/// How far down the recycle bin one can page.
const MAX_TRASH: usize = 2000;

impl Engine {
    /// Puts a record into the recycle bin.
    ///
    /// # Errors
    /// 404, 403, or 409 when the version is stale.
    pub async fn delete(&self, viewer: &Viewer, object: &str, id: Uuid, version: Option<i64>) -> Result<()> {
        let definition = self.object(object)?;
        self.require(viewer, &definition, id, Verb::Delete).await?;
        let (engine, viewer) = (self.clone(), viewer.clone());
        let live = self
            .inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let mut session = Session::new(&engine, &viewer);
                    delete_in(&mut session, tx, &definition, id, version).await?;
                    Ok::<_, Error>(session.live)
                })
            })
            .await?;
        self.announce(live).await;
        Ok(())
    }

    /// Takes a record out of the recycle bin.
    ///
    /// # Errors
    /// 404 when it is not there, 422 when a value that must be unique is taken meanwhile.
    pub async fn restore(&self, viewer: &Viewer, object: &str, id: Uuid) -> Result<Map<String, Json>> {
        let definition = self.object(object)?;
        let (engine, actor, target) = (self.clone(), viewer.clone(), definition.clone());
        let (record, live) = self
            .inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let mut session = Session::new(&engine, &actor);
                    let rows = engine.access(&session.catalogue).rows(&actor, &target, Verb::Delete);
                    let mut record =
                        records::lock(tx, &target, &[id], &rows, Life::Deleted).await?.pop().ok_or(Error::NotFound)?;
                    check_removal(&session, tx, &target, &record).await?;
                    record.version += 1;
                    if let Err(error) = records::set_deleted(tx, &target, id, record.version, None).await {
                        return Err(not_unique(&target, error)?);
                    }
                    let entry = session.change(&target, id, ChangeKind::Restore, record.version, &Map::new());
                    changes::append(tx, vec![entry]).await?;
                    crate::organisation::after_removal(tx, &target).await?;
                    removed(&mut session, tx, &target, &record).await?;
                    Ok((record, session.live))
                })
            })
            .await?;
        self.announce(live).await;
        self.present_record(viewer, &definition, record).await
    }

    /// Removes a record from the recycle bin for good, and does to those that point at it what their definition says.
    ///
    /// # Errors
    /// 404 when it is not there, 409 when something that must not lose it points at it.
    pub async fn purge(&self, viewer: &Viewer, object: &str, id: Uuid) -> Result<()> {
        let definition = self.object(object)?;
        let (engine, actor) = (self.clone(), viewer.clone());
        let live = self
            .inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let mut session = Session::new(&engine, &actor);
                    let rows = engine.access(&session.catalogue).rows(&actor, &definition, Verb::Delete);
                    records::lock(tx, &definition, &[id], &rows, Life::Deleted).await?.pop().ok_or(Error::NotFound)?;
                    purge_in(&mut session, tx, &definition, id, 0).await?;
                    Ok::<_, Error>(session.live)
                })
            })
            .await?;
        self.announce(live).await;
        Ok(())
    }

    /// The recycle bin of an object (or of all), newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn trash(
        &self,
        viewer: &Viewer,
        object: Option<&str>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Json> {
        let catalogue = self.catalogue();
        let skip: usize = match cursor {
            Some(text) => text
                .parse()
                .ok()
                .filter(|skip| *skip <= MAX_TRASH)
                .ok_or_else(|| Error::bad("bad_cursor", "翻页标记无效", "the cursor does not fit"))?,
            None => 0,
        };
        let limit = limit.clamp(1, 200);
        let wanted = (skip + limit + 1).min(MAX_TRASH);
        let mut found: Vec<(Value, Json)> = Vec::new();
        for definition in catalogue.objects.values() {
            if object.is_some_and(|only| only != definition.name) {
                continue;
            }
            if self.access(&catalogue).rows(viewer, definition, Verb::Delete).is_nothing() {
                continue;
            }
            found.extend(self.trash_of(viewer, definition, wanted).await?);
        }
        found.sort_by(|a, b| guanxi_model::filter::compare(&b.0, &a.0).unwrap_or(std::cmp::Ordering::Equal));
        let more = found.len() > skip + limit;
        let items: Vec<Json> = found.into_iter().skip(skip).take(limit).map(|(_, item)| item).collect();
        let next = if more { Some((skip + limit).to_string()) } else { None };
        Ok(json!({"items": items, "next": next}))
    }

    async fn trash_of(&self, viewer: &Viewer, object: &Arc<ObjectDef>, limit: usize) -> Result<Vec<(Value, Json)>> {
        let catalogue = self.catalogue();
        let sql = {
            let scopes = |object: &ObjectDef| self.access(&catalogue).rows(viewer, object, Verb::Delete);
            let sort = [SortKey { path: FieldPath::of("updated_at"), descending: true }];
            // A title that the viewer may not know is not read; the id stands in its column.
            let title = self.title_path(viewer, &catalogue, object).unwrap_or_else(|| FieldPath::of("id"));
            let mut sql = guanxi_store::query::Query::new(&catalogue, object, &scopes, self.inner.database.dialect())
                .life(Life::Deleted)
                .page(&[title], &Filter::all(), &sort, &Start::First, limit);
            let from = sql.text.find(" FROM ").unwrap_or(sql.text.len());
            sql.text.insert_str(from, ", t.deleted_at, t.deleted_by");
            sql.columns.extend([guanxi_model::Kind::Instant, guanxi_model::Kind::Id]);
            sql.text = sql.text.replacen("ORDER BY t.\"updated_at\"", "ORDER BY t.deleted_at", 1);
            sql
        };
        let rows = self.inner.database.read(sql).await?;
        let user = guanxi_model::FieldDef::new("deleted_by", FieldType::User, guanxi_model::Label::default());
        let titles = self
            .titles_for(
                viewer,
                &catalogue,
                rows.iter().filter_map(|row| row.last()).map(|value| (&user, value)).collect(),
            )
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let by = row[4].as_id().map(|id| titles.reference(id));
                let at = row[3].clone();
                let item = json!({
                    "object": object.name,
                    "id": row[2].as_id(),
                    "title": self.title_text(object, &row[0]),
                    "deleted_at": at.as_instant(),
                    "deleted_by": by,
                });
                (at, item)
            })
            .collect())
    }

    /// Changes or deletes many records; each stands for itself.
    ///
    /// # Errors
    /// Only for a request that makes no sense; refusals of single records are listed in the answer.
    pub async fn bulk(
        &self,
        viewer: &Viewer,
        object: &str,
        action: &str,
        ids: &[Uuid],
        values: &Map<String, Json>,
    ) -> Result<Json> {
        let definition = self.object(object)?;
        if ids.is_empty() || ids.len() > MAX_BULK {
            return Err(Error::bad(
                "bad_bulk",
                format!("一次 1 到 {MAX_BULK} 条"),
                format!("1 to {MAX_BULK} records at once"),
            ));
        }
        let mut failed: Vec<Json> = Vec::new();
        let mut done = 0;
        let mut fail = |id: Uuid, error: &Error| {
            let message = error.message();
            failed.push(json!({"id": id, "code": code(error), "message": message.get(viewer.lang)}));
        };
        let catalogue = self.catalogue();
        let verb = definition.actions.iter().find(|verb| verb.name == action);
        // What is open to whoever may read is decided record by record, limits included.
        let open = verb.is_some_and(|verb| verb.readers);
        let mass = self.access(&catalogue).has_ability(viewer, Ability::MassUpdate, Some(&definition));
        if ids.len() > 1 && !open && !mass {
            return Err(Error::forbidden("没有批量修改的权限", "you may not change many records at once"));
        }
        match action {
            "delete" => {
                for id in ids {
                    match self.delete(viewer, object, *id, None).await {
                        Ok(()) => done += 1,
                        Err(Error::Store(error)) => return Err(Error::Store(error)),
                        Err(error) => fail(*id, &error),
                    }
                }
            }
            "update" => {
                let values = self.coerce_input(viewer, &definition, values)?;
                let mut unique: Vec<Uuid> = Vec::new();
                for id in ids {
                    if !unique.contains(id) {
                        unique.push(*id);
                    }
                }
                for chunk in unique.chunks(200) {
                    let writes = chunk
                        .iter()
                        .map(|id| Write {
                            id: Some(*id),
                            values: values.clone(),
                            allow_duplicate: true,
                            ..Write::default()
                        })
                        .collect();
                    for (id, result) in chunk.iter().zip(self.save_batch(viewer, &definition, writes).await?) {
                        match result {
                            Ok(_) => done += 1,
                            Err(Error::NotFound) => fail(*id, &self.refusal(viewer, &definition, *id).await),
                            Err(error) => fail(*id, &error),
                        }
                    }
                }
            }
            _ if verb.is_some() => {
                for id in ids {
                    match self.act(viewer, object, *id, action, values).await {
                        Ok(_) => done += 1,
                        Err(Error::Store(error)) => return Err(Error::Store(error)),
                        Err(error) => fail(*id, &error),
                    }
                }
            }
            _ => {
                return Err(Error::bad(
                    "bad_bulk",
                    "action 应为 update、delete 或对象的操作",
                    "action is update, delete or an action of the object",
                ));
            }
        }
        Ok(json!({"done": done, "failed": failed}))
    }

    /// Why a record cannot be changed: not there, or only readable.
    async fn refusal(&self, viewer: &Viewer, object: &ObjectDef, id: Uuid) -> Error {
        self.require(viewer, object, id, Verb::Update).await.err().unwrap_or(Error::NotFound)
    }
}

/// The stable word for a refusal.
pub(crate) fn code(error: &Error) -> &'static str {
    match error {
        Error::Unauthenticated => "unauthenticated",
        Error::NotFound => "not_found",
        Error::Forbidden(_) => "forbidden",
        Error::Invalid(_) => "invalid",
        Error::Stale(_) => "stale_version",
        Error::Duplicate { .. } => "duplicate_warning",
        Error::BadRequest(code, _)
        | Error::Conflict(code, _)
        | Error::Limit(code, _)
        | Error::Challenge(code, ..)
        | Error::Denied(code, _)
        | Error::Unavailable(code, _) => code,
        Error::TooLarge(_) => "too_large",
        Error::TooMany(_) => "too_many_requests",
        Error::Store(_) => "internal",
    }
}

impl Error {
    /// The stable word for programs.
    pub fn code(&self) -> &'static str {
        code(self)
    }
}

pub(crate) async fn delete_in(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    id: Uuid,
    version: Option<i64>,
) -> Result<()> {
    let rows = session.engine.access(&session.catalogue).rows(session.viewer, object, Verb::Delete);
    let record = records::lock(tx, object, &[id], &rows, Life::Living).await?.pop().ok_or(Error::NotFound)?;
    if version.is_some_and(|version| version != record.version) {
        return Err(Error::Stale(Box::default()));
    }
    check_removal(session, tx, object, &record).await?;
    crate::organisation::before_removal(session.engine, session.viewer, tx, object, &record).await?;
    for rule in session.engine.inner.rules.on(&object.name) {
        rule.before_removal(&record, &mut session.context(tx)).await?;
    }
    records::set_deleted(tx, object, id, record.version + 1, Some((session.now, session.viewer.id))).await?;
    let entry = session.change(object, id, ChangeKind::Delete, record.version + 1, &Map::new());
    changes::append(tx, vec![entry]).await?;
    crate::organisation::after_removal(tx, object).await?;
    removed(session, tx, object, &record).await
}

/// What rules do when a record has gone or come back.
async fn removed(session: &mut Session<'_>, tx: &mut Tx, object: &ObjectDef, record: &Record) -> Result<()> {
    let mut pending = Vec::new();
    for rule in session.engine.inner.rules.on(&object.name) {
        let mut context = session.context(tx);
        rule.after_removal(record, &mut context).await?;
        pending.append(&mut context.pending);
    }
    let actor = rule_of(session.viewer);
    write_pending(session, tx, pending, 0, &actor).await
}

/// Removes a record and settles what points at it.
pub(crate) async fn purge_in(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    id: Uuid,
    depth: usize,
) -> Result<()> {
    if depth > 20 {
        return Err(Error::conflict(
            "too_deep",
            "关联层级过深，无法彻底删除",
            "too many levels of records point at it",
        ));
    }
    let catalogue = session.catalogue.clone();
    for (other, field) in catalogue.pointing_at(&object.name) {
        if field.system && !matches!(field.name.as_str(), "owner" | "department") {
            continue;
        }
        let pointing = records::pointing_at(tx, other, field, id).await?;
        if pointing.is_empty() {
            continue;
        }
        match field.on_delete {
            OnDelete::Restrict => {
                return Err(Error::conflict(
                    "in_use",
                    format!("仍有{}使用它，无法彻底删除", other.label.zh),
                    format!("{} still use it", other.plural.as_ref().unwrap_or(&other.label).en),
                ));
            }
            OnDelete::Cascade => {
                for child in pointing {
                    Box::pin(purge_in(session, tx, other, child, depth + 1)).await?;
                }
            }
            OnDelete::Clear => {
                let system = Viewer::system("purge").from_address(session.viewer.address.clone());
                let current = records::read(tx, other, &pointing, &RowFilter::All, Life::Living).await?;
                let writes = current
                    .into_iter()
                    .map(|record| {
                        let rest: Vec<Value> = record
                            .get(&field.name)
                            .members()
                            .iter()
                            .filter(|member| member.as_id() != Some(id))
                            .cloned()
                            .collect();
                        let value = if rest.is_empty() { Value::Null } else { Value::List(rest) };
                        Write {
                            id: Some(record.id),
                            values: HashMap::from([(field.name.clone(), value)]),
                            allow_duplicate: true,
                            imported: true,
                            ..Write::default()
                        }
                    })
                    .collect();
                let mut inner = Session { viewer: &system, ..Session::new(session.engine, session.viewer) };
                for result in save_many(&mut inner, tx, other, writes).await? {
                    result?;
                }
                session.live.append(&mut inner.live);
            }
        }
    }
    records::purge(tx, object, id).await?;
    platform::remove_shares(tx, &object.name, id, None).await?;
    for field in object.fields.values().filter(|field| field.readers) {
        platform::remove_shares(tx, &field.readers_key(&object.name), id, None).await?;
    }
    let entry = session.change(object, id, ChangeKind::Purge, 0, &Map::new());
    changes::append(tx, vec![entry]).await?;
    crate::organisation::after_removal(tx, object).await
}
