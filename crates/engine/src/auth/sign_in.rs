//! Signing in with a password.

use super::{
    SESSION, fingerprint, guard::Attempt, password::verify, second_factor::Second, secret, sessions::viewer_of,
};
use crate::{Engine, Error, Result, access_log::Kind};
use guanxi_access::{Via, Viewer};
use guanxi_store::platform::{self, Session};
use jiff::SignedDuration;
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

impl Engine {
    /// Signs in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] without saying what was wrong; [`Error::Challenge`] where the password was right and takes
    /// another step (`password_expired`, `totp_required`, `totp_enrolment_required`, `totp_wrong`); [`Error::TooMany`] after too many failures.
    pub async fn sign_in(&self, given: &SignIn<'_>) -> Result<SignedIn> {
        // It goes into logs, line by line, whatever it is.
        let login = given.login.trim().to_lowercase().replace(char::is_control, " ");
        let account = self.user_by_login(&login).await?;
        let attempt = Attempt {
            login,
            user: account.as_ref().map(|user| user.id),
            address: given.address.to_owned(),
            agent: given.agent.to_owned(),
            now: self.now(),
        };
        self.refuse_locked(&attempt).await?;
        let policy = self.policy().await?;
        let user = account.filter(|user| user.get("active").as_bool() == Some(true));
        let stored = match &user {
            Some(user) => platform::credential(self.database(), user.id).await?,
            None => None,
        };
        let since = stored.as_ref().map(|known| known.changed_at);
        let right =
            given.password.len() <= 1000 && verify(given.password.to_owned(), stored.map(|known| known.hash)).await;
        let (Some(user), Some(since), true) = (user, since, right) else {
            self.conclude(&policy, &attempt, None, None).await?;
            return Err(Error::Unauthenticated);
        };
        let address = Some(given.address.to_owned()).filter(|known| !known.is_empty());
        let viewer = self.coming_from(viewer_of(&user, Via::Page), address).await?;
        let old = policy.max_age_days > 0
            && attempt.now.duration_since(since) >= SignedDuration::from_hours(24 * policy.max_age_days);
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
}
