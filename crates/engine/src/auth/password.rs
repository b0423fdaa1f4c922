//! Passwords: Argon2id, and what the workspace demands of them.

use super::{Kinds, Policy, fingerprint, policy::LONGEST, second_factor::Proof};
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
};
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use guanxi_access::Viewer;
use guanxi_store::platform;
use std::sync::OnceLock;
use uuid::Uuid;

async fn hash(password: String) -> Result<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    })
    .await
    .ok()
    .and_then(std::result::Result::ok)
    .ok_or_else(|| Error::bad("hash_failed", "无法处理密码", "cannot hash the password"))
}

pub(super) async fn verify(password: String, stored: Option<String>) -> bool {
    tokio::task::spawn_blocking(move || {
        // Unknown logins cost the same as wrong passwords, so that time tells nothing.
        static DUMMY: OnceLock<String> = OnceLock::new();
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| {
            DUMMY
                .get_or_init(|| {
                    Argon2::default().hash_password(b"nobody").map(|hash| hash.to_string()).unwrap_or_default()
                })
                .clone()
        });
        let fits = PasswordHash::new(&stored)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
        known && fits
    })
    .await
    .unwrap_or(false)
}

/// What can be said of a password without knowing former ones.
pub(super) fn check_password(policy: &Policy, field: &str, password: &str, login: &str) -> Result<()> {
    let refuse = |zh: String, en: String| Err(Error::invalid(field, "bad_password", zh, en));
    let min = policy.min_length;
    if !(min..=LONGEST).contains(&password.chars().count()) {
        return refuse(
            format!("密码需要 {min} 到 {LONGEST} 位"),
            format!("a password has {min} to {LONGEST} characters"),
        );
    }
    if password.to_lowercase() == login.to_lowercase() {
        return refuse("密码不能与账号相同".into(), "the password must differ from the login".into());
    }
    let has = |test: fn(char) -> bool| password.chars().any(test);
    let digits = has(|c| c.is_numeric());
    match policy.kinds {
        Kinds::LettersDigits if !(digits && has(char::is_alphabetic)) => {
            refuse("密码要同时有字母和数字".into(), "a password has letters and digits".into())
        }
        Kinds::Mixed => {
            // Letters without capitals, Chinese ones for instance, are as hard to guess as signs.
            let other = has(|c| !c.is_numeric() && !c.is_lowercase() && !c.is_uppercase());
            let kinds = [digits, other, has(char::is_lowercase), has(char::is_uppercase)];
            if kinds.into_iter().filter(|there| *there).count() < 3 {
                return refuse(
                    "密码要有小写字母、大写字母、数字、符号中的至少三种".into(),
                    "a password has three of: small letters, capitals, digits, other signs".into(),
                );
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

impl Engine {
    /// Changes one's own password; other sessions end.
    ///
    /// # Errors
    /// 422 when the current one is wrong or the new one too weak.
    pub async fn change_password(
        &self,
        viewer: &Viewer,
        current: &str,
        new: &str,
        session: Option<&str>,
    ) -> Result<()> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        Self::require_whole(viewer)?;
        self.require_own_password(user).await?;
        self.prove(viewer, "current", current).await?;
        self.store_password(viewer, user, &viewer.login, "new", new, session).await
    }

    /// Sees that the viewer knows his password. Wrong ones count as failed sign-ins: a session left open is no place to guess.
    ///
    /// # Errors
    /// 422 at the field when it is wrong, 429 after too many.
    pub(super) async fn prove(&self, viewer: &Viewer, field: &str, password: &str) -> Result<()> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let attempt = self.attempt_of(viewer);
        self.refuse_locked(&attempt).await?;
        let right = match self.directory_subject(user).await? {
            Some(subject) => self.directory_proves(user, &subject, password).await?,
            None => self.own_password_fits(user, password).await?,
        };
        match self.conclude(&self.policy().await?, &attempt, right.then_some(Proof::Enough), None).await {
            Err(Error::Unauthenticated) => {
                Err(Error::invalid(field, "wrong_password", "当前密码不正确", "the current password is wrong"))
            }
            other => other,
        }
    }

    /// Is it the password that is kept here?
    pub(super) async fn own_password_fits(&self, user: Uuid, password: &str) -> Result<bool> {
        let stored = platform::credential(self.database(), user).await?;
        Ok(password.len() <= 1000 && verify(password.to_owned(), stored.map(|known| known.hash)).await)
    }

    pub(super) async fn store_password(
        &self,
        viewer: &Viewer,
        user: Uuid,
        login: &str,
        field: &str,
        password: &str,
        session: Option<&str>,
    ) -> Result<()> {
        self.check_new_password(user, login, field, password).await?;
        self.keep_password(viewer, user, login, password, session).await
    }

    /// Is a password as the workspace demands, and not one of the last ones?
    pub(super) async fn check_new_password(&self, user: Uuid, login: &str, field: &str, password: &str) -> Result<()> {
        let policy = self.policy().await?;
        check_password(&policy, field, password, login)?;
        for former in platform::last_passwords(self.database(), user, policy.history).await? {
            if verify(password.to_owned(), Some(former)).await {
                let count = policy.history;
                return Err(Error::invalid(
                    field,
                    "used_before",
                    format!("不能与最近 {count} 次的密码相同"),
                    format!("it must differ from the last {count} passwords"),
                ));
            }
        }
        Ok(())
    }

    pub(super) async fn keep_password(
        &self,
        viewer: &Viewer,
        user: Uuid,
        login: &str,
        password: &str,
        session: Option<&str>,
    ) -> Result<()> {
        let hash = hash(password.to_owned()).await?;
        platform::set_credential(self.database(), user, hash, self.now(), session.map(fingerprint)).await?;
        self.forget_viewers();
        self.log_access(Entry {
            actor: viewer.id.or(Some(user)),
            ..Entry::of(viewer, Kind::Password, login.to_owned())
        })
        .await
    }

    /// Sets another user's password (action `set_password`).
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 422 for a weak password.
    pub async fn set_password(&self, viewer: &Viewer, user: Uuid, password: &str) -> Result<()> {
        self.require_administrator(viewer)?;
        let login = self.login_of(user).await?;
        self.require_own_password(user).await?;
        self.store_password(viewer, user, &login, "password", password, None).await?;
        tracing::info!(user = %user, by = ?viewer.id, "password set");
        Ok(())
    }
}
