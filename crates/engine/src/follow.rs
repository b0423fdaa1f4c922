//! Running the followers of the change log, and telling open pages what changed.

use crate::{
    Engine, Live, Result,
    rules::{Context, Follower},
    save::{Session, rule_of, write_pending},
};
use guanxi_access::{Via, Viewer};
use guanxi_store::changes::{self, Cursor};
use std::{sync::Arc, time::Duration};

/// Changes taken in one transaction of a follower.
const BATCH: i64 = 500;
/// How often another process's writes are looked for.
const POLL: Duration = Duration::from_millis(500);

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
    }

    /// Runs every follower until it has nothing left to do: for commands that end, and for tests.
    ///
    /// # Errors
    /// The first failure of a follower.
    pub async fn settle(&self) -> Result<()> {
        loop {
            let mut moved = false;
            for follower in &self.inner.followers {
                moved |= self.step(follower).await?;
            }
            if !moved {
                return Ok(());
            }
        }
    }

    async fn run_follower(&self, follower: Arc<dyn Follower>) {
        let mut commits = self.inner.database.commits();
        let mut stop = self.inner.stop.subscribe();
        let mut pause = POLL;
        loop {
            match self.step(&follower).await {
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
    async fn step(&self, follower: &Arc<dyn Follower>) -> Result<bool> {
        // A look outside a transaction first: most wake-ups find nothing new.
        let (engine, follower) = (self.clone(), follower.clone());
        let head = changes::head(&self.inner.database).await?;
        let cursor = changes::cursor(&self.inner.database, follower.name()).await?;
        if cursor >= head {
            return Ok(false);
        }
        let (moved, live) = self
            .inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let cursor = changes::lock_cursor(tx, follower.name()).await?;
                    let taken = changes::take(tx, cursor, BATCH).await?;
                    let Some(last) = taken.last() else { return Ok((false, Vec::new())) };
                    let next = Cursor { xid: last.xid, seq: last.seq };
                    let wanted: Vec<_> = taken
                        .into_iter()
                        .filter(|change| follower.objects().contains(&change.object.as_str()))
                        .collect();
                    let viewer = Viewer::system(follower.name()).through(Via::Rule);
                    let mut session = Session::new(&engine, &viewer);
                    if !wanted.is_empty() {
                        let mut context = Context {
                            engine: &engine,
                            tx,
                            viewer: &viewer,
                            now: session.now,
                            cache: &mut session.cache,
                            problems: Vec::new(),
                            pending: Vec::new(),
                        };
                        follower.follow(&wanted, &mut context).await?;
                        let pending = std::mem::take(&mut context.pending);
                        let rule = rule_of(&viewer);
                        write_pending(&mut session, tx, pending, 0, &rule).await?;
                    }
                    changes::move_cursor(tx, follower.name(), next).await?;
                    Ok::<_, crate::Error>((true, session.live))
                })
            })
            .await?;
        self.announce(live).await;
        Ok(moved)
    }

    /// Reads the log as it grows, whoever writes, and passes it on to open pages.
    async fn run_tail(&self) {
        let mut commits = self.inner.database.commits();
        let mut stop = self.inner.stop.subscribe();
        let mut cursor = self.inner.known;
        let mut last_look = self.now();
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
