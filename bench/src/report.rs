//! The table that is printed and kept.

use crate::Setting;
use anyhow::Result;
use guanxi_engine::{Clock, SystemClock};
use std::{fmt::Write, fs, path::Path, process::Command};

struct Line {
    what: String,
    measured: String,
    floor: String,
    budget: String,
    holds: Option<bool>,
}

/// All lines of a run.
pub(crate) struct Report {
    name: &'static str,
    head: String,
    lines: Vec<Line>,
}

impl Report {
    pub fn new(setting: &Setting) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let model = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = model.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("unknown processor");
        let commit = Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
        let commit =
            commit.map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        let day = SystemClock.now().strftime("%Y-%m-%d").to_string();
        Self {
            name: setting.name,
            head: format!(
                "{} customers, {cores} cores ({model}) shared with the load generator, {day}, at {commit}",
                setting.rows
            ),
            lines: Vec::new(),
        }
    }

    /// Adds a line; `holds` says whether the budget is met, where there is one.
    pub fn add(&mut self, what: &str, measured: String, floor: String, budget: &str, holds: Option<bool>) {
        eprintln!("{what}: {measured} (floor {floor})");
        self.lines.push(Line { what: what.to_owned(), measured, floor, budget: budget.to_owned(), holds });
    }

    /// The table, in Markdown.
    pub fn table(&self) -> String {
        let mut out = format!(
            "# {}\n\n{}\n\n| what | measured | floor | budget | |\n|---|---|---|---|---|\n",
            self.name, self.head
        );
        for line in &self.lines {
            let holds = line.holds.map_or("", |holds| if holds { "holds" } else { "MISSES" });
            let _ = writeln!(out, "| {} | {} | {} | {} | {holds} |", line.what, line.measured, line.floor, line.budget);
        }
        out
    }

    /// Keeps the table in `bench/results`.
    pub fn keep(&self) -> Result<()> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{}.md", self.name)), self.table())?;
        Ok(())
    }
}
