//! Which price book holds: a decision on what is at hand, without a database.

use guanxi_model::Value;
use guanxi_store::records::Record;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use uuid::Uuid;

/// Who buys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buyer {
    pub customer: Option<Uuid>,
    pub level: Option<String>,
    pub dealer_level: Option<String>,
}

/// A price book, without its prices.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    pub id: Uuid,
    pub name: String,
    pub currency: String,
    pub customer: Option<Uuid>,
    pub level: Option<String>,
    pub dealer_level: Option<String>,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub priority: i64,
    pub tax_included: bool,
}

/// A price in a book, from some quantity on.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub book: Uuid,
    pub min_quantity: Decimal,
    pub price: Decimal,
    pub max_discount: Option<Decimal>,
}

impl Book {
    /// As it stands in the database.
    pub fn of(record: &Record) -> Self {
        let text = |field: &str| record.get(field).as_text().map(str::to_owned);
        let day = |field: &str| match record.get(field) {
            Value::Date(day) => Some(*day),
            _ => None,
        };
        Self {
            id: record.id,
            name: text("name").unwrap_or_default(),
            currency: text("currency").unwrap_or_default(),
            customer: record.get("customer").as_id(),
            level: text("level"),
            dealer_level: text("dealer_level"),
            starts_on: day("starts_on"),
            ends_on: day("ends_on"),
            priority: record.get("priority").as_int().unwrap_or_default(),
            tax_included: record.get("tax_included").as_bool().unwrap_or(true),
        }
    }

    /// Is it in force on a day, for this currency?
    pub fn holds(&self, currency: &str, day: Date) -> bool {
        self.currency == currency
            && self.starts_on.is_none_or(|first| first <= day)
            && self.ends_on.is_none_or(|last| day <= last)
    }

    /// Is it for this buyer?
    pub fn is_for(&self, buyer: &Buyer) -> bool {
        (self.customer.is_none() || self.customer == buyer.customer)
            && (self.level.is_none() || self.level == buyer.level)
            && (self.dealer_level.is_none() || self.dealer_level == buyer.dealer_level)
    }

    /// What goes before what: for a customer before for a grade before for a channel before for all, then by priority, then the one
    /// that began last, then the one that was made last.
    fn rank(&self) -> ([bool; 3], i64, Option<Date>, Uuid) {
        let whom = [self.customer.is_some(), self.level.is_some(), self.dealer_level.is_some()];
        (whom, self.priority, self.starts_on, self.id)
    }
}

impl Item {
    /// As it stands in the database; nothing where it has no price.
    pub fn of(record: &Record) -> Option<Self> {
        Some(Self {
            book: record.get("price_book").as_id()?,
            min_quantity: record.get("min_quantity").as_decimal().unwrap_or_default(),
            price: record.get("price").as_decimal()?,
            max_discount: record.get("max_discount").as_decimal(),
        })
    }
}

/// The price of a quantity: of the books that fit and have one for it, the one that goes before the others; in it, the highest tier that
/// the quantity reaches.
pub(crate) fn choose<'d>(books: &'d [Book], items: &'d [Item], quantity: Decimal) -> Option<(&'d Book, &'d Item)> {
    let reached = items.iter().filter(|item| item.min_quantity <= quantity);
    let known = reached.filter_map(|item| Some((books.iter().find(|book| book.id == item.book)?, item)));
    known.max_by_key(|(book, item)| (book.rank(), item.min_quantity))
}

/// A price with or without tax, as it is wanted, to four decimals.
pub(crate) fn with_tax(price: Decimal, included: bool, wanted: bool, rate: Decimal) -> Option<Decimal> {
    let factor = Decimal::ONE + rate / Decimal::ONE_HUNDRED;
    let exact = match (included, wanted) {
        (true, false) => price.checked_div(factor)?,
        (false, true) => price.checked_mul(factor)?,
        _ => return Some(price),
    };
    Some(exact.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan as _, civil::date};
    use proptest::prelude::*;

    fn number(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn tax_goes_in_and_out() {
        let rate = number("13");
        assert_eq!(with_tax(number("113"), true, false, rate), Some(number("100")));
        assert_eq!(with_tax(number("100"), false, true, rate), Some(number("113")));
        assert_eq!(with_tax(number("9.99"), true, false, rate), Some(number("8.8407")));
        assert_eq!(with_tax(number("9.99"), true, true, rate), Some(number("9.99")));
        assert_eq!(with_tax(Decimal::MAX, false, true, rate), None);
    }

    /// One after the other, as it is written down in docs/products.md.
    fn naive(books: &[Book], items: &[Item], buyer: &Buyer, day: Date, quantity: Decimal) -> Option<(Uuid, Decimal)> {
        let mut left: Vec<&Book> = Vec::new();
        for book in books {
            let early = book.starts_on.is_some_and(|first| day < first);
            let late = book.ends_on.is_some_and(|last| day > last);
            let other = book.customer.is_some() && book.customer != buyer.customer;
            let grade = book.level.is_some() && book.level != buyer.level;
            let channel = book.dealer_level.is_some() && book.dealer_level != buyer.dealer_level;
            let priced = items.iter().any(|item| item.book == book.id && item.min_quantity <= quantity);
            if book.currency == "CNY" && !early && !late && !other && !grade && !channel && priced {
                left.push(book);
            }
        }
        let keep = |left: Vec<&Book>, named: fn(&Book) -> bool| -> Vec<Book> {
            let some: Vec<Book> = left.iter().filter(|book| named(book)).map(|book| (*book).clone()).collect();
            if some.is_empty() { left.into_iter().cloned().collect() } else { some }
        };
        let left = keep(left, |book| book.customer.is_some());
        let left = keep(left.iter().collect(), |book| book.level.is_some());
        let mut left = keep(left.iter().collect(), |book| book.dealer_level.is_some());
        let highest = left.iter().map(|book| book.priority).max()?;
        left.retain(|book| book.priority == highest);
        let newest = left.iter().map(|book| book.starts_on).max()?;
        left.retain(|book| book.starts_on == newest);
        left.sort_by_key(|book| book.id);
        let book = left.pop()?;
        let mut found: Option<&Item> = None;
        for item in items.iter().filter(|item| item.book == book.id && item.min_quantity <= quantity) {
            if found.is_none_or(|found| found.min_quantity < item.min_quantity) {
                found = Some(item);
            }
        }
        found.map(|item| (book.id, item.price))
    }

    fn id(number: u8) -> Uuid {
        Uuid::from_u128(u128::from(number) + 1)
    }

    fn days() -> impl Strategy<Value = Option<Date>> {
        prop::option::of((0..6_i64).prop_map(|days| date(2026, 11, 20) + days.days()))
    }

    fn level() -> impl Strategy<Value = Option<String>> {
        prop::option::of(prop::sample::select(vec!["a".to_owned(), "b".to_owned()]))
    }

    fn book() -> impl Strategy<Value = Book> {
        let whom = (prop::option::of((0..2_u8).prop_map(id)), level(), level());
        (whom, days(), days(), -1..2_i64, any::<bool>()).prop_map(|(whom, starts_on, ends_on, priority, own)| Book {
            id: Uuid::nil(),
            name: String::new(),
            currency: if own { "CNY" } else { "USD" }.to_owned(),
            customer: whom.0,
            level: whom.1,
            dealer_level: whom.2,
            starts_on,
            ends_on,
            priority,
            tax_included: true,
        })
    }

    proptest! {
        #[test]
        fn the_book_is_the_one_that_is_found_step_by_step(
            mut books in prop::collection::vec(book(), 0..8),
            tiers in prop::collection::btree_set((0..8_u8, 0..5_i64), 0..20),
            customer in prop::option::of((0..2_u8).prop_map(id)),
            level in level(),
            dealer_level in level(),
            day in (0..6_i64).prop_map(|days| date(2026, 11, 20) + days.days()),
            quantity in 0..5_i64,
        ) {
            for (place, book) in books.iter_mut().enumerate() {
                book.id = id(u8::try_from(place).expect("few"));
            }
            let items: Vec<Item> = tiers
                .iter()
                .enumerate()
                .map(|(place, (book, from))| Item {
                    book: id(*book),
                    min_quantity: Decimal::from(*from),
                    price: Decimal::from(place),
                    max_discount: None,
                })
                .collect();
            let buyer = Buyer { customer, level, dealer_level };
            let quantity = Decimal::from(quantity);
            let fitting: Vec<Book> =
                books.iter().filter(|book| book.holds("CNY", day) && book.is_for(&buyer)).cloned().collect();
            let found = choose(&fitting, &items, quantity).map(|(book, item)| (book.id, item.price));
            prop_assert_eq!(found, naive(&books, &items, &buyer, day, quantity));
        }
    }
}
