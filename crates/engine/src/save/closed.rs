//! Records that are closed by their state: posted documents, what is in approval. They and their lines are left as they are by
//! everybody but rules and actions.

use super::{Item, Session, Write};
use crate::{Error, Result};
use guanxi_access::RowFilter;
use guanxi_model::{ObjectDef, Value};
use guanxi_store::{
    Tx,
    query::Life,
    records::{self, Record},
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// What the lines of a batch belong to, held until the transaction ends, so that none is closed meanwhile.
#[derive(Default)]
pub(super) struct Parents(HashMap<Uuid, Record>);

/// The object whose records these lines belong to, where that one can be closed.
fn closable(session: &Session<'_>, object: &ObjectDef) -> Option<(Arc<ObjectDef>, String)> {
    let field = object.parent.as_deref().and_then(|name| object.field(name))?;
    let parent = session.catalogue.object(field.target()?)?;
    (!parent.closed.is_empty()).then(|| (parent.clone(), field.name.clone()))
}

/// Why a record with these values is left as it is.
fn refusal<'v>(object: &ObjectDef, value: impl Fn(&str) -> &'v Value) -> Option<Error> {
    let closed = object.closed_by(&value)?;
    let field = object.field(&closed.field)?;
    let state = field.option(value(&closed.field).as_text()?)?.label.clone();
    Some(Error::conflict(
        "closed",
        format!("{}{}，不能修改或删除", object.label.zh, state.zh),
        format!("{} is {} and can be neither changed nor deleted", object.label.en, state.en.to_lowercase()),
    ))
}

/// Holds what the lines of a batch belong to. Before the lines themselves: whoever posts a document does it in this order too.
pub(super) async fn hold_parents(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    writes: &[Write],
) -> Result<Parents> {
    let Some((parent, field)) = closable(session, object).filter(|_| !session.viewer.is_system()) else {
        return Ok(Parents::default());
    };
    let mut wanted: BTreeSet<Uuid> =
        writes.iter().filter_map(|write| write.values.get(&field).and_then(Value::as_id)).collect();
    let lines: Vec<Uuid> = writes.iter().filter_map(|write| write.id).collect();
    for chunk in lines.chunks(500) {
        let found = records::read(tx, object, chunk, &RowFilter::All, Life::Living).await?;
        wanted.extend(found.iter().filter_map(|line| line.get(&field).as_id()));
    }
    let wanted: Vec<Uuid> = wanted.into_iter().collect();
    let mut parents = HashMap::new();
    for chunk in wanted.chunks(500) {
        let found = records::lock(tx, &parent, chunk, &RowFilter::All, Life::Any).await?;
        for record in found {
            session
                .cache
                .insert((parent.name.clone(), record.id), Some(record.clone()).filter(|it| it.deleted_at.is_none()));
            parents.insert(record.id, record);
        }
    }
    Ok(Parents(parents))
}

/// Refuses what changes a closed record, or the lines of one.
pub(super) fn check(session: &Session<'_>, object: &ObjectDef, items: &mut [Item], parents: &Parents) {
    if session.viewer.is_system() {
        return;
    }
    let above = closable(session, object);
    for item in items.iter_mut().filter(|item| item.problem.is_none()) {
        let draft = &item.draft;
        let named = |name: &&String| draft.changed(name.as_str());
        if let Some(closed) = draft.before.as_ref().and_then(|before| object.closed_by(|name| before.get(name))) {
            let open = |name: &&String| closed.keeps.contains(name) || *name == "owner";
            if draft.given.iter().filter(named).any(|name| !open(&name)) {
                item.problem = refusal(object, |name| draft.before(name));
                continue;
            }
        }
        let Some((parent, field)) = &above else { continue };
        if !draft.is_new() && !draft.given.iter().any(|name| draft.changed(name)) {
            continue;
        }
        let belongs = [draft.get(field).as_id(), draft.before(field).as_id()];
        let held = belongs.into_iter().flatten().filter_map(|id| parents.0.get(&id));
        item.problem = held.filter_map(|record| refusal(parent, |name| record.get(name))).next();
    }
}

/// Refuses that a closed record, or a line of one, goes into the recycle bin or comes back from there.
pub(crate) async fn check_removal(
    session: &Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    record: &Record,
) -> Result<()> {
    if session.viewer.is_system() {
        return Ok(());
    }
    if let Some(error) = refusal(object, |name| record.get(name)) {
        return Err(error);
    }
    if let Some((parent, field)) = closable(session, object)
        && let Some(id) = record.get(&field).as_id()
        && let Some(held) = records::lock(tx, &parent, &[id], &RowFilter::All, Life::Any).await?.pop()
        && let Some(error) = refusal(&parent, |name| held.get(name))
    {
        return Err(error);
    }
    Ok(())
}
