//! How much a long piece of work does at a time.

use std::time::Duration;

/// What a transaction may take, so that nobody waits long for a record of it, or behind it where there is one writer.
const AIM: Duration = Duration::from_millis(70);
/// How many records the next transaction takes, learnt from the last one: it depends on the machine, the indexes, and what
/// others are doing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace(usize);

impl Default for Pace {
    fn default() -> Self {
        Self(100)
    }
}

impl Pace {
    pub fn size(self) -> usize {
        self.0
    }

    /// A full transaction took so long.
    pub fn learn(&mut self, records: usize, took: Duration) {
        if records < self.0 {
            return;
        }
        let fitting = records as f64 * AIM.as_secs_f64() / took.as_secs_f64().max(0.001);
        // One slow commit says little.
        self.0 = (fitting as usize).clamp(self.0 / 2, self.0 * 2).clamp(20, 1000);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_follows_what_transactions_take() {
        let mut pace = Pace::default();
        pace.learn(10, Duration::from_secs(1));
        assert_eq!(pace.size(), 100, "a part of a batch says nothing");
        pace.learn(100, Duration::from_millis(7));
        assert_eq!(pace.size(), 200, "at most twice as many");
        pace.learn(200, Duration::from_millis(100));
        assert_eq!(pace.size(), 140);
        for _ in 0..20 {
            pace.learn(pace.size(), Duration::from_secs(9));
        }
        assert_eq!(pace.size(), 20, "it never stands still");
    }
}
