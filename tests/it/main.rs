//! The integration tests: one binary.

mod expose;
