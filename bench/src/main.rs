//! `make bench`: a million customers, and every promise of speed beside the floor it stands on.
//!
//! The load comes from this process, the work is done by the released `guanxi` binary in another. Both share the machine.

mod client;
mod company;
mod crash;
mod floors;
mod measures;
mod organisation;
mod process;
mod report;
mod team;
mod trade;

use anyhow::{Context, Result};
use std::{env, path::PathBuf};

/// What is measured and where its data lies.
pub(crate) struct Setting {
    /// `sqlite` or `postgres`.
    pub name: &'static str,
    /// `postgres://…`
    pub database: Option<String>,
    /// Everything that is kept between runs.
    pub folder: PathBuf,
    /// The program under test.
    pub program: PathBuf,
    /// Customers.
    pub rows: usize,
    /// How long each load lasts.
    pub seconds: u64,
}

impl Setting {
    /// The workspace that is kept.
    pub fn workspace(&self) -> String {
        format!("bench{}", self.rows)
    }

    fn read() -> Result<Self> {
        let number =
            |name: &str, default: usize| env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
        let postgres = env::var("BENCH_DB").is_ok_and(|name| name == "postgres");
        let database = if postgres {
            let url = env::var("GUANXI_TEST_POSTGRES").context("BENCH_DB=postgres: run it through make bench")?;
            Some(url)
        } else {
            None
        };
        let folder = PathBuf::from(env::var("BENCH_FOLDER").unwrap_or_else(|_| "bench/data".into()));
        let program = PathBuf::from(env::var("BENCH_PROGRAM").unwrap_or_else(|_| "target/release/guanxi".into()));
        let rows = number("BENCH_ROWS", 1_000_000);
        let name = if postgres { "postgres" } else { "sqlite" };
        Ok(Self {
            name,
            database,
            folder: folder.join(format!("{name}-{rows}")),
            program,
            rows,
            seconds: number("BENCH_SECONDS", 5) as u64,
        })
    }
}

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    // One thread: a generator of load that takes no more than half of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match arguments.next().as_deref() {
        Some("empty") => runtime.block_on(floors::serve_nothing(&arguments.next().context("an address")?)),
        Some("crash") => {
            let kills = arguments.next().map_or(Ok(200), |text| text.parse())?;
            runtime.block_on(async { crash::run(&Setting::read()?, kills).await })
        }
        Some(only) => runtime.block_on(run(Some(only))),
        None => runtime.block_on(run(None)),
    }
}

async fn run(only: Option<&str>) -> Result<()> {
    let setting = Setting::read()?;
    let mut report = report::Report::new(&setting);
    company::build(&setting)?;
    team::build(&setting).await?;
    {
        // Followers that are new to the workspace have a million changes to look through; what is measured is a server that has
        // done so.
        let server = process::Server::start(&setting, &company::data(&setting), &setting.workspace()).await?;
        server.quiet().await;
    }
    measures::all(&setting, &mut report, only).await?;
    println!("{}", report.table());
    if only.is_none() {
        report.keep()?;
    }
    Ok(())
}
