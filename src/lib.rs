//! Sales figures from CRMs for Prometheus.
//!
//! The modules stand in the order in which data flows through them; ARCHITECTURE.md has the picture.

#![cfg_attr(not(test), warn(unused_crate_dependencies))]

pub mod version;

pub mod logging;

pub mod setting;

pub mod domain;

pub mod exposition;

pub mod html;

pub mod meter;

pub mod http;

pub mod calendar;

pub mod store;

pub mod source;

pub mod sync;

pub mod facts;

pub mod load;

pub mod measures;

pub mod goals;

pub mod contests;

pub mod benchmarks;

pub mod metrics;

pub mod display;

pub mod grafana;

pub mod snapshot;

pub mod expose;

pub mod reports;

pub mod settings;

pub mod app;

pub mod cli;
