//! What a product costs a customer on a day. Lines and pages ask here and nowhere else.

use crate::{
    BOOK, COMPONENT, ITEM, PRODUCT,
    decide::{Book, Buyer, Item, choose, with_tax},
};
use async_trait::async_trait;
use guanxi_engine::{Context, Engine, Result, Viewer};
use guanxi_model::{Value, coerce::decimal_fits};
use guanxi_store::records::Record;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;
use std::{pin::Pin, sync::Arc};
use uuid::Uuid;

/// How deep bundles may stand in each other.
pub(crate) const MOST_DEEP: usize = 3;

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub product: Uuid,
    pub customer: Option<Uuid>,
    pub currency: String,
    pub quantity: Decimal,
    pub day: Date,
    /// Is the price wanted with tax?
    pub tax_included: bool,
}

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A price book.
    Book,
    /// The product itself.
    List,
    /// What the bundle is made of.
    Components,
    /// There is no price in this currency.
    Nowhere,
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub product: Record,
    pub price: Option<Decimal>,
    /// The product's own price, where it is in the same currency.
    pub list_price: Option<Decimal>,
    pub origin: Origin,
    pub book: Option<(Uuid, String)>,
    /// From which quantity on it holds, where a book says so.
    pub min_quantity: Option<Decimal>,
    pub max_discount: Option<Decimal>,
}

/// Where it is looked up: in the transaction of a write, or outside for a page.
#[async_trait]
pub(crate) trait Shelf: Send {
    /// A living record.
    async fn record(&mut self, object: &'static str, id: Uuid) -> Result<Option<Record>>;
    /// The price books that are active.
    async fn books(&mut self) -> Result<Arc<Vec<Record>>>;
    /// Records of an object that name a product in a field.
    async fn about(&mut self, object: &'static str, field: &'static str, product: Uuid) -> Result<Vec<Record>>;
}

#[async_trait]
impl Shelf for Context<'_> {
    async fn record(&mut self, object: &'static str, id: Uuid) -> Result<Option<Record>> {
        self.read(object, id).await
    }

    async fn books(&mut self) -> Result<Arc<Vec<Record>>> {
        self.settings(BOOK, "active").await
    }

    async fn about(&mut self, object: &'static str, field: &'static str, product: Uuid) -> Result<Vec<Record>> {
        self.find(object, field, product.into()).await
    }
}

/// Outside of any write.
pub(crate) struct Outside<'e>(pub &'e Engine);

impl Outside<'_> {
    async fn all(&self, object: &str, filter: serde_json::Value) -> Result<Vec<Record>> {
        self.0.find_all(&Viewer::system("price"), object, &filter).await
    }
}

#[async_trait]
impl Shelf for Outside<'_> {
    async fn record(&mut self, object: &'static str, id: Uuid) -> Result<Option<Record>> {
        Ok(self.all(object, json!(["id", "=", id])).await?.pop())
    }

    async fn books(&mut self) -> Result<Arc<Vec<Record>>> {
        Ok(Arc::new(self.all(BOOK, json!(["active", "=", true])).await?))
    }

    async fn about(&mut self, object: &'static str, field: &'static str, product: Uuid) -> Result<Vec<Record>> {
        self.all(object, json!([field, "=", product])).await
    }
}

/// The price of a product; nothing where there is no such product.
pub(crate) async fn price_of(shelf: &mut dyn Shelf, asked: &Question) -> Result<Option<Answer>> {
    let books = fitting(shelf, asked).await?;
    of(shelf, asked, &books, 0).await
}

/// The books of this day and currency that are for this customer.
async fn fitting(shelf: &mut dyn Shelf, asked: &Question) -> Result<Vec<Book>> {
    let active = shelf.books().await?;
    let mut books: Vec<Book> =
        active.iter().map(Book::of).filter(|book| book.holds(&asked.currency, asked.day)).collect();
    if books.is_empty() {
        return Ok(books);
    }
    let mut buyer = Buyer { customer: asked.customer, ..Buyer::default() };
    let particular = books.iter().any(|book| book.level.is_some() || book.dealer_level.is_some());
    if let Some(customer) = asked.customer
        && particular
        && let Some(customer) = shelf.record("customer", customer).await?
    {
        buyer.level = customer.get("level").as_text().map(str::to_owned);
        if let Some(dealer) = customer.get("dealer").as_id()
            && books.iter().any(|book| book.dealer_level.is_some())
            && let Some(dealer) = shelf.record("dealer", dealer).await?
        {
            buyer.dealer_level = dealer.get("level").as_text().map(str::to_owned);
        }
    }
    books.retain(|book| book.is_for(&buyer));
    Ok(books)
}

type Answered<'a> = Pin<Box<dyn Future<Output = Result<Option<Answer>>> + Send + 'a>>;

fn of<'a>(shelf: &'a mut dyn Shelf, asked: &'a Question, books: &'a [Book], depth: usize) -> Answered<'a> {
    Box::pin(async move {
        let Some(product) = shelf.record(PRODUCT, asked.product).await? else { return Ok(None) };
        let rate = product.get("tax_rate").as_decimal().unwrap_or_default();
        let own = product.get("price").as_decimal();
        let own = own.filter(|_| product.get("currency").as_text() == Some(asked.currency.as_str()));
        // What a product costs by itself includes tax.
        let list_price = own.and_then(|price| with_tax(price, true, asked.tax_included, rate));
        let items: Vec<Item> = if books.is_empty() {
            Vec::new()
        } else {
            shelf.about(ITEM, PRODUCT, asked.product).await?.iter().filter_map(Item::of).collect()
        };
        let mut answer = Answer {
            product,
            price: list_price,
            list_price,
            origin: if list_price.is_some() { Origin::List } else { Origin::Nowhere },
            book: None,
            min_quantity: None,
            max_discount: None,
        };
        if let Some((book, item)) = choose(books, &items, asked.quantity) {
            answer.price = with_tax(item.price, book.tax_included, asked.tax_included, rate);
            answer.origin = Origin::Book;
            answer.book = Some((book.id, book.name.clone()));
            answer.min_quantity = Some(item.min_quantity);
            answer.max_discount = item.max_discount;
        } else if list_price.is_none() && answer.product.get("kind").as_text() == Some("bundle") && depth < MOST_DEEP {
            let (price, limit) = of_components(shelf, asked, books, depth).await?;
            answer.price = price;
            answer.max_discount = limit;
            answer.origin = Origin::Components;
        }
        answer.price = answer.price.filter(|price| decimal_fits(*price));
        if answer.price.is_none() {
            answer.origin = Origin::Nowhere;
            answer.max_discount = None;
        }
        Ok(Some(answer))
    })
}

/// What a bundle comes to, and how much may be taken off it: as little as of any of its components. Nothing when one has no price.
async fn of_components(
    shelf: &mut dyn Shelf,
    asked: &Question,
    books: &[Book],
    depth: usize,
) -> Result<(Option<Decimal>, Option<Decimal>)> {
    let mut sum: Option<Decimal> = None;
    let mut limit: Option<Decimal> = None;
    for line in shelf.about(COMPONENT, "bundle", asked.product).await? {
        let (Some(component), Some(each)) = (line.get("component").as_id(), line.get("quantity").as_decimal()) else {
            return Ok((None, None));
        };
        let Some(quantity) = asked.quantity.checked_mul(each) else { return Ok((None, None)) };
        let part = Question { product: component, quantity, ..asked.clone() };
        let Some(found) = of(shelf, &part, books, depth + 1).await? else { return Ok((None, None)) };
        let Some(price) = found.price.and_then(|price| price.checked_mul(each)) else { return Ok((None, None)) };
        let Some(so_far) = sum.unwrap_or_default().checked_add(price) else { return Ok((None, None)) };
        sum = Some(so_far);
        limit = [limit, found.max_discount].into_iter().flatten().min();
    }
    Ok((sum.map(|sum| sum.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)), limit))
}

/// Nothing where there is no number.
pub(crate) fn value_of(number: Option<Decimal>) -> Value {
    number.map_or(Value::Null, Value::Decimal)
}
