//! The API with the real modules, on both databases. One binary, because linking is slow.

mod access;
mod addresses;
mod attachments;
mod audit;
mod buying;
mod caldav;
mod caldav_program;
mod calendar;
mod catalogue;
mod channel;
mod closings;
mod customers;
mod data_safety;
mod events;
mod festivals;
mod handover;
mod input;
mod ldap;
mod ldap_settings;
mod leads;
mod leaks;
mod notifications;
mod oidc;
mod openapi;
mod opportunities;
mod pools;
mod positions;
mod products;
mod projects;
mod roles;
mod rules;
mod schedule;
mod seal;
mod search;
mod sharing;
mod sign_in;
mod sign_in_policy;
mod slapd;
mod smtp;
mod targets;
mod tokens;
mod totp;
mod trade;
mod trade_chains;
mod week;
mod work;
mod workspaces;

use guanxi_engine::Module;
use guanxi_testkit::{Db, TestApp};

fn modules() -> Vec<Module> {
    vec![
        guanxi_customer::module(),
        guanxi_lead::module(),
        guanxi_pool::module(),
        guanxi_product::module(),
        guanxi_sales::module(),
        guanxi_targets::module(),
        guanxi_trade::module(),
        guanxi_channel::module(),
        guanxi_project::module(),
        guanxi_office::module(),
        guanxi_reports::module(),
    ]
}

/// An application with everything that ships.
async fn open(db: Db) -> TestApp {
    TestApp::open(db, modules()).await
}
