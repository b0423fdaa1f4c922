//! The second pass of an import: lookups to the imported object itself whose target stood further down the file.

use super::{
    batch::{Done, Halt, Work, count, note, refuse, save_kept},
    journal::ErrorLines,
    lookups::{Resolver, Resolving},
    prepare::{BATCH, InFile, Prepared, reason},
    source::{Row, bad},
};
use crate::{
    Result,
    save::{Outcome, Saved, Session, Write},
};
use guanxi_access::{Via, Viewer};
use guanxi_model::{Label, coerce};
use guanxi_store::{Tx, platform, records::Record};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, Seek, SeekFrom},
    path::Path,
    sync::Arc,
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// A line of the file that [`super::batch`] writes.
#[derive(Debug, Clone, Deserialize)]
struct Waiting {
    line: u64,
    id: Uuid,
    outcome: String,
    before: Map<String, Json>,
    texts: HashMap<String, String>,
    cells: Vec<String>,
}

impl Waiting {
    fn outcome(&self) -> Outcome {
        match self.outcome.as_str() {
            "created" => Outcome::Created,
            "updated" => Outcome::Updated,
            _ => Outcome::Unchanged,
        }
    }

    fn prepared(&self) -> Prepared {
        let mut row = Row::new(self.line, 64, self.cells.len());
        for cell in &self.cells {
            row.push(cell);
        }
        let lookups =
            self.texts.iter().filter_map(|(target, text)| Some((target.parse().ok()?, text.clone()))).collect();
        Prepared { row, lookups, ..Prepared::default() }
    }
}

/// The next lines of the file, and where the one after them begins.
fn read(path: &Path, from: u64, until: u64) -> Result<(Vec<Waiting>, u64)> {
    let broken = |error: &dyn std::fmt::Display| {
        bad(format!("无法读取 {}：{error}", path.display()), format!("cannot read {}: {error}", path.display()))
    };
    let mut lines = Vec::new();
    let mut place = from;
    if place >= until {
        return Ok((lines, place));
    }
    let mut file = File::open(path).map_err(|error| broken(&error))?;
    file.seek(SeekFrom::Start(from)).map_err(|error| broken(&error))?;
    let mut reader = BufReader::new(file);
    let mut text = String::new();
    while lines.len() < BATCH && place < until {
        text.clear();
        let count = reader.read_line(&mut text).map_err(|error| broken(&error))?;
        if count == 0 {
            return Err(broken(&"unexpected end"));
        }
        place += count as u64;
        lines.push(serde_json::from_str(&text).map_err(|error| broken(&error))?);
    }
    Ok((lines, place))
}

/// Fills what waited. Answers whether there is more.
pub(crate) async fn write_later(work: &Arc<Mutex<Work>>) -> Result<bool> {
    let (database, path, from, until) = {
        let work = work.lock().await;
        (work.engine.database().clone(), work.later.path().to_owned(), work.detail.later_done, work.detail.later_size)
    };
    let (lines, next) = read(&path, from, until)?;
    if lines.is_empty() {
        return Ok(false);
    }
    let shared = work.clone();
    let result = database
        .write(move |tx| {
            Box::pin(async move {
                let mut work = shared.lock().await;
                let done = work.waiting(tx, &lines, next).await?;
                Ok::<_, Halt>(done)
            })
        })
        .await;
    work.lock().await.settle(result).await?;
    Ok(next < until)
}

impl Work {
    async fn waiting(&mut self, tx: &mut Tx, lines: &[Waiting], next: u64) -> Result<Done> {
        let (engine, viewer, plan) = (self.engine.clone(), self.viewer.clone(), self.plan.clone());
        let mut detail = self.detail.clone();
        let mut session = Session::new(&engine, &viewer);
        let rows: Vec<Prepared> = lines.iter().map(Waiting::prepared).collect();
        // All rows are in: what is not found now is not there.
        let nothing = InFile::default();
        let mut resolving = Resolving {
            plan: &plan,
            in_file: &nothing,
            session: &mut session,
            tx,
            dry_run: false,
            made: Vec::new(),
            counted: 0,
        };
        let resolver: &mut Resolver = &mut self.resolver;
        let resolved = resolver.resolve(&mut resolving, &rows).await?;
        let Resolving { made, counted, .. } = resolving;
        detail.summary.created_by_lookup += counted;
        let mut notes = Vec::new();
        for made in &made {
            note(&mut notes, &mut detail.seq, &plan, &made.object, &made.saved);
        }
        let mut problems: Vec<Option<Label>> = resolved.iter().map(|row| row.problem.clone()).collect();
        let places: Vec<usize> = (0..lines.len()).filter(|index| problems[*index].is_none()).collect();
        let writes: Vec<Write> = places
            .iter()
            .map(|index| Write {
                id: Some(lines[*index].id),
                values: resolved[*index].values.clone(),
                allow_duplicate: true,
                imported: true,
                version: None,
            })
            .collect();
        if !writes.is_empty() {
            let results = save_kept(&mut session, tx, &plan.object, writes).await?;
            for (index, result) in places.into_iter().zip(results) {
                match result {
                    Ok(saved) => {
                        if saved.outcome == Outcome::Updated && lines[index].outcome() == Outcome::Unchanged {
                            count(&mut detail, Outcome::Unchanged, -1);
                            count(&mut detail, Outcome::Updated, 1);
                        }
                        note(&mut notes, &mut detail.seq, &plan, &plan.object.name, &saved);
                    }
                    Err(error) => problems[index] = Some(reason(&plan, &error)),
                }
            }
        }
        let mut out = ErrorLines::new(&plan.columns, viewer.lang, detail.errors_size == 0)?;
        let mut refused = false;
        for ((line, row), problem) in lines.iter().zip(&rows).zip(problems) {
            let Some(problem) = problem else { continue };
            // A row is written whole or not at all.
            if let Some(saved) = take_back(&mut session, tx, &plan, line).await? {
                note(&mut notes, &mut detail.seq, &plan, &plan.object.name, &saved);
            }
            count(&mut detail, line.outcome(), -1);
            refuse(&mut detail, &mut out, &plan, &row.row, &problem, &viewer)?;
            refused = true;
        }
        if refused {
            self.errors.append(&out.finish()?, false)?;
            detail.errors_size = self.errors.size;
            detail.summary.errors_file = Some(self.errors.path().display().to_string());
        }
        detail.later_done = next;
        platform::add_import_rows(tx, self.job.id, notes).await?;
        platform::put_job_in(tx, &self.entry(&detail)).await?;
        Ok(Done { detail, live: session.live })
    }
}

/// Takes back what the first pass wrote for a row. Answers what has to be noted for undoing.
async fn take_back(
    session: &mut Session<'_>,
    tx: &mut Tx,
    plan: &super::plan::Plan,
    line: &Waiting,
) -> Result<Option<Saved>> {
    let mut system = Viewer::system("import").through(Via::Import);
    system.id = session.viewer.id;
    let mut inner = Session { viewer: &system, ..Session::new(session.engine, session.viewer) };
    let noted = match line.outcome() {
        Outcome::Created => {
            tx.savepoint().await?;
            let gone = crate::remove::purge_in(&mut inner, tx, &plan.object, line.id, 0).await;
            tx.end_savepoint(gone.is_ok()).await?;
            gone?;
            None
        }
        Outcome::Updated => {
            let context = session.engine.coercion();
            let values = line
                .before
                .iter()
                .filter_map(|(name, json)| {
                    Some((name.clone(), coerce::from_json(plan.object.field(name)?, json, &context).ok()?))
                })
                .collect();
            let write = Write { id: Some(line.id), values, allow_duplicate: true, imported: true, version: None };
            let mut saved = save_kept(&mut inner, tx, &plan.object, vec![write]).await?;
            // Undoing steps over it by its version; there is nothing left to give back.
            saved.pop().and_then(Result::ok).map(|saved| Saved {
                before: HashMap::new(),
                record: Record { values: HashMap::new(), ..saved.record },
                ..saved
            })
        }
        Outcome::Unchanged => None,
    };
    session.live.append(&mut inner.live);
    Ok(noted)
}
