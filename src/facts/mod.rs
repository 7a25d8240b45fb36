//! The read model: what figures need of the records, compact and in memory.

pub mod settings;
