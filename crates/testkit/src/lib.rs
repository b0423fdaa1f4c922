//! What tests need: both databases, a clock that is set by hand, and an application that is spoken to in the user's
//! language.
//!
//! ```ignore
//! both_databases! {
//!     async fn a_member_sees_his_own(db) {
//!         let app = TestApp::open(db, vec![specimen::module()]).await;
//!         let (zhang, li) = (app.user("zhang", "member", "销售部/华东").await, app.user("li", "member", "销售部/华东").await);
//!         let mine = zhang.create("specimen", json!({"name": "甲"})).await;
//!         assert_eq!(li.get(&mine.path()).await.status, 404);
//!     }
//! }
//! ```
//!
//! This crate names no module: tests hand in the modules they want. [`specimen`] is one for tests of the platform.

mod app;
mod client;
mod clock;
mod database;
mod door;
mod phone;
mod server;
pub mod specimen;

pub use app::{PROXY, TestApp};
pub use client::{Client, Made, Outgoing, Response, encoded};
pub use clock::TestClock;
pub use database::{Db, TestDatabase};
pub use door::CLOCK;
pub use phone::code_at;
pub use server::{DOMAIN, HOME, TestServer, has_schema};

/// Makes two tests of each function, one per database. The function takes the [`Db`].
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident) $body:block)+) => {
        $(
            mod $name {
                #[expect(unused_imports, reason = "not every test needs what stands around it")]
                use super::*;

                $(#[$meta])*
                async fn the_test($db: $crate::Db) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    the_test($crate::Db::Sqlite).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    the_test($crate::Db::Postgres).await;
                }
            }
        )+
    };
}
