//! The workspaces of a server: each a folder, and in it a SQLite file or beside it a schema of PostgreSQL. Which there are
//! is seen from what lies there, not from a list that could say something else.
//!
//! A new one is built aside and put into its place when it is whole; one that is made anew takes the former one's place in
//! the same way. Whatever is killed in between, under the name there is the former one or the new one.

mod card;

pub use card::{Card, CardChange};

use crate::{Clock, Engine, Error, Module, Options, Result};
use futures::future::BoxFuture;
use guanxi_store::{Location, location};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use uuid::Uuid;

/// The workspace that there is always.
pub const DEFAULT: &str = "default";
/// `default` is a word of SQL; all schemas of the platform's own begin so, and no workspace's name does.
const RESERVED: &str = "guanxi_";
/// Names that some systems do not give to files.
const DEVICES: [&str; 4] = ["con", "nul", "aux", "prn"];
/// Longest title.
const TITLE: usize = 60;
/// What is built aside and was left for so long was left for ever.
const ABANDONED: std::time::Duration = std::time::Duration::from_hours(24);

/// Fills a new workspace.
pub type Fill = Arc<dyn Fn(Engine) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// What a new workspace begins with.
#[derive(Debug, Clone, Default)]
pub struct Beginning {
    /// What it is called, and whether it is offered.
    pub card: CardChange,
    /// With the demo company in it.
    pub demo: bool,
    /// The first administrator's password; a link to set one when unset.
    pub password: Option<String>,
}

/// Where a server's workspaces are, and with what they are opened.
#[derive(Clone)]
pub struct Workspaces {
    /// Folder with everything that is kept.
    pub data: PathBuf,
    /// `postgres://…`; SQLite files when unset.
    pub database: Option<String>,
    /// Most connections to PostgreSQL for each workspace.
    pub connections: usize,
    /// IANA name of the time zone of new ones.
    pub time_zone: String,
    /// ISO 4217 code of the currency of new ones.
    pub currency: String,
    /// The key that seals their logs; a file in each one's folder when unset.
    pub seal_key: Option<String>,
    /// The modules there are.
    pub modules: fn() -> Vec<Module>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Fills a new workspace with the demo company.
    pub demo: Fill,
}

/// A workspace that is being built aside.
#[derive(Debug, Clone)]
pub struct Building {
    /// What it will be called.
    pub name: String,
    id: String,
}

impl Building {
    fn schema(&self) -> String {
        format!("{RESERVED}new_{}", self.id)
    }

    fn former_schema(&self) -> String {
        format!("{RESERVED}old_{}", self.id)
    }

    fn folder(&self) -> String {
        format!(".new-{}-{}", self.name, self.id)
    }

    fn former_folder(&self) -> String {
        format!(".old-{}-{}", self.name, self.id)
    }

    /// Reads the name of a folder that was left.
    fn left(folder: &str, prefix: &str) -> Option<Self> {
        let (name, id) = folder.strip_prefix(prefix)?.rsplit_once('-')?;
        Some(Self { name: name.to_owned(), id: id.to_owned() })
    }
}

/// Is this a name for a workspace?
///
/// # Errors
/// 422 when it is not.
pub fn check_name(name: &str) -> Result<()> {
    let good = (2..=40).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let port = name.len() == 4
        && (name.starts_with("com") || name.starts_with("lpt"))
        && name.ends_with(|c: char| c.is_ascii_digit());
    let taken = name.starts_with("pg_")
        || name.starts_with(RESERVED)
        || matches!(name, "public" | "information_schema")
        || DEVICES.contains(&name)
        || port;
    if good && !taken {
        return Ok(());
    }
    let (zh, en) = if good {
        (format!("“{name}”是保留名称"), format!("“{name}” is a reserved name"))
    } else {
        (
            "用小写字母、数字和下划线，以字母开头，2 到 40 位".to_owned(),
            "a-z, 0-9 and _, a letter first, 2 to 40 characters".to_owned(),
        )
    };
    Err(Error::invalid("name", "bad_workspace_name", zh, en))
}

/// A title without what surrounds it.
///
/// # Errors
/// 422 when it is none.
pub fn check_title(title: &str) -> Result<String> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > TITLE || title.chars().any(char::is_control) {
        return Err(Error::invalid(
            "title",
            "bad_title",
            format!("请填写名称，最多 {TITLE} 个字"),
            format!("give it a name of at most {TITLE} characters"),
        ));
    }
    Ok(title.to_owned())
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::bad(
        "bad_data_folder",
        format!("无法读写 {}：{error}", path.display()),
        format!("cannot read or write {}: {error}", path.display()),
    )
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|error| failed(from, &error))
}

impl Workspaces {
    fn root(&self) -> PathBuf {
        self.data.join("workspaces")
    }

    fn path(&self, folder: &str) -> PathBuf {
        self.root().join(folder)
    }

    fn place(&self, folder: PathBuf, schema: &str) -> Location {
        match &self.database {
            None => Location::File(folder.join("guanxi.db")),
            Some(url) => {
                Location::Schema { url: url.clone(), schema: schema.to_owned(), connections: self.connections }
            }
        }
    }

    fn schema(name: &str) -> String {
        if name == DEFAULT { format!("{RESERVED}{DEFAULT}") } else { name.to_owned() }
    }

    /// Where a workspace is.
    pub fn location(&self, name: &str) -> Location {
        self.place(self.path(name), &Self::schema(name))
    }

    async fn open_at(&self, name: &str, folder: PathBuf, location: Location) -> Result<Engine> {
        Engine::open(Options {
            location,
            folder,
            name: name.to_owned(),
            modules: (self.modules)(),
            clock: self.clock.clone(),
            time_zone: self.time_zone.clone(),
            currency: self.currency.clone(),
            seal_key: self.seal_key.clone(),
        })
        .await
    }

    /// Opens a workspace, making it if it is not there.
    ///
    /// # Errors
    /// 422 for a name that is none, and whatever keeps it from being opened.
    pub async fn open(&self, name: &str) -> Result<Engine> {
        check_name(name)?;
        let lock = self.lock().await?;
        self.mend().await?;
        drop(lock);
        self.open_at(name, self.path(name), self.location(name)).await
    }

    /// The names of all that there are.
    ///
    /// # Errors
    /// When the folder or the database cannot be read.
    pub async fn names(&self) -> Result<BTreeSet<String>> {
        if let Some(url) = &self.database {
            let default = Self::schema(DEFAULT);
            let schemas = location::schemas(url).await?;
            let names = schemas.into_iter().map(|name| if name == default { DEFAULT.to_owned() } else { name });
            return Ok(names.filter(|name| check_name(name).is_ok()).collect());
        }
        let there = |name: &String| check_name(name).is_ok() && self.path(name).join("guanxi.db").is_file();
        Ok(self.folders()?.into_iter().filter(there).collect())
    }

    fn folders(&self) -> Result<Vec<String>> {
        let root = self.root();
        let entries = match fs::read_dir(&root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&root, &error)),
        };
        Ok(entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
    }

    /// Is the name taken, by a workspace or, in PostgreSQL, by anything else?
    ///
    /// # Errors
    /// When the folder or the database cannot be read.
    pub async fn is_taken(&self, name: &str) -> Result<bool> {
        Ok(self.path(name).exists()
            || match &self.database {
                Some(url) => location::has_schema(url, &Self::schema(name)).await?,
                None => false,
            })
    }

    /// Makes a workspace aside, whole but for its place: nobody finds it before [`Workspaces::finish`]. Answers the token of
    /// the link for its first administrator, where he gets one.
    ///
    /// # Errors
    /// 422 for a name that is none, and whatever keeps it from being made; nothing of it is left then.
    pub async fn build(&self, name: &str, beginning: &Beginning) -> Result<(Building, Option<String>)> {
        let (building, engine) = self.begin(name).await?;
        let furnished = self.furnish(&engine, beginning).await;
        engine.close().await;
        match furnished {
            Ok(token) => Ok((building, token)),
            Err(error) => {
                self.discard(&building).await;
                Err(error)
            }
        }
    }

    async fn furnish(&self, engine: &Engine, beginning: &Beginning) -> Result<Option<String>> {
        let token = if beginning.demo {
            (self.demo)(engine.clone()).await?;
            None
        } else {
            engine.ensure_administrator(beginning.password.as_deref()).await?
        };
        engine.change_card(&beginning.card).await?;
        Ok(token)
    }

    async fn begin(&self, name: &str) -> Result<(Building, Engine)> {
        check_name(name)?;
        let id = Uuid::now_v7().simple().to_string();
        let building = Building { name: name.to_owned(), id };
        let folder = self.path(&building.folder());
        let location = self.place(folder.clone(), &building.schema());
        match self.open_at(name, folder, location).await {
            Ok(engine) => Ok((building, engine)),
            Err(error) => {
                self.discard(&building).await;
                Err(error)
            }
        }
    }

    /// Puts what was built into its place. What is there already has been closed, and goes, if it is to be replaced.
    ///
    /// # Errors
    /// 409 when the name is taken and not to be replaced; nothing has changed then.
    pub async fn finish(&self, building: &Building, replace: bool) -> Result<()> {
        let _lock = self.lock().await?;
        let name = &building.name;
        if !replace && self.is_taken(name).await? {
            return Err(Error::conflict("workspace_exists", "已有同名帐套", "there is a workspace of this name"));
        }
        let (live, new, former) =
            (self.path(name), self.path(&building.folder()), self.path(&building.former_folder()));
        if !new.exists() {
            return Err(Error::conflict("workspace_gone", "新帐套已不在", "the new workspace is not there any more"));
        }
        let replace = replace && live.exists();
        if replace {
            rename(&live, &former)?;
        }
        if let Some(url) = &self.database {
            let schema = Self::schema(name);
            let there = location::has_schema(url, &schema).await?;
            let aside = there.then(|| building.former_schema());
            let renamed = location::rename_schema(url, &building.schema(), &schema, aside.as_deref()).await;
            if let Err(error) = renamed {
                if replace {
                    rename(&former, &live)?;
                }
                return Err(error.into());
            }
        }
        rename(&new, &live)?;
        self.mend().await
    }

    /// Takes away what was built aside and is not wanted.
    pub async fn discard(&self, building: &Building) {
        let folder = self.path(&building.folder());
        let location = self.place(folder.clone(), &building.schema());
        if let Err(error) = location.remove().await {
            tracing::warn!(%error, "what was built aside cannot be removed");
        }
        let _ = fs::remove_dir_all(folder);
    }

    /// One process at a time changes places.
    async fn lock(&self) -> Result<fs::File> {
        let root = self.root();
        let locked = tokio::task::spawn_blocking(move || {
            fs::create_dir_all(&root)?;
            let file = fs::File::options().create(true).truncate(false).write(true).open(root.join(".lock"))?;
            file.lock().map(|()| file)
        });
        match locked.await {
            Ok(Ok(file)) => Ok(file),
            Ok(Err(error)) => Err(failed(&self.root(), &error)),
            Err(error) => Err(failed(&self.root(), &std::io::Error::other(error))),
        }
    }

    /// Ends what was killed in [`Workspaces::finish`], and removes what is left of it.
    async fn mend(&self) -> Result<()> {
        for folder in self.folders()? {
            if let Some(building) = Building::left(&folder, ".old-") {
                self.mend_former(&building).await?;
            } else if let Some(building) = Building::left(&folder, ".new-") {
                self.mend_new(&building).await?;
            }
        }
        Ok(())
    }

    /// Was the schema of what was built renamed already? Without PostgreSQL there is only the folder.
    async fn has_moved(&self, building: &Building) -> Result<bool> {
        match &self.database {
            None => Ok(true),
            Some(url) => Ok(!location::has_schema(url, &building.schema()).await?
                && location::has_schema(url, &Self::schema(&building.name)).await?),
        }
    }

    async fn mend_former(&self, building: &Building) -> Result<()> {
        let (live, new, former) =
            (self.path(&building.name), self.path(&building.folder()), self.path(&building.former_folder()));
        if !live.exists() {
            // Killed between the two names: forward if the new one is whole under its own, back otherwise.
            if new.exists() && self.has_moved(building).await? {
                rename(&new, &live)?;
            } else {
                return rename(&former, &live);
            }
        }
        let gone = self.place(former.clone(), &building.former_schema());
        if let Err(error) = gone.remove().await {
            // Somebody still reads in it; the next start tries again.
            tracing::warn!(%error, "a former workspace cannot be removed yet");
            return Ok(());
        }
        let _ = fs::remove_dir_all(former);
        Ok(())
    }

    async fn mend_new(&self, building: &Building) -> Result<()> {
        let (live, new) = (self.path(&building.name), self.path(&building.folder()));
        let former = self.path(&building.former_folder());
        if former.exists() || !new.exists() {
            return Ok(());
        }
        if self.database.is_some() && !live.exists() && self.has_moved(building).await? {
            return rename(&new, &live);
        }
        let age = fs::metadata(&new).and_then(|data| data.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > ABANDONED) {
            self.discard(building).await;
        }
        Ok(())
    }
}
