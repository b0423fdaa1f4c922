//! Which process works on something, so that another can tell when it has gone.

use serde::{Deserialize, Serialize};
use std::path::Path;

/// The process that works on something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner {
    host: String,
    pid: u32,
}

impl Owner {
    pub fn this_process() -> Self {
        Self { host: host(), pid: std::process::id() }
    }

    /// Is that process surely gone?
    pub fn is_gone(&self) -> bool {
        // The same number again is a container started anew: what this process works on is known to it.
        let same_host = self.host == host();
        let here = Path::new("/proc/self").exists();
        same_host && (self.pid == std::process::id() || (here && !Path::new(&format!("/proc/{}", self.pid)).exists()))
    }
}

fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname").map(|name| name.trim().to_owned()).unwrap_or_default()
}
