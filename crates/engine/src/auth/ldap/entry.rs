//! What a directory says of somebody.

use super::{Settings, client::Trouble};
use ldap3::SearchEntry;

/// Somebody in the directory.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub dn: String,
    /// What stays when he is renamed.
    pub subject: String,
    pub login: String,
    pub name: String,
    pub email: String,
}

/// What is asked of entries.
pub(super) fn attributes(settings: &Settings) -> Vec<&str> {
    let all = [&settings.login_attribute, &settings.name_attribute, &settings.email_attribute, &settings.id_attribute];
    all.into_iter().map(String::as_str).filter(|name| !name.is_empty()).collect()
}

/// The values of an attribute, however the directory writes its name.
fn values<'e>(entry: &'e SearchEntry, name: &str) -> &'e [String] {
    entry.attrs.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or(&[], |(_, values)| values)
}

/// What an entry says; `asked` is the login that was asked for.
pub(super) fn understood(settings: &Settings, entry: SearchEntry, asked: &str) -> Result<Entry, Trouble> {
    let first = |name: &str| values(&entry, name).first().map(|value| value.trim().to_owned()).unwrap_or_default();
    let logins = values(&entry, &settings.login_attribute);
    let login = logins.iter().find(|login| login.to_lowercase() == asked).cloned();
    let login = login.unwrap_or_else(|| first(&settings.login_attribute)).trim().to_lowercase();
    let (name, email) = (first(&settings.name_attribute), first(&settings.email_attribute));
    let subject = subject(settings, &entry)?;
    // Binding as nobody always works.
    if entry.dn.trim().is_empty() {
        return Err(Trouble::Unusable("an entry has no name".into()));
    }
    Ok(Entry { dn: entry.dn, subject, login, name, email })
}

fn subject(settings: &Settings, entry: &SearchEntry) -> Result<String, Trouble> {
    let name = settings.id_attribute.as_str();
    if name.is_empty() {
        return Ok(format!("dn:{}", entry.dn.to_lowercase()));
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let binary = entry.bin_attrs.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, values)| values);
    if let Some([only]) = binary.map(Vec::as_slice) {
        return Ok(format!("hex:{}", hex(only)));
    }
    match values(entry, name) {
        // Some sixteen bytes happen to be text.
        [only] if name.eq_ignore_ascii_case("objectGUID") => Ok(format!("hex:{}", hex(only.as_bytes()))),
        [only] if !only.trim().is_empty() => Ok(only.trim().to_lowercase()),
        _ => Err(Trouble::Unusable(format!("{} has no {name}", entry.dn))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_text_bytes_or_the_name() {
        let entry = |text: &[(&str, &str)], bytes: &[(&str, &[u8])]| SearchEntry {
            dn: "UID=Zhang,DC=example".into(),
            attrs: text.iter().map(|(name, value)| ((*name).into(), vec![(*value).into()])).collect(),
            bin_attrs: bytes.iter().map(|(name, value)| ((*name).into(), vec![value.to_vec()])).collect(),
        };
        let with = |attribute: &str| Settings { id_attribute: attribute.into(), ..Settings::default() };
        let uuid = entry(&[("entryUUID", "5A1B-77")], &[]);
        assert_eq!(subject(&with("entryuuid"), &uuid).ok().as_deref(), Some("5a1b-77"));
        assert_eq!(subject(&with(""), &uuid).ok().as_deref(), Some("dn:uid=zhang,dc=example"));
        assert!(subject(&with("objectGUID"), &uuid).is_err());
        // Whether the bytes happen to be text or not.
        assert_eq!(
            subject(&with("objectGUID"), &entry(&[], &[("objectGUID", &[0xff, 0x0a])])).ok().as_deref(),
            Some("hex:ff0a")
        );
        assert_eq!(
            subject(&with("objectGUID"), &entry(&[("objectGUID", "AB")], &[])).ok().as_deref(),
            Some("hex:4142")
        );
    }
}
