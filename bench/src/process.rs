//! The server under test: started, watched and stopped.

use crate::{Setting, client::Client, company};
use anyhow::{Context, Result, bail};
use std::{
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A process that answers HTTP.
pub(crate) struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub ready: Duration,
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Server {
    /// Starts `guanxi serve`.
    pub async fn start(setting: &Setting, data: &std::path::Path, workspace: &str) -> Result<Self> {
        let address = free_address()?;
        let mut command = company::program(setting, data, &["serve", "--listen", &address.to_string()]);
        command.args(company::place(setting, workspace));
        Self::spawn(command, address).await
    }

    /// Starts a server that does nothing.
    pub async fn start_empty() -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["empty", &address.to_string()]);
        Self::spawn(command, address).await
    }

    async fn spawn(mut command: Command, address: SocketAddr) -> Result<Self> {
        let begun = Instant::now();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("the server")?;
        let mut server = Self { child, address, ready: Duration::ZERO };
        loop {
            if let Ok(mut client) = Client::connect(address).await
                && client.get("/healthz", "").await.is_ok_and(|(status, _)| status == 200)
            {
                server.ready = begun.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended at once: {status}");
            }
            if begun.elapsed() > Duration::from_secs(60) {
                bail!("the server does not answer");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Waits until it has nothing to do: two seconds in which it used next to no processor time.
    pub async fn quiet(&self) {
        let mut before = ticks(self.child.id());
        for _ in 0..300 {
            tokio::time::sleep(Duration::from_secs(2)).await;
            let now = ticks(self.child.id());
            if now.saturating_sub(before) <= 10 {
                return;
            }
            before = now;
        }
    }

    /// Ends it as a loss of power would.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Memory in MiB: all that is resident, and what is the process's own (without mapped files).
    pub fn memory(&self) -> (f64, f64) {
        let id = self.child.id();
        let mib = |kib: Option<u64>| kib.unwrap_or_default() as f64 / 1024.0;
        (mib(status_kib(id, "VmRSS:")), mib(anonymous_kib(id)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // The system's polite request, so that it closes its database.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Processor time used so far, in hundredths of a second.
fn ticks(id: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // After the name in brackets: state is field 3, user and system time are fields 14 and 15.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields.iter().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}

fn status_kib(id: u32, key: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    text.lines().find_map(|line| line.strip_prefix(key))?.split_whitespace().next()?.parse().ok()
}

/// The process's own memory.
pub(crate) fn anonymous_kib(id: u32) -> Option<u64> {
    status_kib(id, "RssAnon:")
}
