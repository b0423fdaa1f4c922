//! How far the lines of a document have come: how much of them was made into others, and how much more may be.

use crate::{
    amounts::{Taken, Terms},
    kinds::{Source, Taking, number},
};
use guanxi_model::Value;
use guanxi_store::records::Record;
use rust_decimal::Decimal;

/// What a line is about and what became of it. All quantities are net of what was reversed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub quantity: Decimal,
    pub contracted: Decimal,
    pub ordered: Decimal,
    pub delivered: Decimal,
    pub returned: Decimal,
    /// Less what was credited.
    pub invoiced: Decimal,
    pub credited: Decimal,
    /// Is it invoiced as ordered, whatever was delivered?
    pub invoiced_by_order: bool,
}

impl Progress {
    /// Of a line; `invoice_by` is its document's.
    pub fn of(line: &Record, invoice_by: &Value) -> Self {
        Self {
            quantity: number(line, "quantity"),
            contracted: number(line, "contracted"),
            ordered: number(line, "ordered"),
            delivered: number(line, "delivered"),
            returned: number(line, "returned"),
            invoiced: number(line, "invoiced"),
            credited: number(line, "credited"),
            invoiced_by_order: invoice_by.as_text() == Some("ordered"),
        }
    }

    /// How much is to be invoiced; less than nothing where more was invoiced than was kept.
    pub fn due(&self) -> Decimal {
        let base = if self.invoiced_by_order { self.quantity } else { self.delivered };
        base - self.returned - self.invoiced
    }

    /// How much may still be taken.
    pub fn left(&self, taking: Taking) -> Decimal {
        let left = match taking {
            Taking::Contracted | Taking::Ordered => self.quantity - self.contracted - self.ordered,
            Taking::Delivered => self.quantity - self.delivered,
            Taking::Invoiced => self.due(),
            Taking::Returned => self.delivered - self.returned,
            Taking::Credited => self.quantity - self.credited,
        };
        left.max(Decimal::ZERO)
    }

    /// The same line with more taken from it, or less.
    #[must_use]
    pub fn with(mut self, taking: Taking, quantity: Decimal) -> Self {
        let place = match taking {
            Taking::Contracted => &mut self.contracted,
            Taking::Ordered => &mut self.ordered,
            Taking::Delivered => &mut self.delivered,
            Taking::Invoiced => &mut self.invoiced,
            Taking::Returned => &mut self.returned,
            Taking::Credited => &mut self.credited,
        };
        *place += quantity;
        self
    }

    /// May this much be given back, so that what was made from the line afterwards still stands?
    pub fn may_release(&self, taking: Taking, quantity: Decimal) -> bool {
        let after = self.with(taking, -quantity);
        match taking {
            Taking::Contracted => !after.contracted.is_sign_negative(),
            Taking::Ordered => !after.ordered.is_sign_negative(),
            Taking::Delivered => {
                after.delivered >= after.returned && (after.invoiced_by_order || after.invoiced <= after.delivered)
            }
            Taking::Invoiced => after.invoiced >= Decimal::ZERO,
            Taking::Returned => after.returned >= Decimal::ZERO,
            Taking::Credited => after.credited >= Decimal::ZERO,
        }
    }

    /// Has anything been made from it that still stands? What is delivered on the spot is nothing made from it.
    pub fn is_touched(&self, delivered_by_itself: bool) -> bool {
        let delivered = if delivered_by_itself { Decimal::ZERO } else { self.delivered };
        [self.contracted, self.ordered, delivered, self.returned, self.invoiced, self.credited]
            .iter()
            .any(|taken| !taken.is_zero())
    }
}

/// The amount and the tax that go with a part of a line: in proportion, and all that is left with the last part, unless others were
/// taken at other prices.
pub(crate) fn share(
    terms: &Terms,
    source: &Source,
    line: &Record,
    part: Decimal,
    at_other_prices: bool,
) -> Option<(Decimal, Decimal)> {
    let [amount, tax] = source.taking.sums()?;
    let (mut quantity, mut whole, mut tax_whole) =
        (number(line, "quantity"), number(line, "amount"), number(line, "tax"));
    if source.taking == Taking::Invoiced {
        // What came back is credited by its own document.
        quantity -= number(line, "returned");
        whole -= number(line, "returned_amount");
        tax_whole -= number(line, "returned_tax");
    }
    let taken = |sum| match at_other_prices {
        true => Taken::default(),
        false => Taken { quantity: number(line, source.taking.field()), sum: number(line, sum) },
    };
    Some((terms.share(whole, quantity, taken(amount), part)?, terms.share(tax_whole, quantity, taken(tax), part)?))
}

/// The amount and the tax of a credit for a part of an order's line, where it settles that line: what was invoiced above what is kept.
pub(crate) fn settlement(line: &Record, part: Decimal) -> Option<(Decimal, Decimal)> {
    let kept = number(line, "quantity") - number(line, "returned");
    let over = |whole, returned, invoiced| number(line, invoiced) - (number(line, whole) - number(line, returned));
    (number(line, "invoiced") - part == kept)
        .then(|| (over("amount", "returned_amount", "invoiced_amount"), over("tax", "returned_tax", "invoiced_tax")))
}

/// How far a line is, in the words of its document's choice. Where nothing is to be done, all is.
pub(crate) fn state(done: Decimal, whole: Decimal) -> &'static str {
    match (done >= whole, done.is_zero()) {
        (true, _) => "full",
        (false, true) => "none",
        (false, false) => "part",
    }
}
