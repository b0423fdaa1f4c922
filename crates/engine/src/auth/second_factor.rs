//! The second step of signing in: who has an authenticator app, who must have one, and how one comes to it.

use super::{Policy, fingerprint, guard::Attempt, totp};
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
};
use guanxi_access::Viewer;
use guanxi_store::{
    Tx,
    platform::{self, SecondFactor},
};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// What somebody gave besides his password, or instead of nothing. It is used up when the attempt ends.
#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// Nothing more is asked.
    Enough,
    /// It fits nothing.
    Wrong,
    /// The code of a time step.
    Step(i64),
    /// A recovery code, by its hash.
    Recovery(String),
    /// The first code of a new app.
    First { secret: String, step: i64, hashes: Vec<String> },
}

impl Proof {
    /// Uses it up; false when it does not work, or not any more.
    pub(super) async fn use_up(&self, tx: &mut Tx, user: Option<Uuid>, now: Timestamp) -> Result<bool> {
        let Some(user) = user else { return Ok(matches!(self, Self::Enough)) };
        Ok(match self {
            Self::Enough => true,
            Self::Wrong => false,
            Self::Step(step) => platform::use_step(tx, user, *step).await?,
            Self::Recovery(hash) => platform::use_recovery_code(tx, user, hash).await?,
            Self::First { secret, step, hashes } => {
                platform::confirm_second_factor(tx, user, secret, *step, hashes, now).await?
            }
        })
    }
}

/// What the second step of signing in came to.
pub(super) struct Second {
    pub proof: Proof,
    /// Where it was the first code of a new app: shown this once.
    pub recovery_codes: Option<Vec<String>>,
}

/// The hash under which a recovery code is kept. Eighty random bits need no slow one.
fn recovery_hash(user: Uuid, code: &str) -> String {
    fingerprint(&format!("recovery:{user}:{code}"))
}

fn new_codes(user: Uuid) -> (Vec<String>, Vec<String>) {
    let codes = totp::recovery_codes();
    let hashes = codes.iter().filter_map(|code| totp::typed(code)).map(|code| recovery_hash(user, &code)).collect();
    (codes, hashes)
}

fn wrong_code() -> Error {
    Error::challenge("totp_wrong", "验证码不正确", "the code is wrong", Json::Null)
}

impl Engine {
    /// What a code proves, of an app that is confirmed.
    fn proof(&self, user: Uuid, factor: &SecondFactor, code: &str, now: Timestamp) -> Proof {
        let Some(code) = totp::typed(code) else { return Proof::Wrong };
        if code.len() != 6 {
            return Proof::Recovery(recovery_hash(user, &code));
        }
        // Without the key, recovery codes and the administrator still help.
        let secret = self.decrypt(&user.to_string(), &factor.secret).unwrap_or_default();
        let step = if secret.is_empty() { None } else { totp::step_of(&secret, &code, now) };
        step.map_or(Proof::Wrong, Proof::Step)
    }

    /// The second step of signing in, where there is one.
    ///
    /// # Errors
    /// [`Error::Challenge`] when it takes a code: `totp_required`, or `totp_enrolment_required` with what an app needs.
    pub(super) async fn second_step(
        &self,
        policy: &Policy,
        viewer: &Viewer,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<Second> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let factor = platform::second_factor(self.database(), user).await?;
        if let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) {
            let Some(code) = code else {
                return Err(Error::challenge("totp_required", "请输入验证码", "a code is needed", Json::Null));
            };
            return Ok(Second { proof: self.proof(user, &factor, code, now), recovery_codes: None });
        }
        if !policy.demands_totp(&viewer.roles) {
            return Ok(Second { proof: Proof::Enough, recovery_codes: None });
        }
        let (secret, sealed) = self.pending_secret(user).await?;
        let Some(code) = code else {
            let more = json!({"enrolment": self.enrolment(&secret, &viewer.login)});
            return Err(Error::challenge(
                "totp_enrolment_required",
                "请先绑定身份验证器",
                "an authenticator app must be set up first",
                more,
            ));
        };
        let step = totp::typed(code).and_then(|code| totp::step_of(&secret, &code, now));
        let (codes, hashes) = new_codes(user);
        Ok(match step {
            Some(step) => Second { proof: Proof::First { secret: sealed, step, hashes }, recovery_codes: Some(codes) },
            None => Second { proof: Proof::Wrong, recovery_codes: None },
        })
    }

    /// The secret of an app that is being set up: the one that was shown before, or a new one.
    async fn pending_secret(&self, user: Uuid) -> Result<(Vec<u8>, String)> {
        let owner = user.to_string();
        if let Some(known) = platform::second_factor(self.database(), user).await?
            && known.confirmed_at.is_none()
            && let Ok(secret) = self.decrypt(&owner, &known.secret)
        {
            return Ok((secret, known.secret));
        }
        let secret = totp::new_secret().to_vec();
        let sealed = self.encrypt(&owner, &secret)?;
        if !platform::put_second_factor(self.database(), user, &sealed).await? {
            return Err(Error::conflict("totp_on", "已开启两步验证", "two-step verification is on already"));
        }
        Ok((secret, sealed))
    }

    fn enrolment(&self, secret: &[u8], login: &str) -> Json {
        let title = self.card().title;
        let issuer = if title.is_empty() { "Guanxi" } else { &title };
        json!({"secret": totp::base32(secret), "uri": totp::address(secret, issuer, login)})
    }

    /// Has the viewer an app, and must he?
    ///
    /// # Errors
    /// The database's.
    pub async fn totp(&self, viewer: &Viewer) -> Result<Json> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let factor = platform::second_factor(self.database(), user).await?;
        Ok(json!({
            "since": factor.and_then(|factor| factor.confirmed_at),
            "recovery_codes_left": platform::recovery_codes_left(self.database(), user).await?,
            "required": self.policy().await?.demands_totp(&viewer.roles),
        }))
    }

    /// Begins to set up an app; nothing is asked for before a code of it confirms it.
    ///
    /// # Errors
    /// 422 for a wrong password, 409 when there is an app already.
    pub async fn begin_totp(&self, viewer: &Viewer, password: &str) -> Result<Json> {
        Self::require_whole(viewer)?;
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        self.prove(viewer, "password", password).await?;
        let (secret, _) = self.pending_secret(user).await?;
        Ok(self.enrolment(&secret, &viewer.login))
    }

    /// Confirms the app by a code of it; answers the recovery codes.
    ///
    /// # Errors
    /// 409 when none was begun, 422 for a wrong code.
    pub async fn confirm_totp(&self, viewer: &Viewer, code: &str) -> Result<Vec<String>> {
        Self::require_whole(viewer)?;
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let pending = platform::second_factor(self.database(), user).await?;
        let Some(pending) = pending.filter(|factor| factor.confirmed_at.is_none()) else {
            return Err(Error::conflict("totp_not_begun", "请先开始绑定", "begin to set up an app first"));
        };
        let secret = self.decrypt(&user.to_string(), &pending.secret)?;
        let step = totp::typed(code).and_then(|code| totp::step_of(&secret, &code, self.now()));
        let (codes, hashes) = new_codes(user);
        let proof = step.map_or(Proof::Wrong, |step| Proof::First { secret: pending.secret, step, hashes });
        self.prove_code(viewer, proof).await?;
        self.log_access(Entry::of(viewer, Kind::TotpOn, viewer.login.clone())).await?;
        Ok(codes)
    }

    /// Other recovery codes in place of the former ones.
    ///
    /// # Errors
    /// 422 for a wrong password or code, 409 without an app.
    pub async fn renew_recovery_codes(&self, viewer: &Viewer, password: &str, code: &str) -> Result<Vec<String>> {
        let user = self.prove_both(viewer, password, code).await?;
        let (codes, hashes) = new_codes(user);
        self.database()
            .write(move |tx| Box::pin(async move { platform::set_recovery_codes(tx, user, &hashes).await }))
            .await?;
        self.log_access(Entry::of(viewer, Kind::TotpOn, format!("{}: recovery codes", viewer.login))).await?;
        Ok(codes)
    }

    /// Goes back to the password alone.
    ///
    /// # Errors
    /// 409 where the workspace demands an app, or there is none; 422 for a wrong password or code.
    pub async fn disable_totp(&self, viewer: &Viewer, password: &str, code: &str) -> Result<()> {
        if self.policy().await?.demands_totp(&viewer.roles) {
            return Err(Error::conflict(
                "totp_demanded",
                "管理员要求使用两步验证，不能关闭",
                "the workspace demands two-step verification",
            ));
        }
        let user = self.prove_both(viewer, password, code).await?;
        self.database().write(move |tx| Box::pin(platform::remove_second_factor(tx, user))).await?;
        self.log_access(Entry::of(viewer, Kind::TotpOff, viewer.login.clone())).await
    }

    /// Takes the app away from somebody who has lost it (action `reset_totp`).
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn reset_totp(&self, viewer: &Viewer, user: Uuid) -> Result<()> {
        self.require_administrator(viewer)?;
        if self.database().write(move |tx| Box::pin(platform::remove_second_factor(tx, user))).await? {
            let login = self.login_of(user).await?;
            self.log_access(Entry::of(viewer, Kind::TotpReset, login)).await?;
        }
        Ok(())
    }

    async fn prove_both(&self, viewer: &Viewer, password: &str, code: &str) -> Result<Uuid> {
        Self::require_whole(viewer)?;
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let factor = platform::second_factor(self.database(), user).await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else {
            return Err(Error::conflict("totp_off", "没有开启两步验证", "two-step verification is not on"));
        };
        self.prove(viewer, "password", password).await?;
        self.prove_code(viewer, self.proof(user, &factor, code, self.now())).await?;
        Ok(user)
    }

    /// Uses up a code outside of signing in. Wrong ones count all the same.
    async fn prove_code(&self, viewer: &Viewer, proof: Proof) -> Result<()> {
        let attempt = self.attempt_of(viewer);
        self.refuse_locked(&attempt).await?;
        match self.conclude(&self.policy().await?, &attempt, Some(proof), None).await {
            Err(Error::Unauthenticated) => {
                Err(Error::invalid("code", "wrong_code", "验证码不正确", "the code is wrong"))
            }
            other => other,
        }
    }

    /// What the second step of signing in says when its code was wrong.
    pub(super) fn refused_second(error: Error) -> Error {
        match error {
            Error::Unauthenticated => wrong_code(),
            other => other,
        }
    }

    /// Notes in the access log what was used to come in.
    pub(super) async fn log_second(&self, attempt: &Attempt, proof: &Proof) -> Result<()> {
        match proof {
            Proof::Recovery(_) => self.log_attempt(Kind::RecoveryCode, attempt).await,
            Proof::First { .. } => self.log_attempt(Kind::TotpOn, attempt).await,
            _ => Ok(()),
        }
    }
}
