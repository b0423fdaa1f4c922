//! Which modules this program is made of. The one place that knows.

use guanxi_engine::Module;

/// All modules, in the order of the navigation.
pub(crate) fn all() -> Vec<Module> {
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
