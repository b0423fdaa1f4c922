//! Rows, keys, tokens and the change log, in the transaction.

use super::{Item, Session, keys::keys_of};
use crate::{Error, Live, Result};
use guanxi_model::{Label, ObjectDef, Value, json};
use guanxi_store::{
    Tx,
    changes::{self, Change, ChangeKind},
    platform::{self, Share},
    records::{self, Keys, Record},
    schema,
};
use serde_json::{Map, Value as Json};
use std::sync::Arc;
use uuid::Uuid;

/// The record as it is to be stored. Its values are lent: they go back into the draft.
fn take_record(item: &mut Item) -> Record {
    let values = std::mem::take(&mut item.draft.after);
    Record { id: item.draft.id, version: item.version, deleted_at: None, values }
}

/// Writes rows, keys, tokens and the change log.
pub(super) async fn write_all(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    items: &mut [Item],
) -> Result<()> {
    let fresh: Vec<usize> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.problem.is_none() && item.draft.is_new())
        .map(|(index, _)| index)
        .collect();
    let alone = items.len() == 1;
    if !fresh.is_empty() {
        let rows: Vec<(Record, Keys)> = fresh
            .iter()
            .map(|index| {
                let keys = keys_of(object, &items[*index].draft);
                (take_record(&mut items[*index]), keys)
            })
            .collect();
        let results = records::insert(tx, object, &rows, alone).await?;
        for ((index, result), (record, _)) in fresh.into_iter().zip(results).zip(rows) {
            items[index].draft.after = record.values;
            if let Err(error) = result {
                items[index].problem = Some(not_unique(object, error)?);
            }
        }
    }
    for item in items.iter_mut() {
        if item.problem.is_some() || item.draft.is_new() || item.changed.is_empty() {
            continue;
        }
        let keys = keys_of(object, &item.draft);
        let record = take_record(item);
        let result = records::update(tx, object, &record, &item.changed, &keys, alone).await;
        item.draft.after = record.values;
        match result {
            Ok(true) => {}
            Ok(false) => item.problem = Some(Error::Stale(Box::default())),
            Err(error) => item.problem = Some(not_unique(object, error)?),
        }
    }
    name_readers(session, tx, object, items).await?;
    log(session, tx, object, items).await
}

/// Whom a field names as readers: kept where row scopes look for it.
async fn name_readers(session: &Session<'_>, tx: &mut Tx, object: &ObjectDef, items: &[Item]) -> Result<()> {
    for field in object.fields.values().filter(|field| field.readers) {
        let key = field.readers_key(&object.name);
        for item in items.iter().filter(|item| item.problem.is_none() && item.changed.contains(&field.name)) {
            let (id, value) = (item.draft.id, item.draft.get(&field.name));
            if !item.draft.is_new() {
                platform::remove_shares(tx, &key, id, None).await?;
            }
            let members = if value.members().is_empty() { std::slice::from_ref(value) } else { value.members() };
            for user in members.iter().filter_map(Value::as_id) {
                let (created_at, created_by) = (session.now, session.viewer.id);
                let share = Share { user, level: "read".into(), expires_at: None, created_at, created_by };
                platform::put_share(tx, &key, id, share).await?;
            }
        }
    }
    Ok(())
}

/// A violated unique index in the words of the fields it covers; any other error stays what it is.
pub(crate) fn not_unique(object: &ObjectDef, error: guanxi_store::Error) -> Result<Error> {
    let guanxi_store::Error::NotUnique(message) = &error else { return Err(error.into()) };
    let fields = schema::violated_fields(object, message);
    let name = fields.last().cloned().unwrap_or_default();
    let label = object.field(&name).map_or_else(|| Label::new("值", "value"), |field| field.label.clone());
    Ok(Error::invalid(&name, "not_unique", format!("{}已存在", label.zh), format!("{} is taken already", label.en)))
}

async fn log(session: &mut Session<'_>, tx: &mut Tx, object: &Arc<ObjectDef>, items: &[Item]) -> Result<()> {
    let mut entries = Vec::new();
    for item in items.iter().filter(|item| item.problem.is_none() && (item.draft.is_new() || !item.changed.is_empty()))
    {
        let mut diff = Map::new();
        for name in &item.changed {
            let Some(field) = object.field(name) else { continue };
            if field.system && !matches!(name.as_str(), "owner" | "department") {
                continue;
            }
            diff.insert(
                name.clone(),
                Json::Array(vec![
                    json::to_json(field, item.draft.before(name)),
                    json::to_json(field, item.draft.get(name)),
                ]),
            );
        }
        let kind = if item.draft.is_new() { ChangeKind::Create } else { ChangeKind::Update };
        entries.push(session.change(object, item.draft.id, kind, item.version, &diff));
    }
    changes::append(tx, entries).await?;
    Ok(())
}

impl Session<'_> {
    /// A row for the change log, and word to open pages.
    pub fn change(
        &mut self,
        object: &ObjectDef,
        id: Uuid,
        kind: ChangeKind,
        version: i64,
        diff: &Map<String, Json>,
    ) -> Change {
        self.live.push(Live::Record {
            object: object.name.clone(),
            id,
            kind: kind.as_str(),
            version,
            actor: self.viewer.id,
        });
        self.cache.remove(&(object.name.clone(), id));
        self.settings.remove(&object.name);
        Change {
            seq: 0,
            xid: 0,
            at: self.now,
            actor: self.viewer.id,
            via: self.viewer.via.as_str().to_owned(),
            reason: self.viewer.is_system().then(|| self.viewer.name.clone()),
            address: self.viewer.address.clone(),
            object: object.name.clone(),
            record: id,
            kind,
            version,
            diff: Json::Object(diff.clone()).to_string(),
        }
    }
}
