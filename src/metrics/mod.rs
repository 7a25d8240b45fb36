//! The catalogue of figures.

pub mod settings;
