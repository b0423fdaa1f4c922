//! Keys by which two spellings of one thing are the same: for duplicate checks, lookups and search.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// NFKC and lower case, character by character (full-width `ＡＢＣ１２３` becomes `abc123`).
///
/// Lower-casing never looks at neighbours, so a part of a text folds to a part of the folded text; search rests on that.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    // Nearly all Chinese text: ideographs that stay as they are, and full-width forms one step away from ASCII.
    if text.chars().all(is_plain_chinese) {
        return Cow::Owned(text.chars().map(half_width).collect());
    }
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        if text.chars().any(char::is_uppercase) {
            return Cow::Owned(text.chars().flat_map(char::to_lowercase).collect());
        }
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfkc().flat_map(char::to_lowercase).collect())
}

fn is_plain_chinese(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF5E}' | '\u{3000}'..='\u{3002}' | '\u{3008}'..='\u{3011}')
}

fn half_width(c: char) -> char {
    let half = match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    half.to_ascii_lowercase()
}

/// The text without characters that nobody sees (zero width, soft hyphens, marks of direction), so that two names that look
/// the same are the same. What draws something stays: joiners and selectors of emoji, joiners between letters of scripts
/// that are written joined.
pub fn seen(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(unseen) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let (before, after) = (out.chars().next_back(), rest.peek().copied());
        let both = |kind: fn(char) -> bool| before.is_some_and(kind) && after.is_some_and(kind);
        let drawn = match c {
            '\u{200C}' => both(joined),
            '\u{200D}' => both(joined) || both(pictured),
            '\u{FE0E}' | '\u{FE0F}' => {
                before.is_some_and(|c| pictured(c) || matches!(c, '0'..='9' | '#' | '*' | '©' | '®'))
            }
            _ => !unseen(c),
        };
        if drawn {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE0E}' | '\u{FE0F}' | '\u{FEFF}')
}

/// Pictures and what stands within a sequence of them.
fn pictured(c: char) -> bool {
    matches!(c, '\u{203C}'..='\u{205F}' | '\u{2100}'..='\u{2BFF}' | '\u{3030}'..='\u{303D}' | '\u{3297}'..='\u{3299}'
        | '\u{FE0E}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Letters of scripts from Arabic to Myanmar and Mongolian, whose shapes a joiner changes.
fn joined(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{109F}' | '\u{1780}'..='\u{18AF}')
}

/// Letters, digits and ideographs of a folded text, nothing between them.
pub fn compact(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The digits of a phone number without China's country code: `+86 138-0013-8000`, `(0086)13800138000` and
/// `138 0013 8000` have one key. Empty when there is no digit.
pub fn phone_key(text: &str) -> String {
    let folded = fold(text);
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let international = folded.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+').starts_with('+');
    let national = if international {
        digits.strip_prefix("86")
    } else {
        digits.strip_prefix("0086").or_else(|| {
            // 8613800138000 written without a plus: eleven digits from 1 on can only be a mobile.
            digits.strip_prefix("86").filter(|rest| rest.len() == 11 && rest.starts_with('1'))
        })
    };
    match national {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => digits,
    }
}

/// Legal forms at the end of a Chinese company name, longest first.
const LEGAL_ZH: &[&str] = &["股份有限公司", "有限责任公司", "有限公司", "股份公司", "总公司", "公司", "集团"];

/// Words that only say the legal form of an English company name.
const LEGAL_EN: &[&str] = &[
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "limited",
    "llc",
    "llp",
    "ltd",
    "plc",
    "pte",
    "pty",
];

/// The part of a company name that tells it from others: `澜海智能科技（深圳）有限公司` and `澜海智能科技(深圳)` have one key,
/// as have `Acme Co., Ltd.` and `ACME Corporation`. Place names stay: 澜海（上海） is another company than 澜海（深圳）.
/// A branch (`…有限公司上海分公司`) keeps its whole name.
pub fn company_key(text: &str) -> String {
    let folded = fold(text);
    let mut key = String::with_capacity(folded.len());
    for (position, word) in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).enumerate() {
        if position == 0 || !LEGAL_EN.contains(&word) {
            key.push_str(word);
        }
    }
    if !key.ends_with("分公司") && !key.ends_with("子公司") {
        while let Some(rest) = LEGAL_ZH.iter().find_map(|form| key.strip_suffix(form)).filter(|rest| !rest.is_empty()) {
            key.truncate(rest.len());
        }
    }
    key
}

/// Folded, with runs of white space as one space and none around: what "the same text" means for lookups and keys.
pub fn exact_key(text: &str) -> String {
    let folded = fold(text);
    let mut key = String::with_capacity(folded.len());
    for word in folded.split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(word);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_left_out() {
        for text in [
            "零\u{200B}宽",
            "\u{FEFF}零宽",
            "零宽\u{202E}",
            "零\u{AD}宽\u{2060}",
            "零\u{200D}宽",
            "零\u{200C}宽\u{FE0F}",
            "\u{200E}零宽\u{200F}",
        ] {
            assert_eq!(seen(text), "零宽", "{text:?}");
        }
        assert_eq!(seen("\u{200B}\u{2060}"), "");
        assert_eq!(seen("👍\u{200D}"), "👍", "a joiner that joins nothing");
        for text in [
            "Straße 零宽",
            "👨\u{200D}👩\u{200D}👧",
            "❤\u{FE0F}\u{200D}🔥",
            "👩🏽\u{200D}⚖\u{FE0F}",
            "1\u{FE0F}\u{20E3}",
            "©\u{FE0F}",
            "می\u{200C}خواهم",
            "क\u{94D}\u{200D}ष",
        ] {
            assert_eq!(seen(text), text, "{text:?}");
        }
    }

    #[test]
    fn phones() {
        for text in [
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "+86 138 0013 8000",
            "+86-13800138000",
            "(+86)13800138000",
            "0086 13800138000",
            "8613800138000",
            "１３８００１３８０００",
        ] {
            assert_eq!(phone_key(text), "13800138000", "{text}");
        }
        assert_eq!(phone_key("(0755) 8600-1234"), "075586001234");
        assert_eq!(phone_key("86001234"), "86001234");
        assert_eq!(phone_key("+1 (212) 555-0100"), "12125550100");
        assert_eq!(phone_key("+86"), "86");
        assert_eq!(phone_key("none"), "");
    }

    #[test]
    fn companies() {
        for text in [
            "澜海智能科技（深圳）有限公司",
            "澜海智能科技(深圳)有限责任公司",
            "澜海智能科技 深圳 股份有限公司",
            "澜海智能科技深圳",
            "澜海智能科技（深圳）集团有限公司",
        ] {
            assert_eq!(company_key(text), "澜海智能科技深圳", "{text}");
        }
        assert_ne!(company_key("澜海（上海）有限公司"), company_key("澜海（深圳）有限公司"));
        assert_eq!(company_key("华东公司上海分公司"), "华东公司上海分公司");
        for text in ["Acme", "ACME Co., Ltd.", "Acme Corporation", "Acme, Inc.", "acme llc"] {
            assert_eq!(company_key(text), "acme", "{text}");
        }
        assert_eq!(company_key("Company"), "company");
        assert_eq!(company_key("公司"), "公司");
        assert_eq!(company_key("（）"), "");
    }

    #[test]
    fn short_cuts_fold_as_the_long_way_does() {
        for c in ('\0'..='\u{FFFF}').filter(|c| is_plain_chinese(*c)) {
            let long: String = std::iter::once(c).nfkc().flat_map(char::to_lowercase).collect();
            assert_eq!(fold(&format!("中{c}")), format!("中{long}"));
        }
        assert_eq!(fold("ＡbＣ（１）㈱ Ä"), "abc(1)(株) ä");
    }

    #[test]
    fn exact() {
        assert_eq!(exact_key("  GTX　 Pro "), "gtx pro");
        assert_eq!(exact_key("91440300MA5ABCDE1X"), "91440300ma5abcde1x");
    }
}
