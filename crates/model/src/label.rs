//! Text in the two languages of the product.

use serde::{Deserialize, Serialize};

/// A language of the page and of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Lang {
    /// Simplified Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Picks a language from an `Accept-Language` header or a language tag; Chinese when neither is named.
    pub fn from_tag(tag: &str) -> Self {
        for part in tag.split(',') {
            let part = part.trim().to_ascii_lowercase();
            if part.starts_with("zh") {
                return Self::Zh;
            }
            if part.starts_with("en") {
                return Self::En;
            }
        }
        Self::Zh
    }
}

/// A text in Chinese and English. Both are required: a label in one language only does not load.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// Makes a label from its two texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Is this one of the label's texts? Case is ignored.
    pub fn matches(&self, text: &str) -> bool {
        self.zh == text || self.en.eq_ignore_ascii_case(text)
    }
}
