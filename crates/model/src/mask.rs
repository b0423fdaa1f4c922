//! What is left of a value for those who may see only part of it. The databases do the same in SQL.

use crate::field::FieldType;

/// How a text is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mask {
    /// 13812348023 → 138****8023; shorter than seven characters: nothing.
    Phone,
    /// wang@example.com → w***@example.com
    Email,
    /// Everything but the first character: 北***
    Text,
}

impl Mask {
    /// The mask for values of a type; nothing for what is not a text.
    pub fn of(kind: FieldType) -> Option<Self> {
        match kind {
            FieldType::Phone => Some(Self::Phone),
            FieldType::Email => Some(Self::Email),
            FieldType::Text | FieldType::LongText | FieldType::Url | FieldType::AutoNumber => Some(Self::Text),
            _ => None,
        }
    }

    /// The masked text.
    pub fn apply(self, text: &str) -> String {
        let count = text.chars().count();
        let first = |count: usize| text.chars().take(count).collect::<String>();
        match self {
            Self::Phone if count >= 7 => {
                format!("{}****{}", first(3), text.chars().skip(count - 4).collect::<String>())
            }
            Self::Phone => "****".to_owned(),
            Self::Email => match text.find('@') {
                Some(at) => format!("{}***{}", first(1), &text[at..]),
                None => format!("{}***", first(1)),
            },
            Self::Text => format!("{}***", first(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_is_left_to_recognise_and_too_little_to_use() {
        assert_eq!(Mask::Phone.apply("13812348023"), "138****8023");
        assert_eq!(Mask::Phone.apply("110"), "****");
        assert_eq!(Mask::Email.apply("wang@example.com"), "w***@example.com");
        assert_eq!(Mask::Email.apply("@"), "@***@");
        assert_eq!(Mask::Text.apply("北京市海淀区"), "北***");
    }
}
