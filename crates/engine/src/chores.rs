//! What modules do once a day, whether anybody asks or not; and what they do with every record that matches.

use crate::{
    Engine, Error, Result,
    pace::Pace,
    save::{Session, Write, save_many},
};
use async_trait::async_trait;
use guanxi_access::{RowFilter, Viewer};
use guanxi_model::{Condition, Filter, ObjectDef, Operand, Operator, Value};
use guanxi_store::{
    platform,
    query::{Life, Query, Start},
    records::{self, Record},
};
use jiff::SignedDuration;
use serde_json::Value as Json;
use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(30);
/// A chore that was cut off is begun again after this.
const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// Something that is done once a day, by one of the processes that serve a workspace. What was cut off is done again: doing it twice
/// must do no harm.
#[async_trait]
pub trait Chore: Send + Sync {
    /// Its name; when it was done last stands under it.
    fn name(&self) -> &'static str;

    /// From which hour of the workspace's day on.
    fn hour(&self) -> i8;

    /// Does it.
    ///
    /// # Errors
    /// It is tried again some minutes later.
    async fn run(&self, engine: &Engine) -> Result<()>;
}

/// What is to be written to a record, if anything.
pub type Decide = Arc<dyn Fn(&Record) -> Option<Vec<(&'static str, Value)>> + Send + Sync>;

impl Engine {
    pub(crate) async fn run_chores(&self) {
        let mut stop = self.inner.stop.subscribe();
        loop {
            if let Err(error) = self.do_chores().await {
                tracing::warn!(%error, "daily work failed and will be tried again");
            }
            tokio::select! {
                () = crate::follow::stopped(&mut stop) => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Does what is due and not done yet.
    ///
    /// # Errors
    /// The first failure; the others are done nevertheless.
    pub async fn do_chores(&self) -> Result<()> {
        let mut failed = None;
        for module in &self.inner.modules {
            for chore in &module.chores {
                if let Err(error) = self.do_chore(chore.as_ref()).await {
                    tracing::warn!(chore = chore.name(), %error, "daily work failed");
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    async fn do_chore(&self, chore: &dyn Chore) -> Result<()> {
        let now = self.now();
        let zoned = now.to_zoned(self.inner.settings.zone.clone());
        let (day, hour) = (zoned.date().to_string(), zoned.hour());
        let done = format!("chore.{}", chore.name());
        if hour < chore.hour() || platform::meta(self.database(), &done).await?.is_some_and(|last| last >= day) {
            return Ok(());
        }
        let until = now.checked_add(LEASE).unwrap_or(now);
        if !platform::lease(self.database(), &format!("{done}.until"), now, until).await? {
            return Ok(());
        }
        chore.run(self).await?;
        platform::set_meta(self.database(), &done, &day).await?;
        Ok(())
    }

    /// Every record that matches a filter, within the viewer's scope.
    ///
    /// # Errors
    /// The database's, or a filter that cannot be read.
    pub async fn find_all(&self, viewer: &Viewer, object: &str, filter: &Json) -> Result<Vec<Record>> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).ok_or(Error::NotFound)?;
        let rows = self.readable(&catalogue, viewer, definition);
        let ids = self.matching(viewer, definition, filter).await?;
        let mut found = Vec::new();
        for some in ids.chunks(500) {
            found.extend(records::get_many(self.database(), definition, some, &rows, Life::Living).await?);
        }
        Ok(found)
    }

    async fn matching(&self, viewer: &Viewer, object: &Arc<ObjectDef>, filter: &Json) -> Result<Vec<Uuid>> {
        let catalogue = self.catalogue();
        let filter = Filter::parse(filter, &catalogue, object, &self.filter_context(viewer))?;
        let scopes = self.sight(&catalogue, viewer);
        let query = Query::new(&catalogue, object, &scopes, self.database().dialect());
        let rows = self.database().read(query.page(&[], &filter, &[], &Start::First, i32::MAX as usize)).await?;
        Ok(rows.into_iter().filter_map(|mut row| row.pop().and_then(|id| id.as_id())).collect())
    }

    /// Looks at every record that matches a filter and writes what is decided about it, in transactions that hold nobody up for
    /// long. Whether it matches still is asked again with the record held. Answers how many were written; one that a rule
    /// refuses is left as it is.
    ///
    /// # Errors
    /// The database's, or a filter that cannot be read.
    pub async fn sweep(&self, viewer: &Viewer, object: &str, filter: &Json, decide: Decide) -> Result<u64> {
        let definition = self.object(object)?;
        let ids = self.matching(viewer, &definition, filter).await?;
        let catalogue = self.catalogue();
        let filter = Filter::parse(filter, &catalogue, &definition, &self.filter_context(viewer))?;
        let mut pace = Pace::default();
        let (mut left, mut written) = (ids.as_slice(), 0);
        while !left.is_empty() {
            let (some, later) = left.split_at(pace.size().min(left.len()));
            left = later;
            let begun = Instant::now();
            written += self.sweep_some(viewer, &definition, some.to_vec(), filter.clone(), decide.clone()).await?;
            pace.learn(some.len(), begun.elapsed());
        }
        Ok(written)
    }

    async fn sweep_some(
        &self,
        viewer: &Viewer,
        object: &Arc<ObjectDef>,
        ids: Vec<Uuid>,
        filter: Filter,
        decide: Decide,
    ) -> Result<u64> {
        let (engine, viewer, object) = (self.clone(), viewer.clone(), object.clone());
        let (written, live) = self
            .database()
            .write(move |tx| {
                Box::pin(async move {
                    let held = records::lock(tx, &object, &ids, &RowFilter::All, Life::Living).await?;
                    let still = Filter::Is(Condition {
                        via: Vec::new(),
                        object: object.name.clone(),
                        field: "id".into(),
                        operator: Operator::In,
                        operand: Operand::Many(held.iter().map(|record| Value::Id(record.id)).collect()),
                    });
                    let catalogue = engine.catalogue();
                    let scopes = |_: &ObjectDef| RowFilter::All;
                    let query = Query::new(&catalogue, &object, &scopes, tx.dialect());
                    let sql = query.page(&[], &still.and(filter), &[], &Start::First, ids.len());
                    let found = tx.query(&sql).await?;
                    let found: HashSet<Uuid> =
                        found.into_iter().filter_map(|mut row| row.pop().and_then(|id| id.as_id())).collect();
                    let writes: Vec<Write> = held
                        .iter()
                        .filter(|record| found.contains(&record.id))
                        .filter_map(|record| {
                            let values = decide(record)?;
                            let values = values.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
                            Some(Write { id: Some(record.id), values, allow_duplicate: true, ..Write::default() })
                        })
                        .collect();
                    let mut session = Session::new(&engine, &viewer);
                    let mut written = 0;
                    for result in save_many(&mut session, tx, &object, writes).await? {
                        match result {
                            Ok(_) => written += 1,
                            Err(Error::Store(error)) => return Err(Error::Store(error)),
                            Err(error) => tracing::warn!(object = object.name, %error, "a record is left as it is"),
                        }
                    }
                    Ok::<_, Error>((written, session.live))
                })
            })
            .await?;
        self.announce(live).await;
        Ok(written)
    }
}
