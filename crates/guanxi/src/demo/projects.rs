//! What was sold in the last months is carried out; what is carried out is looked after.

use jiff::{ToSpan, civil::Date};
use serde_json::json;

use super::company::WON;
use super::deals::Deal;
use super::{Record, at, moment, record};

/// Deals whose projects are shown: those won last.
const PROJECTS: usize = 24;
/// The milestones of the standard template: name, days after the beginning, weight, what is handed over.
const STEPS: [(&str, i64, i64, &str); 6] = [
    ("项目启动会", 0, 1, "启动会纪要"),
    ("方案确认", 14, 2, "确认的实施方案"),
    ("到货与安装", 45, 3, "到货验收单"),
    ("调试与试运行", 60, 3, "试运行报告"),
    ("培训", 75, 1, "培训签到表"),
    ("验收", 90, 2, "验收单"),
];

/// A project of the demo: which deal, and when it began.
struct Project<'a> {
    place: usize,
    deal: &'a Deal,
    starts: Date,
}

impl Project<'_> {
    fn day(&self, step: usize) -> Date {
        self.starts.saturating_add(STEPS[step].1.days())
    }

    /// Steps that are over; the last of those that should be is late in every third project.
    fn done(&self, today: Date) -> usize {
        let due = (0..STEPS.len()).filter(|step| self.day(*step) < today).count();
        due.saturating_sub(usize::from(self.place % 3 == 1))
    }
}

fn chosen(today: Date, deals: &[Deal]) -> Vec<Project<'_>> {
    let mut won: Vec<(usize, &Deal)> =
        deals.iter().enumerate().filter(|(_, deal)| deal.stage() == WON && deal.close < today).collect();
    won.sort_by_key(|(place, deal)| (deal.close, *place));
    let first = won.len().saturating_sub(PROJECTS);
    won.split_off(first)
        .into_iter()
        .map(|(place, deal)| Project { place, deal, starts: deal.close.saturating_add(1.days()) })
        .collect()
}

pub fn projects(today: Date, deals: &[Deal]) -> Vec<Record> {
    chosen(today, deals)
        .iter()
        .map(|project| {
            let over = project.done(today) == STEPS.len();
            record([
                ("name", json!(project.deal.name)),
                ("opportunity", at("opportunity", project.place)),
                ("customer", at("customer", project.deal.customer)),
                ("contact", at("contact", project.deal.contact)),
                ("status", json!(if over { "done" } else { "running" })),
                ("starts_on", json!(project.starts.to_string())),
                ("due_on", json!(project.day(STEPS.len() - 1).to_string())),
                ("owner", at("user", project.deal.owner)),
                ("created_by", at("user", project.deal.owner)),
                ("created_at", json!(moment(project.starts, 10 * 60))),
            ])
        })
        .collect()
}

pub fn milestones(today: Date, deals: &[Deal]) -> Vec<Record> {
    let mut out = Vec::new();
    for (number, project) in chosen(today, deals).iter().enumerate() {
        let done = project.done(today);
        for (place, (name, _, weight, deliverable)) in STEPS.iter().enumerate() {
            let day = project.day(place);
            let mut milestone = record([
                ("name", json!(name)),
                ("project", at("project", number)),
                ("sort_order", json!(place + 1)),
                ("due_on", json!(day.to_string())),
                ("weight", json!(weight)),
                ("deliverable", json!(deliverable)),
                ("responsible", at("user", project.deal.owner)),
                ("created_at", json!(moment(project.starts, 10 * 60))),
            ]);
            if place < done {
                milestone.insert("status".into(), json!("done"));
                milestone.insert("done_on".into(), json!(day.to_string()));
            }
            out.push(milestone);
        }
    }
    out
}

pub fn maintenance(today: Date, deals: &[Deal]) -> Vec<Record> {
    let projects = chosen(today, deals);
    let over = projects.iter().enumerate().filter(|(_, project)| project.done(today) == STEPS.len());
    over.map(|(number, project)| {
        let starts = project.day(STEPS.len() - 1);
        record([
            ("name", json!(project.deal.name)),
            ("customer", at("customer", project.deal.customer)),
            ("project", at("project", number)),
            ("starts_on", json!(starts.to_string())),
            ("ends_on", json!(starts.saturating_add(1.year()).to_string())),
            ("every_months", json!(3)),
            ("owner", at("user", project.deal.owner)),
            ("created_by", at("user", project.deal.owner)),
            ("created_at", json!(moment(starts, 16 * 60))),
        ])
    })
    .collect()
}
