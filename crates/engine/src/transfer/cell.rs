//! Single cells: what is written so that no spreadsheet runs it, and read back so that nothing is lost.

use rust_decimal::Decimal;
use std::{borrow::Cow, str::FromStr};

/// Would a spreadsheet take this for a formula? A plain number such as `-12.50` is none.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && Decimal::from_str(text).is_err()
}

/// A cell as it may stand in a CSV: what a spreadsheet would run gets a quote before it.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    // The quote itself is guarded too, so that reading takes away exactly what writing added.
    let quoted = text.strip_prefix('\'').is_some_and(|rest| is_formula(rest) || rest.starts_with('\''));
    if quoted || is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A cell of a CSV without the quote that [`guarded`] put there.
pub(crate) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        Some(rest) if rest.strip_prefix('\'').is_some_and(|inner| is_formula(inner) || inner.starts_with('\'')) => rest,
        _ => text,
    }
}

/// A floating-point number as a spreadsheet shows it: fifteen digits, no trailing zeros.
pub(crate) fn number_text(value: f64) -> String {
    let text = value.to_string();
    if text.bytes().filter(u8::is_ascii_digit).count() <= 15 {
        return text;
    }
    // 0.1 + 0.2 is 0.30000000000000004 inside and 0.3 on the sheet.
    format!("{value:.14e}").parse::<f64>().map_or(text, |rounded| rounded.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_get_a_quote_and_lose_it_again() {
        for text in ["=1+1", "+86 138", "-", "@SUM(A1)", "\tx", "\rx", "'=1", "''=1", "=cmd|' /C calc'!A0", "-1-1"] {
            let guarded = guarded(text);
            assert!(guarded.starts_with('\''), "{text}");
            assert_eq!(unguarded(&guarded), text);
        }
        for text in ["", "张伟", "-12.50", "+8613800138000", "12%", "'quoted'", "'", "O'Neill", "2026-11-21"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text, "{text}");
        }
    }

    #[test]
    fn numbers_look_as_on_the_sheet() {
        assert_eq!(number_text(1234.0), "1234");
        assert_eq!(number_text(0.1 + 0.2), "0.3");
        assert_eq!(number_text(1100.04), "1100.04");
        assert_eq!(number_text(13_800_138_000.0), "13800138000");
    }
}
