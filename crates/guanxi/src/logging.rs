//! Logs go to standard error: for people on a terminal, as JSON with `GUANXI_LOG_FORMAT=json`. `GUANXI_LOG` says how much
//! (`info`, `debug`, `guanxi_engine=debug` …).

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Begins to log: a server tells what it does, other commands only what goes wrong.
pub(crate) fn start(serving: bool) {
    let usual = if serving { "info" } else { "warn" };
    let filter = EnvFilter::try_from_env("GUANXI_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    // What is bound to statements is the customers' business, however closely one looks; and that a table is there already is no news.
    let filter = match "tokio_postgres=warn".parse() {
        Ok(quiet) => filter.add_directive(quiet),
        Err(_) => filter,
    };
    let format = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::env::var("GUANXI_LOG_FORMAT").is_ok_and(|format| format == "json") {
        format.json().init();
    } else {
        format.with_ansi(std::io::stderr().is_terminal()).with_target(false).init();
    }
}
