//! Talking with a directory: a connection for each conversation, none of them kept, so that nobody is ever asked about on a
//! connection that has become somebody else's. Referrals are not followed: they could lead anywhere.

use super::{
    Settings,
    entry::{Entry, attributes, understood},
};
use crate::outside::certificates;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapResult, Scope, SearchEntry, SearchOptions, ldap_escape};
use rustls::{ClientConfig, RootCertStore};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// How long connecting may take, and each question.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a whole conversation may take, waiting for its turn included.
const CONVERSATION: Duration = Duration::from_secs(12);
/// Longest login that a directory is asked for, in bytes.
const LONGEST_LOGIN: usize = 256;
/// How many conversations there are at once: more would be somebody who tries to wear the directory out.
static TURNS: Semaphore = Semaphore::const_new(16);

const SUCCESS: u32 = 0;
const SIZE_LIMIT: u32 = 4;
const NO_SUCH_OBJECT: u32 = 32;
/// What a directory answers to a password that does not let in: constraint violation (locked), no such object, inappropriate
/// authentication (no password), invalid credentials, insufficient rights, unwilling to perform.
const WRONG: &[u32] = &[19, NO_SUCH_OBJECT, 48, 49, 50, 53];

/// Why a directory could not be asked.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// It does not answer, or nobody can be sure that it is the one.
    Unreachable(String),
    /// It does not let the service account in.
    Refused(String),
    /// It answers, but not as it should.
    Unusable(String),
}

impl Trouble {
    pub fn why(&self) -> &str {
        match self {
            Self::Unreachable(why) | Self::Refused(why) | Self::Unusable(why) => why,
        }
    }
}

fn unreachable(error: impl std::fmt::Display) -> Trouble {
    Trouble::Unreachable(error.to_string())
}

fn said(answer: &LdapResult) -> String {
    let name = answer.to_string();
    let name = name.split(", dn:").next().unwrap_or_default();
    if answer.text.is_empty() { name.to_owned() } else { format!("{name}: {}", answer.text) }
}

/// Can a password be shown to a directory at all? An empty one would ask for no proof, and be granted.
pub(super) fn is_usable_password(password: &str) -> bool {
    !password.trim().is_empty() && !password.contains('\0') && password.len() <= 1000
}

fn tls(settings: &Settings) -> Result<Arc<ClientConfig>, Trouble> {
    let mut roots = RootCertStore::empty();
    if settings.ca.is_empty() {
        for certificate in rustls_native_certs::load_native_certs().certs {
            // Systems carry some that are not understood; the others do.
            drop(roots.add(certificate));
        }
    } else {
        for certificate in certificates(&settings.ca).map_err(Trouble::Unusable)? {
            roots.add(certificate).map_err(unreachable)?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(Arc::new(config.map_err(unreachable)?.with_root_certificates(roots).with_no_client_auth()))
}

/// Connects, by TLS where the settings say so.
pub(super) async fn connect(settings: &Settings) -> Result<Ldap, Trouble> {
    let mut options = LdapConnSettings::new().set_conn_timeout(PATIENCE);
    if settings.is_encrypted() {
        options = options.set_starttls(settings.starttls).set_config(tls(settings)?);
    }
    let (connection, ldap) = LdapConnAsync::with_settings(options, &settings.address).await.map_err(unreachable)?;
    tokio::spawn(async move {
        if let Err(error) = connection.drive().await {
            tracing::debug!(%error, "a connection with the directory broke");
        }
    });
    Ok(ldap)
}

/// Binds; false when the directory does not believe it.
async fn bind(ldap: &mut Ldap, dn: &str, password: &str) -> Result<bool, Trouble> {
    let answer = ldap.with_timeout(PATIENCE).simple_bind(dn, password).await.map_err(unreachable)?;
    match answer.rc {
        SUCCESS => Ok(true),
        code if WRONG.contains(&code) => Ok(false),
        _ => Err(Trouble::Unusable(said(&answer))),
    }
}

/// Becomes the service account; nobody in particular where none is set.
pub(super) async fn bind_service(ldap: &mut Ldap, settings: &Settings, secret: &str) -> Result<(), Trouble> {
    if settings.bind_dn.is_empty() {
        return Ok(());
    }
    let answer = ldap.with_timeout(PATIENCE).simple_bind(&settings.bind_dn, secret).await.map_err(unreachable)?;
    if answer.rc == SUCCESS { Ok(()) } else { Err(Trouble::Refused(said(&answer))) }
}

async fn search(
    ldap: &mut Ldap,
    (base, scope): (&str, Scope),
    filter: &str,
    attributes: Vec<&str>,
    limit: i32,
) -> Result<Vec<SearchEntry>, Trouble> {
    let options = SearchOptions::new().sizelimit(limit).timelimit(5);
    let asked = ldap.with_search_options(options).with_timeout(PATIENCE);
    let found = asked.search(base, scope, filter, attributes).await.map_err(unreachable)?;
    match found.1.rc {
        SUCCESS | SIZE_LIMIT => Ok(found.0.into_iter().map(SearchEntry::construct).collect()),
        NO_SUCH_OBJECT if scope == Scope::Base => Ok(Vec::new()),
        _ => Err(Trouble::Unusable(said(&found.1))),
    }
}

/// How many people the settings hold for, up to a limit.
pub(super) async fn count(ldap: &mut Ldap, settings: &Settings, limit: i32) -> Result<usize, Trouble> {
    let filter = settings.filter.replace("{login}", "*");
    search(ldap, (&settings.base_dn, Scope::Subtree), &filter, vec!["1.1"], limit).await.map(|found| found.len())
}

/// Whom the directory knows by a login: two at most, which is one too many.
pub(super) async fn find(ldap: &mut Ldap, settings: &Settings, login: &str) -> Result<Vec<Entry>, Trouble> {
    if login.is_empty() || login.len() > LONGEST_LOGIN || login.contains(char::is_control) {
        return Ok(Vec::new());
    }
    let filter = settings.filter.replace("{login}", &ldap_escape(login));
    let found = search(ldap, (&settings.base_dn, Scope::Subtree), &filter, attributes(settings), 2).await?;
    found.into_iter().map(|entry| understood(settings, entry, login)).collect()
}

/// Whom the directory knows by what stays.
async fn find_subject(ldap: &mut Ldap, settings: &Settings, subject: &str) -> Result<Vec<Entry>, Trouble> {
    let wanted = attributes(settings);
    let found = if let Some(dn) = subject.strip_prefix("dn:") {
        search(ldap, (dn, Scope::Base), "(objectClass=*)", wanted, 2).await?
    } else {
        let value = match subject.strip_prefix("hex:") {
            Some(digits) => digits.as_bytes().chunks(2).fold(String::new(), |mut text, pair| {
                text.push('\\');
                text.push_str(std::str::from_utf8(pair).unwrap_or_default());
                text
            }),
            None => ldap_escape(subject).into_owned(),
        };
        let filter = format!("({}={value})", settings.id_attribute);
        search(ldap, (&settings.base_dn, Scope::Subtree), &filter, wanted, 2).await?
    };
    found.into_iter().map(|entry| understood(settings, entry, "")).collect()
}

/// A conversation, kept apart: the library gives up on answers that make no sense.
pub(super) async fn apart<T: Send + 'static>(
    talk: impl Future<Output = Result<T, Trouble>> + Send + 'static,
) -> Result<T, Trouble> {
    let task = tokio::spawn(async move {
        let _turn = TURNS.acquire().await.map_err(unreachable)?;
        talk.await
    });
    let stop = task.abort_handle();
    match tokio::time::timeout(CONVERSATION, task).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err(Trouble::Unusable("its answer makes no sense".into())),
        Err(_) => {
            stop.abort();
            Err(Trouble::Unreachable("it does not answer".into()))
        }
    }
}

/// Sees that the directory is there and lets the service account in.
pub(super) async fn check(settings: &Settings, secret: &str) -> Result<(), Trouble> {
    let (settings, secret) = (settings.clone(), secret.to_owned());
    apart(async move {
        let mut ldap = connect(&settings).await?;
        bind_service(&mut ldap, &settings, &secret).await
    })
    .await
}

/// Looks up whom a login means; nobody where several are meant.
pub(super) async fn look_up(settings: &Settings, secret: &str, login: &str) -> Result<Option<Entry>, Trouble> {
    let (settings, secret, login) = (settings.clone(), secret.to_owned(), login.to_owned());
    let mut found = apart(async move {
        let mut ldap = connect(&settings).await?;
        bind_service(&mut ldap, &settings, &secret).await?;
        find(&mut ldap, &settings, &login).await
    })
    .await?;
    if found.len() > 1 {
        tracing::warn!("the directory knows several by one login: none of them gets in");
        return Ok(None);
    }
    Ok(found.pop())
}

/// Is it the password of this entry? Where there is none, the directory is asked all the same: it should take as long.
pub(super) async fn proves(settings: &Settings, entry: Option<&Entry>, password: &str) -> Result<bool, Trouble> {
    if !is_usable_password(password) {
        return Ok(false);
    }
    let dn = entry.map_or_else(|| format!("cn=guanxi-nobody,{}", settings.base_dn), |entry| entry.dn.clone());
    let (settings, password, somebody) = (settings.clone(), password.to_owned(), entry.is_some());
    apart(async move {
        let mut ldap = connect(&settings).await?;
        let believed = bind(&mut ldap, &dn, &password).await;
        if somebody { believed } else { Ok(false) }
    })
    .await
}

/// Is it the password of whom the directory knows by what stays?
pub(super) async fn proves_subject(
    settings: &Settings,
    secret: &str,
    subject: &str,
    password: &str,
) -> Result<bool, Trouble> {
    let (copy, secret, wanted) = (settings.clone(), secret.to_owned(), subject.to_owned());
    let found = apart(async move {
        let mut ldap = connect(&copy).await?;
        bind_service(&mut ldap, &copy, &secret).await?;
        find_subject(&mut ldap, &copy, &wanted).await
    })
    .await?;
    match &found[..] {
        [entry] if entry.subject == subject => proves(settings, Some(entry), password).await,
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asks_for_no_proof_is_never_shown() {
        for good in ["x", " x ", "密码", "a*)(uid=*"] {
            assert!(is_usable_password(good), "{good}");
        }
        for bad in ["", " ", "\u{3000}\t\n", "\0", "\0x", "x\0"] {
            assert!(!is_usable_password(bad), "{bad:?}");
        }
        assert!(!is_usable_password(&"x".repeat(1001)));
    }
}
