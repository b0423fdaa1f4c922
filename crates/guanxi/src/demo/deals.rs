//! Opportunities and their way through the pipeline.

use jiff::{ToSpan, civil::Date};

use super::company::{LOST, PRODUCTS, WON};
use super::customers::{Contact, Customer};
use super::rng::Rng;
use super::words::{COMPETITORS, TITLES};

/// A chance to sell, with the day it entered each stage it has seen.
pub struct Deal {
    pub customer: usize,
    pub contact: usize,
    /// Place in [`PRODUCTS`].
    pub product: usize,
    pub owner: usize,
    pub name: String,
    /// Stage and day, oldest first.
    pub steps: Vec<(usize, Date)>,
    pub quantity: i64,
    /// What is asked of the list price, in percent.
    pub share: i64,
    /// In yuan.
    pub amount: i64,
    /// Expected while open, actual once closed.
    pub close: Date,
    pub competitor: Option<&'static str>,
    pub loss_reason: Option<&'static str>,
}

impl Deal {
    /// The stage it stands in.
    pub fn stage(&self) -> usize {
        self.steps.last().map_or(0, |step| step.0)
    }

    /// The furthest stage it has come to; lost is none.
    pub fn furthest(&self) -> usize {
        self.steps.iter().map(|step| step.0).filter(|stage| *stage != LOST).max().unwrap_or_default()
    }

    /// The day it was opened.
    pub fn opened(&self) -> Date {
        self.steps.first().map_or(self.close, |step| step.1)
    }

    /// Whether it is neither won nor lost.
    pub fn open(&self) -> bool {
        self.stage() < WON
    }
}

/// How many of a hundred deals end where.
const SHARES: [usize; 6] = [16, 17, 15, 11, 25, 16];

/// `count` deals, oldest first.
pub fn make(rng: &mut Rng, today: Date, count: usize, customers: &[Customer], contacts: &[Contact]) -> Vec<Deal> {
    let mut stages: Vec<usize> = Vec::with_capacity(count);
    for (stage, share) in SHARES.iter().enumerate() {
        stages.extend(std::iter::repeat_n(stage, count * share / 100));
    }
    stages.resize(count, WON);
    rng.shuffle(&mut stages);

    let buyers: Vec<usize> = (0..customers.len()).filter(|&c| !customers[c].contacts.is_empty()).collect();
    let mut deals: Vec<Deal> = stages
        .into_iter()
        .map(|stage| {
            let customer = rng.pick(&buyers);
            one(rng, today, stage, customer, customers, contacts)
        })
        .collect();
    deals.sort_by_key(Deal::opened);
    deals
}

fn one(
    rng: &mut Rng,
    today: Date,
    stage: usize,
    customer: usize,
    customers: &[Customer],
    contacts: &[Contact],
) -> Deal {
    let buyer = &customers[customer];
    // The one who decides or buys, if he is known.
    let contact = buyer
        .contacts
        .iter()
        .copied()
        .find(|&c| matches!(TITLES[contacts[c].title].1, "decider" | "approver" | "buyer"))
        .or_else(|| buyer.contacts.first().copied())
        .unwrap_or_default();
    let product = rng.below(PRODUCTS.len());
    let sold = &PRODUCTS[product];
    let quantity = rng.between(sold.quantity.0, sold.quantity.1);
    let discount = rng.between(82, 100);
    let amount = sold.price * quantity * discount / 100 / 100 * 100;

    // Back from the last step: closed deals end anywhere in the year after the customer came, open ones moved lately.
    let known = i64::from((today - buyer.created).get_days()).max(8);
    let seen = match stage {
        WON => 4,
        // Some are lost early.
        LOST => 1 + rng.below(4),
        open => open,
    };
    let last =
        if stage >= WON { rng.between(2, (known - 24).max(3)) } else { rng.between(2, 40.min(known - 2).max(3)) };
    let room = (known - last - 1).max(0);
    let longest = if seen == 0 { 0 } else { (room / i64::try_from(seen).unwrap_or(1)).clamp(1, 34) };
    let mut days_ago = last;
    let mut steps = vec![(stage, today.saturating_sub(last.days()))];
    for earlier in (0..seen).rev() {
        days_ago = (days_ago + rng.between(longest.min(4), longest)).min(known);
        steps.push((earlier, today.saturating_sub(days_ago.days())));
    }
    steps.reverse();

    let close = if stage >= WON {
        today.saturating_sub(last.days())
    } else {
        // A few are overdue, as in life.
        today.saturating_add(rng.between(-9, 75).days())
    };
    let suffix = rng.pick(&["项目", "采购", "项目", "二期", "升级", "试点"]);
    Deal {
        customer,
        contact,
        product,
        owner: buyer.owner,
        name: format!("{} {}{suffix}", buyer.short, sold.short),
        steps,
        quantity,
        share: discount,
        amount,
        close,
        competitor: rng.chance(45).then(|| rng.pick(COMPETITORS)),
        loss_reason: (stage == LOST).then(|| {
            rng.pick(&[
                "price",
                "price",
                "competitor",
                "competitor",
                "budget",
                "fit",
                "no_decision",
                "timing",
                "relationship",
            ])
        }),
    }
}
