//! Which program this is.

/// Version of the package.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Revision of the source; `unknown` where it was built without its history.
pub const REVISION: &str = env!("CRM_EXPORTER_REVISION");

/// Version of the compiler.
pub const RUST: &str = env!("CRM_EXPORTER_RUSTVERSION");
