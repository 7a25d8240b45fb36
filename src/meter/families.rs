//! The metric families: a field's name is the metric's, its doc comment the help text, its list the labels.

use std::collections::HashMap;

use prometheus::core::{Collector, MetricVec, MetricVecBuilder};
use prometheus::{GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry};

use super::{PollResult, SourceStatus};
use crate::domain::Object;

/// Upper bounds of the poll durations, in seconds: from a poll that finds nothing new to a first load.
const POLL_SECONDS: [f64; 10] = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0];

/// A family, as it is described to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Described {
    /// Name.
    pub name: &'static str,
    /// Type, as in the exposition: `gauge`, `counter` or `histogram`.
    pub kind: &'static str,
    /// What it means.
    pub help: &'static str,
    /// Label names.
    pub labels: &'static [&'static str],
}

/// A family that can be made from its name, help and labels.
///
/// Families without labels are made like the others, so that each is absent until it is known: nothing unknown reads 0.
trait Family: Collector + Clone + Sized + 'static {
    const KIND: &'static str;
    fn make(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self>;
    fn remove_source(&self, source: &str);
}

macro_rules! family {
    ($type:ty, $kind:literal, $opts:expr) => {
        impl Family for $type {
            const KIND: &'static str = $kind;
            fn make(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<Self> {
                <$type>::new($opts(name, help), labels)
            }
            fn remove_source(&self, source: &str) {
                remove_source(self, source);
            }
        }
    };
}

family!(GaugeVec, "gauge", Opts::new);
family!(IntGaugeVec, "gauge", Opts::new);
family!(IntCounterVec, "counter", Opts::new);
family!(HistogramVec, "histogram", |name, help| HistogramOpts::new(name, help).buckets(POLL_SECONDS.to_vec()));

/// Removes every series whose label `source` has this value.
fn remove_source<B: MetricVecBuilder>(family: &MetricVec<B>, source: &str)
where
    MetricVec<B>: Collector,
{
    for collected in family.collect() {
        for metric in collected.get_metric() {
            let labels: HashMap<&str, &str> = metric.get_label().iter().map(|l| (l.name(), l.value())).collect();
            if labels.get("source") == Some(&source)
                && let Err(error) = family.remove(&labels)
            {
                tracing::debug!(source, %error, "a series was gone before it was removed");
            }
        }
    }
}

macro_rules! families {
    ($( $(#[doc = $help:literal])+ $name:ident: $type:ident [$($label:ident),*], )+) => {
        /// Every family that is counted as things happen.
        pub(super) struct Families {
            $( $(#[doc = $help])+ pub(super) $name: $type, )+
        }

        /// Every family, in the order of its declaration. Those of the process come from the operating system.
        pub const CATALOGUE: &[Described] = &[ $( Described {
            name: concat!("crm_exporter_", stringify!($name)),
            kind: <$type as Family>::KIND,
            help: concat!($($help),+).trim_ascii(),
            labels: &[$(stringify!($label)),*],
        }, )+ ];

        impl Families {
            /// Makes the families and registers them.
            pub(super) fn register(registry: &Registry) -> prometheus::Result<Families> {
                $(
                    let name = concat!("crm_exporter_", stringify!($name));
                    let $name = <$type as Family>::make(name, concat!($($help),+).trim(), &[$(stringify!($label)),*])?;
                    registry.register(Box::new($name.clone()))?;
                )+
                Ok(Families { $( $name, )+ })
            }

            /// Removes every series of a source.
            pub(super) fn remove_source(&self, source: &str) {
                $( self.$name.remove_source(source); )+
            }
        }
    };
}

impl Families {
    /// Lets the counters of a source stand at 0.
    pub(super) fn begin_source(&self, source: &str) {
        for result in [PollResult::Success, PollResult::Failure] {
            self.polls_total.with_label_values(&[source, result.name()]).inc_by(0);
        }
        self.poll_duration_seconds.with_label_values(&[source]);
    }

    /// Tells everything that a status holds. From when on records are held is not part of it.
    pub(super) fn tell(&self, status: &SourceStatus) {
        let source = status.name.as_str();
        if let Some(up) = status.up {
            self.source_up.with_label_values(&[source, status.kind]).set(up.into());
        }
        if let Some(at) = status.last_success {
            self.source_last_success_timestamp_seconds.with_label_values(&[source]).set(at.seconds());
        }
        if let Some(interval) = status.interval {
            self.source_interval_seconds.with_label_values(&[source]).set(interval.as_secs_f64());
        }
        for (object, count) in &status.records {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            self.source_records.with_label_values(&[source, object.name()]).set(count);
        }
        for object in &status.complete {
            self.object_complete.with_label_values(&[source, object.name()]).set(1);
        }
        for stream in &status.forbidden {
            self.stream_forbidden.with_label_values(&[source, stream]).set(1);
        }
    }

    /// Removes the gauges of one object of a source.
    pub(super) fn forget_object(&self, source: &str, object: Object) {
        let labels = [source, object.name()];
        // What was never told cannot be removed, which is as well.
        drop(self.source_records.remove_label_values(&labels));
        drop(self.object_complete.remove_label_values(&labels));
        drop(self.history_start_timestamp_seconds.remove_label_values(&labels));
    }
}

families! {
    /// 1; version, revision and compiler that the program was built from.
    build_info: IntGaugeVec [version, revision, rustversion],
    /// 1 while the last poll succeeded.
    source_up: IntGaugeVec [source, kind],
    /// End of the last complete poll.
    source_last_success_timestamp_seconds: GaugeVec [source],
    /// Poll interval in force.
    source_interval_seconds: GaugeVec [source],
    /// Records held.
    source_records: IntGaugeVec [source, object],
    /// 1 once the object has been loaded completely.
    object_complete: IntGaugeVec [source, object],
    /// 1 while the CRM does not let us read the stream; if it never has, what it would bring is in no figure.
    stream_forbidden: IntGaugeVec [source, stream],
    /// From when on records are held.
    history_start_timestamp_seconds: GaugeVec [source, object],
    /// Time of a poll.
    poll_duration_seconds: HistogramVec [source],
    /// Polls, by how they ended.
    polls_total: IntCounterVec [source, result],
    /// HTTP requests sent, by the status of the answer; `error` where there was none.
    api_requests_total: IntCounterVec [source, object, code],
    /// Requests to the source, or pages as a whole, that were repeated, by what went wrong.
    api_retries_total: IntCounterVec [source, reason],
    /// Requests that are left of a quota, as the CRM last said.
    api_quota_remaining: IntGaugeVec [source, quota],
    /// Requests that a quota allows, as the CRM last said.
    api_quota_limit: IntGaugeVec [source, quota],
    /// Records that could not be read; each is skipped and logged.
    record_errors_total: IntCounterVec [source, object, reason],
    /// 1 if the last attempt to read the configuration succeeded.
    config_last_reload_successful: IntGaugeVec [],
    /// When the configuration was last read successfully.
    config_last_reload_success_timestamp_seconds: GaugeVec [],
    /// The instant for which the served figures were computed.
    snapshot_timestamp_seconds: GaugeVec [],
    /// How long it took to compute the served figures.
    derive_duration_seconds: GaugeVec [],
    /// Series in the served figures.
    series: IntGaugeVec [],
    /// Series left out because limits.max_series was reached; always whole families.
    series_dropped: IntGaugeVec [family],
}
