//! Signing in with a password, the workspace's own or the directory's.

use super::{
    Policy, SESSION, fingerprint, guard::Attempt, ldap, password::verify, second_factor::Second, secret,
    sessions::viewer_of,
};
use crate::{Engine, Error, Result, access_log::Kind};
use guanxi_access::{Via, Viewer};
use guanxi_store::{
    platform::{self, Session},
    records::Record,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// What somebody gives to sign in.
#[derive(Debug, Clone, Copy, Default)]
pub struct SignIn<'a> {
    /// Who he says he is.
    pub login: &'a str,
    /// His password.
    pub password: &'a str,
    /// A code of his authenticator app, or of his list of recovery codes.
    pub code: Option<&'a str>,
    /// A new one, where the old one is too old.
    pub new_password: Option<&'a str>,
    /// Where he comes from; empty where that is not known.
    pub address: &'a str,
    /// What his browser calls itself.
    pub agent: &'a str,
}

/// Somebody who is in.
#[derive(Debug)]
pub struct SignedIn {
    /// The secret for the cookie.
    pub secret: String,
    /// Who he is.
    pub viewer: Viewer,
    /// Where he has just set up an authenticator app: shown this once.
    pub recovery_codes: Option<Vec<String>>,
}

/// Somebody whose password was right.
struct Proven {
    user: Record,
    /// Since when he has it, where it is kept here.
    since: Option<Timestamp>,
}

impl Engine {
    /// Signs in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] without saying what was wrong; [`Error::Challenge`] where the password was right and takes
    /// another step (`password_expired`, `totp_required`, `totp_enrolment_required`, `totp_wrong`); [`Error::TooMany`] after too many failures.
    pub async fn sign_in(&self, given: &SignIn<'_>) -> Result<SignedIn> {
        // It goes into logs, line by line, whatever it is.
        let login = given.login.trim().to_lowercase().replace(char::is_control, "\u{fffd}");
        let account = self.user_by_login(&login).await?;
        let mut attempt = Attempt {
            login,
            user: account.as_ref().map(|user| user.id),
            address: given.address.to_owned(),
            agent: given.agent.to_owned(),
            way: Via::Page.as_str(),
            now: self.now(),
        };
        self.refuse_locked(&attempt).await?;
        let policy = self.policy().await?;
        let Proven { user, since } = self.first_step(&policy, &mut attempt, account, given.password).await?;
        let address = Some(given.address.to_owned()).filter(|known| !known.is_empty());
        let viewer = self.coming_from(viewer_of(&user, Via::Page), address).await?;
        let aged = |since| attempt.now.duration_since(since) >= SignedDuration::from_hours(24 * policy.max_age_days);
        let old = policy.max_age_days > 0 && since.is_some_and(aged);
        let new_password = given.new_password.filter(|_| old);
        if old {
            let Some(new) = given.new_password else {
                let more = json!({"password": policy.password_rules()});
                return Err(Error::challenge(
                    "password_expired",
                    "密码已过期，请设置新密码",
                    "the password has expired: choose a new one",
                    more,
                ));
            };
            // It is kept once he is in.
            self.check_new_password(user.id, &attempt.login, "new_password", new).await?;
        }
        let secret = secret();
        let session = Session { hash: fingerprint(&secret), user: user.id, expires_at: attempt.now + SESSION };
        let Second { proof, recovery_codes } = self.second_step(&policy, &viewer, given.code, attempt.now).await?;
        self.conclude(&policy, &attempt, Some(proof.clone()), Some(session)).await.map_err(Self::refused_second)?;
        if let Some(new) = new_password {
            self.keep_password(&viewer, user.id, &attempt.login, new, Some(&secret)).await?;
        }
        tracing::info!(login = %attempt.login, address = %attempt.address, "signed in");
        self.log_attempt(Kind::SignIn, &attempt).await?;
        self.log_second(&attempt, &proof).await?;
        Ok(SignedIn { secret, viewer, recovery_codes })
    }

    /// The password: the workspace's own, or the directory's. Who is linked with the directory has only that one; an
    /// administrator's own helps where the directory cannot be asked. A login that nobody has here is asked for there as well, so
    /// that it takes as long.
    async fn first_step(
        &self,
        policy: &Policy,
        attempt: &mut Attempt,
        account: Option<Record>,
        password: &str,
    ) -> Result<Proven> {
        let linked = match &account {
            Some(user) => self.directory_subject(user.id).await?.is_some(),
            None => false,
        };
        let user = account.filter(|user| user.get("active").as_bool() == Some(true));
        let stored = match &user {
            Some(user) => platform::credential(self.database(), user.id).await?,
            None => None,
        };
        let since = stored.as_ref().map(|known| known.changed_at);
        let right = password.len() <= 1000 && verify(password.to_owned(), stored.map(|known| known.hash)).await;
        let own = user.filter(|_| right);
        if let Some(user) = own.clone().filter(|_| !linked) {
            return Ok(Proven { user, since });
        }
        // From here on it is not the password of a local account.
        let typed = attempt.clone();
        let asked = match self.ldap_in_use().await? {
            Some(settings) => self.ask_directory(&settings, attempt, password).await,
            None if linked => Err(Error::Unauthenticated),
            None => Ok(None),
        };
        let unanswered = match asked {
            Ok(Some(user)) => {
                attempt.login = user.get("login").as_text().unwrap_or_default().to_owned();
                attempt.user = Some(user.id);
                return Ok(Proven { user, since: None });
            }
            Ok(None) => None,
            Err(error @ (Error::Unavailable(..) | Error::Unauthenticated)) => Some(error),
            Err(error) => {
                // It was a try at the account of that name as well, whoever the directory means by it.
                if attempt.login != typed.login {
                    self.refused(policy, &typed).await?;
                }
                return Err(error);
            }
        };
        if unanswered.is_some()
            && let Some(user) = own.filter(ldap::is_administrator)
        {
            tracing::warn!(login = %typed.login, "an administrator signs in by his own password: the directory cannot be asked");
            *attempt = typed;
            return Ok(Proven { user, since });
        }
        // Nothing was tried of whom only the directory knows; the office behind one address should not be locked for it.
        if let Some(error @ Error::Unavailable(..)) = unanswered {
            if !linked {
                self.refused(policy, &typed).await?;
            }
            return Err(error);
        }
        // Where the directory means somebody else by that login, it was a try at both.
        if attempt.login != typed.login {
            self.refused(policy, &typed).await?;
        }
        self.refused(policy, attempt).await?;
        Err(Error::Unauthenticated)
    }

    /// Counts a failure.
    async fn refused(&self, policy: &Policy, attempt: &Attempt) -> Result<()> {
        match self.conclude(policy, attempt, None, None).await {
            Err(Error::Unauthenticated) => Ok(()),
            other => other,
        }
    }
}
