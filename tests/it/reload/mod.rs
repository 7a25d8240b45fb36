//! Settings that are read again while the real program serves: what is served then is what a fresh look at the store by
//! the new settings says, and nothing is lost on the way.

mod changes;
mod faults;
mod floor;
mod scraper;
mod sources;
