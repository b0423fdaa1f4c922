//! What lines and documents come to. Exact decimals throughout; rounding is half up, away from zero, and only where it is said.

use rust_decimal::{Decimal, RoundingStrategy};

/// Where a document rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// Every line to the smallest unit of the currency; totals are sums.
    Line,
    /// Lines have four decimals; totals are rounded, the tax by rate.
    Document,
    /// Four decimals throughout.
    None,
}

impl Rounding {
    /// From the choice on documents.
    pub fn named(name: Option<&str>) -> Self {
        match name {
            Some("document") => Self::Document,
            Some("none") => Self::None,
            _ => Self::Line,
        }
    }
}

/// Decimals that are stored.
const STORED: u32 = 4;

/// Decimals of a currency (ISO 4217).
pub(crate) fn minor_units(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// How amounts of a document are made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub rounding: Rounding,
    /// Are prices with tax?
    pub tax_included: bool,
    /// Decimals of its currency.
    pub decimals: u32,
}

/// What a line or a document comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    /// As prices are, with tax or without.
    pub amount: Decimal,
    pub net: Decimal,
    pub tax: Decimal,
    /// Net and tax.
    pub total: Decimal,
}

impl Amounts {
    fn plus(self, other: Self) -> Self {
        Self {
            amount: self.amount + other.amount,
            net: self.net + other.net,
            tax: self.tax + other.tax,
            total: self.total + other.total,
        }
    }
}

fn round(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

impl Terms {
    /// Decimals of its lines.
    pub fn line_decimals(&self) -> u32 {
        match self.rounding {
            Rounding::Line => self.decimals.min(STORED),
            Rounding::Document | Rounding::None => STORED,
        }
    }

    /// Quantity × price × (1 − discount); nothing where that is too large to reckon with.
    pub fn amount(&self, quantity: Decimal, price: Decimal, discount: Decimal) -> Option<Decimal> {
        let part = (Decimal::ONE_HUNDRED - discount) / Decimal::ONE_HUNDRED;
        Some(round(quantity.checked_mul(price)?.checked_mul(part)?, self.line_decimals()))
    }

    /// What a line of this amount comes to at a rate of tax in percent.
    pub fn line(&self, amount: Decimal, rate: Decimal) -> Option<Amounts> {
        let tax = if self.tax_included {
            amount
                - round(amount.checked_mul(Decimal::ONE_HUNDRED)? / (Decimal::ONE_HUNDRED + rate), self.line_decimals())
        } else {
            round(amount.checked_mul(rate)? / Decimal::ONE_HUNDRED, self.line_decimals())
        };
        Some(self.with_tax(amount, tax))
    }

    /// The same where the tax is known: that of a part.
    pub fn with_tax(&self, amount: Decimal, tax: Decimal) -> Amounts {
        let net = if self.tax_included { amount - tax } else { amount };
        Amounts { amount, net, tax, total: net + tax }
    }

    /// What lines come to together, by their rates of tax, and what rounding added to that.
    pub fn document(&self, lines: &[(Decimal, Amounts)]) -> (Amounts, Decimal) {
        let sum = lines.iter().fold(Amounts::default(), |sum, (_, line)| sum.plus(*line));
        if self.rounding != Rounding::Document {
            return (sum, Decimal::ZERO);
        }
        let mut by_rate: Vec<(Decimal, Decimal)> = Vec::new();
        for (rate, line) in lines {
            match by_rate.iter_mut().find(|(known, _)| known == rate) {
                Some((_, tax)) => *tax += line.tax,
                None => by_rate.push((*rate, line.tax)),
            }
        }
        let tax = by_rate.iter().map(|(_, tax)| round(*tax, self.decimals)).sum();
        let total = round(sum.total, self.decimals);
        (Amounts { amount: sum.amount, net: total - tax, tax, total }, total - sum.total)
    }

    /// The share of a sum that goes with a part of a quantity: in proportion, and all that is left with the last part, so that parts
    /// add up to the whole however it is cut.
    pub fn share(&self, whole: Decimal, quantity: Decimal, taken: Taken, part: Decimal) -> Option<Decimal> {
        if taken.quantity + part == quantity || quantity.is_zero() {
            return Some(whole - taken.sum);
        }
        Some(round(whole.checked_mul(part)? / quantity, self.line_decimals()))
    }
}

/// What earlier parts took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Taken {
    pub quantity: Decimal,
    pub sum: Decimal,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    fn terms(rounding: Rounding, tax_included: bool) -> Terms {
        Terms { rounding, tax_included, decimals: 2 }
    }

    #[test]
    fn amounts_are_rounded_half_up_where_it_is_said() {
        for (rounding, quantity, price, discount, expected) in [
            (Rounding::Line, "3", "33.335", "10", Some("90.00")),
            (Rounding::Line, "1", "0.005", "0", Some("0.01")),
            (Rounding::Line, "-1", "0.005", "0", Some("-0.01")),
            (Rounding::Document, "3", "33.335", "10", Some("90.0045")),
            (Rounding::None, "7", "0.0333", "0", Some("0.2331")),
            (Rounding::None, "0.3333", "0.3333", "0", Some("0.1111")),
            (Rounding::Line, "79228162514264337593543950335", "9", "0", None),
        ] {
            let found = terms(rounding, true).amount(of(quantity), of(price), of(discount));
            assert_eq!(found, expected.map(of), "{quantity} × {price} − {discount}%");
        }
        let yen = Terms { decimals: minor_units("JPY"), ..terms(Rounding::Line, true) };
        assert_eq!(yen.amount(of("3"), of("33.5"), of("0")), Some(of("101")));
    }

    #[test]
    fn tax_is_within_the_price_or_comes_on_top() {
        let within = terms(Rounding::Line, true).line(of("113.00"), of("13")).expect("small");
        assert_eq!((within.net, within.tax, within.total), (of("100.00"), of("13.00"), of("113.00")));
        let on_top = terms(Rounding::Line, false).line(of("100.00"), of("6")).expect("small");
        assert_eq!((on_top.net, on_top.tax, on_top.total), (of("100.00"), of("6.00"), of("106.00")));
        for rate in ["0", "1", "3", "6", "9", "13"] {
            let line = terms(Rounding::Line, true).line(of("99.99"), of(rate)).expect("small");
            assert_eq!(line.net + line.tax, line.total, "{rate}%");
            assert_eq!(line.total, of("99.99"), "{rate}%");
        }
    }

    #[test]
    fn a_document_rounded_as_a_whole_says_by_how_much() {
        let terms = terms(Rounding::Document, true);
        let line = terms.line(of("33.3333"), of("13")).expect("small");
        let (sum, difference) = terms.document(&[(of("13"), line), (of("13"), line), (of("13"), line)]);
        assert_eq!((sum.amount, sum.total, difference), (of("99.9999"), of("100.00"), of("0.0001")));
        assert_eq!(sum.net + sum.tax, sum.total);
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(
            cents in 0i64..10_000_000,
            parts in prop::collection::vec(1i64..500, 1..12),
            line in any::<bool>(),
        ) {
            let terms = terms(if line { Rounding::Line } else { Rounding::None }, true);
            let whole = Decimal::new(cents, 2);
            let quantity = Decimal::from(parts.iter().sum::<i64>());
            let mut taken = Taken::default();
            for part in parts {
                let part = Decimal::from(part);
                let share = terms.share(whole, quantity, taken, part).expect("small");
                // No part is further from its due than one unit for every part before it.
                taken = Taken { quantity: taken.quantity + part, sum: taken.sum + share };
            }
            prop_assert_eq!(taken.sum, whole);
        }

        #[test]
        fn net_and_tax_are_the_total(
            lines in prop::collection::vec((1i64..100_000, 0i64..10_000_000, 0usize..6), 1..30),
            rounding in prop::sample::select(vec![Rounding::Line, Rounding::Document, Rounding::None]),
            included in any::<bool>(),
        ) {
            let terms = terms(rounding, included);
            let rates = [0, 1, 3, 6, 9, 13].map(Decimal::from);
            let lines: Vec<(Decimal, Amounts)> = lines
                .into_iter()
                .map(|(quantity, price, rate)| {
                    let amount = terms.amount(Decimal::new(quantity, 2), Decimal::new(price, 4), Decimal::ZERO).expect("small");
                    (rates[rate], terms.line(amount, rates[rate]).expect("small"))
                })
                .collect();
            let (sum, difference) = terms.document(&lines);
            let total: Decimal = lines.iter().map(|(_, line)| line.total).sum();
            prop_assert_eq!(sum.net + sum.tax, sum.total);
            prop_assert_eq!(total + difference, sum.total);
            prop_assert!(difference.abs() <= Decimal::new(5, 3));
            if rounding != Rounding::None {
                prop_assert_eq!(sum.total.round_dp(2), sum.total);
            }
        }
    }
}
