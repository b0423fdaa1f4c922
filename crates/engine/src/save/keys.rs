//! What is stored beside the values so that a record is found, sorted and compared.

use crate::rules::Draft;
use guanxi_model::{
    FieldDef, FieldType, ObjectDef, Value, normalise,
    object::Normalize,
    pinyin,
    tokens::{self, TokenClass},
};
use guanxi_store::{records::Keys, schema};

/// The value that a duplicate rule compares; nothing when too little is left to compare.
pub(crate) fn match_key(normalize: Normalize, text: &str) -> Option<String> {
    let (key, least) = match normalize {
        Normalize::Exact => (normalise::exact_key(text), 1),
        Normalize::Phone => (normalise::phone_key(text), 5),
        Normalize::Company => (normalise::company_key(text), 2),
    };
    (key.chars().count() >= least).then_some(key)
}

pub(super) fn keys_of(object: &ObjectDef, draft: &Draft) -> Keys {
    let touched = |name: &str| draft.is_new() || draft.changed(name);
    let sort = object
        .field(&object.title)
        .filter(|field| object.has_sort_key(field) && touched(&field.name))
        .map(|field| pinyin::sort_key(draft.get(&field.name).as_text().unwrap_or_default()));
    let matching = schema::match_columns(object)
        .into_iter()
        .filter(|(field, _, _)| touched(field))
        .map(|(field, normalize, column)| {
            (column, draft.get(field).as_text().and_then(|text| match_key(normalize, text)))
        })
        .collect();
    let tokens =
        object.search_fields().any(|field| touched(&field.name)).then(|| search_tokens(object, |name| draft.get(name)));
    Keys { sort, matching, tokens }
}

/// The class of search tokens for a field.
pub(crate) fn token_class(object: &ObjectDef, field: &FieldDef) -> TokenClass {
    match field.kind {
        FieldType::Phone => TokenClass::Phone,
        FieldType::AutoNumber => TokenClass::Number,
        FieldType::Text if field.name == object.title => TokenClass::Name,
        _ => TokenClass::Text,
    }
}

/// The search tokens of a record: those of every searchable field, each marked with its field.
pub(crate) fn search_tokens<'v>(object: &ObjectDef, read: impl Fn(&str) -> &'v Value) -> String {
    let mut out = String::new();
    let mut scratch = String::new();
    for field in object.search_fields() {
        let value = read(&field.name);
        let texts: Vec<&str> = match value {
            Value::Text(text) => vec![text],
            Value::List(members) => members.iter().filter_map(Value::as_text).collect(),
            _ => continue,
        };
        let code = guanxi_model::catalogue::search_code(&field.name);
        for text in texts {
            // The beginning of a long text is enough to find it by.
            let end = text.char_indices().nth(2000).map_or(text.len(), |(index, _)| index);
            scratch.clear();
            tokens::write_tokens(&text[..end], token_class(object, field), &mut scratch);
            for token in scratch.split_ascii_whitespace() {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(&code);
                out.push_str(token);
            }
        }
    }
    out
}
