//! Secrets that must be read again, unlike passwords: encrypted with a key that is a file beside the workspace's files, so that
//! the database alone, or a copy of it, gives none of them away.

use super::random;
use crate::{Engine, Error, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::{io::Write as _, path::Path, sync::OnceLock};

/// The file with the key, in the workspace's folder.
const FILE: &str = "secret.key";

/// The key, once it was needed.
#[derive(Default)]
pub(crate) struct SecretKey(OnceLock<LessSafeKey>);

fn failed(what: &str) -> Error {
    tracing::error!(what, "an encrypted secret cannot be used");
    Error::Store(guanxi_store::Error::Other(format!("{FILE}: {what}")))
}

fn read(path: &Path) -> Result<LessSafeKey> {
    let text = std::fs::read_to_string(path).map_err(|error| failed(&error.to_string()))?;
    let bytes = STANDARD.decode(text.trim()).map_err(|_| failed("is not base64"))?;
    let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).map_err(|_| failed("is no key of 32 bytes"))?;
    Ok(LessSafeKey::new(key))
}

/// Makes the key where there is none. Of two processes that do so at once, both end with the same.
fn make(folder: &Path) -> Result<()> {
    let broken = |error: std::io::Error| failed(&error.to_string());
    std::fs::create_dir_all(folder).map_err(broken)?;
    // Temporary files are for their owner only, and so is what they become.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(broken)?;
    file.write_all(STANDARD.encode(random::<32>()).as_bytes()).map_err(broken)?;
    file.as_file().sync_all().map_err(broken)?;
    match file.persist_noclobber(folder.join(FILE)) {
        Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => Err(broken(error.error)),
        _ => Ok(()),
    }
}

impl Engine {
    fn secret_key(&self, may_make: bool) -> Result<&LessSafeKey> {
        if let Some(key) = self.inner.secrets.0.get() {
            return Ok(key);
        }
        let path = self.folder().join(FILE);
        if may_make && !path.exists() {
            make(self.folder())?;
        }
        let key = read(&path)?;
        Ok(self.inner.secrets.0.get_or_init(|| key))
    }

    /// Seals a secret; `owner` says what it belongs to, so that it is worth nothing in another's place.
    pub(crate) fn encrypt(&self, owner: &str, secret: &[u8]) -> Result<String> {
        let nonce = random::<NONCE_LEN>();
        let mut locked = secret.to_vec();
        self.secret_key(true)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut locked)
            .map_err(|_| failed("cannot encrypt"))?;
        Ok(STANDARD.encode([&nonce[..], &locked].concat()))
    }

    /// Opens what was encrypted for the same owner.
    pub(crate) fn decrypt(&self, owner: &str, locked: &str) -> Result<Vec<u8>> {
        let bytes = STANDARD.decode(locked).map_err(|_| failed("is no encrypted secret"))?;
        let (nonce, locked) = bytes.split_at_checked(NONCE_LEN).ok_or_else(|| failed("is no encrypted secret"))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| failed("is no encrypted secret"))?;
        let mut locked = locked.to_vec();
        let opened = self
            .secret_key(false)?
            .open_in_place(nonce, Aad::from(owner), &mut locked)
            .map_err(|_| failed("was locked with another key, or changed"))?;
        Ok(opened.to_vec())
    }
}
