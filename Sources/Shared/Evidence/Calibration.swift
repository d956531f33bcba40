/// What a host's generator measures when there is nothing to measure: `schemas/calibration.schema.json`, explained in
/// `docs/calibration.md`.
package struct Calibration: EvidenceDocument, Equatable {
  package static let schema = SchemaStamp(name: "outgrown-calibration", version: 1)

  package private(set) var schema = Self.schema
  package var measuredAt: UTCInstant
  package var outgrown: BenchReport.Build
  package var machine: Machine
  package var floor: Floor
  package var ceiling: Ceiling

  package init(
    measuredAt: UTCInstant, outgrown: BenchReport.Build, machine: Machine, floor: Floor, ceiling: Ceiling
  ) {
    self.measuredAt = measuredAt
    self.outgrown = outgrown
    self.machine = machine
    self.floor = floor
    self.ceiling = ceiling
  }

  /// Under a load that leaves the host almost idle.
  package struct Floor: Codable, Sendable, Equatable {
    package var requestsPerSecond: Double
    package var connections: Int
    package var durationSeconds: Double
    package var responseTime: LatencySummary
    /// Of a timer that does nothing else, in the same run.
    package var controlLag: LatencySummary

    package init(
      requestsPerSecond: Double, connections: Int, durationSeconds: Double, responseTime: LatencySummary,
      controlLag: LatencySummary
    ) {
      self.requestsPerSecond = requestsPerSecond
      self.connections = connections
      self.durationSeconds = durationSeconds
      self.responseTime = responseTime
      self.controlLag = controlLag
    }

    private enum CodingKeys: String, CodingKey {
      case connections
      case requestsPerSecond = "requests_per_second"
      case durationSeconds = "duration_s"
      case responseTime = "response_time"
      case controlLag = "control_lag"
    }
  }

  /// With every connection asking again at once.
  package struct Ceiling: Codable, Sendable, Equatable {
    package var connections: Int
    package var workers: Int
    package var durationSeconds: Double
    package var requestsPerSecond: Double
    /// The generator's, for a million requests.
    package var cpuSecondsPerMillion: Double

    package init(
      connections: Int, workers: Int, durationSeconds: Double, requestsPerSecond: Double, cpuSecondsPerMillion: Double
    ) {
      self.connections = connections
      self.workers = workers
      self.durationSeconds = durationSeconds
      self.requestsPerSecond = requestsPerSecond
      self.cpuSecondsPerMillion = cpuSecondsPerMillion
    }

    private enum CodingKeys: String, CodingKey {
      case connections, workers
      case durationSeconds = "duration_s"
      case requestsPerSecond = "requests_per_second"
      case cpuSecondsPerMillion = "cpu_s_per_million"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, outgrown, machine, floor, ceiling
    case measuredAt = "measured_at"
  }
}

extension Calibration: BoundedDocument {
  package func checkBounds() throws(EvidenceError) {
    try bound("machine.cores", machine.cores >= 1)
    try bound("floor.connections", floor.connections >= 1)
    try bound("floor", nonNegative: [floor.requestsPerSecond, floor.durationSeconds])
    try floor.responseTime.checkBounds("floor.response_time")
    try floor.controlLag.checkBounds("floor.control_lag")
    try bound("ceiling.connections", ceiling.connections >= 1)
    try bound("ceiling.workers", ceiling.workers >= 1)
    try bound(
      "ceiling", nonNegative: [ceiling.durationSeconds, ceiling.requestsPerSecond, ceiling.cpuSecondsPerMillion])
  }
}
