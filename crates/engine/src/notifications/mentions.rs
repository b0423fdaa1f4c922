//! Who is mentioned in a text: `@` and a name, or a login.

use crate::{Engine, Result};
use guanxi_access::Viewer;
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Most signs after the `@` that can be a name.
const LONGEST: usize = 30;
/// Most mentions of a text that are looked at.
const MOST: usize = 50;

/// What stands after each `@`, as far as it could be a name or a login.
fn candidates(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(['@', '＠']).take(MOST) {
        // In a mail address it follows a letter or digit.
        if text[..at].chars().next_back().is_some_and(|before| before.is_ascii_alphanumeric()) {
            continue;
        }
        let rest = text[at..].chars().skip(1);
        let name: String = rest.take_while(|c| !c.is_control() && *c != '@' && *c != '＠').take(LONGEST).collect();
        if !name.trim().is_empty() {
            found.push(name);
        }
    }
    found
}

/// The users who are mentioned in `after` and were not in `before`. Of several with the same name nobody is meant: his login tells
/// them apart.
pub(super) async fn mentioned(engine: &Engine, before: &str, after: &str) -> Result<BTreeSet<Uuid>> {
    let now = users(engine, after).await?;
    if now.is_empty() {
        return Ok(now);
    }
    let then = users(engine, before).await?;
    Ok(now.difference(&then).copied().collect())
}

async fn users(engine: &Engine, text: &str) -> Result<BTreeSet<Uuid>> {
    let candidates = candidates(text);
    if candidates.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut starts = BTreeSet::new();
    for candidate in &candidates {
        let signs: Vec<char> = candidate.chars().collect();
        starts.extend((1..=signs.len()).map(|end| signs[..end].iter().collect::<String>()));
    }
    let starts: Vec<&String> = starts.iter().collect();
    let mut known = Vec::new();
    for some in starts.chunks(200) {
        let logins: Vec<String> = some.iter().map(|start| start.to_lowercase()).collect();
        let filter = json!({"and": [["active", "=", true], {"or": [["name", "in", some], ["login", "in", logins]]}]});
        known.extend(engine.find_all(&Viewer::system("mentions"), "user", &filter).await?);
    }
    let mut found = BTreeSet::new();
    for candidate in &candidates {
        // The longest name that fits is meant: 张伟明, not 张伟.
        let fitting = known.iter().filter_map(|user| {
            let name = user.get("name").as_text().filter(|name| candidate.starts_with(*name));
            let login = user.get("login").as_text().filter(|login| is_login(candidate, login));
            let length = name.into_iter().chain(login).map(|word| word.chars().count()).max()?;
            Some((length, user.id))
        });
        let mut best: Vec<(usize, Uuid)> = fitting.collect();
        let Some(longest) = best.iter().map(|(length, _)| *length).max() else { continue };
        best.retain(|(length, _)| *length == longest);
        best.dedup();
        if let [(_, one)] = best.as_slice() {
            found.insert(*one);
        }
    }
    Ok(found)
}

/// A login ends where letters and digits do: `@li` is not `@lina`.
fn is_login(candidate: &str, login: &str) -> bool {
    let text = candidate.to_lowercase();
    text.strip_prefix(login)
        .is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || "._-".contains(next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_an_at_is_looked_at() {
        assert_eq!(candidates("请 @张伟 看一下"), ["张伟 看一下"]);
        assert_eq!(candidates("info@example.com"), Vec::<String>::new());
        assert_eq!(candidates("（＠李娜）@lina,@"), ["李娜）", "lina,"]);
        assert_eq!(candidates(&"@a".repeat(1000)).len(), 1, "each follows a letter but the first");
        assert_eq!(candidates(&"，@甲".repeat(1000)).len(), MOST);
    }

    #[test]
    fn a_login_is_a_whole_word() {
        assert!(is_login("lina, see", "lina"));
        assert!(is_login("Lina看", "lina"));
        assert!(!is_login("lina2", "lina"));
        assert!(!is_login("li", "lina"));
    }
}
