//! A mail server of a test's own: aiosmtpd on a loopback port. It ends with the test.

use crate::slapd::{certificates, free_port};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The password of its account `crm`.
pub(crate) const PASSWORD: &str = "密码 secret";

pub(crate) struct Smtp {
    folder: tempfile::TempDir,
    mode: &'static str,
    pub port: u16,
    /// The certificate of the authority that signed the server's.
    pub ca: String,
    running: Option<Child>,
}

/// A message as it arrived.
#[derive(Debug)]
pub(crate) struct Mail {
    pub to: String,
    pub encrypted: bool,
    pub subject: String,
    pub body: String,
}

impl Smtp {
    /// `none`, `starttls` or `tls`; the latter two want the account.
    pub fn start(mode: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ca = certificates(folder.path());
        let mut server = Self { folder, mode, port: free_port(), ca, running: None };
        server.run();
        server
    }

    pub fn run(&mut self) {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/api/smtp_server.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(self.port.to_string())
            .arg(self.folder.path())
            .arg(self.mode)
            .args([self.folder.path().join("server.pem"), self.folder.path().join("server.key")])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 with aiosmtpd; scripts/install-tools installs it");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "ready");
        self.running = Some(child);
    }

    pub fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().expect("it runs");
            child.wait().expect("it ends");
        }
    }

    /// What has arrived, in order.
    pub fn mail(&self) -> Vec<Mail> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.folder.path())
            .expect("the folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|end| end == "eml"))
            .collect();
        files.sort();
        files.iter().map(|file| read(&fs::read_to_string(file).expect("a message"))).collect()
    }

    /// Waits until so many have arrived.
    pub async fn wait_for(&self, count: usize) -> Vec<Mail> {
        let begun = Instant::now();
        loop {
            let mail = self.mail();
            if mail.len() >= count || begun.elapsed() > Duration::from_secs(20) {
                return mail;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Python reads what Python's own library writes; here a message is read by hand, headers unfolded and words decoded.
fn read(text: &str) -> Mail {
    let text = text.replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").expect("a head and a body");
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let header = |name: &str| {
        let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        found.unwrap_or_default().to_owned()
    };
    let body = match header("Content-Transfer-Encoding").as_str() {
        "base64" => String::from_utf8(unbase64(&body.split_whitespace().collect::<String>())).expect("UTF-8"),
        "quoted-printable" => unquoted(body),
        _ => body.to_owned(),
    };
    Mail { to: header("X-Rcpt"), encrypted: header("X-Encrypted") == "True", subject: words(&header("Subject")), body }
}

fn unbase64(text: &str) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.decode(text).expect("base64")
}

fn unquoted(text: &str) -> String {
    let text = text.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, later)) = rest.split_first() {
        if *first == b'=' && later.len() >= 2 {
            let code = std::str::from_utf8(&later[..2]).expect("two digits");
            bytes.push(u8::from_str_radix(code, 16).expect("hexadecimal"));
            rest = &later[2..];
        } else {
            bytes.push(*first);
            rest = later;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// Encoded words (RFC 2047) of a header, joined.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut was_encoded = true;
    for word in text.split(' ') {
        let inner = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        if !(out.is_empty() || was_encoded && inner.is_some()) {
            out.push(' ');
        }
        was_encoded = inner.is_some();
        if let Some(inner) = inner {
            out.push_str(&String::from_utf8(unbase64(inner)).expect("UTF-8"));
        } else {
            out.push_str(word);
        }
    }
    out
}
