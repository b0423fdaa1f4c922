//! Moments that have come: what a record's definition says is due is told when it is.

use super::{News, notifier::named, tell};
use crate::{Context, Engine, Error, Result, follow::stopped, save::Session};
use async_trait::async_trait;
use guanxi_access::{Via, Viewer};
use guanxi_store::platform;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// How often it is looked whether something has come.
const LOOK: Duration = Duration::from_secs(20);
/// How far back one looks after a time in which no server ran.
const MISSED: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Where `_meta` keeps until when moments are told.
const MARK: &str = "reminded";

/// Something that somebody is to be reminded of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which object; with the notice's name it is the kind.
    pub object: &'static str,
    /// The computed notice of its definition.
    pub notice: &'static str,
    /// Which record.
    pub record: Uuid,
    /// Who is told.
    pub user: Uuid,
    /// What it is that begins or is due then.
    pub moment: Timestamp,
}

/// Finds out what is due where a definition cannot say it: what repeats, say.
#[async_trait]
pub trait Reminders: Send + Sync {
    /// What becomes due after one moment and until another.
    ///
    /// # Errors
    /// The database's; it is asked again a little later.
    async fn due(&self, engine: &Engine, from: Timestamp, until: Timestamp) -> Result<Vec<Due>>;
}

impl Engine {
    pub(crate) async fn run_reminders(&self) {
        let mut stop = self.inner.stop.subscribe();
        loop {
            if let Err(error) = self.remind().await {
                tracing::warn!(%error, "what is due cannot be told and will be tried again");
            }
            tokio::select! {
                () = stopped(&mut stop) => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Tells everybody what has become due since the last time, once, whichever process does it.
    ///
    /// # Errors
    /// The database's; nothing was told then.
    pub async fn remind(&self) -> Result<()> {
        let now = self.now();
        let stored = platform::meta(self.database(), MARK).await?;
        let Some(from) = stored.as_deref().and_then(|text| text.parse::<Timestamp>().ok()) else {
            // What was due before anybody was told anything is history.
            return Ok(platform::begin_metas(self.database(), vec![(MARK.to_owned(), now.to_string())]).await?);
        };
        // A clock that was set back waits until the time has passed again.
        if from >= now {
            return Ok(());
        }
        let from = from.max(now.checked_sub(MISSED).unwrap_or(from));
        let due = self.due(from, now).await?;
        let (engine, stored) = (self.clone(), stored.unwrap_or_default());
        self.database()
            .write(move |tx| {
                Box::pin(async move {
                    // Of several processes one moves the mark, and tells.
                    if !platform::move_mark(tx, MARK, &stored, &now.to_string()).await? {
                        return Ok(());
                    }
                    let viewer = Viewer::system("reminders").through(Via::Rule);
                    let mut session = Session::new(&engine, &viewer);
                    let mut context = Context {
                        engine: &engine,
                        tx,
                        viewer: &viewer,
                        now,
                        cache: &mut session.cache,
                        settings: &mut session.settings,
                        problems: Vec::new(),
                        pending: Vec::new(),
                        made: Vec::new(),
                    };
                    tell(due, &mut context).await
                })
            })
            .await
    }

    /// What becomes due after one moment and until another.
    async fn due(&self, from: Timestamp, until: Timestamp) -> Result<Vec<News>> {
        let catalogue = self.catalogue();
        let system = Viewer::system("reminders");
        let mut news = Vec::new();
        for object in catalogue.objects.values() {
            for notice in &object.notices {
                let Some(at) = &notice.at else { continue };
                let mut parts = vec![json!([at, ">", from]), json!([at, "<=", until])];
                parts.extend(notice.when.clone());
                let found = match self.find_all(&system, &object.name, &json!({"and": parts})).await {
                    Ok(found) => found,
                    Err(Error::Store(error)) => return Err(Error::Store(error)),
                    Err(error) => {
                        tracing::error!(object = object.name, notice = notice.name, %error, "this cannot be asked");
                        continue;
                    }
                };
                for record in &found {
                    let moment = notice.spoken_of().and_then(|field| record.get(field).as_instant());
                    news.extend(named(record, &notice.to).into_iter().map(|user| News {
                        user,
                        kind: format!("{}.{}", object.name, notice.name),
                        object: object.name.clone(),
                        record: record.id,
                        actor: None,
                        moment,
                        field: None,
                    }));
                }
            }
        }
        for reminders in self.inner.modules.iter().flat_map(|module| &module.reminders) {
            news.extend(reminders.due(self, from, until).await?.into_iter().map(|due| News {
                user: due.user,
                kind: format!("{}.{}", due.object, due.notice),
                object: due.object.to_owned(),
                record: due.record,
                actor: None,
                moment: Some(due.moment),
                field: None,
            }));
        }
        Ok(news)
    }
}
