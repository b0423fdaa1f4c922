//! Data safety: how much somebody may export in a day, and word to the administrators when somebody reads unusually much.

use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    follow::stopped,
    workspace_settings::Section,
};
use guanxi_access::{Via, Viewer};
use guanxi_model::{FieldError, Label};
use guanxi_store::platform;
use jiff::ToSpan;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

/// The largest limit that makes sense.
const MOST: u64 = 1_000_000_000;
/// How often what was read is written down.
const FLUSH: Duration = Duration::from_secs(3);

/// The section `data_safety` of the workspace's settings. A limit that is not set does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataSafety {
    /// The viewer's name, login and the day lie faintly over the page.
    pub watermark: bool,
    /// Rows that a person may export in a day of the workspace.
    pub export_rows_per_day: Option<u64>,
    /// Records that a person reads in an hour before administrators are told.
    pub records_per_hour: Option<u64>,
    /// Exports of more rows wait until an administrator approves them.
    pub approve_exports_above: Option<u64>,
}

impl Section for DataSafety {
    const NAME: &'static str = "data_safety";

    fn check(&self) -> Result<()> {
        let limits = [
            ("export_rows_per_day", self.export_rows_per_day, 1),
            ("records_per_hour", self.records_per_hour, 1),
            ("approve_exports_above", self.approve_exports_above, 0),
        ];
        let wrong: Vec<FieldError> = limits
            .into_iter()
            .filter(|(_, limit, least)| limit.is_some_and(|limit| !(*least..=MOST).contains(&limit)))
            .map(|(name, _, least)| {
                FieldError::new(
                    name,
                    "out_of_range",
                    format!("应为 {least} 到 {MOST}，或留空"),
                    format!("is {least} to {MOST}, or empty"),
                )
            })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

/// What is left of a person's day for one export: rows are reserved before they are written, and what was reserved and not
/// written is given back.
#[derive(Debug)]
pub(crate) struct Budget {
    engine: Engine,
    viewer: Viewer,
    user: Uuid,
    day: String,
    most: u64,
    object: String,
    reserved: AtomicU64,
}

impl Budget {
    /// So many rows in all, or a refusal.
    pub async fn cover(&self, rows: u64) -> Result<()> {
        let reserved = self.reserved.load(Ordering::Relaxed);
        if rows <= reserved {
            return Ok(());
        }
        let more = (rows - reserved).min(MOST + 1) as i64;
        if platform::reserve_export(self.engine.database(), self.user, &self.day, more, self.most as i64).await? {
            self.reserved.store(rows, Ordering::Relaxed);
            return Ok(());
        }
        if platform::first_notice(self.engine.database(), self.user, "export_limit", hour_of(&self.engine)).await? {
            let mut entry =
                Entry::of(&self.viewer, Kind::ExportLimit, format!("{} {rows} / {}", self.object, self.most));
            (entry.object, entry.rows) = (Some(self.object.clone()), i64::try_from(rows).ok());
            self.engine.log_access(entry).await?;
        }
        Err(Error::Limit(
            "export_limit",
            Label::new(
                format!("超过每人每天导出 {} 行的上限，请缩小范围、明天再试，或联系管理员", self.most),
                format!(
                    "more than the {} rows that a person may export in a day; narrow it, try tomorrow, or ask an administrator",
                    self.most
                ),
            ),
        ))
    }

    /// Only so many were written.
    pub async fn settle(&self, rows: u64) -> Result<()> {
        let unused = self.reserved.load(Ordering::Relaxed).saturating_sub(rows);
        if unused > 0 {
            platform::release_export(self.engine.database(), self.user, &self.day, unused as i64).await?;
            self.reserved.store(rows, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// The hour of a notice, counted from 1970.
fn hour_of(engine: &Engine) -> i64 {
    engine.now().as_second().div_euclid(3600)
}

/// What people read, not yet written down.
#[derive(Debug, Default)]
pub(crate) struct Reading(Mutex<HashMap<(Uuid, i64), (u64, Viewer)>>);

impl Engine {
    /// The budget of an export, where there is a limit.
    pub(crate) async fn export_budget(&self, viewer: &Viewer, object: &str) -> Result<Option<Budget>> {
        let Some(user) = viewer.id.filter(|_| !viewer.is_system()) else { return Ok(None) };
        let Some(most) = self.section::<DataSafety>().await?.export_rows_per_day else { return Ok(None) };
        let day = self.now().to_zoned(self.settings().zone.clone()).date().to_string();
        Ok(Some(Budget {
            engine: self.clone(),
            viewer: viewer.clone(),
            user,
            day,
            most,
            object: object.to_owned(),
            reserved: AtomicU64::new(0),
        }))
    }

    /// Counts records that somebody was given. Only in memory: the read itself pays next to nothing.
    pub(crate) fn has_read(&self, viewer: &Viewer, records: usize) {
        // Calendar programs read somebody's own schedule over and over.
        let counts = !viewer.is_system() && viewer.via != Via::Calendar && records > 0;
        let Some(user) = viewer.id.filter(|_| counts) else { return };
        let hour = hour_of(self);
        let mut reading = self.inner.reading.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let entry = reading.entry((user, hour)).or_insert_with(|| (0, viewer.clone()));
        entry.0 += records as u64;
    }

    /// Writes down what was read, and tells the administrators of who read too much: once for a person and an hour.
    ///
    /// # Errors
    /// The database's.
    pub async fn flush_reading(&self) -> Result<()> {
        let read = {
            let mut reading = self.inner.reading.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            std::mem::take(&mut *reading)
        };
        if read.is_empty() {
            return Ok(());
        }
        let limit = self.section::<DataSafety>().await?.records_per_hour;
        let Some(limit) = limit else { return Ok(()) };
        for ((user, hour), (records, viewer)) in read {
            let total = platform::count_reading(self.database(), user, hour, records as i64).await?;
            if total.unsigned_abs() > limit
                && platform::first_notice(self.database(), user, "mass_reading", hour).await?
            {
                let mut entry = Entry::of(&viewer, Kind::MassReading, format!("{total} / {limit}"));
                entry.rows = Some(total);
                self.log_access(entry).await?;
            }
        }
        let yesterday = self.now() - 48.hours();
        let day = yesterday.to_zoned(self.settings().zone.clone()).date().to_string();
        platform::forget_usage(self.database(), yesterday.as_second().div_euclid(3600), &day).await?;
        Ok(())
    }

    pub(crate) async fn run_reading(&self) {
        let mut stop = self.inner.stop.subscribe();
        loop {
            if let Err(error) = self.flush_reading().await {
                tracing::warn!(%error, "what was read cannot be written down");
            }
            tokio::select! {
                () = stopped(&mut stop) => return,
                () = tokio::time::sleep(FLUSH) => {}
            }
        }
    }
}
