//! Running the followers of the change log, and telling open pages what changed.

use crate::{
    Engine, Live, Result,
    notifications::PassedOn,
    rules::{Context, Follower},
    save::{Session, rule_of, write_pending},
};
use guanxi_access::{Via, Viewer};
use guanxi_store::{
    Tx,
    changes::{self, Cursor},
};
use std::{sync::Arc, time::Duration};

/// Changes taken in one transaction of a follower.
const BATCH: i64 = 500;
/// How much a follower passes by that is not for him before his cursor says so.
const PASSED: i64 = changes::LOOK;
/// How often another process's writes are looked for.
const POLL: Duration = Duration::from_millis(500);

/// What a follower has passed by since his cursor last moved.
#[derive(Debug, Clone, Default)]
struct Passed {
    /// Nothing up to here is for him.
    upto: Cursor,
    /// How many changes those are.
    changes: i64,
}

impl Engine {
    /// Starts the followers and the live tail in the background; they end when the engine is closed.
    pub fn start_followers(&self) {
        self.sweep_uploads();
        let engine = self.clone();
        tokio::spawn(async move {
            if let Err(error) = engine.resume_handovers().await {
                tracing::error!(%error, "interrupted handovers cannot go on");
            }
        });
        for follower in self.inner.followers.clone() {
            let engine = self.clone();
            tokio::spawn(async move { engine.run_follower(follower).await });
        }
        let engine = self.clone();
        tokio::spawn(async move { engine.run_tail().await });
        let engine = self.clone();
        tokio::spawn(async move { engine.run_seal().await });
        let engine = self.clone();
        tokio::spawn(async move { engine.run_reading().await });
        let engine = self.clone();
        tokio::spawn(async move { engine.run_chores().await });
        let engine = self.clone();
        tokio::spawn(async move { engine.run_reminders().await });
        let engine = self.clone();
        tokio::spawn(async move { engine.run_post().await });
    }

    /// Puts followers that want no history at the end of the log, where they are new to the workspace.
    pub(crate) async fn begin_followers(&self) -> Result<()> {
        let head = changes::head(&self.inner.database).await?;
        for follower in self.inner.followers.iter().filter(|follower| follower.begins_now()) {
            changes::begin_cursor(&self.inner.database, follower.name(), head).await?;
        }
        Ok(())
    }

    /// Puts followers that want no history behind everything that was written so far: what fills a workspace is no news.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn pass_history(&self) -> Result<()> {
        let end = changes::end(&self.inner.database).await?;
        let new = self.inner.followers.iter().filter(|follower| follower.begins_now());
        for name in new.map(|follower| follower.name()) {
            let moved = self.inner.database.write(move |tx| {
                Box::pin(async move {
                    let at = changes::lock_cursor(tx, name).await?;
                    changes::move_cursor(tx, name, at.max(end)).await?;
                    Ok::<_, crate::Error>(())
                })
            });
            moved.await?;
        }
        Ok(())
    }

    /// Runs every follower until it has nothing left to do: for commands that end, and for tests. True when there was anything.
    ///
    /// # Errors
    /// The first failure of a follower.
    pub async fn settle(&self) -> Result<bool> {
        let mut passed = vec![Passed::default(); self.inner.followers.len()];
        let mut any = false;
        loop {
            let mut moved = false;
            for (follower, passed) in self.inner.followers.iter().zip(&mut passed) {
                moved |= self.step(follower, passed).await?;
            }
            if !moved {
                return Ok(any);
            }
            any = true;
        }
    }

    async fn run_follower(&self, follower: Arc<dyn Follower>) {
        let mut commits = self.inner.database.commits();
        let mut stop = self.inner.stop.subscribe();
        let mut pause = POLL;
        let mut passed = Passed::default();
        loop {
            match self.step(&follower, &mut passed).await {
                Ok(true) => {
                    pause = POLL;
                    continue;
                }
                Ok(false) => pause = POLL,
                Err(error) => {
                    tracing::warn!(follower = follower.name(), %error, "a follower failed and will try again");
                    pause = (pause * 2).min(Duration::from_secs(30));
                }
            }
            tokio::select! {
                () = stopped(&mut stop) => return,
                _ = commits.changed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// One batch of a follower; false when there was nothing to take.
    async fn step(&self, follower: &Arc<dyn Follower>, passed: &mut Passed) -> Result<bool> {
        // A look outside a transaction first: most wake-ups find nothing for him.
        let from = changes::cursor(&self.inner.database, follower.name()).await?.max(passed.upto);
        match changes::skip(&self.inner.database, from, follower.objects()).await? {
            Some((_, 0)) => return Ok(false),
            Some((upto, count)) => {
                passed.upto = upto;
                passed.changes += count;
                if passed.changes >= PASSED {
                    self.follow_some(follower.clone(), passed.upto).await?;
                    passed.changes = 0;
                }
                return Ok(count >= changes::LOOK);
            }
            None => {}
        }
        passed.changes = 0;
        self.follow_some(follower.clone(), passed.upto).await
    }

    /// Lets a follower act on what comes after his cursor, of which nothing up to a point is for him.
    async fn follow_some(&self, follower: Arc<dyn Follower>, passed: Cursor) -> Result<bool> {
        let engine = self.clone();
        let (moved, live) = self
            .inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let stored = changes::lock_cursor(tx, follower.name()).await?;
                    let from = stored.max(passed);
                    let taken = changes::take(tx, from, follower.objects(), BATCH).await?;
                    let next = taken.upto.unwrap_or(from);
                    if next == stored {
                        return Ok((false, Vec::new()));
                    }
                    let live = engine.let_follow(follower.as_ref(), &taken.changes, tx).await?;
                    changes::move_cursor(tx, follower.name(), next).await?;
                    Ok::<_, crate::Error>((true, live))
                })
            })
            .await?;
        self.announce(live).await;
        Ok(moved)
    }

    async fn let_follow(&self, follower: &dyn Follower, wanted: &[changes::Change], tx: &mut Tx) -> Result<Vec<Live>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let viewer = Viewer::system(follower.name()).through(Via::Rule);
        let mut session = Session::new(self, &viewer);
        let mut context = Context {
            engine: self,
            tx,
            viewer: &viewer,
            now: session.now,
            cache: &mut session.cache,
            settings: &mut session.settings,
            problems: Vec::new(),
            pending: Vec::new(),
            made: Vec::new(),
        };
        follower.follow(wanted, &mut context).await?;
        let pending = std::mem::take(&mut context.pending);
        let rule = rule_of(&viewer);
        write_pending(&mut session, tx, pending, 0, &rule).await?;
        Ok(session.live)
    }

    /// Reads the log as it grows, whoever writes, and passes it on to open pages.
    async fn run_tail(&self) {
        let mut commits = self.inner.database.commits();
        let mut stop = self.inner.stop.subscribe();
        let mut cursor = self.inner.known;
        let mut last_look = self.now();
        let mut told = PassedOn::default();
        loop {
            match changes::after(&self.inner.database, cursor, 1000).await {
                Ok(found) => {
                    for change in found {
                        cursor = Cursor { xid: change.xid, seq: change.seq };
                        self.forget(&change.object).await;
                        let _ = self.inner.live.send(Live::Record {
                            object: change.object,
                            id: change.record,
                            kind: change.kind.as_str(),
                            version: change.version,
                            actor: change.actor,
                        });
                    }
                }
                Err(error) => tracing::warn!(%error, "cannot read the change log"),
            }
            let now = self.now();
            if now.duration_since(last_look).as_secs() >= 1 {
                last_look = now;
                if let Err(error) = self.follow_catalogue().await {
                    tracing::warn!(%error, "cannot load changed definitions");
                }
            }
            if let Err(error) = self.pass_on_news(&mut told).await {
                tracing::warn!(%error, "cannot look for news");
            }
            tokio::select! {
                () = stopped(&mut stop) => return,
                _ = commits.changed() => {
                    // On PostgreSQL a change becomes readable when older transactions have ended, a moment later.
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

/// Ends when the engine is closed.
pub(crate) async fn stopped(stop: &mut tokio::sync::watch::Receiver<bool>) {
    // An engine that is gone has stopped too.
    let _ = stop.wait_for(|stop| *stop).await;
}
