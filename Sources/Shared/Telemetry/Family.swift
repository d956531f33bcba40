import Synchronization

/// All series of one metric: one instrument for each combination of label values.
///
/// The number of series is bounded, so that a hostile label value can't eat the memory: what comes after the limit is
/// counted together, every label `other`.
package final class Family<Instrument: Sendable>: Sendable {
  package let name: String
  package let help: String
  package let labels: [String]
  private let limit: Int
  private let make: @Sendable () -> Instrument
  private let series = Mutex<[[String]: Instrument]>([:])

  init(name: String, help: String, labels: [String], limit: Int, make: @escaping @Sendable () -> Instrument) {
    self.name = name
    self.help = help
    self.labels = labels
    self.limit = limit
    self.make = make
  }

  /// The instrument for these values, in the order of `labels`. Callers on a hot path keep it.
  package func with(_ values: String...) -> Instrument { with(values) }

  package func with(_ values: [String]) -> Instrument {
    series.withLock { series in
      if let known = series[values] { return known }
      let key = series.count < limit ? values : labels.map { _ in "other" }
      if let overflow = series[key] { return overflow }
      let instrument = make()
      series[key] = instrument
      return instrument
    }
  }

  /// Every series, ordered by label values.
  package var snapshot: [(values: [String], instrument: Instrument)] {
    series.withLock { $0 }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { ($0.key, $0.value) }
  }
}
