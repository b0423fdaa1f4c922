//! A whole application for a test: engine, routes, clock, users.

use crate::{Client, Db, TestClock, TestDatabase};
use axum::Router;
use guanxi_engine::{Engine, ListRequest, Module, Options, Rights, Via, Viewer, auth::NewUser};
use guanxi_model::{Kind, Value, field::FieldAccess};
use guanxi_store::Dialect;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// An application on a database of its own.
pub struct TestApp {
    /// The engine.
    pub engine: Engine,
    /// All routes, without a socket.
    pub router: Router,
    /// Its clock.
    pub clock: TestClock,
    /// Its database; goes away with the application.
    pub database: TestDatabase,
    modules: Vec<Module>,
}

impl TestApp {
    /// Opens a new workspace with these modules.
    ///
    /// # Panics
    /// When that fails: the test cannot go on.
    pub async fn open(db: Db, modules: Vec<Module>) -> Self {
        Self::with_connections(db, modules, 6).await
    }

    /// Opens a new workspace with room for so many PostgreSQL connections.
    ///
    /// # Panics
    /// When that fails: the test cannot go on.
    pub async fn with_connections(db: Db, modules: Vec<Module>, connections: usize) -> Self {
        let database = TestDatabase::new(db, connections);
        let clock = TestClock::default();
        let engine = start(&database, &modules, &clock).await;
        let router = routes(&engine);
        let app = Self { engine, router, clock, database, modules };
        if app.engine.object("specimen").is_ok() {
            // What members may not even know, managers may read.
            app.change_role("manager", |rights| {
                let mut grant = rights.owned.clone();
                grant.fields.insert("secret".into(), FieldAccess::Read);
                rights.objects.insert("specimen".into(), grant);
            })
            .await;
        }
        app
    }

    /// Changes what a role may do.
    ///
    /// # Panics
    /// When there is no such role, or it cannot be changed so.
    pub async fn change_role(&self, code: &str, edit: impl FnOnce(&mut Rights)) {
        let system = Viewer::system("test");
        let role = self.engine.roles().all().iter().find(|role| role.code == code).expect("the role is there").clone();
        let mut rights = role.rights;
        edit(&mut rights);
        let request = ListRequest { filter: Some(json!(["code", "=", code])), ..ListRequest::default() };
        let found = self.engine.list(&system, "role", &request).await.expect("roles are listed");
        let id = found.items[0]["id"].as_str().and_then(|id| id.parse().ok()).expect("it has an id");
        let text = serde_json::to_string(&rights).expect("rights are JSON");
        let change = json!({"rights": text});
        let change = change.as_object().expect("an object");
        self.engine.update(&system, "role", id, change, None, true).await.expect("the role is changed");
    }

    /// Another engine on the same database, as another process would have it.
    ///
    /// # Panics
    /// When that fails: the test cannot go on.
    pub async fn second_engine(&self) -> Engine {
        start(&self.database, &self.modules, &self.clock).await
    }

    /// Stops the engine and opens the workspace anew.
    ///
    /// # Panics
    /// When that fails: the test cannot go on.
    pub async fn reopen(&mut self) {
        self.engine.close().await;
        self.engine = start(&self.database, &self.modules, &self.clock).await;
        self.router = routes(&self.engine);
    }

    /// Runs all followers until nothing is left to do.
    ///
    /// # Panics
    /// When one fails.
    pub async fn settle(&self) {
        settle(&self.engine).await.expect("followers settle");
    }

    /// An administrator, signed in with a token.
    pub async fn admin(&self) -> Client {
        self.user("admin", "administrator", "").await
    }

    /// A new user with one role in a department such as `销售部/华东` (made if missing; empty: none), signed in with a
    /// token.
    ///
    /// # Panics
    /// When he cannot be added.
    pub async fn user(&self, login: &str, role: &str, department: &str) -> Client {
        let user = NewUser {
            login: login.to_owned(),
            name: login.to_owned(),
            roles: vec![role.to_owned()],
            department_path: (!department.is_empty()).then(|| department.to_owned()),
            // No password: hashing is slow, and tokens need none.
            password: None,
            ..NewUser::default()
        };
        let id = self.engine.add_user(&Viewer::system("test"), user).await.expect("the user is added");
        self.client_of(id).await
    }

    /// The same for a user that there is already.
    ///
    /// # Panics
    /// When he cannot get a token.
    pub async fn client_of(&self, user: Uuid) -> Client {
        let himself = Viewer::user(user, "", "", Vec::new(), Vec::new(), Via::Page);
        let token = self.engine.add_token(&himself, "test", None, None).await.expect("a token is made");
        let secret = token["token"].as_str().expect("the answer has the secret").to_owned();
        let viewer = self.engine.viewer_of_token(&secret).await.expect("the token is good");
        Client::new(self.router.clone()).with_token(&secret, viewer)
    }

    /// Somebody who is not signed in.
    pub fn nobody(&self) -> Client {
        Client::new(self.router.clone())
    }
}

/// The network of the proxy that is trusted in tests.
pub const PROXY: &str = "192.0.2.0/24";

/// Runs all followers until nothing is left to do.
pub(crate) async fn settle(engine: &Engine) -> guanxi_engine::Result<()> {
    for _ in 0..2_000 {
        // What a follower wrote may itself be held back, and be for another or for himself.
        let readable = everything_is_readable(engine).await;
        let moved = engine.settle().await?;
        if readable && !moved {
            return Ok(());
        }
        if !readable {
            // On PostgreSQL the transactions of other tests, too, hold a change back until they end.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    panic!("a transaction stays open: followers cannot settle");
}

async fn everything_is_readable(engine: &Engine) -> bool {
    let database = engine.database();
    if database.dialect() == Dialect::Sqlite {
        return true;
    }
    let mut sql = database.sql();
    sql.push("SELECT COUNT(*) FROM _changes WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        .returning([Kind::Int]);
    database.read(sql).await.expect("the log is readable")[0][0] == Value::Int(0)
}

fn routes(engine: &Engine) -> Router {
    let proxy = PROXY.parse().expect("a network");
    guanxi_server::router(guanxi_server::App::new(engine.clone()).behind(vec![proxy]))
}

async fn start(database: &TestDatabase, modules: &[Module], clock: &TestClock) -> Engine {
    let options = Options {
        location: database.location(),
        folder: database.folder(),
        name: "test".into(),
        modules: modules.to_vec(),
        clock: Arc::new(clock.clone()),
        time_zone: "Asia/Shanghai".into(),
        currency: "CNY".into(),
        seal_key: None,
    };
    Engine::open(options).await.unwrap_or_else(|error| panic!("the workspace does not open: {error}"))
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Background work ends before the database goes away under it.
        let engine = self.engine.clone();
        let closed = std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(engine.close());
            }
        });
        let _ = closed.join();
    }
}
