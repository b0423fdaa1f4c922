//! A new record with its lines: in one request, and in one transaction or not at all.

use super::{Saved, Session, Write, save_many};
use crate::{Engine, Error, Result};
use guanxi_access::{RowFilter, Viewer};
use guanxi_model::{FieldError, ObjectDef, Value};
use guanxi_store::{claims, query::Life, records};
use serde_json::{Map, Value as Json};
use std::{collections::HashMap, sync::Arc};

/// Where a new record's lines stand in what a client sends: `{"_lines": {"child": [{…}, …]}}`.
const KEY: &str = "_lines";
/// Most lines of one request.
const MOST: usize = 200;

/// Lines of one kind: the object, its lookup to the parent, and their values.
pub(super) struct Lines {
    object: Arc<ObjectDef>,
    parent: String,
    values: Vec<HashMap<String, Value>>,
}

fn wrong(zh: &str, en: &str) -> Error {
    Error::invalid(KEY, "bad_lines", zh, en)
}

/// The error of a line, its place before the field: `_lines.child.0.field`.
fn placed(error: Error, object: &str, index: usize) -> Error {
    match error {
        Error::Invalid(problems) => Error::Invalid(
            problems
                .into_iter()
                .map(|problem| FieldError { field: format!("{KEY}.{object}.{index}.{}", problem.field), ..problem })
                .collect(),
        ),
        other => other,
    }
}

impl Engine {
    /// Takes the lines out of what a client sent for a new record, coerced.
    pub(super) fn take_lines(
        &self,
        viewer: &Viewer,
        object: &ObjectDef,
        input: &mut Map<String, Json>,
    ) -> Result<Vec<Lines>> {
        let Some(given) = input.remove(KEY) else { return Ok(Vec::new()) };
        let given = match given {
            Json::Null => return Ok(Vec::new()),
            Json::Object(given) => given,
            _ => return Err(wrong("应为 {对象: [明细…]}", "it is {object: [lines…]}")),
        };
        let (mut all, mut count) = (Vec::new(), 0);
        for (name, rows) in given {
            let child = self.object(&name).ok().filter(|child| {
                let parent = child.parent.as_ref().and_then(|parent| child.field(parent));
                parent.and_then(|parent| parent.target()) == Some(object.name.as_str())
            });
            let (Some(child), Json::Array(rows)) = (child, rows) else {
                return Err(wrong("没有这种明细", "there are no such lines"));
            };
            count += rows.len();
            if count > MOST {
                return Err(wrong("一次最多 200 行明细", "at most 200 lines at once"));
            }
            let parent = child.parent.clone().unwrap_or_default();
            let mut values = Vec::with_capacity(rows.len());
            for (index, row) in rows.into_iter().enumerate() {
                let Json::Object(mut row) = row else { return Err(wrong("明细应为对象", "a line is an object")) };
                // Whose line it is, is said by where it stands.
                row.remove(&parent);
                values.push(self.coerce_input(viewer, &child, &row).map_err(|error| placed(error, &name, index))?);
            }
            all.push(Lines { object: child, parent, values });
        }
        Ok(all)
    }

    /// Writes a new record and its lines.
    pub(super) async fn save_with_lines(
        &self,
        viewer: &Viewer,
        object: &Arc<ObjectDef>,
        write: Write,
        lines: Vec<Lines>,
    ) -> Result<Saved> {
        if lines.is_empty() {
            return self.save_one(viewer, object, write).await;
        }
        let (engine, viewer, object) = (self.clone(), viewer.clone(), object.clone());
        let (saved, live) = self
            .inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let mut session = Session::new(&engine, &viewer);
                    let written = save_many(&mut session, tx, &object, vec![write]).await?.pop();
                    let mut saved = written.unwrap_or(Err(Error::NotFound))?;
                    if let Some(claim) = viewer.claim {
                        claims::note(tx, claim, &object.name, saved.record.id).await?;
                    }
                    for Lines { object: child, parent, values } in lines {
                        let writes = values.into_iter().map(|mut values| {
                            values.insert(parent.clone(), saved.record.id.into());
                            Write { values, ..Write::default() }
                        });
                        let results = save_many(&mut session, tx, &child, writes.collect()).await?;
                        for (index, result) in results.into_iter().enumerate() {
                            result.map_err(|error| placed(error, &child.name, index))?;
                        }
                    }
                    // Lines may change what they belong to: a sum over them.
                    let id = saved.record.id;
                    if let Some(now) = records::read(tx, &object, &[id], &RowFilter::All, Life::Living).await?.pop() {
                        saved.record = now;
                    }
                    Ok::<_, Error>((saved, session.live))
                })
            })
            .await?;
        self.announce(live).await;
        Ok(saved)
    }
}
