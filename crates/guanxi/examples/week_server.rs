//! A new workspace on a free port of this machine, whose clock stands still until somebody passes the time through the test kit's
//! door. `scripts/play-week` plays a week against it. It is not part of the product, and goes away with everything that was in it.

#[path = "../src/modules.rs"]
mod modules;

use guanxi_testkit::{Db, TestApp};

/// The administrator's password.
const PASSWORD: &str = "week-of-twelve";

#[tokio::main]
async fn main() {
    // With an address of a PostgreSQL server (scripts/with-postgres gives one) the workspace is there, in a schema of its own.
    let db = if std::env::var_os("GUANXI_TEST_POSTGRES").is_some() { Db::Postgres } else { Db::Sqlite };
    let app = TestApp::open(db, modules::all()).await;
    // A Sunday evening in Shanghai: the week begins on the next morning.
    app.clock.set("2026-11-22T10:00:00Z".parse().expect("a moment"));
    app.engine.ensure_administrator(Some(PASSWORD)).await.expect("an administrator");
    let address = app.serve_with_door().await;
    println!("http://{address} admin {PASSWORD}");
    // Whoever started it closes its input, or goes away.
    let _ = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await;
}
