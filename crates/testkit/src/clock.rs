//! A clock that stands still until it is moved.

use guanxi_engine::Clock;
use jiff::{SignedDuration, Timestamp};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A clock for tests. Clones show the same time.
#[derive(Debug, Clone)]
pub struct TestClock {
    micros: Arc<AtomicI64>,
}

impl TestClock {
    /// A clock that shows this moment.
    pub fn at(moment: Timestamp) -> Self {
        Self { micros: Arc::new(AtomicI64::new(moment.as_microsecond())) }
    }

    /// Shows this moment from now on.
    pub fn set(&self, moment: Timestamp) {
        self.micros.store(moment.as_microsecond(), Ordering::SeqCst);
    }

    /// Goes on by this much.
    pub fn advance(&self, by: SignedDuration) {
        self.micros.fetch_add(
            i64::try_from(by.as_micros()).expect("a test's time stays within the calendar"),
            Ordering::SeqCst,
        );
    }
}

impl Default for TestClock {
    /// A Saturday morning in Shanghai: 2026-11-21 10:00.
    fn default() -> Self {
        Self::at("2026-11-21T02:00:00Z".parse().expect("a moment"))
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.micros.load(Ordering::SeqCst))
            .expect("a test's time stays within the calendar")
    }
}
