//! Price books and the prices in them.

use crate::{BOOK, ITEM, PRODUCT};
use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use serde_json::json;

/// Most price books that are active at once: every write of a line looks at all of them.
const MOST_ACTIVE: i64 = 500;
/// Most tiers of a product in a book.
const MOST_TIERS: usize = 10;

/// Most prices of a product in all books together.
const MOST_PRICES: usize = 4000;

/// A book has a currency, and ends after it begins.
pub(crate) struct BookRule;

#[async_trait]
impl Rule for BookRule {
    fn object(&self) -> &'static str {
        BOOK
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let own = context.engine.settings().currency.clone();
        let currency = draft.get("currency").as_text().map_or(own, str::to_ascii_uppercase);
        if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
            context.refuse(FieldError::new(
                "currency",
                "bad_currency",
                "应为三个字母的币种代码，如 CNY",
                "a code of three letters such as USD",
            ));
        }
        draft.set("currency", currency);
        if !draft.is_new()
            && draft.changed("currency")
            && context.count(ITEM, &json!(["price_book", "=", draft.id])).await? > 0
        {
            context.refuse(FieldError::new(
                "currency",
                "has_items",
                "已有价格，不能更换币种",
                "there are prices in it already; make another book",
            ));
        }
        if let (Value::Date(first), Value::Date(last)) = (draft.get("starts_on"), draft.get("ends_on"))
            && last < first
        {
            context.refuse(FieldError::new(
                "ends_on",
                "ends_before_start",
                "不能早于开始日期",
                "it would end before it begins",
            ));
        }
        if draft.get("active").is_null() {
            draft.set("active", true);
        }
        let opens = draft.changed("active") && draft.get("active").as_bool() == Some(true);
        if opens && context.count(BOOK, &json!(["active", "=", true])).await? >= MOST_ACTIVE {
            context.refuse(FieldError::new(
                "active",
                "too_many",
                format!("最多同时启用 {MOST_ACTIVE} 个价格表，请先停用过期的"),
                format!("at most {MOST_ACTIVE} price books are active at once; close those that have ended"),
            ));
        }
        Ok(())
    }
}

/// A price is in the currency of its book and has the name of its product.
pub(crate) struct ItemRule;

#[async_trait]
impl Rule for ItemRule {
    fn object(&self) -> &'static str {
        ITEM
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("min_quantity").is_null() {
            draft.set("min_quantity", Value::Decimal(rust_decimal::Decimal::ONE));
        }
        let (book, product) = (draft.get("price_book").as_id(), draft.get(PRODUCT).as_id());
        if let Some(book) = book
            && let Some(book) = context.read(BOOK, book).await?
        {
            draft.set("currency", book.get("currency").clone());
        }
        if let Some(product) = product
            && (draft.changed(PRODUCT) || draft.changed("price_book"))
        {
            if let Some(product) = context.read(PRODUCT, product).await? {
                draft.set("name", product.get("name").clone());
            }
            let known = context.find(ITEM, PRODUCT, product.into()).await?;
            let tiers =
                known.iter().filter(|item| item.get("price_book").as_id() == book && item.id != draft.id).count();
            if known.len() >= MOST_PRICES {
                context.refuse(FieldError::new(
                    PRODUCT,
                    "too_many",
                    format!("一个产品最多 {MOST_PRICES} 个价格，请删除过期的"),
                    format!("a product has at most {MOST_PRICES} prices; take away those that have ended"),
                ));
            } else if tiers >= MOST_TIERS {
                context.refuse(FieldError::new(
                    "min_quantity",
                    "too_many",
                    format!("一个产品在一个价格表中最多 {MOST_TIERS} 档"),
                    format!("a product has at most {MOST_TIERS} tiers in a book"),
                ));
            }
        }
        Ok(())
    }
}
