//! From what was sent to what would be stored: old values under new ones, defaults, numbers, rules, formulas, stamps.

use super::{Item, Pending, Session, Write};
use crate::{Error, Result, numbering, rules::Draft};
use guanxi_access::Verb;
use guanxi_model::{FieldType, ObjectDef, Value, coerce};
use guanxi_store::{
    Tx,
    query::Life,
    records::{self, Record},
};
use jiff::Timestamp;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// Reads and locks what is to be changed, and lays the new values over it.
pub(super) async fn draft_all(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    writes: Vec<Write>,
) -> Result<Vec<Item>> {
    let catalogue = session.catalogue.clone();
    let access = session.engine.access(&catalogue);
    let ids: Vec<Uuid> = writes.iter().filter_map(|write| write.id).collect();
    let mut existing: HashMap<Uuid, Record> = HashMap::new();
    for chunk in ids.chunks(500) {
        let rows = access.rows(session.viewer, object, Verb::Update);
        let found = records::lock(tx, object, chunk, &rows, Life::Living).await?;
        existing.extend(found.into_iter().map(|record| (record.id, record)));
    }
    let can_create = access.can_create(session.viewer, object);
    let mut items = Vec::with_capacity(writes.len());
    for write in writes {
        let given: HashSet<String> = write.values.keys().cloned().collect();
        let (id, before, problem) = match write.id {
            None => {
                let problem = (!can_create).then(|| {
                    Error::forbidden(
                        format!("没有新建{}的权限", object.label.zh),
                        format!("you may not create {}", object.plural.as_ref().unwrap_or(&object.label).en),
                    )
                });
                (write.new_id.unwrap_or_else(Uuid::now_v7), None, problem)
            }
            Some(id) => match existing.get(&id).cloned() {
                Some(record) if write.version.is_some_and(|version| version != record.version) => {
                    (id, Some(record), Some(Error::Stale(Box::default())))
                }
                Some(record) => (id, Some(record), None),
                None => (id, None, Some(Error::NotFound)),
            },
        };
        let mut after = before.as_ref().map(|record| record.values.clone()).unwrap_or_default();
        after.extend(write.values);
        let version = before.as_ref().map_or(1, |record| record.version + 1);
        items.push(Item {
            draft: Draft { object: object.clone(), id, before, after, given, imported: write.imported },
            version,
            allow_duplicate: write.allow_duplicate,
            problem,
            refused: Vec::new(),
            changed: Vec::new(),
        });
    }
    Ok(items)
}

/// Defaults, owner and numbers of new records.
pub(super) async fn complete(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    items: &mut [Item],
) -> Result<()> {
    let engine = session.engine;
    let context = engine.coercion();
    let today = session.now.to_zoned(engine.settings().zone.clone()).date();
    for item in items.iter_mut().filter(|item| item.problem.is_none() && item.draft.is_new()) {
        for field in object.fields.values() {
            let Some(default) = &field.default else { continue };
            if item.draft.given.contains(&field.name) {
                continue;
            }
            let value = match default.as_str() {
                Some("today") => Value::Date(today),
                Some("now") => Value::Instant(session.now),
                Some("me") => session.viewer.id.into(),
                _ => coerce::from_json(field, default, &context).unwrap_or_default(),
            };
            item.draft.set(&field.name, value);
        }
        if object.field("currency").is_some() && item.draft.get("currency").is_null() {
            item.draft.set("currency", engine.settings().currency.as_str());
        }
        if object.is_owned() && item.draft.get("owner").is_null() && !item.draft.was_given("owner") {
            item.draft.set("owner", session.viewer.id);
        }
    }
    for field in object.fields.values().filter(|field| field.kind == FieldType::AutoNumber) {
        let wanting: Vec<usize> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.problem.is_none() && item.draft.is_new() && item.draft.get(&field.name).is_null())
            .map(|(index, _)| index)
            .collect();
        if !wanting.is_empty() {
            let numbers = numbering::next(engine, tx, object, field, today, wanting.len()).await?;
            for (index, number) in wanting.into_iter().zip(numbers) {
                items[index].draft.set(&field.name, number);
            }
        }
    }
    Ok(())
}

pub(super) async fn run_rules(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    items: &mut [Item],
    pending: &mut Vec<Pending>,
) -> Result<()> {
    let engine = session.engine;
    for rule in engine.inner.rules.on(&object.name) {
        let drafts: Vec<&Draft> = items.iter().filter(|item| item.problem.is_none()).map(|item| &item.draft).collect();
        rule.look_ahead(&drafts, &mut session.context(tx)).await?;
        for item in items.iter_mut().filter(|item| item.problem.is_none()) {
            let mut context = session.context(tx);
            rule.before_save(&mut item.draft, &mut context).await?;
            pending.append(&mut context.pending);
            item.refused.append(&mut context.problems);
        }
    }
    Ok(())
}

pub(super) async fn after_rules(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    items: &mut [Item],
    pending: &mut Vec<Pending>,
) -> Result<()> {
    let engine = session.engine;
    for rule in engine.inner.rules.on(&object.name) {
        for item in items.iter().filter(|item| item.problem.is_none() && !item.changed.is_empty()) {
            let mut context = session.context(tx);
            rule.after_save(&item.draft, &mut context).await?;
            pending.append(&mut context.pending);
            if !context.problems.is_empty() {
                return Err(Error::Invalid(context.problems));
            }
        }
        let written = items.iter().filter(|item| item.problem.is_none() && !item.changed.is_empty());
        let drafts: Vec<&Draft> = written.map(|item| &item.draft).collect();
        if !drafts.is_empty() {
            let mut context = session.context(tx);
            rule.after_batch(&drafts, &mut context).await?;
            pending.append(&mut context.pending);
            if !context.problems.is_empty() {
                return Err(Error::Invalid(context.problems));
            }
        }
    }
    Ok(())
}

/// Formulas, stamps, and which fields really change.
pub(super) fn settle(session: &Session<'_>, object: &ObjectDef, item: &mut Item) {
    for formula in &object.formulas {
        let value = formula.evaluate(|name| item.draft.get(name).clone());
        item.draft.set(&formula.field, value);
    }
    item.changed = item.draft.changes();
    if item.changed.is_empty() && !item.draft.is_new() {
        return;
    }
    let who = session.viewer.id;
    if item.draft.is_new() {
        for (field, value) in [("created_at", Value::Instant(session.now)), ("created_by", who.into())] {
            if !item.draft.was_given(field) {
                item.draft.set(field, value);
            }
        }
    }
    for (field, value) in [("updated_at", Value::Instant(session.now)), ("updated_by", who.into())] {
        if !(item.draft.is_new() && item.draft.was_given(field)) {
            item.draft.set(field, value);
        }
    }
    item.changed = item.draft.changes();
}

/// What a new owner brings with him.
fn settle_ownership(object: &ObjectDef, draft: &mut Draft, now: Timestamp) {
    let Some(ownership) = object.ownership.as_ref().filter(|_| draft.changed("owner")) else { return };
    let owned = !draft.get("owner").is_null();
    if let Some(since) = &ownership.since {
        draft.set(since, owned.then_some(now));
    }
    for field in ownership.clears.iter().filter(|_| owned) {
        draft.set(field, Value::Null);
    }
}

/// A record's department is its owner's, and whatever else follows from its having one.
pub(super) async fn own_departments(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    items: &mut [Item],
) -> Result<()> {
    if !object.is_owned() {
        return Ok(());
    }
    for item in items.iter_mut().filter(|item| item.problem.is_none() && item.draft.changed("owner")) {
        let department = match item.draft.get("owner").as_id() {
            None => Value::Null,
            Some(owner) => {
                let mut context = session.context(tx);
                context.read("user", owner).await?.map_or(Value::Null, |user| user.get("department").clone())
            }
        };
        item.draft.set("department", department);
        settle_ownership(object, &mut item.draft, session.now);
        item.changed = item.draft.changes();
    }
    Ok(())
}
