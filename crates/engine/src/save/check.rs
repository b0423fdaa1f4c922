//! What a draft must hold to be stored: required fields, lookups that exist and fit, no parent below its own child.

use super::{Item, Session};
use crate::{Error, Result};
use guanxi_access::{Ability, RowFilter, Verb, Viewer};
use guanxi_model::{FieldDef, FieldError, Kind, ObjectDef, Trait, Value};
use guanxi_store::{
    Tx,
    query::{self, Life},
    records,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// Required fields, lookups that exist within the viewer's sight, candidates.
pub(super) async fn validate(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    items: &mut [Item],
) -> Result<()> {
    find_targets(session, tx, object, items).await?;
    let catalogue = session.catalogue.clone();
    let transfers = session.engine.access(&catalogue).has_ability(session.viewer, Ability::Transfer, Some(object));
    let by_role = session.engine.access(&catalogue).rows_by_role(session.viewer, object, Verb::Update);
    for item in items.iter_mut().filter(|item| item.problem.is_none()) {
        let mut problems = Vec::new();
        let given_away = !item.draft.is_new() && item.draft.was_given("owner") && item.draft.changed("owner");
        // With whom a record is shared may not take it over.
        let (owner, department) = (item.draft.before("owner").as_id(), item.draft.before("department").as_id());
        if given_away && object.is_owned() && !(transfers && session.engine.holds(&by_role, owner, department).await?) {
            problems.push(FieldError::new(
                "owner",
                "forbidden",
                "没有移交记录的权限",
                "you may not give records to another owner",
            ));
        }
        for field in object.fields.values() {
            let value = item.draft.get(&field.name);
            let touched = item.draft.is_new() || item.draft.changed(&field.name);
            if !touched {
                continue;
            }
            if value.is_null() {
                if field.required {
                    problems.push(FieldError::new(
                        &field.name,
                        "required",
                        format!("请填写{}", field.label.zh),
                        format!("{} is required", field.label.en),
                    ));
                }
                continue;
            }
            let Some(target) = field.target().filter(|_| is_claimed(session.viewer, field) || field.system) else {
                continue;
            };
            let members = if value.members().is_empty() { std::slice::from_ref(value) } else { value.members() };
            for id in members.iter().filter_map(Value::as_id) {
                let itself = target == object.name && id == item.draft.id;
                if itself && (field.name == "parent" || object.has(Trait::Tree)) {
                    problems.push(FieldError::new(
                        &field.name,
                        "own_parent",
                        "不能选择自己",
                        "a record cannot be its own parent",
                    ));
                } else if !itself && !session.known.contains(&(target.to_owned(), id)) {
                    problems.push(FieldError::new(
                        &field.name,
                        "unknown_record",
                        format!("{}不存在", field.label.zh),
                        format!("{}: there is no such record", field.label.en),
                    ));
                }
            }
        }
        item.refused.append(&mut problems);
    }
    check_candidates(session, tx, object, items).await?;
    check_parents(session, tx, object, items).await?;
    if object.field("parent").and_then(FieldDef::target) == Some(object.name.as_str()) {
        check_circles(tx, object, items).await?;
    }
    for item in items.iter_mut().filter(|item| item.problem.is_none() && !item.refused.is_empty()) {
        item.problem = Some(Error::Invalid(std::mem::take(&mut item.refused)));
    }
    Ok(())
}

/// Is what a lookup names the writer's claim, so that he has to see it? Not what the platform stamps, nor what only rules write.
fn is_claimed(viewer: &Viewer, field: &FieldDef) -> bool {
    if field.system { field.name == "owner" } else { !field.read_only || viewer.is_system() }
}

/// Asks once per target object which of the named records exist and may be seen.
async fn find_targets(session: &mut Session<'_>, tx: &mut Tx, object: &ObjectDef, items: &[Item]) -> Result<()> {
    let catalogue = session.catalogue.clone();
    let mut wanted: HashMap<String, HashSet<Uuid>> = HashMap::new();
    for item in items.iter().filter(|item| item.problem.is_none()) {
        for field in object.fields.values() {
            if !is_claimed(session.viewer, field) {
                continue;
            }
            let Some(target) = field.target() else { continue };
            let value = item.draft.get(&field.name);
            if value.is_null() || !(item.draft.is_new() || item.draft.changed(&field.name)) {
                continue;
            }
            let members = if value.members().is_empty() { std::slice::from_ref(value) } else { value.members() };
            let fresh =
                members.iter().filter_map(Value::as_id).filter(|id| !session.known.contains(&(target.to_owned(), *id)));
            wanted.entry(target.to_owned()).or_default().extend(fresh);
        }
    }
    for stamp in ["created_by", "updated_by", "department"] {
        for item in items {
            if let (Some(id), Some(target)) =
                (item.draft.get(stamp).as_id(), object.field(stamp).and_then(FieldDef::target))
            {
                session.known.insert((target.to_owned(), id));
            }
        }
    }
    for (name, ids) in wanted {
        let target = catalogue.object(&name).ok_or(Error::NotFound)?;
        let rows = session.engine.readable(&catalogue, session.viewer, target);
        let ids: Vec<Uuid> = ids.into_iter().collect();
        for chunk in ids.chunks(500) {
            let mut sql = tx.sql();
            sql.push("SELECT t.id FROM ").ident(&name).push(" t WHERE t.deleted_at IS NULL AND t.id IN (");
            sql.bind_all(chunk.iter().copied()).push(")");
            if rows != RowFilter::All {
                sql.push(" AND ");
                query::scope(&mut sql, &rows, "t", 0);
            }
            sql.returning([Kind::Id]);
            let found = tx.query(&sql).await?;
            session.known.extend(found.into_iter().filter_map(|row| row[0].as_id()).map(|id| (name.clone(), id)));
        }
    }
    Ok(())
}

/// A lookup with `where` names a record that fits, e.g. a stage of this pipeline.
async fn check_candidates(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    items: &mut [Item],
) -> Result<()> {
    for field in object.fields.values().filter(|field| !field.candidates.is_empty() && field.kind.is_single_reference())
    {
        for item in items.iter_mut().filter(|item| item.problem.is_none()) {
            let related = field.candidates.values().any(|ours| item.draft.changed(ours));
            let (Some(id), Some(target)) = (item.draft.get(&field.name).as_id(), field.target()) else { continue };
            if !(item.draft.changed(&field.name) || related) {
                continue;
            }
            let mut context = session.context(tx);
            let Some(record) = context.read(target, id).await? else { continue };
            let fits = field.candidates.iter().all(|(theirs, ours)| {
                let ours = item.draft.get(ours);
                ours.is_null() || record.get(theirs) == ours
            });
            if !fits {
                item.refused.push(FieldError::new(
                    &field.name,
                    "not_a_candidate",
                    format!("{}不在可选范围内", field.label.zh),
                    format!("{} is not among those that can be chosen here", field.label.en),
                ));
            }
        }
    }
    Ok(())
}

/// A line is part of its parent: whoever may not change that one adds none to it and takes none over to it.
async fn check_parents(session: &mut Session<'_>, tx: &mut Tx, object: &ObjectDef, items: &mut [Item]) -> Result<()> {
    let Some(parent) = object.parent.as_deref().and_then(|name| object.field(name)) else { return Ok(()) };
    let Some(target) = parent.target().filter(|_| !session.viewer.is_system()) else { return Ok(()) };
    for item in items.iter_mut().filter(|item| item.problem.is_none() && item.draft.changed(&parent.name)) {
        let Some(id) = item.draft.get(&parent.name).as_id() else { continue };
        // One that he may not even see has been refused as unknown.
        let seen = session.known.contains(&(target.to_owned(), id));
        if seen && !session.context(tx).may(Verb::Update, target, id).await? {
            item.refused.push(FieldError::new(
                &parent.name,
                "forbidden",
                format!("没有修改{}的权限", parent.label.zh),
                format!("{}: you may not change this record", parent.label.en),
            ));
        }
    }
    Ok(())
}

/// A parent must not lie below its own child.
async fn check_circles(tx: &mut Tx, object: &ObjectDef, items: &mut [Item]) -> Result<()> {
    for item in
        items.iter_mut().filter(|item| item.problem.is_none() && !item.draft.is_new() && item.draft.changed("parent"))
    {
        // That it is not its own parent has been looked at already.
        let mut above = item.draft.get("parent").as_id().filter(|parent| *parent != item.draft.id);
        for _ in 0..100 {
            let Some(id) = above else { break };
            if id == item.draft.id {
                item.refused.push(FieldError::new(
                    "parent",
                    "circle",
                    "上级不能是自己的下级",
                    "the parent lies below this record",
                ));
                break;
            }
            // Read past the cache: an earlier record of the batch may just have moved.
            let found = records::read(tx, object, &[id], &RowFilter::All, Life::Any).await?.pop();
            above = found.and_then(|record| record.get("parent").as_id());
        }
    }
    Ok(())
}
