//! Properties of the whole chain: random organisations, as pages of two sources, through store, facts and figures.

mod delivery;
mod floor;
mod found;
mod kept;
mod naive;
mod organisation;
mod past;
mod totals;
mod windows;

/// So many cases, unless `PROPTEST_CASES` says otherwise.
fn cases(count: u32) -> proptest::test_runner::Config {
    let default = proptest::test_runner::Config::default();
    let asked = std::env::var_os("PROPTEST_CASES").map(|_| default.cases);
    proptest::test_runner::Config {
        cases: asked.unwrap_or(count),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..default
    }
}
