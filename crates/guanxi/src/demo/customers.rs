//! Customers and the people there.

use std::collections::HashSet;

use jiff::{ToSpan, civil::Date};

use super::company::SELLERS;
use super::rng::Rng;
use super::words::{BRAND_FIRST, BRAND_SECOND, CITIES, GIVEN, INDUSTRIES, SURNAMES, TITLES};

/// A customer as far as the rest of the story needs it.
pub struct Customer {
    pub name: String,
    /// What colleagues call it.
    pub short: String,
    pub company: bool,
    /// Place in [`INDUSTRIES`]; of no meaning for persons.
    pub industry: usize,
    /// Place in [`CITIES`].
    pub city: usize,
    /// Place in the list of people.
    pub owner: usize,
    pub created: Date,
    pub parent: Option<usize>,
    /// Places in the list of contacts.
    pub contacts: Vec<usize>,
}

/// Somebody who works for a customer.
pub struct Contact {
    pub customer: usize,
    pub name: String,
    /// Place in [`TITLES`].
    pub title: usize,
    /// How he is spoken to: 陈总, 王工.
    pub called: String,
}

/// Companies among the customers; the others are persons.
const COMPANIES: usize = 264;
/// Companies that belong to another one.
const SUBSIDIARIES: usize = 18;

fn person_name(rng: &mut Rng) -> (String, &'static str) {
    let surname = rng.pick(SURNAMES);
    (format!("{surname}{}", rng.pick(GIVEN)), surname)
}

/// `count` customers, oldest first, with their contacts.
pub fn make(rng: &mut Rng, today: Date, count: usize) -> (Vec<Customer>, Vec<Contact>) {
    let mut brands: Vec<String> = BRAND_FIRST
        .iter()
        .flat_map(|a| BRAND_SECOND.iter().filter(move |b| a != *b).map(move |b| format!("{a}{b}")))
        .collect();
    rng.shuffle(&mut brands);
    // Most were known when the system was introduced a year ago.
    let mut days: Vec<i64> =
        (0..count).map(|_| if rng.chance(62) { rng.between(320, 364) } else { rng.between(12, 320) }).collect();
    days.sort_unstable_by(|a, b| b.cmp(a));

    let mut taken = HashSet::new();
    let mut customers: Vec<Customer> = Vec::with_capacity(count);
    let mut contacts = Vec::new();
    for (index, days) in days.into_iter().enumerate() {
        let city = rng.below(CITIES.len());
        let owner = rng.pick(SELLERS[CITIES[city].sales]);
        // Persons are spread evenly; every few companies one belongs to a company that came before.
        let company = index * COMPANIES / count != (index + 1) * COMPANIES / count;
        let parent = (company && index > 40 && index % (count / SUBSIDIARIES).max(1) == 0)
            .then(|| rng.below(index / 2))
            .filter(|&parent| customers[parent].company && customers[parent].parent.is_none());
        let created = today.saturating_sub(days.days());
        let mut customer = Customer {
            name: String::new(),
            short: String::new(),
            company,
            industry: rng.below(INDUSTRIES.len()),
            city,
            owner,
            created,
            parent,
            contacts: Vec::new(),
        };
        if let Some(parent) = parent {
            let head = &customers[parent];
            customer.industry = head.industry;
            customer.owner = head.owner;
            let place = CITIES[city].name;
            customer.short = format!("{}{place}", head.short);
            customer.name = format!("{}（{place}）有限公司", head.short);
        } else if company {
            let brand = brands.pop().unwrap_or_else(|| format!("海象{index}"));
            let business = rng.pick(INDUSTRIES[customer.industry].1);
            let place = CITIES[city].name;
            customer.short = format!("{brand}{business}");
            customer.name = match rng.below(10) {
                0..=4 => format!("{place}{brand}{business}有限公司"),
                5..=6 => format!("{place}市{brand}{business}有限公司"),
                7 => format!("{brand}{business}（{place}）有限公司"),
                8 => format!("{place}{brand}{business}股份有限公司"),
                _ => format!("{brand}{business}集团有限公司"),
            };
        } else {
            customer.name = person_name(rng).0;
            customer.short.clone_from(&customer.name);
        }
        while !taken.insert(customer.name.clone()) {
            // Only names of persons and second branches in one city can meet.
            customer.name = if customer.company {
                customer.name.replace("有限公司", "科技有限公司")
            } else {
                person_name(rng).0
            };
        }
        if !customer.company {
            customer.short.clone_from(&customer.name);
        }
        if company {
            let people = rng.pick(&[1, 1, 2, 2, 2, 3, 3, 4]);
            let mut titles: Vec<usize> = (0..TITLES.len()).collect();
            rng.shuffle(&mut titles);
            for &title in titles.iter().take(people) {
                let (name, surname) = person_name(rng);
                customer.contacts.push(contacts.len());
                contacts.push(Contact {
                    customer: index,
                    called: format!("{surname}{}", TITLES[title].2),
                    name,
                    title,
                });
            }
        }
        customers.push(customer);
    }
    (customers, contacts)
}
