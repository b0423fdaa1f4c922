//! An open workspace: its database, its catalogue, its rules.

use crate::{
    Card, Error, Result, Rules, organisation, roles,
    rules::{Follower, Module},
    seed, upgrade,
};
use guanxi_access::{Access, Roles, RowFilter, Sharing, Verb, Viewer};
use guanxi_model::{Catalogue, CoerceContext, ObjectDef, dates::CalendarRules, filter::FilterContext};
use guanxi_store::{
    Database, Location,
    changes::{self, Cursor},
    platform,
    query::Scopes,
    schema,
};
use jiff::{Timestamp, tz::TimeZone};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, RwLock},
};
use tokio::sync::{Mutex, broadcast, watch};
use uuid::Uuid;

/// Tells the time; handed in so that tests can.
pub trait Clock: Send + Sync {
    /// Now, in whole microseconds.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that looks at the machine's clock")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

/// How a workspace counts and writes.
#[derive(Debug, Clone)]
pub struct Settings {
    /// ISO 4217 code of amounts without their own currency.
    pub currency: String,
    /// The company's time zone.
    pub zone: TimeZone,
    /// Its weeks and fiscal year.
    pub rules: CalendarRules,
}

/// What is needed to open a workspace.
#[derive(Clone)]
pub struct Options {
    /// Where its data is.
    pub location: Location,
    /// Folder for files, imports and exports.
    pub folder: PathBuf,
    /// The workspace's name.
    pub name: String,
    /// The modules there are.
    pub modules: Vec<Module>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// IANA name of the time zone of a new workspace.
    pub time_zone: String,
    /// ISO 4217 code of the currency of a new workspace.
    pub currency: String,
    /// The key that seals the change log; a file in the folder when unset.
    pub seal_key: Option<String>,
}

/// A change as open pages hear of it. Who may hear it is decided per listener.
#[derive(Debug, Clone)]
pub enum Live {
    /// A record changed.
    Record {
        /// Which object.
        object: String,
        /// Which record.
        id: Uuid,
        /// `create`, `update`, `delete`, `restore`, `purge`.
        kind: &'static str,
        /// Its version now.
        version: i64,
        /// Who did it.
        actor: Option<Uuid>,
    },
    /// Definitions changed.
    Catalogue,
    /// There is news for somebody, or he has read some.
    News {
        /// Who.
        user: Uuid,
    },
}

/// Departments with all below them, themselves included.
pub(crate) type DepartmentTree = Arc<HashMap<Uuid, Vec<Uuid>>>;

/// An open workspace. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) seal_key: Option<String>,
    pub(crate) modules: Vec<Module>,
    pub(crate) roles: RwLock<Roles>,
    pub(crate) rules: Rules,
    pub(crate) followers: Vec<Arc<dyn Follower>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    /// What it is called and whether it is open, as it was last read.
    pub(crate) card: RwLock<Card>,
    pub(crate) catalogue: RwLock<Arc<Catalogue>>,
    pub(crate) catalogue_swap: Mutex<()>,
    /// What is shared beyond roles.
    pub(crate) sharing: RwLock<Sharing>,
    pub(crate) sharing_swap: Mutex<()>,
    /// Whether a rule opens much or little, and when that was looked at.
    pub(crate) density: RwLock<HashMap<Uuid, (bool, Timestamp)>>,
    /// Titles of shared records (users, stages …), which every list needs; emptied per object when one changes.
    pub(crate) titles: RwLock<HashMap<String, HashMap<Uuid, String>>>,
    /// Departments and all below them, for deciding in memory what the page may offer.
    pub(crate) departments: RwLock<Option<DepartmentTree>>,
    /// Signed-in viewers by the hash of their secret; emptied when users change.
    pub(crate) viewers: RwLock<HashMap<String, (Viewer, Timestamp)>>,
    /// The catalogue as viewers were told it.
    pub(crate) described: RwLock<crate::describe::Remembered>,
    /// The key of secrets that must be read again.
    pub(crate) secrets: crate::auth::SecretKey,
    /// Who was refused because of where he came from.
    pub(crate) refused: crate::auth::Refused,
    /// Claims that this process works on.
    pub(crate) claims: std::sync::Mutex<HashSet<Uuid>>,
    /// The end of the change log before anything was read from the database: what comes after may be unknown here.
    pub(crate) known: Cursor,
    /// How many records people read, until it is written down.
    pub(crate) reading: crate::data_safety::Reading,
    pub(crate) live: broadcast::Sender<Live>,
    pub(crate) stop: watch::Sender<bool>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({})", self.inner.name)
    }
}

impl Engine {
    /// Opens a workspace, making it if it is new: tables, seed records, settings.
    ///
    /// # Errors
    /// When the database cannot be reached or a definition is wrong.
    pub async fn open(options: Options) -> Result<Self> {
        let Options { location, folder, name, modules, clock, time_zone, currency, seal_key } = options;
        std::fs::create_dir_all(&folder).map_err(|error| {
            Error::bad(
                "bad_data_folder",
                format!("无法创建数据目录 {}：{error}", folder.display()),
                format!("cannot make the data folder {}: {error}", folder.display()),
            )
        })?;
        let database = Database::open(&location).await?;
        schema::prepare(&database).await?;
        let known = changes::head(&database).await?;
        let mut all = vec![organisation::module()];
        all.extend(modules);
        let custom = schema::custom_fields(&database).await?;
        let catalogue = crate::catalogue::load(&all, &custom)?;
        schema::sync(&database, &catalogue).await?;
        let settings = settings(&database, &time_zone, &currency).await?;
        let card = Card::begin(&database, clock.now()).await?;
        let roles = roles::load(&database, &catalogue).await?;
        let inner = Inner {
            database,
            name,
            folder,
            seal_key,
            rules: Rules::gather(&all),
            followers: all.iter().flat_map(|module| module.followers.clone()).collect(),
            modules: all,
            roles: RwLock::new(roles),
            clock,
            settings,
            card: RwLock::new(card),
            catalogue: RwLock::new(Arc::new(catalogue)),
            catalogue_swap: Mutex::new(()),
            sharing: RwLock::default(),
            sharing_swap: Mutex::new(()),
            density: RwLock::default(),
            titles: RwLock::default(),
            departments: RwLock::default(),
            viewers: RwLock::default(),
            described: RwLock::default(),
            refused: crate::auth::Refused::default(),
            secrets: crate::auth::SecretKey::default(),
            known,
            reading: crate::data_safety::Reading::default(),
            live: broadcast::Sender::new(4096),
            claims: std::sync::Mutex::default(),
            stop: watch::Sender::new(false),
        };
        let engine = Self { inner: Arc::new(inner) };
        roles::plant(&engine).await?;
        engine.reload_catalogue().await?;
        engine.reload_sharing().await?;
        upgrade::texts_to_records(&engine).await?;
        seed::plant(&engine).await?;
        engine.begin_followers().await?;
        Ok(engine)
    }

    /// The catalogue as it is now.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.inner.catalogue.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// An object by name.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn object(&self, name: &str) -> Result<Arc<ObjectDef>> {
        self.catalogue().object(name).cloned().ok_or(Error::NotFound)
    }

    /// The roles there are.
    pub fn roles(&self) -> Roles {
        self.inner.roles.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// The workspace's settings.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The workspace's name.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The folder for files.
    pub fn folder(&self) -> &std::path::Path {
        &self.inner.folder
    }

    /// The workspace's database: for the platform's own tables, never for records.
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Hears what changes, for open pages.
    pub fn listen(&self) -> broadcast::Receiver<Live> {
        self.inner.live.subscribe()
    }

    /// Stops background work and waits for accepted writes.
    pub async fn close(&self) {
        self.inner.stop.send_replace(true);
        self.inner.database.close().await;
    }

    pub(crate) fn coercion(&self) -> CoerceContext {
        CoerceContext { zone: self.inner.settings.zone.clone() }
    }

    pub(crate) fn filter_context(&self, viewer: &Viewer) -> FilterContext {
        FilterContext {
            now: self.now(),
            zone: self.inner.settings.zone.clone(),
            rules: self.inner.settings.rules.clone(),
            me: viewer.id,
            my_department: viewer.department(),
        }
    }

    pub(crate) fn access<'a>(&'a self, catalogue: &'a Catalogue) -> Access<'a> {
        Access { catalogue, roles: self.roles(), sharing: self.sharing(), now: self.now() }
    }

    /// Which rows of an object the viewer may read.
    pub(crate) fn readable(&self, catalogue: &Catalogue, viewer: &Viewer, object: &ObjectDef) -> RowFilter {
        self.access(catalogue).rows(viewer, object, Verb::Read)
    }

    /// What a statement made for the viewer reads: the rows that he may, without what is hidden from him in some of them.
    pub(crate) fn sight<'a>(&'a self, catalogue: &'a Catalogue, viewer: &'a Viewer) -> impl Scopes + 'a {
        (
            move |object: &ObjectDef| self.readable(catalogue, viewer, object),
            move |object: &ObjectDef| self.access(catalogue).veils(viewer, object),
        )
    }

    /// Forgets what was remembered about an object's records; roles are read anew.
    pub(crate) async fn forget(&self, object: &str) {
        self.inner.titles.write().unwrap_or_else(std::sync::PoisonError::into_inner).remove(object);
        if object == "department" {
            *self.inner.departments.write().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        }
        if matches!(object, "user" | "department") {
            self.inner.viewers.write().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
        }
        if object == "role"
            && let Err(error) = self.reload_catalogue().await
        {
            tracing::error!(%error, "changed roles cannot be read; the former ones hold");
        }
        let shares = self.catalogue().object(object).is_some_and(|object| object.sharing.is_some());
        if (shares || object == "department")
            && let Err(error) = self.reload_sharing().await
        {
            tracing::error!(%error, "changed sharing cannot be read; the former holds");
        }
    }
}

async fn settings(database: &Database, time_zone: &str, currency: &str) -> Result<Settings> {
    let defaults = [("currency", currency), ("time_zone", time_zone), ("fiscal_year_start", "1"), ("week_start", "1")];
    let keys: Vec<&str> = defaults.iter().map(|(key, _)| *key).collect();
    let mut values = platform::metas(database, &keys).await?;
    let missing: Vec<_> = defaults.iter().filter(|(key, _)| !values.contains_key(*key)).collect();
    if !missing.is_empty() {
        let new = missing.into_iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        platform::begin_metas(database, new).await?;
        values = platform::metas(database, &keys).await?;
    }
    let value = |key: &str| values.get(key).cloned().unwrap_or_default();
    let zone = TimeZone::get(&value("time_zone")).map_err(|error| {
        Error::bad("bad_time_zone", format!("时区无效：{error}"), format!("not a time zone: {error}"))
    })?;
    Ok(Settings {
        currency: value("currency"),
        zone,
        rules: CalendarRules {
            fiscal_year_start: value("fiscal_year_start").parse().unwrap_or(1),
            week_start: value("week_start").parse().unwrap_or(1),
        },
    })
}
