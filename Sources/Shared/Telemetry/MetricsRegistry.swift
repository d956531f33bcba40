import Synchronization

/// The metrics of one process, rendered as Prometheus text.
///
/// Names carry their unit (`_seconds`, `_bytes`, `_total`); labels are bounded (`Family`).
package final class MetricsRegistry: Sendable {
  private let renderers = Mutex<[@Sendable (inout PrometheusText) -> Void]>([])

  /// `Content-Type` of `render()`.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  package init() {}

  package func counter(
    _ name: String, _ help: String, labels: [String] = [], limit: Int = 500
  ) -> Family<Counter> {
    let family = Family(name: name, help: help, labels: labels, limit: limit) { Counter() }
    add { text in
      text.header(name, help, type: "counter")
      for (values, counter) in family.snapshot {
        text.sample(name, zip(labels, values), Double(counter.value))
      }
    }
    return family
  }

  package func gauge(_ name: String, _ help: String, labels: [String] = [], limit: Int = 100) -> Family<Gauge> {
    let family = Family(name: name, help: help, labels: labels, limit: limit) { Gauge() }
    add { text in
      text.header(name, help, type: "gauge")
      for (values, gauge) in family.snapshot { text.sample(name, zip(labels, values), gauge.value) }
    }
    return family
  }

  /// A gauge that is read when the metrics are; left out while `read` answers nil.
  package func gauge(_ name: String, _ help: String, read: @escaping @Sendable () -> Double?) {
    add { text in
      guard let value = read() else { return }
      text.header(name, help, type: "gauge")
      text.sample(name, [(String, String)](), value)
    }
  }

  package func durations(
    _ name: String, _ help: String, labels: [String] = [], limit: Int = 100,
    boundsSeconds: [Double] = DurationBuckets.defaultBounds
  ) -> Family<DurationBuckets> {
    let family = Family(name: name, help: help, labels: labels, limit: limit) {
      DurationBuckets(boundsSeconds: boundsSeconds)
    }
    add { text in
      text.header(name, help, type: "histogram")
      for (values, buckets) in family.snapshot {
        let (counts, sum) = buckets.snapshot
        var cumulative = 0
        for (bound, count) in zip(boundsSeconds.map(PrometheusText.number) + ["+Inf"], counts) {
          cumulative += count
          text.sample(name + "_bucket", Array(zip(labels, values)) + [("le", bound)], Double(cumulative))
        }
        text.sample(name + "_sum", zip(labels, values), sum)
        text.sample(name + "_count", zip(labels, values), Double(cumulative))
      }
    }
    return family
  }

  /// All metrics, in the order of their registration.
  package func render() -> String {
    var text = PrometheusText()
    for render in renderers.withLock({ $0 }) { render(&text) }
    return text.text
  }

  private func add(_ renderer: @escaping @Sendable (inout PrometheusText) -> Void) {
    renderers.withLock { $0.append(renderer) }
  }
}
