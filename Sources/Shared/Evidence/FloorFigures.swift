/// A host's floor, as `outgrown bench calibrate` measured it, and what of a run is near it.
package struct FloorFigures: Codable, Sendable, Equatable {
  package var measuredAt: UTCInstant
  /// Response times against a server that does nothing, under a light load.
  @Nullable package var p50: Double?
  @Nullable package var p99: Double?
  /// The most requests a second against it.
  package var ceilingPerSecond: Double
  /// Quantiles of the run's response time, of all steps, that are below twice the floor's: mostly this host's and the
  /// generator's own time.
  package var near: [LatencySummary.Quantile]

  package init(
    measuredAt: UTCInstant, p50: Double?, p99: Double?, ceilingPerSecond: Double, near: [LatencySummary.Quantile]
  ) {
    self.measuredAt = measuredAt
    self.p50 = p50
    self.p99 = p99
    self.ceilingPerSecond = ceilingPerSecond
    self.near = near
  }

  private enum CodingKeys: String, CodingKey {
    case near
    case measuredAt = "measured_at"
    case p50 = "p50_ms"
    case p99 = "p99_ms"
    case ceilingPerSecond = "ceiling_per_second"
  }
}
