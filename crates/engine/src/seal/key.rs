//! The key that signs seals, and the heads that are published: both beside the database, not in it.

use crate::{Engine, Error, Result};
use guanxi_store::seals::Seal;
use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write},
    path::PathBuf,
};

/// Keys shorter than this could be guessed.
const LEAST: usize = 16;

/// A published head: the last line that says what the log was at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub number: i64,
    pub total: i64,
    pub hash: String,
}

impl Head {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let number = words.next()?.parse().ok()?;
        let _at = words.next()?;
        let total = words.next()?.parse().ok()?;
        let hash = words.next().filter(|hash| hash.len() == 64)?.to_owned();
        // A line that broke off when the power went says nothing.
        words.next().filter(|mac| mac.len() == 64)?;
        Some(Self { number, total, hash })
    }
}

fn line(seal: &Seal) -> String {
    format!("{} {} {} {} {}\n", seal.number, seal.at, seal.total, seal.hash, seal.mac)
}

fn failed(path: &std::path::Path, error: &std::io::Error) -> Error {
    Error::bad(
        "bad_seal_file",
        format!("无法读写 {}：{error}", path.display()),
        format!("cannot read or write {}: {error}", path.display()),
    )
}

impl Engine {
    /// Where the key is, unless a setting gives it.
    pub fn seal_key_path(&self) -> PathBuf {
        self.folder().join("seal.key")
    }

    /// Where the heads of seals are published.
    pub fn seal_heads_path(&self) -> PathBuf {
        self.folder().join("seal-heads.log")
    }

    /// The key, if there is one.
    ///
    /// # Errors
    /// When the file cannot be read or is no key.
    pub(super) fn seal_key(&self) -> Result<Option<Vec<u8>>> {
        let path = self.seal_key_path();
        let text = match &self.inner.seal_key {
            Some(text) => text.clone(),
            None => match std::fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(failed(&path, &error)),
            },
        };
        let key = text.trim().as_bytes().to_vec();
        if key.len() < LEAST {
            return Err(Error::bad(
                "bad_seal_key",
                format!("封存密钥至少 {LEAST} 个字符"),
                format!("the seal key has at least {LEAST} characters"),
            ));
        }
        Ok(Some(key))
    }

    /// The key; made when nothing has been sealed yet. Who has sealed before has a key somewhere else, and another one
    /// must not take its place.
    pub(super) fn seal_key_or_new(&self, sealed_before: bool) -> Result<Option<Vec<u8>>> {
        if let Some(key) = self.seal_key()? {
            return Ok(Some(key));
        }
        if sealed_before {
            return Ok(None);
        }
        let path = self.seal_key_path();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(mut file) => {
                let text = format!("{}\n", crate::auth::secret());
                file.write_all(text.as_bytes())
                    .and_then(|()| file.sync_all())
                    .map_err(|error| failed(&path, &error))?;
            }
            // Another process was quicker.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(&path, &error)),
        }
        self.seal_key()
    }

    /// The last head in the file of this process.
    pub(super) fn last_published(&self) -> Result<Option<Head>> {
        let path = self.seal_heads_path();
        let wrong = |error: std::io::Error| failed(&path, &error);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(error)),
        };
        let length = file.metadata().map_err(wrong)?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(1024))).map_err(wrong)?;
        let mut bytes = Vec::new();
        file.take(1024).read_to_end(&mut bytes).map_err(wrong)?;
        Ok(String::from_utf8_lossy(&bytes).lines().rev().find_map(Head::read))
    }

    /// Appends heads to the file and sees to it that they are on the disk.
    pub(super) fn publish(&self, seals: &[Seal]) -> Result<()> {
        let path = self.seal_heads_path();
        let wrong = |error: std::io::Error| failed(&path, &error);
        let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(wrong)?;
        let mut text: String = seals.iter().map(line).collect();
        if !self.ends_with_a_line()? {
            text.insert(0, '\n');
        }
        file.write_all(text.as_bytes()).map_err(wrong)?;
        file.sync_data().map_err(wrong)
    }

    /// False when the last line broke off.
    fn ends_with_a_line(&self) -> Result<bool> {
        let path = self.seal_heads_path();
        let wrong = |error: std::io::Error| failed(&path, &error);
        let mut file = File::open(&path).map_err(wrong)?;
        if file.metadata().map_err(wrong)?.len() == 0 {
            return Ok(true);
        }
        let mut last = [0];
        file.seek(SeekFrom::End(-1)).map_err(wrong)?;
        file.read_exact(&mut last).map_err(wrong)?;
        Ok(last == [b'\n'])
    }

    /// All published heads, one after the other; a line that is none is passed over.
    pub(super) fn published(&self) -> Result<Option<impl Iterator<Item = Head> + Send + use<>>> {
        let path = self.seal_heads_path();
        match File::open(&path) {
            Ok(file) => {
                let lines = BufReader::new(file).lines().map_while(std::io::Result::ok);
                Ok(Some(lines.filter_map(|line| Head::read(&line))))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path, &error)),
        }
    }
}
