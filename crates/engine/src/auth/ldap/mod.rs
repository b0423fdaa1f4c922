//! Signing in with the password of a company's directory: the service account looks the login up, and the directory is asked on
//! a connection of its own whether the password is that entry's. Who is linked with an entry has no other password here.

mod address;
mod client;
mod entry;
mod settings;
mod trial;

pub(super) use settings::Settings;

use super::{NewUser, guard::Attempt};
use crate::{
    Engine, Error, Result,
    access_log::{Entry as LogEntry, Kind},
    roles::ADMINISTRATOR,
};
use client::Trouble;
use entry::Entry;
use guanxi_access::Viewer;
use guanxi_model::Value;
use guanxi_store::{platform, records::Record};
use uuid::Uuid;

/// What links with the directory are kept under. There is one directory; wherever it moves, they stay.
pub(super) const ISSUER: &str = "ldap";
/// How such sign-ins stand in the access log.
pub(super) const WAY: &str = "ldap";

fn unavailable() -> Error {
    Error::unavailable(
        "ldap_unreachable",
        "公司目录暂时无法连接，使用目录密码的用户请稍后再试",
        "the directory cannot be reached; who signs in with its password, try again later",
    )
}

fn unknown_user() -> Error {
    Error::denied(
        "ldap_unknown_user",
        "没有对应的用户，请联系管理员",
        "nobody here is linked with this entry of the directory; ask an administrator",
    )
}

/// Refuses to touch a password that is not kept here.
fn elsewhere() -> Error {
    Error::conflict(
        "directory_password",
        "密码由公司目录管理，请在目录中修改",
        "this password is the directory's: change it there",
    )
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        tracing::warn!(why = trouble.why(), "the directory cannot be used");
        unavailable()
    }
}

/// Has somebody the role that may do without the directory in an emergency?
pub(super) fn is_administrator(user: &Record) -> bool {
    user.get("roles").members().contains(&Value::from(ADMINISTRATOR))
}

impl Engine {
    pub(super) async fn ldap_in_use(&self) -> Result<Option<Settings>> {
        Ok(self.ldap_settings_now().await?.filter(|settings| settings.enabled))
    }

    /// What the directory calls a user who is linked with it.
    pub(super) async fn directory_subject(&self, user: Uuid) -> Result<Option<String>> {
        Ok(platform::subject_of_identity(self.database(), ISSUER, user).await?)
    }

    /// Refuses to set a password that would never be asked for.
    pub(super) async fn require_own_password(&self, user: Uuid) -> Result<()> {
        if self.directory_subject(user).await?.is_some() { Err(elsewhere()) } else { Ok(()) }
    }

    /// Without the key of secrets it is as if the directory were not there.
    fn service_secret(&self, settings: &Settings) -> Result<String> {
        self.ldap_secret(settings).map_err(|_| unavailable())
    }

    /// Asks the directory. The attempt becomes that of whom it means: however somebody writes a login, one person is guessed at.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the directory does not answer, [`Error::TooMany`] where who is meant is locked,
    /// [`Error::Denied`] `ldap_unknown_user` for a right password of somebody who is no user.
    pub(super) async fn ask_directory(
        &self,
        settings: &Settings,
        attempt: &mut Attempt,
        password: &str,
    ) -> Result<Option<Record>> {
        if !client::is_usable_password(password) {
            return Ok(None);
        }
        let secret = self.service_secret(settings)?;
        let entry = client::look_up(settings, &secret, &attempt.login).await?;
        let mut known = None;
        if let Some(entry) = &entry {
            known = platform::user_of_identity(self.database(), ISSUER, &entry.subject).await?;
            let user = match known {
                Some(user) => self.user_record(user).await?,
                None => self.user_by_login(&entry.login).await?,
            };
            let login = user.as_ref().and_then(|user| user.get("login").as_text()).unwrap_or(&entry.login);
            attempt.login = login.to_owned();
            attempt.user = user.map(|user| user.id);
            attempt.way = WAY;
            self.refuse_locked(attempt).await?;
        }
        let right = client::proves(settings, entry.as_ref(), password).await?;
        let Some(entry) = entry.filter(|_| right) else { return Ok(None) };
        let user = match known {
            Some(user) => user,
            None => self.directory_newcomer(settings, &entry, attempt).await?,
        };
        Ok(self.user_record(user).await?.filter(|user| user.get("active").as_bool() == Some(true)))
    }

    /// Somebody whom the directory believes and who comes for the first time: a user with the same login, or a new one.
    async fn directory_newcomer(&self, settings: &Settings, entry: &Entry, attempt: &Attempt) -> Result<Uuid> {
        let refuse = async |why: &str| {
            self.log_ldap(Kind::LdapRefused, attempt, why).await?;
            Err(unknown_user())
        };
        let same = if settings.link { self.user_by_login(&entry.login).await? } else { None };
        let user = match same {
            // A login that went to somebody else in the directory opens nothing here.
            Some(user) if self.directory_subject(user.id).await?.is_some() => {
                return refuse("linked with another entry").await;
            }
            Some(user) if user.get("active").as_bool() != Some(true) => return refuse("inactive").await,
            Some(user) => user.id,
            None if settings.create && !entry.login.is_empty() => {
                let name = if entry.name.is_empty() { &entry.login } else { &entry.name };
                let user = NewUser {
                    login: entry.login.clone(),
                    name: name.chars().take(100).collect(),
                    roles: vec![settings.role.clone()],
                    email: Some(entry.email.clone()).filter(|email| !email.is_empty()),
                    ..NewUser::default()
                };
                match self.add_user(&Viewer::system("ldap"), user).await {
                    // Somebody has that login, or it cannot be one: which, nobody is told.
                    Err(Error::Invalid(_)) => return refuse("login taken or not usable").await,
                    made => made?,
                }
            }
            None => return refuse("unknown user").await,
        };
        if !platform::link_identity(self.database(), ISSUER, &entry.subject, user, self.now()).await? {
            return refuse("linked with somebody else").await;
        }
        self.log_ldap(Kind::LdapLink, &Attempt { user: Some(user), ..attempt.clone() }, &entry.dn).await?;
        Ok(user)
    }

    /// Is it the password of somebody who is linked with the directory? Administrators may use their own where it cannot be asked.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where it cannot be asked.
    pub(super) async fn directory_proves(&self, user: Uuid, subject: &str, password: &str) -> Result<bool> {
        let asked = match self.ldap_in_use().await? {
            Some(settings) if client::is_usable_password(password) => {
                let secret = self.service_secret(&settings)?;
                client::proves_subject(&settings, &secret, subject, password).await.map_err(Error::from)
            }
            Some(_) => return Ok(false),
            None => Err(unavailable()),
        };
        match asked {
            Err(Error::Unavailable(..))
                if self.user_record(user).await?.is_some_and(|user| is_administrator(&user)) =>
            {
                self.own_password_fits(user, password).await
            }
            other => other,
        }
    }

    /// Takes a user back from the directory (action `unlink_ldap`). What was his password before it goes too.
    ///
    /// # Errors
    /// 403 for anyone but an administrator, 409 where there is no link.
    pub async fn unlink_directory(&self, viewer: &Viewer, user: Uuid) -> Result<()> {
        self.require_administrator(viewer)?;
        if !platform::forget_identity(self.database(), ISSUER, user).await? {
            return Err(Error::conflict(
                "not_linked",
                "该用户没有关联公司目录",
                "this user is not linked with the directory",
            ));
        }
        self.forget_viewers();
        let login = self.login_of(user).await?;
        self.log_access(LogEntry::of(viewer, Kind::LdapUnlink, login)).await
    }

    async fn log_ldap(&self, kind: Kind, attempt: &Attempt, what: &str) -> Result<()> {
        tracing::info!(kind = kind.as_str(), login = %attempt.login, what, address = %attempt.address, "directory");
        let summary = format!("{}: {what}", attempt.login);
        let address = Some(attempt.address.clone()).filter(|known| !known.is_empty());
        let system = Viewer::system("ldap").from_address(address);
        self.log_access(LogEntry { actor: attempt.user, via: WAY, ..LogEntry::of(&system, kind, summary) }).await
    }
}
