//! Those who guess wrong too often are locked for a while: a login, and an address that tries many. It is counted in the
//! database, so that it holds over processes and restarts, and for logins that nobody has, so that it tells nothing.

use super::{Policy, fingerprint, second_factor::Proof};
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
};
use guanxi_access::{RowFilter, Via, Viewer};
use guanxi_store::{
    Tx,
    platform::{self, Failures, Session},
    query::Life,
    records,
};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use std::net::IpAddr;
use uuid::Uuid;

/// Somebody who tries to prove who he is.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub login: String,
    /// Whose login it is, if it is anybody's.
    pub user: Option<Uuid>,
    /// Empty where it is not known.
    pub address: String,
    pub agent: String,
    /// How it stands in the access log: by the page, or by the directory's password.
    pub way: &'static str,
    pub now: Timestamp,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Passed,
    Locked(Timestamp),
    Refused { locks_login: bool, locks_address: bool },
}

impl Attempt {
    fn login_key(&self) -> String {
        fingerprint(&format!("login:{}", self.login))
    }

    fn address_key(&self) -> String {
        fingerprint(&format!("address:{}", self.address))
    }
}

/// Seconds until a moment, rounded up.
fn seconds_until(until: Timestamp, now: Timestamp) -> u64 {
    until.duration_since(now).as_secs().unsigned_abs() + 1
}

/// Counts a failure; true when it locks the key.
async fn fail(tx: &mut Tx, key: &str, user: Option<Uuid>, limit: i64, policy: &Policy, now: Timestamp) -> Result<bool> {
    let known = platform::failures(tx, key, now).await?;
    let fresh = now.duration_since(known.last_at) < policy.pause();
    let count = if fresh { known.count + 1 } else { 1 };
    let locks = count >= limit;
    let locked_until = locks.then(|| now + policy.pause());
    platform::put_failures(tx, key, user, Failures { count, last_at: now, locked_until }).await?;
    Ok(locks)
}

impl Engine {
    /// An attempt of somebody who is in already.
    pub(super) fn attempt_of(&self, viewer: &Viewer) -> Attempt {
        Attempt {
            login: viewer.login.to_lowercase(),
            user: viewer.id,
            address: viewer.address.clone().unwrap_or_default(),
            agent: String::new(),
            way: Via::Page.as_str(),
            now: self.now(),
        }
    }

    /// Refuses who is locked before anything is looked at.
    pub(super) async fn refuse_locked(&self, attempt: &Attempt) -> Result<()> {
        let keys = [attempt.login_key(), attempt.address_key()];
        match platform::locked_until(self.database(), &keys, attempt.now).await? {
            Some(until) => Err(Error::TooMany(seconds_until(until, attempt.now))),
            None => Ok(()),
        }
    }

    /// Ends an attempt, in one transaction: it counts what was wrong, or uses the code up, forgets former failures and begins
    /// the session. Without a proof it was wrong from the start. Of many tries at the same moment no more pass than of as many one after the other.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it was wrong, [`Error::TooMany`] when it came too late.
    pub(super) async fn conclude(
        &self,
        policy: &Policy,
        attempt: &Attempt,
        proof: Option<Proof>,
        session: Option<Session>,
    ) -> Result<()> {
        let (rules, one) = (policy.clone(), attempt.clone());
        let verdict: Verdict = self
            .database()
            .write(move |tx| {
                Box::pin(async move {
                    let key = one.login_key();
                    let known = platform::failures(tx, &key, one.now).await?;
                    if let Some(until) = known.locked_until.filter(|until| *until > one.now) {
                        return Ok::<_, Error>(Verdict::Locked(until));
                    }
                    let right = match &proof {
                        Some(proof) => proof.use_up(tx, one.user, one.now).await?,
                        None => false,
                    };
                    if right {
                        platform::forget_failures(tx, &key).await?;
                        if let Some(session) = &session {
                            platform::add_session(tx, session, one.now, &one.address, &one.agent).await?;
                        }
                        return Ok(Verdict::Passed);
                    }
                    let locks_login = fail(tx, &key, one.user, rules.lock_after, &rules, one.now).await?;
                    // A proxy on this machine that nobody told us of stands for everybody.
                    let far = one.address.parse::<IpAddr>().is_ok_and(|address| !address.is_loopback());
                    let counted = far && rules.address_lock_after > 0;
                    let locks_address = counted
                        && fail(tx, &one.address_key(), None, rules.address_lock_after, &rules, one.now).await?;
                    Ok(Verdict::Refused { locks_login, locks_address })
                })
            })
            .await?;
        match verdict {
            Verdict::Passed => Ok(()),
            Verdict::Locked(until) => Err(Error::TooMany(seconds_until(until, attempt.now))),
            Verdict::Refused { locks_login, locks_address } => {
                platform::forget_old_failures(self.database(), attempt.now - policy.pause(), attempt.now).await?;
                // Names that nobody has could be made up without end; the server's own log has those.
                if attempt.user.is_some() {
                    self.log_attempt(Kind::SignInRefused, attempt).await?;
                }
                if locks_login && attempt.user.is_some() {
                    self.log_attempt(Kind::Lockout, attempt).await?;
                }
                if locks_address {
                    let entry = Attempt { login: attempt.address.clone(), user: None, ..attempt.clone() };
                    self.log_attempt(Kind::Lockout, &entry).await?;
                }
                tracing::info!(login = %attempt.login, address = %attempt.address, locks_login, locks_address, "sign-in refused");
                Err(Error::Unauthenticated)
            }
        }
    }

    pub(super) async fn log_attempt(&self, kind: Kind, attempt: &Attempt) -> Result<()> {
        let address = Some(attempt.address.clone()).filter(|known| !known.is_empty());
        let system = Viewer::system("sign-in").from_address(address);
        let entry = Entry::of(&system, kind, attempt.login.clone());
        self.log_access(Entry { actor: attempt.user, via: attempt.way, ..entry }).await
    }

    /// Users who are locked now.
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn locked_users(&self, viewer: &Viewer) -> Result<Vec<Json>> {
        self.require_administrator(viewer)?;
        let object = self.object("user")?;
        let mut out = Vec::new();
        for (id, until) in platform::locked_users(self.database(), self.now()).await? {
            if let Some(user) = records::get(self.database(), &object, id, &RowFilter::All, Life::Living).await? {
                let text = |field: &str| user.get(field).as_text().unwrap_or_default().to_owned();
                out.push(json!({"id": id, "name": text("name"), "login": text("login"), "locked_until": until}));
            }
        }
        Ok(out)
    }

    /// Lets a user try again before his time is over (action `unlock`).
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn unlock(&self, viewer: &Viewer, user: Uuid) -> Result<()> {
        self.require_administrator(viewer)?;
        let now = self.now();
        let was = self.database().write(move |tx| Box::pin(platform::unlock(tx, user, now))).await?;
        if was {
            let login = self.login_of(user).await?;
            self.log_access(Entry::of(viewer, Kind::Unlock, login)).await?;
        }
        Ok(())
    }
}
