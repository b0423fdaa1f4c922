//! What programs have seen of a calendar, so that the next time they are told only what is otherwise now.
//!
//! It is kept in memory, and not for ever: whoever asks by a mark that is not known any more is told to begin anew, which costs
//! him a list of names and marks. So nothing is said of entries that he never saw.

use super::{
    Call,
    refusal::{Refusal, Result},
};
use guanxi_engine::{
    Calendar,
    calendars::{Entry, Wanted, mark_of_all},
};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex},
};
use uuid::Uuid;

/// Most names that are kept.
const MOST: usize = 200_000;
/// What a mark begins with: it has to be a URI.
const PREFIX: &str = "urn:guanxi:sync:";

/// Names and marks, as somebody saw them.
type Seen = Arc<HashMap<String, String>>;

/// A state of somebody's calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    user: Uuid,
    calendar: &'static str,
    mark: String,
}

/// What programs have seen.
#[derive(Default)]
pub(crate) struct Memory(Mutex<VecDeque<(State, Seen)>>);

impl Memory {
    fn find(&self, state: &State) -> Option<Seen> {
        let kept = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == state).map(|(_, seen)| seen.clone())
    }

    fn keep(&self, state: State, seen: Seen) {
        let mut kept = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.retain(|(known, _)| *known != state);
        kept.push_back((state, seen));
        let mut names: usize = kept.iter().map(|(_, seen)| seen.len() + 1).sum();
        while names > MOST && kept.len() > 1 {
            names -= kept.pop_front().map_or(0, |(_, seen)| seen.len() + 1);
        }
    }
}

/// What is otherwise than it was: what is new or changed, and the names of what is gone.
#[derive(Default)]
pub(super) struct Difference<'a> {
    pub changed: Vec<&'a (Entry, String)>,
    pub gone: Vec<String>,
}

/// A calendar as it is now.
pub(super) struct Now {
    pub calendar: Arc<dyn Calendar>,
    /// The entries with their marks.
    pub entries: Vec<(Entry, String)>,
    state: State,
}

impl Now {
    /// Everything in a calendar.
    pub async fn of(call: &Call, calendar: &Arc<dyn Calendar>) -> Result<Self> {
        let wanted = Wanted { from: None, to: None, page: &call.page };
        let entries = calendar.entries(&call.app.engine, &call.viewer, &wanted).await;
        let entries = entries.map_err(|error| Refusal::of(error, call.viewer.lang))?;
        let entries: Vec<(Entry, String)> = entries
            .into_iter()
            .map(|entry| {
                let mark = entry.mark();
                (entry, mark)
            })
            .collect();
        let mark = mark_of_all(entries.iter().map(|(entry, mark)| (entry.name.as_str(), mark.as_str())));
        let user = call.viewer.id.unwrap_or_default();
        let state = State { user, calendar: calendar.name(), mark };
        Ok(Self { calendar: calendar.clone(), entries, state })
    }

    /// A mark of all of it.
    pub fn mark(&self) -> &str {
        &self.state.mark
    }

    /// The mark by which one asks what has changed since; the state is kept.
    pub fn token(&self, memory: &Memory) -> String {
        let seen = self.entries.iter().map(|(entry, mark)| (entry.name.clone(), mark.clone())).collect();
        memory.keep(self.state.clone(), Arc::new(seen));
        format!("{PREFIX}{}", self.state.mark)
    }

    /// What is otherwise than in the state with a mark; nothing where that state is not known.
    pub fn since(&self, memory: &Memory, token: &str) -> Option<Difference<'_>> {
        if token.is_empty() {
            return Some(Difference { changed: self.entries.iter().collect(), gone: Vec::new() });
        }
        let mark = token.strip_prefix(PREFIX)?;
        if mark == self.state.mark {
            return Some(Difference::default());
        }
        let seen = memory.find(&State { mark: mark.to_owned(), ..self.state.clone() })?;
        let changed = self.entries.iter().filter(|(entry, mark)| seen.get(&entry.name) != Some(mark)).collect();
        let there: HashSet<&str> = self.entries.iter().map(|(entry, _)| entry.name.as_str()).collect();
        let mut gone: Vec<String> = seen.keys().filter(|name| !there.contains(name.as_str())).cloned().collect();
        gone.sort_unstable();
        Some(Difference { changed, gone })
    }
}
