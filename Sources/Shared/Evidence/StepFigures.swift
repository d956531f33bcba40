/// What was counted of one step's requests, or of all of them.
package struct RequestFigures: Codable, Sendable, Equatable {
  /// Answered + failed without an answer + interrupted.
  package var attempts: UInt64 = 0
  /// Complete responses, whatever their status.
  package var answered: UInt64 = 0
  /// Cut off by the end of the run before they had their time; in no latency.
  package var interrupted: UInt64 = 0
  package var failed: UInt64 = 0
  /// Attempts a second of the measured time.
  package var perSecond: Double = 0
  /// By kind, the most frequent first.
  package var failures: [Failure] = []
  /// Complete responses by status.
  package var statuses: [String: UInt64] = [:]
  package var bytesSent: UInt64 = 0
  package var bytesReceived: UInt64 = 0

  package init() {}

  package struct Failure: Codable, Sendable, Equatable {
    /// `dns`, `connect`, `tls`, `write`, `reset`, `protocol`, `timeout`, `status` or `unanswered`.
    package var kind: String
    package var count: UInt64
    /// What the first one looked like, cut to a line.
    @Nullable package var sample: String?

    package init(kind: String, count: UInt64, sample: String? = nil) {
      self.kind = kind
      self.count = count
      self.sample = sample
    }
  }

  private enum CodingKeys: String, CodingKey {
    case attempts, answered, interrupted, failed, failures, statuses
    case perSecond = "per_second"
    case bytesSent = "bytes_sent"
    case bytesReceived = "bytes_received"
  }
}

/// One step's figures.
package struct StepFigures: Codable, Sendable, Equatable {
  package var name: String
  package var requests = RequestFigures()
  package var checks: [Check] = []
  /// From the intended start: what a user waits. Where a closed model met a silence, with the requests that its users
  /// would have made meanwhile.
  package var responseTime = LatencySummary()
  /// The same of the attempts alone; nil where that is the same.
  package var responseTimeRaw: LatencySummary?
  /// From the send: what the service takes.
  package var serviceTime = LatencySummary()
  /// From the intended start to the send: what the generator or a full pool of connections adds.
  package var scheduleLag = LatencySummary()
  /// The author's own; nil where there are none.
  package var tags: [String: String]?
  package var phases: PhaseFigures?

  package init(name: String) { self.name = name }

  package struct Check: Codable, Sendable, Equatable {
    package var label: String
    package var passed: UInt64
    package var failed: UInt64

    package init(label: String, passed: UInt64, failed: UInt64) {
      self.label = label
      self.passed = passed
      self.failed = failed
    }
  }

  private enum CodingKeys: String, CodingKey {
    case name, requests, checks, phases, tags
    case responseTime = "response_time"
    case responseTimeRaw = "response_time_raw"
    case serviceTime = "service_time"
    case scheduleLag = "schedule_lag"
  }
}
