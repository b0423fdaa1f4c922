//! Codes of an authenticator app (TOTP, RFC 6238: SHA-1, six digits, half a minute) and of a list on paper.

use super::random;
use jiff::Timestamp;
use ring::hmac;

/// Seconds that a code lasts.
const STEP: i64 = 30;
/// How many steps a phone's clock may be wrong, either way.
const SKEW: i64 = 1;
/// How many recovery codes one gets.
const RECOVERY_CODES: usize = 10;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret.
pub(super) fn new_secret() -> [u8; 20] {
    random()
}

/// Base32 without padding (RFC 4648), as apps want a secret typed.
pub(super) fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(BASE32[((buffer >> bits) & 31) as usize]));
        }
    }
    if bits > 0 {
        out.push(char::from(BASE32[((buffer << (5 - bits)) & 31) as usize]));
    }
    out
}

/// What the QR code for an app says.
pub(super) fn address(secret: &[u8], issuer: &str, login: &str) -> String {
    let (issuer, login) = (encoded(issuer), encoded(login));
    format!(
        "otpauth://totp/{issuer}:{login}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP}",
        base32(secret)
    )
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The code of a time step.
fn code_of(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes([tag[at], tag[at + 1], tag[at + 2], tag[at + 3]]) & 0x7fff_ffff;
    number % 1_000_000
}

/// The time step that a code is of, where it is of one that counts now.
pub(super) fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let code: u32 = code.parse().ok()?;
    let present = now.as_second().div_euclid(STEP);
    (present - SKEW..=present + SKEW).find(|step| code_of(secret, *step) == code)
}

/// What somebody typed, without what he put between. Nothing when it is no code at all.
pub(super) fn typed(code: &str) -> Option<String> {
    if code.len() > 64 {
        return None;
    }
    let plain: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (!plain.is_empty()).then(|| plain.to_lowercase())
}

/// New recovery codes: eighty bits each, in groups that one can read out.
pub(super) fn recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let plain = base32(&random::<10>()).to_lowercase();
            let groups: Vec<&str> = (0..4).map(|group| &plain[group * 4..group * 4 + 4]).collect();
            groups.join("-")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of its eight digits.
        for (second, code) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(code_of(b"12345678901234567890", second / STEP), code, "at {second}");
        }
    }

    #[test]
    fn a_code_counts_for_a_step_before_and_after() {
        let secret = b"12345678901234567890";
        let at = |second| Timestamp::from_second(second).expect("a moment");
        for (second, step) in [(29, Some(1)), (59, Some(1)), (89, Some(1)), (90, None), (-1, None)] {
            assert_eq!(step_of(secret, "287082", at(second)), step, "at {second}");
        }
        for wrong in ["28708", "2870821", "", "+28708", "２８７０８２", "28708a"] {
            assert_eq!(step_of(secret, wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn secrets_are_written_as_apps_read_them() {
        // RFC 4648, section 10.
        for (text, written) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(text.as_bytes()), written, "{text}");
        }
        assert_eq!(typed(" ABCD-efgh "), Some("abcdefgh".to_owned()));
        assert_eq!(typed(&"1".repeat(65)), None);
        let codes = recovery_codes();
        assert!(codes.len() == 10 && codes.iter().all(|code| code.len() == 19), "{codes:?}");
    }
}
