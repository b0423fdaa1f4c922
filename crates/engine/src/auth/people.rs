//! The first administrator, set-up links, users with their first password.

use super::{fingerprint, ldap::ISSUER, password::check_password, secret};
use crate::{Engine, Error, Result, save::Write};
use guanxi_access::{RowFilter, Viewer};
use guanxi_model::Value;
use guanxi_store::{
    platform,
    query::Life,
    records::{self, Record},
};
use jiff::SignedDuration;
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// How long a set-up link works.
const SETUP: SignedDuration = SignedDuration::from_hours(24);

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
    /// His e-mail address; one that is none is left out.
    pub email: Option<String>,
}

impl Engine {
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
        let (id, login) = self.first_administrator(&viewer).await?;
        if let Some(password) = password {
            self.store_password(&viewer, id, login, "password", password, None).await?;
            return Ok(None);
        }
        self.setup_token(id).await.map(Some)
    }

    /// A one-time link for the first administrator where none can sign in: the former link was lost or has expired.
    ///
    /// # Errors
    /// 409 when an active administrator has a way to sign in.
    pub async fn invite_administrator(&self) -> Result<String> {
        let count = self.database().write(|tx| Box::pin(crate::organisation::able_administrators(tx))).await?;
        if count > 0 {
            return Err(Error::conflict(
                "has_administrator",
                "已有可以登录的管理员",
                "there is an administrator who can sign in",
            ));
        }
        let (id, _) = self.first_administrator(&Viewer::system("first start")).await?;
        self.setup_token(id).await
    }

    async fn setup_token(&self, user: Uuid) -> Result<String> {
        let token = secret();
        platform::add_setup_link(self.database(), &fingerprint(&token), user, self.now() + SETUP).await?;
        Ok(token)
    }

    /// The user `admin`, made or put in force as one.
    async fn first_administrator(&self, viewer: &Viewer) -> Result<(Uuid, &'static str)> {
        let object = self.object("user")?;
        match self.user_by_login("admin").await? {
            Some(user) => {
                let mut roles: Vec<Value> = user.get("roles").members().to_vec();
                if !roles.contains(&"administrator".into()) {
                    roles.push("administrator".into());
                }
                let values =
                    HashMap::from([("active".to_owned(), true.into()), ("roles".to_owned(), Value::List(roles))]);
                self.save_one(viewer, &object, Write { id: Some(user.id), values, ..Write::default() }).await?;
                // A way back in, also for whom the directory kept out: it takes him out of it.
                platform::forget_identity(self.database(), ISSUER, user.id).await?;
                Ok((user.id, "admin"))
            }
            None => {
                let user = NewUser {
                    login: "admin".into(),
                    name: "管理员".into(),
                    roles: vec!["administrator".into()],
                    ..NewUser::default()
                };
                Ok((self.add_user(viewer, user).await?, "admin"))
            }
        }
    }

    /// Whom a set-up link is for.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is unknown, used or has expired.
    pub async fn setup_login(&self, token: &str) -> Result<String> {
        let user =
            platform::setup_link(self.database(), &fingerprint(token), self.now()).await?.ok_or(Error::NotFound)?;
        self.login_of(user).await
    }

    /// What somebody signs in with.
    pub(super) async fn login_of(&self, user: Uuid) -> Result<String> {
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
        self.require_own_password(user).await?;
        self.store_password(&Viewer::system("set-up link"), user, &login, "password", password, None).await?;
        Ok(login)
    }

    /// Adds a user; departments on his path that are missing are made.
    ///
    /// # Errors
    /// 422 for what the user object refuses.
    pub async fn add_user(&self, viewer: &Viewer, user: NewUser) -> Result<Uuid> {
        if let Some(password) = &user.password {
            check_password(&self.policy().await?, "password", password, &user.login)?;
        }
        let mut input = Map::new();
        input.insert("name".into(), json!(if user.name.is_empty() { &user.login } else { &user.name }));
        input.insert("login".into(), json!(user.login));
        if !user.roles.is_empty() {
            input.insert("roles".into(), json!(user.roles));
        }
        if let Some(email) = user.email.as_ref().filter(|email| is_email(email)) {
            input.insert("email".into(), json!(email));
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

    pub(super) async fn user_record(&self, user: Uuid) -> Result<Option<Record>> {
        let object = self.object("user")?;
        Ok(records::get(self.database(), &object, user, &RowFilter::All, Life::Living).await?)
    }

    pub(super) async fn user_by_login(&self, login: &str) -> Result<Option<Record>> {
        let object = self.object("user")?;
        let mut sql = self.database().sql();
        sql.push("SELECT t.id FROM ").ident("user").push(" t WHERE t.deleted_at IS NULL AND t.login = ").bind(login);
        sql.returning([guanxi_model::Kind::Id]);
        let Some(id) = self.database().read(sql).await?.first().and_then(|row| row[0].as_id()) else { return Ok(None) };
        Ok(records::get(self.database(), &object, id, &RowFilter::All, Life::Living).await?)
    }
}

/// Does it look like an address? The user object says the rest.
fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "@._-+".contains(c))
}
