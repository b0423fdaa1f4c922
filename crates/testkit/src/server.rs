//! A server of several workspaces for a test, on a folder or a PostgreSQL database of its own.

use crate::{
    Client, Db, PROXY, TestClock,
    database::{connect, server},
};
use guanxi_engine::{Engine, Module, Via, Viewer, Workspaces};
use guanxi_server::{Hub, HubOptions};
use guanxi_store::location;
use serde_json::json;
use std::{path::PathBuf, sync::Arc};
use tempfile::TempDir;
use uuid::Uuid;

/// A server of workspaces; `home` is the one whose administrators look after the others.
pub struct TestServer {
    /// The server.
    pub hub: Hub,
    /// Where its workspaces are.
    pub workspaces: Workspaces,
    folder: TempDir,
    database: Option<String>,
}

/// The name of a test server's home.
pub const HOME: &str = "home";
/// Its domain: `north.crm.example` is the workspace `north`.
pub const DOMAIN: &str = "crm.example";

impl TestServer {
    /// Opens a server with a home and nothing else.
    ///
    /// # Panics
    /// When that fails: the test cannot go on.
    pub async fn open(db: Db, modules: fn() -> Vec<Module>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = match db {
            Db::Sqlite => None,
            Db::Postgres => Some(own_database().await),
        };
        let workspaces = Workspaces {
            data: folder.path().to_path_buf(),
            database: database.clone(),
            connections: 4,
            time_zone: "Asia/Shanghai".into(),
            currency: "CNY".into(),
            seal_key: None,
            modules,
            clock: Arc::new(TestClock::default()),
            demo: Arc::new(|engine| Box::pin(async move { demo(&engine).await })),
        };
        let hub = start(&workspaces).await;
        let server = Self { hub, workspaces, folder, database };
        server.engine(HOME).ensure_administrator(Some("first password")).await.expect("an administrator");
        server
    }

    /// Another server on the same workspaces, as another machine would be.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn second(&self) -> Hub {
        start(&self.workspaces).await
    }

    /// The engine of a workspace that is open.
    ///
    /// # Panics
    /// When it is not.
    pub fn engine(&self, name: &str) -> Engine {
        self.hub.engine(name).unwrap_or_else(|| panic!("{name} is open"))
    }

    /// Somebody who is not signed in.
    pub fn nobody(&self) -> Client {
        Client::new(self.hub.router())
    }

    /// The first administrator of a workspace, with a token.
    ///
    /// # Panics
    /// When there is none.
    pub async fn admin(&self, workspace: &str) -> Client {
        let engine = self.engine(workspace);
        let request = guanxi_engine::ListRequest {
            filter: Some(json!(["login", "=", "admin"])),
            ..guanxi_engine::ListRequest::default()
        };
        let found = engine.list(&Viewer::system("test"), "user", &request).await.expect("users");
        let id: Uuid = found.items[0]["id"].as_str().and_then(|id| id.parse().ok()).expect("an administrator");
        let himself = Viewer::user(id, "", "", Vec::new(), Vec::new(), Via::Page);
        let token = engine.add_token(&himself, "test", None, None).await.expect("a token");
        let secret = token["token"].as_str().expect("a secret");
        let viewer = engine.viewer_of_token(secret).await.expect("the token is good");
        let shown = if workspace == HOME { secret.to_owned() } else { format!("{workspace}.{secret}") };
        Client::new(self.hub.router()).with_token(&shown, viewer)
    }

    /// The folder with everything that is kept.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }
}

async fn start(workspaces: &Workspaces) -> Hub {
    let proxy = PROXY.parse().expect("a network");
    let options = HubOptions {
        workspaces: workspaces.clone(),
        home: HOME.into(),
        domain: Some(DOMAIN.into()),
        proxies: vec![proxy],
    };
    let hub = Hub::open(options).await.unwrap_or_else(|error| panic!("home does not open: {error}"));
    hub.look().await;
    hub
}

/// A demo of one user and one customer.
async fn demo(engine: &Engine) -> Result<(), guanxi_engine::Error> {
    engine.ensure_administrator(Some("demo password")).await?;
    let customer = json!({"name": "演示客户"});
    let viewer = Viewer::system("demo");
    engine.create(&viewer, "customer", customer.as_object().expect("an object"), true).await?;
    guanxi_store::platform::set_meta(engine.database(), "demo", "true").await?;
    Ok(())
}

/// A PostgreSQL database beside the one that the other tests share: a server looks at every workspace it finds.
async fn own_database() -> String {
    let shared = server();
    let name = format!("server_{}", Uuid::now_v7().simple());
    connect(&shared, None).await.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
    let (server, _) = shared.rsplit_once('/').expect("an address with a database");
    format!("{server}/{name}")
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let (hub, database) = (self.hub.clone(), self.database.clone());
        let closed = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async move {
                hub.stop();
                hub.close().await;
                if let Some(url) = database {
                    let name = url.rsplit('/').next().unwrap_or_default().to_owned();
                    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                    let _ = connect(&server(), None).await.batch_execute(&drop).await;
                }
            });
        });
        let _ = closed.join();
    }
}

/// Is there a schema of this name on the server's database? Never on SQLite.
pub async fn has_schema(workspaces: &Workspaces, schema: &str) -> bool {
    match &workspaces.database {
        Some(url) => location::has_schema(url, schema).await.expect("the database answers"),
        None => false,
    }
}
