//! Who spoke to whom, when and about what; `talk` puts it into words.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::company::{LOST, PRODUCTS, WON};
use super::customers::{Contact, Customer};
use super::deals::Deal;
use super::rng::Rng;
use super::talk::{self, Facts, Topic};
use super::words::{CITIES, COMPETITORS};
use super::{FOLLOW_UPS, Record, at, days_between, in_wan, moment, office_minutes, record, working_day};

pub fn facts<'a>(deal: &Deal, contact: &'a str, quantity: &'a str, amount: &'a str) -> Facts<'a> {
    Facts {
        contact,
        product: PRODUCTS[deal.product].short,
        quantity,
        amount,
        competitor: deal.competitor.unwrap_or(COMPETITORS[5]),
    }
}

/// One conversation, before it becomes a record.
struct Talk {
    date: Date,
    topic: Topic,
    customer: usize,
    contact: Option<usize>,
    deal: Option<usize>,
}

/// Follow-ups over the year: those that carry the deals, care after a sale, and visits to everybody else.
pub fn talks(rng: &mut Rng, today: Date, customers: &[Customer], contacts: &[Contact], deals: &[Deal]) -> Vec<Record> {
    let yesterday = working_day(today.saturating_sub(1.day()));
    let mut talks: Vec<Talk> = Vec::with_capacity(FOLLOW_UPS);
    for (place, deal) in deals.iter().enumerate() {
        let buyer = &customers[deal.customer];
        let mut add = |rng: &mut Rng, date: Date, topic: Topic| {
            // Mostly the main contact, sometimes another.
            let contact = if rng.chance(75) { deal.contact } else { rng.pick(&buyer.contacts) };
            talks.push(Talk {
                date: working_day(date).max(buyer.created).min(yesterday),
                topic,
                customer: deal.customer,
                contact: Some(contact),
                deal: Some(place),
            });
        };
        for (step, &(stage, entered)) in deal.steps.iter().enumerate() {
            let left = deal.steps.get(step + 1).map_or(yesterday, |next| next.1);
            let days = days_between(entered, left).max(0);
            match stage {
                WON => {
                    add(rng, entered, Topic::Won);
                    let mut care = rng.between(20, 50);
                    while care < days {
                        add(rng, entered.saturating_add(care.days()), Topic::Care);
                        care += rng.between(30, 70);
                    }
                }
                LOST => add(rng, entered, Topic::Lost),
                stage => {
                    for _ in 0..rng.between(1, 3) {
                        let day = rng.between(0, (days - 1).max(0));
                        add(rng, entered.saturating_add(day.days()), Topic::Stage(stage));
                    }
                }
            }
        }
    }
    let idle: Vec<usize> = (0..customers.len()).filter(|&c| deals.iter().all(|d| d.customer != c)).collect();
    // Should the deals ever say more than that, the rest stays unsaid.
    talks.truncate(FOLLOW_UPS);
    while talks.len() < FOLLOW_UPS {
        let place = rng.pick(&idle);
        let customer = &customers[place];
        // A day of the year first, so that the year is evenly busy; new customers are met when they come.
        let date = working_day(today.saturating_sub(rng.between(1, 345).days()));
        talks.push(Talk {
            date: date.max(customer.created).min(yesterday),
            topic: if customer.company { Topic::Prospect } else { Topic::Person },
            customer: place,
            contact: (!customer.contacts.is_empty()).then(|| rng.pick(&customer.contacts)),
            deal: None,
        });
    }
    // The order of a deal's talks is that of its stages, so a stable sort keeps first things first within a day.
    talks.sort_by_key(|talk| talk.date);
    write_talks(rng, today, customers, contacts, deals, &talks)
}

fn write_talks(
    rng: &mut Rng,
    today: Date,
    customers: &[Customer],
    contacts: &[Contact],
    deals: &[Deal],
    talks: &[Talk],
) -> Vec<Record> {
    // When each customer is next spoken to, from the end backwards.
    let mut following: Vec<Option<Date>> = vec![None; talks.len()];
    let mut known: Vec<Option<Date>> = vec![None; customers.len()];
    for (place, talk) in talks.iter().enumerate().rev() {
        following[place] = known[talk.customer].replace(talk.date);
    }
    // Times go up within a day, as the list does.
    let mut minutes: Vec<i64> = talks.iter().map(|_| office_minutes(rng)).collect();
    let mut start = 0;
    for end in 1..=talks.len() {
        if end == talks.len() || talks[end].date != talks[start].date {
            minutes[start..end].sort_unstable();
            start = end;
        }
    }
    talks
        .iter()
        .zip(minutes)
        .zip(following)
        .map(|((talk, minutes), following)| {
            let customer = &customers[talk.customer];
            let contact = talk.contact.map_or(customer.short.as_str(), |c| contacts[c].called.as_str());
            let deal = talk.deal.map(|d| &deals[d]);
            let quantity = deal.map_or_else(String::new, |d| format!("{} {}", d.quantity, PRODUCTS[d.product].unit));
            let amount = deal.map_or_else(String::new, |d| in_wan(d.amount));
            let facts = match deal {
                Some(deal) => facts(deal, contact, &quantity, &amount),
                None => Facts {
                    contact,
                    product: PRODUCTS[rng.below(PRODUCTS.len())].short,
                    quantity: "",
                    amount: "",
                    competitor: rng.pick(COMPETITORS),
                },
            };
            let note = talk::note(rng, talk.topic, &facts);
            let soon = working_day(today.saturating_add(rng.between(-3, 16).days()));
            let later = working_day(today.saturating_add(rng.between(5, 50).days()));
            let next = following.or(match talk.topic {
                Topic::Stage(_) => Some(soon),
                Topic::Won | Topic::Care => Some(later),
                Topic::Lost => None,
                Topic::Prospect | Topic::Person => rng.chance(55).then_some(later),
            });
            let next_at = next.filter(|n| *n > talk.date).map(|n| moment(n, 9 * 60 + 30 * rng.between(0, 14)));
            let when = moment(talk.date, minutes);
            let city = &CITIES[customer.city];
            record([
                ("customer", at("customer", talk.customer)),
                ("contact", talk.contact.map_or(Value::Null, |c| at("contact", c))),
                ("opportunity", talk.deal.map_or(Value::Null, |d| at("opportunity", d))),
                ("kind", json!(note.kind)),
                ("content", json!(note.content)),
                ("result", json!(note.result)),
                ("happened_at", json!(when)),
                ("next_step", if next_at.is_some() { json!(note.next_step) } else { Value::Null }),
                ("next_at", next_at.map_or(Value::Null, Value::String)),
                (
                    "place",
                    if note.kind == "visit" { json!(format!("{}{}", city.name, city.street)) } else { Value::Null },
                ),
                ("owner", at("user", customer.owner)),
                ("created_by", at("user", customer.owner)),
                ("created_at", json!(when)),
            ])
        })
        .collect()
}
