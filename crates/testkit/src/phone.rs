//! An authenticator app, as a phone has it; written apart from the server's.

use jiff::Timestamp;
use ring::hmac;

/// The code that the app shows at a moment for the secret that was typed into it.
///
/// # Panics
/// When the secret is no base32.
pub fn code_at(secret: &str, moment: Timestamp) -> String {
    let bits: String = secret
        .chars()
        .map(|c| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).expect("base32"))
        .map(|value| format!("{value:05b}"))
        .collect();
    let bytes: Vec<u8> =
        bits.as_bytes().chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| sum * 2 + (bit - b'0'))).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let tag = hmac::sign(&key, &(moment.as_second() / 30).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] % 16);
    let four: [u8; 4] = tag.as_ref()[at..at + 4].try_into().expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(four) % (1 << 31)) % 1_000_000)
}
