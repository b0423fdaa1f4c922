//! Signing in by way of an OpenID Connect provider: authorization code with PKCE, state and nonce. All three follow from one
//! secret in a cookie that lasts ten minutes and is good for one return.

mod client;
mod settings;

pub(super) use settings::Settings;

use super::{
    NewUser, SESSION, SignedIn, fingerprint, guard::Attempt, second_factor::Proof, secret, sessions::viewer_of,
};
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use client::Trouble;
use guanxi_access::{Via, Viewer};
use guanxi_store::platform::{self, Journey, Session};
use jiff::SignedDuration;
use serde_json::{Map, Value as Json, json};
use settings::Link;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How long somebody may take at the provider.
pub const JOURNEY: SignedDuration = SignedDuration::from_mins(10);

/// Somebody who sets out for the provider.
#[derive(Debug)]
pub struct SetOut {
    /// The secret for the cookie.
    pub secret: String,
    /// Where the browser goes.
    pub address: String,
}

/// Somebody who is back from the provider.
#[derive(Debug)]
pub struct Returned {
    /// A new session, where he came to sign in.
    pub signed_in: Option<SignedIn>,
    /// Where he wanted to be.
    pub next: String,
}

/// What a provider sends back, and what the browser kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Return<'a> {
    /// The secret in the cookie.
    pub secret: Option<&'a str>,
    /// The state that the provider was given.
    pub state: &'a str,
    /// The code to trade.
    pub code: &'a str,
    /// Why the provider let nobody in.
    pub error: &'a str,
    /// Where he comes from; empty where that is not known.
    pub address: &'a str,
    /// What his browser calls itself.
    pub agent: &'a str,
}

/// What follows from the secret; who knows one of them knows neither the secret nor the others.
fn derived(what: &str, secret: &str) -> String {
    fingerprint(&format!("{what}:{secret}"))
}

/// A place of this page, and nowhere else.
fn place(next: &str) -> String {
    let good = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t'])
        && next.len() < 2000;
    if good { next.to_owned() } else { "/".to_owned() }
}

impl Engine {
    async fn oidc_in_use(&self) -> Result<Settings> {
        self.oidc_settings_now().await?.filter(|settings| settings.enabled).ok_or(Error::NotFound)
    }

    /// Sets out for the provider, to sign in or (with a viewer) to link his account.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, [`Error::Unavailable`] where it does not answer.
    pub async fn oidc_start(&self, viewer: Option<&Viewer>, next: &str) -> Result<SetOut> {
        if let Some(viewer) = viewer {
            Self::require_whole(viewer)?;
        }
        let settings = self.oidc_in_use().await?;
        let provider = client::discover(&settings.issuer).await?;
        let secret = secret();
        let journey = Journey {
            hash: derived("journey", &secret),
            user: viewer.and_then(|viewer| viewer.id),
            next: place(next),
            expires_at: self.now() + JOURNEY,
        };
        platform::begin_journey(self.database(), &journey, self.now()).await?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(derived("verifier", &secret).as_bytes()));
        let (redirect, state, nonce) = (settings.redirect(), derived("state", &secret), derived("nonce", &secret));
        let scopes = settings.scopes.join(" ");
        let pairs = [
            ("response_type", "code"),
            ("client_id", &settings.client_id),
            ("redirect_uri", &redirect),
            ("scope", &scopes),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let query: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", client::encoded(value))).collect();
        let glue = if provider.authorization_endpoint.contains('?') { '&' } else { '?' };
        let address = format!("{}{glue}{}", provider.authorization_endpoint, query.join("&"));
        Ok(SetOut { secret, address })
    }

    /// Takes somebody in who is back from the provider.
    ///
    /// # Errors
    /// [`Error::Denied`] `oidc_state` for a return that nobody here began, or a second one; `oidc_refused` for an answer that is not
    /// genuine; `oidc_unknown_user` for somebody whom nobody here knows; [`Error::Unavailable`] where the provider does not answer.
    pub async fn oidc_return(&self, given: &Return<'_>) -> Result<Returned> {
        let settings = self.oidc_in_use().await?;
        let now = self.now();
        let journey = match given.secret {
            Some(secret) if derived("state", secret) == given.state => {
                platform::end_journey(self.database(), derived("journey", secret), now)
                    .await?
                    .map(|found| (found, secret))
            }
            _ => None,
        };
        let Some((journey, secret)) = journey else {
            // Anybody can make these up without end: an entry an hour for each address says enough.
            if self.inner.refused.is_news(Uuid::nil(), given.address, now) {
                self.log_oidc(Kind::OidcRefused, None, "state", given.address).await?;
            }
            return Err(Error::denied(
                "oidc_state",
                "登录请求无效或已过期，请重新登录",
                "this sign-in was not begun here, was used or has expired; begin anew",
            ));
        };
        if !given.error.is_empty() {
            let why: String = given.error.chars().take(60).collect();
            self.log_oidc(Kind::OidcRefused, journey.user, &why, given.address).await?;
            return Err(Error::denied("oidc_refused", "统一登录没有完成", "the provider did not let you in"));
        }
        let client_secret = self.oidc_secret(&settings)?;
        let (verifier, nonce) = (derived("verifier", secret), derived("nonce", secret));
        let claims = match client::claims(&settings, &client_secret, given.code, &verifier, &nonce, now).await {
            Ok(claims) => claims,
            Err(trouble) => {
                let (Trouble::Provider(why) | Trouble::Forged(why)) = &trouble;
                self.log_oidc(Kind::OidcRefused, journey.user, why, given.address).await?;
                return Err(trouble.into());
            }
        };
        let subject = claims.get("sub").and_then(Json::as_str).unwrap_or_default().to_owned();
        if let Some(user) = journey.user {
            self.link(&settings, &subject, user, given.address).await?;
            return Ok(Returned { signed_in: None, next: journey.next });
        }
        let user = match platform::user_of_identity(self.database(), &settings.issuer, &subject).await? {
            Some(user) => user,
            None => self.newcomer(&settings, &subject, &claims, given.address).await?,
        };
        let signed_in = self.let_in(user, given).await?;
        Ok(Returned { signed_in: Some(signed_in), next: journey.next })
    }

    async fn link(&self, settings: &Settings, subject: &str, user: Uuid, address: &str) -> Result<()> {
        let known = platform::user_of_identity(self.database(), &settings.issuer, subject).await?;
        let linked = known.is_none()
            && platform::link_identity(self.database(), &settings.issuer, subject, user, self.now()).await?;
        if !linked && known != Some(user) {
            self.log_oidc(Kind::OidcRefused, Some(user), "linked with somebody else", address).await?;
            return Err(Error::denied(
                "oidc_taken",
                "这个统一登录账号已关联其他用户",
                "this account of the provider is linked with another user",
            ));
        }
        if linked {
            self.log_oidc(Kind::OidcLink, Some(user), &settings.issuer, address).await?;
        }
        Ok(())
    }

    /// Somebody who comes for the first time: a user who is the same by what the settings go by, or a new one.
    async fn newcomer(
        &self,
        settings: &Settings,
        subject: &str,
        claims: &Map<String, Json>,
        address: &str,
    ) -> Result<Uuid> {
        let text = |name: &str| claims.get(name).and_then(Json::as_str).unwrap_or_default().trim();
        let login = text(&settings.login_claim).to_lowercase();
        let email = text("email").to_owned();
        let verified = claims.get("email_verified").and_then(Json::as_bool) == Some(true);
        let same = match settings.link {
            Link::None => None,
            Link::Login if login.is_empty() => None,
            Link::Login => self.user_by_login(&login).await?.map(|user| user.id),
            Link::Email if verified && !email.is_empty() => {
                let wanted = email.clone();
                let found: Vec<Uuid> = self
                    .database()
                    .write(move |tx| Box::pin(async move { platform::users_with_email(tx, &wanted).await }))
                    .await?;
                // Two with one address: nobody can say who it is.
                if let [only] = found[..] { Some(only) } else { None }
            }
            Link::Email => None,
        };
        let user = match same {
            Some(user) => user,
            None if settings.create && !login.is_empty() => {
                let name = Some(text("name")).filter(|name| !name.is_empty()).unwrap_or(&login).to_owned();
                let user = NewUser { login, name, roles: vec![settings.role.clone()], ..NewUser::default() };
                match self.add_user(&Viewer::system("openid connect"), user).await {
                    // His login is somebody's: whose, nobody is told.
                    Err(Error::Invalid(_)) => {
                        self.log_oidc(Kind::OidcRefused, None, "login taken or not usable", address).await?;
                        return Err(Self::unknown_user());
                    }
                    made => made?,
                }
            }
            None => {
                self.log_oidc(Kind::OidcRefused, None, "unknown user", address).await?;
                return Err(Self::unknown_user());
            }
        };
        self.link(settings, subject, user, address).await?;
        Ok(user)
    }

    fn unknown_user() -> Error {
        Error::denied(
            "oidc_unknown_user",
            "没有对应的用户，请联系管理员",
            "nobody here is linked with this account; ask an administrator",
        )
    }

    async fn let_in(&self, user: Uuid, given: &Return<'_>) -> Result<SignedIn> {
        let record = self.user_record(user).await?.filter(|user| user.get("active").as_bool() == Some(true));
        let record = record.ok_or_else(Self::unknown_user)?;
        let attempt = Attempt {
            login: record.get("login").as_text().unwrap_or_default().to_owned(),
            user: Some(user),
            address: given.address.to_owned(),
            agent: given.agent.to_owned(),
            way: Via::Page.as_str(),
            now: self.now(),
        };
        let address = Some(given.address.to_owned()).filter(|known| !known.is_empty());
        let viewer = self.coming_from(viewer_of(&record, Via::Page), address).await?;
        let secret = secret();
        let session = Session { hash: fingerprint(&secret), user, expires_at: attempt.now + SESSION };
        self.conclude(&self.policy().await?, &attempt, Some(Proof::Enough), Some(session)).await?;
        self.log_attempt(Kind::SignIn, &attempt).await?;
        Ok(SignedIn { secret, viewer, recovery_codes: None })
    }

    /// Is the viewer linked with the provider?
    ///
    /// # Errors
    /// The database's.
    pub async fn oidc_identity(&self, viewer: &Viewer) -> Result<Json> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let settings = self.oidc_settings_now().await?.filter(|settings| settings.enabled);
        let since = match &settings {
            Some(settings) => platform::linked_since(self.database(), &settings.issuer, user).await?,
            None => None,
        };
        Ok(json!({"label": settings.map(|settings| settings.label), "since": since}))
    }

    /// Ends the viewer's link with the provider.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, 409 when he could not sign in any more.
    pub async fn oidc_unlink(&self, viewer: &Viewer) -> Result<()> {
        Self::require_whole(viewer)?;
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let settings = self.oidc_in_use().await?;
        let in_directory = self.directory_subject(user).await?.is_some();
        if !in_directory && platform::credential(self.database(), user).await?.is_none() {
            return Err(Error::conflict(
                "no_password",
                "您还没有密码，取消关联后将无法登录，请先让管理员设置密码",
                "you have no password and could not sign in any more; have one set first",
            ));
        }
        if !platform::unlink_identity(self.database(), &settings.issuer, user).await? {
            return Err(Error::NotFound);
        }
        self.log_access(Entry::of(viewer, Kind::OidcUnlink, settings.issuer)).await
    }

    async fn log_oidc(&self, kind: Kind, user: Option<Uuid>, what: &str, address: &str) -> Result<()> {
        tracing::info!(kind = kind.as_str(), ?user, what, address, "openid connect");
        let address = Some(address.to_owned()).filter(|known| !known.is_empty());
        let system = Viewer::system("openid connect").from_address(address);
        let entry = Entry::of(&system, kind, what.to_owned());
        self.log_access(Entry { actor: user, via: Via::Page.as_str(), ..entry }).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_ends_on_this_page_only() {
        for good in ["/", "/o/customer?view=board", "/o/customer/1#x"] {
            assert_eq!(place(good), good);
        }
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nset-cookie: x", "\t//evil.example"]
        {
            assert_eq!(place(bad), "/", "{bad}");
        }
        assert_ne!(derived("state", "s"), derived("nonce", "s"));
    }
}
