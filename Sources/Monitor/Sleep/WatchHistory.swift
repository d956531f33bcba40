package import Evidence

/// What a ledger holds of one service, for a span of time; times are seconds since 1970, by the monitor's clock.
package struct WatchHistory: Sendable, Equatable {
  package var service: String
  package var url: String?
  package var sensor: SleepInference.Sensor
  package var rules: SleepRules
  package var timeScale: Double
  package var from: Double
  package var to: Double
  /// At `from`.
  package var stateBefore: MonitorReport.State
  package var changes: [StateChange]
  package var boots: [BootRecord]
  package var samples: [Sample]
  /// Requests of an access log, without the monitor's own.
  package var requests: [LoggedRequest]
  /// Visits by day of UTC, from heartbeats.
  package var days: [VisitDay]
  /// The highest that a run heard of in the span told of its memory; nil where none did.
  package var memoryPeakBytes: Int?

  package init(
    service: String, url: String?, sensor: SleepInference.Sensor, rules: SleepRules, timeScale: Double, from: Double,
    to: Double, stateBefore: MonitorReport.State = .unknown, changes: [StateChange] = [], boots: [BootRecord] = [],
    samples: [Sample] = [], requests: [LoggedRequest] = [], days: [VisitDay] = [],
    memoryPeakBytes: Int? = nil
  ) {
    self.service = service
    self.url = url
    self.sensor = sensor
    self.rules = rules
    self.timeScale = timeScale
    self.from = from
    self.to = to
    self.stateBefore = stateBefore
    self.changes = changes
    self.boots = boots
    self.samples = samples
    self.requests = requests
    self.days = days
    self.memoryPeakBytes = memoryPeakBytes
  }

  /// A run of the service's process.
  package struct BootRecord: Sendable, Equatable {
    package var id: String
    package var startedAt: Double
    package var readyAt: Double?
    package var lastSeenAt: Double
    /// It began while the service slept: somebody's request woke it.
    package var isWake: Bool
    package var visits: Int
    package var earlyVisits: Int
    package var inbound: Int
    package var firstClient: String?
    package var firstPath: String?

    package init(
      id: String, startedAt: Double, readyAt: Double?, lastSeenAt: Double, isWake: Bool, visits: Int,
      earlyVisits: Int, inbound: Int, firstClient: String?, firstPath: String?
    ) {
      self.id = id
      self.startedAt = startedAt
      self.readyAt = readyAt
      self.lastSeenAt = lastSeenAt
      self.isWake = isWake
      self.visits = visits
      self.earlyVisits = earlyVisits
      self.inbound = inbound
      self.firstClient = firstClient
      self.firstPath = firstPath
    }
  }

  /// One request that the monitor made.
  package struct Sample: Sendable, Equatable {
    package var at: Double
    package var sign: ProbeSign
    package var status: Int?
    package var totalSeconds: Double
    /// From when the service's idle clock ran, as far as was known; nil when it was not.
    package var clockStart: Double?

    package init(at: Double, sign: ProbeSign, status: Int?, totalSeconds: Double, clockStart: Double?) {
      self.at = at
      self.sign = sign
      self.status = status
      self.totalSeconds = totalSeconds
      self.clockStart = clockStart
    }
  }

  package struct LoggedRequest: Sendable, Equatable {
    package var at: Double
    /// It begins a person's visit.
    package var isVisit: Bool

    package init(at: Double, isVisit: Bool) {
      self.at = at
      self.isVisit = isVisit
    }
  }

  package struct VisitDay: Sendable, Equatable {
    /// Days since 1970.
    package var day: Int
    package var visits: Int
    package var affected: Int

    package init(day: Int, visits: Int, affected: Int) {
      self.day = day
      self.visits = visits
      self.affected = affected
    }
  }
}
