//! The counters of the node, for Prometheus: how many and why not, never who.

use std::sync::Arc;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Every counter of the node.
#[derive(Clone)]
pub(crate) struct Metrics {
    /// Connections of libp2p that stand.
    pub(crate) connections: Gauge,
    /// Peers that can be reached through the relay.
    pub(crate) reservations: Gauge,
    /// Relayed connections that stand.
    pub(crate) circuits: Gauge,
    /// Seats that told another that they are there.
    pub(crate) introductions: Counter,
    /// STUN requests answered.
    pub(crate) stun_answers: Counter,
    refused: Family<Refused, Counter>,
    registry: Arc<Registry>,
}

/// Refusals, by kind and reason.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    what: &'static str,
    why: &'static str,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("covey");
        let (connections, reservations, circuits) = Default::default();
        let (introductions, stun_answers, refused) = Default::default();
        let gauge = |registry: &mut Registry, name, help, gauge: &Gauge| {
            registry.register(name, help, gauge.clone());
        };
        gauge(&mut registry, "connections", "Connections of libp2p that stand", &connections);
        gauge(
            &mut registry,
            "reservations",
            "Peers that can be reached through the relay",
            &reservations,
        );
        gauge(&mut registry, "circuits", "Relayed connections that stand", &circuits);
        let counter = |registry: &mut Registry, name, help, counter: &Counter| {
            registry.register(name, help, counter.clone());
        };
        let help = "Seats that were announced to another";
        counter(&mut registry, "introductions", help, &introductions);
        counter(&mut registry, "stun_answers", "STUN requests answered", &stun_answers);
        registry.register("refused", "What was refused, and why", Family::clone(&refused));
        let registry = Arc::new(registry);
        Self { connections, reservations, circuits, introductions, stun_answers, refused, registry }
    }

    /// Counts a refusal.
    pub(crate) fn refuse(&self, what: &'static str, why: &'static str) {
        self.refused.get_or_create(&Refused { what, why }).inc();
    }

    /// All of it in the OpenMetrics text format.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_by_what_and_why() {
        let metrics = Metrics::new();
        metrics.refuse("stun", "rate");
        metrics.clone().refuse("stun", "rate");
        metrics.connections.inc();
        let text = metrics.text();
        let line = r#"covey_refused_total{what="stun",why="rate"} 2"#;
        assert!(text.contains(line) && text.contains("covey_connections 1"), "{text}");
    }
}
