//! Alerts all the way: posted as Prometheus posts them, routed by a real Alertmanager with the rendered configuration, and
//! read where people read them.

mod alerts;
mod chat;
mod hours;
mod mailbox;
mod prometheus;
mod receivers;
mod site;
