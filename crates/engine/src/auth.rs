//! Signing in: passwords (Argon2id), sessions, tokens, set-up links, throttling.

use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    save::Write,
};
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use guanxi_access::{RowFilter, Via, Viewer};
use guanxi_model::{Lang, Value};
use guanxi_store::{
    platform::{self, OpenSession, Session, Token},
    query::Life,
    records::{self, Record},
};
use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock},
};
use uuid::Uuid;

/// How long a session lasts.
pub const SESSION: SignedDuration = SignedDuration::from_hours(24 * 14);
/// How long a set-up link works.
const SETUP: SignedDuration = SignedDuration::from_hours(24);
/// Failures before a login or an address has to wait.
const FREE_TRIES: u32 = 5;

/// A user to be added, as the command line gives it.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// What he signs in with.
    pub login: String,
    /// His name.
    pub name: String,
    /// Roles by name; none: member.
    pub roles: Vec<String>,
    /// `销售部/华东`; departments that are missing are made.
    pub department_path: Option<String>,
    /// His first password.
    pub password: Option<String>,
}

/// A secret that is given away once; only its hash is kept.
#[expect(clippy::disallowed_methods, reason = "secrets come from the operating system's randomness")]
pub(crate) fn secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The hash under which a secret is kept.
pub fn fingerprint(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn hash(password: String) -> Result<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    })
    .await
    .ok()
    .and_then(std::result::Result::ok)
    .ok_or_else(|| Error::bad("hash_failed", "无法处理密码", "cannot hash the password"))
}

async fn verify(password: String, stored: Option<String>) -> bool {
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

fn check_password(field: &str, password: &str, login: &str) -> Result<()> {
    let length = password.chars().count();
    if !(8..=200).contains(&length) {
        return Err(Error::invalid(
            field,
            "bad_password",
            "密码需要 8 到 200 位",
            "a password has 8 to 200 characters",
        ));
    }
    if password.eq_ignore_ascii_case(login) {
        return Err(Error::invalid(
            field,
            "bad_password",
            "密码不能与账号相同",
            "the password must differ from the login",
        ));
    }
    Ok(())
}

/// Counts failed sign-ins; in memory, per process.
#[derive(Default)]
struct Throttle {
    failures: HashMap<String, (u32, Timestamp)>,
}

fn throttle() -> &'static Mutex<Throttle> {
    static THROTTLE: OnceLock<Mutex<Throttle>> = OnceLock::new();
    THROTTLE.get_or_init(Mutex::default)
}

impl Throttle {
    /// Seconds to wait for these keys.
    fn wait(&mut self, keys: &[String], now: Timestamp) -> Option<u64> {
        self.failures.retain(|_, (_, last)| now.duration_since(*last) < SignedDuration::from_mins(30));
        keys.iter()
            .filter_map(|key| {
                let (count, last) = self.failures.get(key)?;
                let over = count.checked_sub(FREE_TRIES)?;
                let pause = SignedDuration::from_secs(1 << over.min(9));
                let left = pause - now.duration_since(*last);
                (left > SignedDuration::ZERO).then(|| left.as_secs().unsigned_abs() + 1)
            })
            .max()
    }

    fn fail(&mut self, keys: &[String], now: Timestamp) {
        for key in keys {
            let entry = self.failures.entry(key.clone()).or_insert((0, now));
            *entry = (entry.0 + 1, now);
        }
    }
}

fn with_throttle<T>(act: impl FnOnce(&mut Throttle) -> T) -> T {
    act(&mut throttle().lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

impl Engine {
    /// Signs in; answers the secret for the cookie and the viewer.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] without saying what was wrong; [`Error::TooMany`] after too many failures.
    pub async fn sign_in(&self, login: &str, password: &str, address: &str, agent: &str) -> Result<(String, Viewer)> {
        let login = login.trim().to_lowercase();
        let now = self.now();
        let keys = [format!("{}:login:{login}", self.name()), format!("{}:address:{address}", self.name())];
        if let Some(seconds) = with_throttle(|throttle| throttle.wait(&keys, now)) {
            return Err(Error::TooMany(seconds));
        }
        let account = self.user_by_login(&login).await?;
        let known = account.as_ref().map(|user| user.id);
        let user = account.filter(|user| user.get("active").as_bool() == Some(true));
        let stored = match &user {
            Some(user) => platform::credential(self.database(), user.id).await?,
            None => None,
        };
        let fits = password.len() <= 1000 && verify(password.to_owned(), stored).await;
        let Some(user) = user.filter(|_| fits) else {
            // An address that tries many logins is slowed too, but later: a whole office may sit behind one.
            with_throttle(|throttle| throttle.fail(&keys[..1], now));
            tracing::info!(%login, %address, "sign-in refused");
            // Names that nobody has could be made up without end; the server's own log has those.
            if known.is_some() {
                self.log_sign_in(Kind::SignInRefused, login, known, address).await?;
            }
            return Err(Error::Unauthenticated);
        };
        with_throttle(|throttle| throttle.failures.remove(&keys[0]));
        let secret = secret();
        let session = Session { hash: fingerprint(&secret), user: user.id, expires_at: now + SESSION };
        platform::add_session(self.database(), &session, now, address, agent).await?;
        tracing::info!(%login, %address, "signed in");
        self.log_sign_in(Kind::SignIn, login, Some(user.id), address).await?;
        Ok((secret, viewer_of(&user, Via::Page)))
    }

    async fn log_sign_in(&self, kind: Kind, login: String, user: Option<Uuid>, address: &str) -> Result<()> {
        let system = Viewer::system("sign-in").from_address(Some(address.to_owned()).filter(|known| !known.is_empty()));
        self.log_access(Entry { actor: user, via: Via::Page.as_str(), ..Entry::of(&system, kind, login) }).await
    }

    /// The viewer of a session cookie.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it is unknown or has expired.
    pub async fn viewer_of_session(&self, secret: &str) -> Result<Viewer> {
        let hash = fingerprint(secret);
        if let Some(viewer) = self.remembered(&hash) {
            return Ok(viewer);
        }
        let session = platform::session(self.database(), &hash, self.now()).await?.ok_or(Error::Unauthenticated)?;
        self.remember(hash, session.user, Via::Page).await
    }

    /// The viewer of an API token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it is unknown or has expired.
    pub async fn viewer_of_token(&self, secret: &str) -> Result<Viewer> {
        let hash = fingerprint(secret);
        if let Some(viewer) = self.remembered(&hash) {
            return Ok(viewer);
        }
        let token = platform::token(self.database(), &hash, self.now()).await?.ok_or(Error::Unauthenticated)?;
        self.remember(hash, token.user, Via::Api).await
    }

    /// Remembered for a few seconds: another process may have ended the session meanwhile.
    fn remembered(&self, hash: &str) -> Option<Viewer> {
        let known = self.inner.viewers.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (viewer, at) = known.get(hash)?;
        (self.now().duration_since(*at) < SignedDuration::from_secs(5)).then(|| viewer.clone())
    }

    /// A user as he would come, active or not: to see what he may do.
    pub(crate) async fn viewer_of_user(&self, user: Uuid) -> Result<Viewer> {
        let object = self.object("user")?;
        let record = records::get(self.database(), &object, user, &RowFilter::All, Life::Living).await?;
        Ok(viewer_of(&record.ok_or(Error::NotFound)?, Via::Page))
    }

    async fn remember(&self, hash: String, user: Uuid, via: Via) -> Result<Viewer> {
        let object = self.object("user")?;
        let record = records::get(self.database(), &object, user, &RowFilter::All, Life::Living).await?;
        let record = record.filter(|user| user.get("active").as_bool() == Some(true)).ok_or(Error::Unauthenticated)?;
        let viewer = viewer_of(&record, via);
        let mut known = self.inner.viewers.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.len() > 10_000 {
            known.clear();
        }
        known.insert(hash, (viewer.clone(), self.now()));
        Ok(viewer)
    }

    fn forget_viewers(&self) {
        self.inner.viewers.write().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        platform::remove_session(self.database(), &fingerprint(secret)).await?;
        self.forget_viewers();
        Ok(())
    }

    /// The browsers that somebody is signed in with; `current` is the secret of the one that asks.
    ///
    /// # Errors
    /// The database's.
    pub async fn sessions(&self, viewer: &Viewer, current: Option<&str>) -> Result<Vec<Json>> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let current = current.map(fingerprint);
        let open = platform::sessions(self.database(), user, self.now()).await?;
        let show = |session: OpenSession| {
            json!({
                "id": handle(&session.hash), "created_at": session.created_at, "expires_at": session.expires_at,
                "address": session.address, "agent": session.agent, "current": current.as_ref() == Some(&session.hash),
            })
        };
        Ok(open.into_iter().map(show).collect())
    }

    /// Ends one of the viewer's sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] when he has no such session.
    pub async fn end_session(&self, viewer: &Viewer, id: &str) -> Result<()> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let open = platform::sessions(self.database(), user, self.now()).await?;
        let session = open.iter().find(|session| handle(&session.hash) == id).ok_or(Error::NotFound)?;
        platform::remove_session(self.database(), &session.hash).await?;
        self.forget_viewers();
        Ok(())
    }

    /// Signs a user out of every browser (action `sign_out`).
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub async fn sign_out_everywhere(&self, viewer: &Viewer, user: Uuid) -> Result<()> {
        self.require_administrator(viewer)?;
        platform::remove_sessions(self.database(), user, "").await?;
        self.forget_viewers();
        Ok(())
    }

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
        let stored = platform::credential(self.database(), user).await?;
        if !verify(current.to_owned(), stored).await {
            return Err(Error::invalid("current", "wrong_password", "当前密码不正确", "the current password is wrong"));
        }
        self.store_password(viewer, user, &viewer.login, "new", new, session).await
    }

    async fn store_password(
        &self,
        viewer: &Viewer,
        user: Uuid,
        login: &str,
        field: &str,
        password: &str,
        session: Option<&str>,
    ) -> Result<()> {
        check_password(field, password, login)?;
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
        let object = self.object("user")?;
        let record = records::get(self.database(), &object, user, &RowFilter::All, Life::Living)
            .await?
            .ok_or(Error::NotFound)?;
        let login = record.get("login").as_text().unwrap_or_default();
        self.store_password(viewer, user, login, "password", password, None).await?;
        tracing::info!(user = %user, by = ?viewer.id, "password set");
        Ok(())
    }

    /// Makes the first administrator if there is no active one: with a password, or with a one-time link whose token
    /// is answered.
    ///
    /// # Errors
    /// The database's, or a password that is too weak.
    pub async fn ensure_administrator(&self, password: Option<&str>) -> Result<Option<String>> {
        let count = self.database().write(|tx| Box::pin(crate::organisation::administrators(tx))).await?;
        if count > 0 {
            return Ok(None);
        }
        let viewer = Viewer::system("first start");
        let object = self.object("user")?;
        let (id, login) = match self.user_by_login("admin").await? {
            Some(user) => {
                let mut roles: Vec<Value> = user.get("roles").members().to_vec();
                if !roles.contains(&"administrator".into()) {
                    roles.push("administrator".into());
                }
                let values =
                    HashMap::from([("active".to_owned(), true.into()), ("roles".to_owned(), Value::List(roles))]);
                self.save_one(&viewer, &object, Write { id: Some(user.id), values, ..Write::default() }).await?;
                (user.id, "admin")
            }
            None => {
                let user = NewUser {
                    login: "admin".into(),
                    name: "管理员".into(),
                    roles: vec!["administrator".into()],
                    ..NewUser::default()
                };
                (self.add_user(&viewer, user).await?, "admin")
            }
        };
        if let Some(password) = password {
            self.store_password(&viewer, id, login, "password", password, None).await?;
            return Ok(None);
        }
        let token = secret();
        platform::add_setup_link(self.database(), &fingerprint(&token), id, self.now() + SETUP).await?;
        Ok(Some(token))
    }

    /// Whom a set-up link is for.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is unknown, used or has expired.
    pub async fn setup_login(&self, token: &str) -> Result<String> {
        let user =
            platform::setup_link(self.database(), &fingerprint(token), self.now()).await?.ok_or(Error::NotFound)?;
        let object = self.object("user")?;
        let record = records::get(self.database(), &object, user, &RowFilter::All, Life::Living)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(record.get("login").as_text().unwrap_or_default().to_owned())
    }

    /// Sets the first password by a set-up link, which is used up by it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a bad link, 422 for a weak password.
    pub async fn finish_setup(&self, token: &str, password: &str) -> Result<String> {
        let login = self.setup_login(token).await?;
        let user =
            platform::setup_link(self.database(), &fingerprint(token), self.now()).await?.ok_or(Error::NotFound)?;
        self.store_password(&Viewer::system("set-up link"), user, &login, "password", password, None).await?;
        Ok(login)
    }

    /// Adds a user; departments on his path that are missing are made.
    ///
    /// # Errors
    /// 422 for what the user object refuses.
    pub async fn add_user(&self, viewer: &Viewer, user: NewUser) -> Result<Uuid> {
        if let Some(password) = &user.password {
            check_password("password", password, &user.login)?;
        }
        let mut input = Map::new();
        input.insert("name".into(), json!(if user.name.is_empty() { &user.login } else { &user.name }));
        input.insert("login".into(), json!(user.login));
        if !user.roles.is_empty() {
            input.insert("roles".into(), json!(user.roles));
        }
        if let Some(path) = &user.department_path {
            input.insert("department".into(), json!(self.department_by_path(viewer, path).await?));
        }
        let record = self.create(viewer, "user", &input, true).await?;
        let id =
            record.get("id").and_then(Json::as_str).and_then(|id| Uuid::try_parse(id).ok()).ok_or(Error::NotFound)?;
        if let Some(password) = &user.password {
            self.store_password(viewer, id, &user.login, "password", password, None).await?;
        }
        Ok(id)
    }

    async fn department_by_path(&self, viewer: &Viewer, path: &str) -> Result<Option<Uuid>> {
        let object = self.object("department")?;
        let mut parent: Option<Uuid> = None;
        for name in path.split('/').map(str::trim).filter(|name| !name.is_empty()) {
            let (definition, value) = (object.clone(), Value::from(name));
            let found = self
                .database()
                .write(move |tx| {
                    Box::pin(async move { records::find_by(tx, &definition, "name", &[value], &RowFilter::All).await })
                })
                .await?;
            parent = match found.iter().find(|record| record.get("parent").as_id() == parent) {
                Some(record) => Some(record.id),
                None => {
                    let values =
                        HashMap::from([("name".to_owned(), name.into()), ("parent".to_owned(), parent.into())]);
                    Some(
                        self.save_one(viewer, &object, Write { values, allow_duplicate: true, ..Write::default() })
                            .await?
                            .record
                            .id,
                    )
                }
            };
        }
        Ok(parent)
    }

    async fn user_by_login(&self, login: &str) -> Result<Option<Record>> {
        let object = self.object("user")?;
        let mut sql = self.database().sql();
        sql.push("SELECT t.id FROM ").ident("user").push(" t WHERE t.deleted_at IS NULL AND t.login = ").bind(login);
        sql.returning([guanxi_model::Kind::Id]);
        let Some(id) = self.database().read(sql).await?.first().and_then(|row| row[0].as_id()) else { return Ok(None) };
        Ok(records::get(self.database(), &object, id, &RowFilter::All, Life::Living).await?)
    }

    /// The viewer as the API tells it.
    ///
    /// # Errors
    /// The database's.
    pub async fn describe_viewer(&self, viewer: &Viewer) -> Result<Json> {
        let object = self.object("user")?;
        let id = viewer.id.ok_or(Error::Unauthenticated)?;
        let record = records::get(self.database(), &object, id, &RowFilter::All, Life::Living)
            .await?
            .ok_or(Error::Unauthenticated)?;
        let catalogue = self.catalogue();
        let field = object.field("department").ok_or(Error::NotFound)?;
        let titles = self.titles_for(viewer, &catalogue, vec![(field, record.get("department"))]).await?;
        Ok(json!({
            "id": id,
            "name": viewer.name,
            "login": viewer.login,
            "roles": viewer.roles,
            "department": titles.value(field, record.get("department")),
        }))
    }

    /// A user who may still sign in, as a viewer: for what he asked for and is done later.
    pub(crate) async fn active_viewer(&self, user: Uuid) -> Result<Option<Viewer>> {
        let object = self.object("user")?;
        let record = records::get(self.database(), &object, user, &RowFilter::All, Life::Living).await?;
        let active = record.filter(|record| record.get("active").as_bool() == Some(true));
        Ok(active.map(|record| viewer_of(&record, Via::Page)))
    }

    /// The viewer's API tokens.
    ///
    /// # Errors
    /// The database's.
    pub async fn tokens(&self, viewer: &Viewer) -> Result<Vec<Json>> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        Ok(platform::tokens(self.database(), user).await?.iter().map(token_json).collect())
    }

    /// Makes an API token; its secret is in this answer only.
    ///
    /// # Errors
    /// 422 for a missing name or an expiry in the past.
    pub async fn add_token(&self, viewer: &Viewer, name: &str, expires_at: Option<Timestamp>) -> Result<Json> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(Error::invalid(
                "name",
                "required",
                "请填写名称，最多 100 个字",
                "give it a name of at most 100 characters",
            ));
        }
        if expires_at.is_some_and(|at| at <= self.now()) {
            return Err(Error::invalid(
                "expires_at",
                "out_of_range",
                "到期时间要在将来",
                "the expiry must lie in the future",
            ));
        }
        let secret = format!("gx_{}", secret());
        let token = Token { id: Uuid::now_v7(), user, name: name.to_owned(), created_at: self.now(), expires_at };
        platform::add_token(self.database(), &token, &fingerprint(&secret)).await?;
        self.log_access(Entry::of(viewer, Kind::Token, token.name.clone())).await?;
        let mut out = token_json(&token);
        out["token"] = json!(secret);
        Ok(out)
    }

    /// Takes a token away.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the viewer has no such token.
    pub async fn remove_token(&self, viewer: &Viewer, token: Uuid) -> Result<()> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        if !platform::remove_token(self.database(), user, token).await? {
            return Err(Error::NotFound);
        }
        self.forget_viewers();
        Ok(())
    }
}

/// What a session is called outside: enough of its hash to tell it from others, too little to be of use.
fn handle(hash: &str) -> &str {
    &hash[..hash.len().min(16)]
}

fn token_json(token: &Token) -> Json {
    json!({"id": token.id, "name": token.name, "created_at": token.created_at, "expires_at": token.expires_at})
}

fn viewer_of(user: &Record, via: Via) -> Viewer {
    let text = |field: &str| user.get(field).as_text().unwrap_or_default().to_owned();
    let roles = user.get("roles").members().iter().filter_map(Value::as_text).map(str::to_owned).collect();
    let mut departments: Vec<Uuid> = user.get("department").as_id().into_iter().collect();
    for other in user.get("other_departments").members().iter().filter_map(Value::as_id) {
        if !departments.contains(&other) {
            departments.push(other);
        }
    }
    let lang = user.get("language").as_text().map_or(Lang::Zh, Lang::from_tag);
    Viewer::user(user.id, &text("login"), &text("name"), roles, departments, via).speaking(lang)
}
