/// Who comes when: `schemas/traffic.schema.json`, explained in `docs/traffic.md`.
///
/// From an access log it holds every visit's time, so that sleep can be counted; stated by hand it holds rates only.
package struct Traffic: EvidenceDocument, Equatable {
  package static let schema = SchemaStamp(name: "outgrown-traffic", version: 1)

  package private(set) var schema = Self.schema
  /// `live` from a log, `assumed` when stated.
  package var origin: Origin
  package var outgrown: BenchReport.Build
  /// File names without their folders, or the words that were given.
  package var sources: [String]
  /// IANA name of the zone that hours of the week are reckoned in.
  package var timeZone: String
  package var from: UTCInstant
  /// Exclusive.
  package var to: UTCInstant
  /// Visits in an hour of each hour of the week, 168 of them, Monday 00:00 first.
  package var visitsByHourOfWeek: [Double]
  package var requestsPerVisit: Double
  /// The busiest minute's requests a second, and the busiest second's; null when only rates were stated.
  @Nullable package var peak: Peak?
  /// Bytes sent to clients a 30-day month; null when the log doesn't tell.
  @Nullable package var egressBytesPerMonth: Double?
  /// Null when traffic was stated.
  @Nullable package var counted: Counted?
  /// Who is no visitor: monitors, bots, the platform's own checks.
  package var setApart: [SetApart]
  /// What the reader should know of the figures, in sentences.
  package var warnings: [String]

  package init(
    origin: Origin, outgrown: BenchReport.Build, sources: [String], timeZone: String, from: UTCInstant, to: UTCInstant,
    visitsByHourOfWeek: [Double], requestsPerVisit: Double, peak: Peak? = nil, egressBytesPerMonth: Double? = nil,
    counted: Counted? = nil, setApart: [SetApart] = [], warnings: [String] = []
  ) {
    self.origin = origin
    self.outgrown = outgrown
    self.sources = sources
    self.timeZone = timeZone
    self.from = from
    self.to = to
    self.visitsByHourOfWeek = visitsByHourOfWeek
    self.requestsPerVisit = requestsPerVisit
    self.peak = peak
    self.egressBytesPerMonth = egressBytesPerMonth
    self.counted = counted
    self.setApart = setApart
    self.warnings = warnings
  }

  package struct Peak: Codable, Sendable, Equatable {
    package var requestsPerSecondInBusiestMinute: Double
    package var requestsInBusiestSecond: Double
    package var at: UTCInstant

    package init(requestsPerSecondInBusiestMinute: Double, requestsInBusiestSecond: Double, at: UTCInstant) {
      self.requestsPerSecondInBusiestMinute = requestsPerSecondInBusiestMinute
      self.requestsInBusiestSecond = requestsInBusiestSecond
      self.at = at
    }

    private enum CodingKeys: String, CodingKey {
      case at
      case requestsPerSecondInBusiestMinute = "requests_per_second_in_busiest_minute"
      case requestsInBusiestSecond = "requests_in_busiest_second"
    }
  }

  /// What was seen, in whole seconds from `from`, each list ascending.
  package struct Counted: Codable, Sendable, Equatable {
    /// When a person's visit began: a request of a client that had been silent for `visitGapSeconds`.
    package var visits: [Int]
    package var visitGapSeconds: Int
    /// Spans of people's requests no more than `spanGapSeconds` apart, as pairs of first and last second.
    package var activity: [[Int]]
    /// The same of everybody else's: monitors, bots, pings. They too reset an idle clock.
    package var otherActivity: [[Int]]
    package var spanGapSeconds: Int
    package var requests: Int
    package var unreadableLines: Int

    package init(
      visits: [Int], visitGapSeconds: Int, activity: [[Int]], otherActivity: [[Int]], spanGapSeconds: Int,
      requests: Int, unreadableLines: Int
    ) {
      self.visits = visits
      self.visitGapSeconds = visitGapSeconds
      self.activity = activity
      self.otherActivity = otherActivity
      self.spanGapSeconds = spanGapSeconds
      self.requests = requests
      self.unreadableLines = unreadableLines
    }

    private enum CodingKeys: String, CodingKey {
      case visits, activity, requests
      case visitGapSeconds = "visit_gap_s"
      case otherActivity = "other_activity"
      case spanGapSeconds = "span_gap_s"
      case unreadableLines = "unreadable_lines"
    }
  }

  package struct SetApart: Codable, Sendable, Equatable {
    /// As its User-Agent begins, or `platform health check`.
    package var name: String
    package var kind: Kind
    package var requests: Int
    /// The median time between its requests; null for fewer than three.
    @Nullable package var medianIntervalSeconds: Double?
    /// Its first and its last request; nil in documents of before they were kept.
    package var first: UTCInstant?
    package var last: UTCInstant?

    package init(
      name: String, kind: Kind, requests: Int, medianIntervalSeconds: Double?, first: UTCInstant? = nil,
      last: UTCInstant? = nil
    ) {
      self.first = first
      self.last = last
      self.name = name
      self.kind = kind
      self.requests = requests
      self.medianIntervalSeconds = medianIntervalSeconds
    }

    package enum Kind: String, Codable, Sendable, CaseIterable {
      case monitor, bot
      /// The platform's own health check, which does not reset the idle clock.
      case platform
    }

    private enum CodingKeys: String, CodingKey {
      case name, kind, requests, first, last
      case medianIntervalSeconds = "median_interval_s"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, origin, outgrown, sources, from, to, peak, counted, warnings
    case timeZone = "time_zone"
    case visitsByHourOfWeek = "visits_by_hour_of_week"
    case requestsPerVisit = "requests_per_visit"
    case egressBytesPerMonth = "egress_bytes_per_month"
    case setApart = "set_apart"
  }
}

extension Traffic: BoundedDocument {
  /// A hundred years of seconds: no log is longer.
  private static let longestSpan = 3_200_000_000
  private static let mostVisitsPerHour = 1e9

  /// The bounds that the schema states and the types don't.
  package func checkBounds() throws(EvidenceError) {
    try bound("visits_by_hour_of_week", visitsByHourOfWeek.count == 168)
    try bound("visits_by_hour_of_week", visitsByHourOfWeek.allSatisfy { (0...Self.mostVisitsPerHour).contains($0) })
    try bound("requests_per_visit", requestsPerVisit > 0)
    try bound(["requests_per_visit": requestsPerVisit], in: 0...1e6)
    try bound(["egress_bytes_per_month": egressBytesPerMonth], in: 0...1e18)
    if let peak {
      try bound(
        "peak",
        [
          "requests_per_second_in_busiest_minute": peak.requestsPerSecondInBusiestMinute,
          "requests_in_busiest_second": peak.requestsInBusiestSecond,
        ], in: FigureBounds.perSecond)
    }
    guard from.millisecondsSince1970 <= to.millisecondsSince1970 else {
      throw EvidenceError(.malformed, "to, \(to), is before from, \(from)")
    }
    if let counted {
      try bound("counted.visit_gap_s", (1...Self.longestSpan).contains(counted.visitGapSeconds))
      try bound("counted.span_gap_s", (1...Self.longestSpan).contains(counted.spanGapSeconds))
      try bound(
        "counted", ["requests": Double(counted.requests), "unreadable_lines": Double(counted.unreadableLines)])
      try bound("counted.visits", counted.visits.allSatisfy { (0...Self.longestSpan).contains($0) })
      for (name, spans) in [("activity", counted.activity), ("other_activity", counted.otherActivity)] {
        try bound(
          "counted.\(name)",
          spans.allSatisfy { $0.count == 2 && $0.allSatisfy((0...Self.longestSpan).contains) && $0[0] <= $0[1] })
      }
    }
    for (index, caller) in setApart.enumerated() {
      try bound("set_apart[\(index)]", ["requests": Double(caller.requests)])
      try bound(
        "set_apart[\(index)]", ["median_interval_s": caller.medianIntervalSeconds], in: FigureBounds.seconds)
    }
  }
}
