//! Signing in: passwords, what the workspace demands of them, lockout, sessions, tokens, set-up links.

mod address;
mod feeds;
mod guard;
mod ldap;
mod oidc;
mod password;
mod people;
mod policy;
mod second_factor;
mod secrets;
mod sessions;
mod sign_in;
mod tokens;
mod totp;

pub(crate) use address::Refused;
pub use oidc::{JOURNEY, Return, Returned, SetOut};
pub use people::NewUser;
pub use policy::{Kinds, Policy};
pub(crate) use secrets::SecretKey;
pub use sign_in::{SignIn, SignedIn};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use rand::Rng;
use sha2::{Digest, Sha256};

/// How long a session lasts.
pub const SESSION: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Bytes that nobody can guess.
#[expect(clippy::disallowed_methods, reason = "secrets come from the operating system's randomness")]
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// A secret that is given away once; only its hash is kept.
pub(crate) fn secret() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// The hash under which a secret is kept.
pub fn fingerprint(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
