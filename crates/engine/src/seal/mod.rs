//! Seals over the change log, and with it over the access log: every stretch of it is hashed with the stretch before and
//! signed with a key that is not in the database. Who changes the log behind Guanxi's back cannot sign it anew, and who
//! cuts off its end is told by the heads that were published.

mod form;
mod key;
mod verify;

pub use verify::{Finding, Verified};

use crate::{Engine, Result, follow::stopped};
use form::{BEGINNING, Sealing, fits, pack, row_hash, short, sign};
use guanxi_access::Viewer;
use guanxi_store::seals::{self, Seal};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// Rows of a seal at most.
const BATCH: usize = 5_000;
/// So many changes are sealed at once; fewer wait for [`AGE`].
const ENOUGH: i64 = 1_000;
/// A change is not left unsealed for longer than about this, in seconds.
const AGE: i64 = 60;
/// How often it is looked.
const LOOK: Duration = Duration::from_secs(5);

/// Why nothing is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// It was sealed before, and the key is not here.
    NoKey,
    /// The last seal was not signed with this key, or was tampered with.
    WrongKey,
    /// The last published head is not what the database says.
    HeadDiffers,
}

impl Trouble {
    fn code(self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::WrongKey => "wrong_key",
            Self::HeadDiffers => "published_head_differs",
        }
    }
}

impl Engine {
    /// Seals in the background until the engine is closed.
    pub(crate) async fn run_seal(&self) {
        let mut stop = self.inner.stop.subscribe();
        loop {
            match self.seal_when_due().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "the change log cannot be sealed"),
            }
            tokio::select! {
                () = stopped(&mut stop) => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    async fn seal_when_due(&self) -> Result<bool> {
        let last = seals::last(self.database()).await?;
        let waiting =
            seals::unsealed(self.database(), last.as_ref().map(|seal| seal.last).unwrap_or_default(), ENOUGH as usize)
                .await?;
        let old = last.is_none_or(|seal| self.now().as_second() - seal.at.as_second() >= AGE);
        if waiting >= ENOUGH || (waiting > 0 && old) {
            return self.seal().await;
        }
        self.publish_heads().await?;
        Ok(false)
    }

    /// Seals the next stretch of the change log; false when there is nothing to seal, or no key for it.
    ///
    /// # Errors
    /// The database's, or the files' beside it.
    pub async fn seal(&self) -> Result<bool> {
        if let Some(trouble) = self.seal_trouble().await? {
            tracing::error!(reason = trouble.code(), "the change log is not sealed; see docs/operations.md");
            if trouble != Trouble::HeadDiffers {
                return Ok(false);
            }
        }
        let sealed_before = seals::last(self.database()).await?.is_some();
        let Some(key) = self.seal_key_or_new(sealed_before)? else { return Ok(false) };
        let now = self.now();
        let sealed = self
            .database()
            .write(move |tx| {
                Box::pin(async move {
                    let last = seals::lock_last(tx).await?;
                    let after = last.as_ref().map(|seal| seal.last).unwrap_or_default();
                    let rows = seals::take(tx, after, BATCH).await?;
                    let Some((end, _)) = rows.last() else { return Ok(false) };
                    let count = rows.len() as i64;
                    let mut seal = Seal {
                        number: last.as_ref().map_or(0, |seal| seal.number) + 1,
                        after,
                        last: *end,
                        count,
                        total: last.as_ref().map_or(0, |seal| seal.total) + count,
                        at: now,
                        previous: last.map_or_else(|| BEGINNING.to_owned(), |seal| seal.hash),
                        hash: String::new(),
                        rows: String::new(),
                        mac: String::new(),
                    };
                    let mut sealing = Sealing::begin(&seal);
                    let mut list = Vec::with_capacity(rows.len());
                    for (place, row) in &rows {
                        let hash = row_hash(row);
                        sealing.row(&hash);
                        list.push((place.seq, short(&hash)));
                    }
                    seal.hash = sealing.end();
                    seal.rows = pack(&list);
                    seal.mac = sign(&key, &seal.hash, &seal.rows);
                    seals::add(tx, &seal).await?;
                    Ok::<_, crate::Error>(true)
                })
            })
            .await?;
        self.publish_heads().await?;
        Ok(sealed)
    }

    /// Appends to the file what was sealed since its last line, by whichever process.
    async fn publish_heads(&self) -> Result<()> {
        let mut number = self.last_published()?.map_or(0, |head| head.number);
        loop {
            let fresh = seals::after(self.database(), number, 20).await?;
            let Some(last) = fresh.last() else { return Ok(()) };
            number = last.number;
            self.publish(&fresh)?;
        }
    }

    async fn seal_trouble(&self) -> Result<Option<Trouble>> {
        let last = seals::last(self.database()).await?;
        if let Some(last) = &last {
            match self.seal_key()? {
                None => return Ok(Some(Trouble::NoKey)),
                Some(key) if !fits(&key, last) => return Ok(Some(Trouble::WrongKey)),
                Some(_) => {}
            }
        }
        if let Some(head) = self.last_published()? {
            let known = seals::after(self.database(), head.number - 1, 1).await?;
            if known.first().is_none_or(|seal| seal.number != head.number || seal.hash != head.hash) {
                return Ok(Some(Trouble::HeadDiffers));
            }
        }
        Ok(None)
    }

    /// The last seal, so that somebody can keep it elsewhere, and whether sealing goes on as it should.
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn seal_status(&self, viewer: &Viewer) -> Result<Json> {
        self.require_administrator(viewer)?;
        let last = seals::last(self.database()).await?;
        let after = last.as_ref().map(|seal| seal.last).unwrap_or_default();
        let unsealed = seals::unsealed(self.database(), after, 10 * ENOUGH as usize).await?;
        let trouble = self.seal_trouble().await?;
        let seal = last.map(|seal| {
            json!({"number": seal.number, "at": seal.at, "rows": seal.total, "hash": seal.hash, "mac": seal.mac})
        });
        Ok(json!({"seal": seal, "unsealed": unsealed, "problem": trouble.map(Trouble::code)}))
    }
}
