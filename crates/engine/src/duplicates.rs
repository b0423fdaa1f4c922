//! Duplicate rules (查重): on save, and while somebody types.

use crate::{
    Engine, Error, Result,
    save::{Checked, Session, match_key},
};
use guanxi_access::Viewer;
use guanxi_model::{
    ObjectDef, Value, coerce,
    object::{DuplicateMode, DuplicateRule},
};
use guanxi_store::{
    Tx,
    query::Life,
    records::{self, Record},
};
use serde_json::{Map, Value as Json, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

fn keys(rule: &DuplicateRule, read: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    rule.fields.iter().filter_map(|field| Some((field.clone(), match_key(rule.normalize, &read(field)?)?))).collect()
}

/// Sets the problem of every draft that meets a record already there or one earlier in its batch.
pub(crate) async fn check(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    items: &mut [Checked<'_>],
) -> Result<()> {
    for rule in &object.duplicates {
        let mut wanted: Vec<(usize, Vec<(String, String)>)> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let silent = item.allow && rule.mode == DuplicateMode::Warn;
            let touched = rule.fields.iter().any(|field| item.draft.changed(field));
            if item.problem.is_some() || silent || !touched {
                continue;
            }
            let found = keys(rule, |field| item.draft.get(field).as_text().map(str::to_owned));
            if !found.is_empty() {
                wanted.push((index, found));
            }
        }
        if wanted.is_empty() {
            continue;
        }
        let all: Vec<String> = wanted
            .iter()
            .flat_map(|(_, keys)| keys.iter().map(|(_, key)| key.clone()))
            .collect::<HashSet<_>>()
            .into_iter()
            .collect();
        let mut owners: HashMap<String, Vec<Uuid>> = HashMap::new();
        for chunk in all.chunks(500) {
            let sql = records::matches(tx.dialect(), object, rule.normalize, &rule.fields, chunk);
            for row in tx.query(&sql).await? {
                if let (Some(id), Some(key)) = (row[0].as_id(), row[1].as_text()) {
                    owners.entry(key.to_owned()).or_default().push(id);
                }
            }
        }
        let mut earlier: HashMap<String, Uuid> = HashMap::new();
        for (index, found) in wanted {
            let own = items[index].draft.id;
            let mut met: Vec<(Uuid, Vec<String>)> = Vec::new();
            for (field, key) in &found {
                let others =
                    owners.get(key).into_iter().flatten().chain(earlier.get(key)).copied().filter(|id| *id != own);
                for id in others {
                    match met.iter_mut().find(|(known, _)| *known == id) {
                        Some((_, fields)) if !fields.contains(field) => fields.push(field.clone()),
                        Some(_) => {}
                        None => met.push((id, vec![field.clone()])),
                    }
                }
            }
            if met.is_empty() {
                earlier.extend(found.into_iter().map(|(_, key)| (key, own)));
                continue;
            }
            met.truncate(5);
            let shown = show(session.engine, session.viewer, tx, object, rule.mode, met).await?;
            *items[index].problem = Some(Error::Duplicate { found: shown, blocked: rule.mode == DuplicateMode::Block });
        }
    }
    Ok(())
}

/// How a duplicate is shown: masked where the viewer may not read the record.
async fn show(
    engine: &Engine,
    viewer: &Viewer,
    tx: &mut Tx,
    object: &ObjectDef,
    mode: DuplicateMode,
    met: Vec<(Uuid, Vec<String>)>,
) -> Result<Vec<Json>> {
    let catalogue = engine.catalogue();
    let rows = engine.readable(&catalogue, viewer, object);
    let ids: Vec<Uuid> = met.iter().map(|(id, _)| *id).collect();
    let visible: HashMap<Uuid, Record> = records::read(tx, object, &ids, &rows, Life::Living)
        .await?
        .into_iter()
        .map(|record| (record.id, record))
        .collect();
    let owners: HashMap<Uuid, Uuid> = records::read(tx, object, &ids, &guanxi_access::RowFilter::All, Life::Living)
        .await?
        .into_iter()
        .filter_map(|record| Some((record.id, record.get("owner").as_id()?)))
        .collect();
    let mut out = Vec::new();
    for (id, fields) in met {
        let owner = match owners.get(&id) {
            Some(owner) => {
                let users = engine.object("user")?;
                let found =
                    records::read(tx, &users, &[*owner], &guanxi_access::RowFilter::All, Life::Any).await?.pop();
                found.map(|user| json!({"id": owner, "title": user.get("name").as_text()}))
            }
            None => None,
        };
        let record = visible.get(&id);
        out.push(json!({
            "id": record.map(|record| record.id),
            "title": record.and_then(|record| engine.title_of(viewer, &catalogue, object, record)),
            "owner": owner,
            "fields": fields,
            "mode": mode,
        }));
    }
    Ok(out)
}

impl Engine {
    /// What would be a duplicate of what somebody has typed so far. Values that are not valid yet, or not his to write,
    /// are passed over.
    ///
    /// # Errors
    /// The database's.
    pub async fn find_duplicates(&self, viewer: &Viewer, object: &str, input: &Map<String, Json>) -> Result<Vec<Json>> {
        let definition = self.object(object)?;
        if definition.duplicates.is_empty() {
            return Ok(Vec::new());
        }
        let context = self.coercion();
        let own = input.get("id").and_then(Json::as_str).and_then(|id| Uuid::try_parse(id).ok());
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        // Nobody finds out by asking what a field holds that he may not write.
        let field_of = |name: &str| definition.field(name).filter(|field| access.can_write(viewer, &definition, field));
        let values: HashMap<String, Value> = input
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), coerce::from_json(field_of(name)?, value, &context).ok()?)))
            .collect();
        let (engine, viewer) = (self.clone(), viewer.clone());
        self.inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let mut out = Vec::new();
                    for rule in &definition.duplicates {
                        let found = keys(rule, |field| values.get(field)?.as_text().map(str::to_owned));
                        if found.is_empty() {
                            continue;
                        }
                        let wanted: Vec<String> = found.iter().map(|(_, key)| key.clone()).collect();
                        let sql = records::matches(tx.dialect(), &definition, rule.normalize, &rule.fields, &wanted);
                        let mut met: Vec<(Uuid, Vec<String>)> = Vec::new();
                        for row in tx.query(&sql).await? {
                            let (Some(id), Some(key)) = (row[0].as_id(), row[1].as_text()) else { continue };
                            if Some(id) == own || met.iter().any(|(known, _)| *known == id) {
                                continue;
                            }
                            let fields = found
                                .iter()
                                .filter(|(_, known)| known == key)
                                .map(|(field, _)| field.clone())
                                .collect();
                            met.push((id, fields));
                        }
                        if met.is_empty() {
                            continue;
                        }
                        met.truncate(5);
                        out.extend(show(&engine, &viewer, tx, &definition, rule.mode, met).await?);
                    }
                    Ok(out)
                })
            })
            .await
    }
}
