//! The second pass of an import: lookups to the imported object itself whose target stood further down the file.

use super::{
    batch::{Done, Halt, Work, count, note, refuse, save_kept},
    journal::ErrorLines,
    lookups::{Resolved, Resolving},
    plan::Plan,
    prepare::{BATCH, InFile, Prepared, reason},
    source::{Row, bad},
    undo::is_used,
};
use crate::{
    Result,
    save::{Outcome, Saved, Session, Write},
};
use guanxi_access::{RowFilter, Via, Viewer};
use guanxi_model::{Label, coerce};
use guanxi_store::{
    Tx, platform,
    query::Life,
    records::{self, Record},
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::{
    collections::{HashMap, HashSet},
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

/// Fills what waited, a batch at a time. Answers whether there is more.
///
/// First the whole file is looked through for rows whose targets are not there after all; they are taken back, which may
/// leave others without theirs, so it is looked through again until all fits. Only then it is written: taking a record back
/// that others name already would empty their lookups.
pub(crate) async fn write_later(work: &Arc<Mutex<Work>>) -> Result<bool> {
    let (database, path, from, until) = {
        let work = work.lock().await;
        (work.engine.database().clone(), work.later.path().to_owned(), work.detail.later_done, work.detail.later_size)
    };
    let (lines, next) = read(&path, from, until)?;
    if lines.is_empty() {
        return Ok(work.lock().await.next_sweep());
    }
    let shared = work.clone();
    let result = database
        .write(move |tx| {
            Box::pin(async move {
                let mut work = shared.lock().await;
                let done = work.waiting(tx, lines, next).await?;
                Ok::<_, Halt>(done)
            })
        })
        .await;
    work.lock().await.settle(result).await?;
    Ok(true)
}

impl Work {
    /// At the end of the file: from the beginning once more, or done.
    fn next_sweep(&mut self) -> bool {
        let detail = &mut self.detail;
        if detail.later_size == 0 || detail.later_writes {
            return false;
        }
        detail.later_writes = !std::mem::take(&mut detail.later_taken_back);
        detail.later_done = 0;
        // Records that were taken back must not be found any more.
        self.resolver.forget();
        true
    }

    async fn waiting(&mut self, tx: &mut Tx, mut lines: Vec<Waiting>, next: u64) -> Result<Done> {
        let (engine, viewer, plan) = (self.engine.clone(), self.viewer.clone(), self.plan.clone());
        let mut detail = self.detail.clone();
        let mut session = Session::new(&engine, &viewer);
        let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
        let there = records::read(tx, &plan.object, &ids, &RowFilter::All, Life::Living).await?;
        let there: HashSet<Uuid> = there.into_iter().map(|record| record.id).collect();
        lines.retain(|line| there.contains(&line.id) && !detail.later_refused.contains(&line.line));
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
        let resolved = self.resolver.resolve(&mut resolving, &rows).await?;
        let Resolving { made, counted, .. } = resolving;
        detail.summary.created_by_lookup += counted;
        let mut notes = Vec::new();
        for made in &made {
            note(&mut notes, &mut detail.seq, &plan, &made.object, &made.saved);
        }
        let mut problems: Vec<Option<Label>> = resolved.iter().map(|row| row.problem.clone()).collect();
        if detail.later_writes {
            for (index, result) in fill(&mut session, tx, &plan, &lines, &resolved).await? {
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
            let Some(mut problem) = problem else { continue };
            // A row is written whole or not at all, unless others name its record already.
            if detail.later_writes
                && line.outcome() == Outcome::Created
                && is_used(&session, tx, &plan.object, line.id).await?
            {
                problem = Label::new(
                    format!("{}（其他行引用了这条记录，因此保留，但未填写此列）", problem.zh),
                    format!("{} (other rows name this record, so it stays, without this column)", problem.en),
                );
            } else if let Some(saved) = take_back(&mut session, tx, &plan, line).await? {
                note(&mut notes, &mut detail.seq, &plan, &plan.object.name, &saved);
            }
            if line.outcome() != Outcome::Created {
                detail.later_refused.push(line.line);
            }
            detail.later_taken_back = true;
            count(&mut detail, line.outcome(), -1);
            refuse(&mut detail, &mut out, &plan, &row.row, &problem, &viewer)?;
            refused = true;
        }
        if refused {
            self.resolver.forget();
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

/// Writes the lookups of the lines that found theirs; answers by place.
async fn fill(
    session: &mut Session<'_>,
    tx: &mut Tx,
    plan: &Plan,
    lines: &[Waiting],
    resolved: &[Resolved],
) -> Result<Vec<(usize, Result<Saved>)>> {
    let places: Vec<usize> = (0..lines.len()).filter(|index| resolved[*index].problem.is_none()).collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let writes: Vec<Write> = places
        .iter()
        .map(|index| Write {
            id: Some(lines[*index].id),
            values: resolved[*index].values.clone(),
            allow_duplicate: true,
            imported: true,
            ..Write::default()
        })
        .collect();
    Ok(places.into_iter().zip(save_kept(session, tx, &plan.object, writes).await?).collect())
}

/// Takes back what the first pass wrote for a row. Answers what has to be noted for undoing.
async fn take_back(
    session: &mut Session<'_>,
    tx: &mut Tx,
    plan: &super::plan::Plan,
    line: &Waiting,
) -> Result<Option<Saved>> {
    let system = Viewer::system("import")
        .on_behalf_of(session.viewer.id)
        .from_address(session.viewer.address.clone())
        .through(Via::Import);
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
            let write = Write { id: Some(line.id), values, allow_duplicate: true, imported: true, ..Write::default() };
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
