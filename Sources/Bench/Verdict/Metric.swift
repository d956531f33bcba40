import BenchEngine

/// What a budget is about. Raw values are how scenarios and reports write them.
package enum Metric: String, Sendable, CaseIterable {
  /// From the intended start to the end of the response.
  case responseTime = "response_time"
  /// From the send to the end of the response.
  case serviceTime = "service_time"
  /// From the intended start to the send.
  case scheduleLag = "schedule_lag"
  /// Of look-ups of the target's name while the run lasted, which are no step's.
  case dnsTime = "dns_time"
  /// Of each new connection, until it was accepted.
  case connectTime = "connect_time"
  /// Of each new connection, the handshake.
  case tlsTime = "tls_time"
  /// Of each answered request: writing it, waiting for the first byte, and reading from there to the last.
  case sendTime = "send_time"
  case waitTime = "wait_time"
  case receiveTime = "receive_time"
  /// Numbers that steps capture from their answers, of one name.
  case captured
  /// Requests without a usable answer, or with a bad status.
  case failed
  case checks
  case requests
  case bytesSent = "bytes_sent"
  case bytesReceived = "bytes_received"
  /// Virtual users, or iterations in flight, at the ends of seconds.
  case users
  case iterations
  /// Arrivals that were due and never began, or only when the planned time was over and they had waited for over a
  /// second.
  case dropped
  /// Time in which a step's requests were open and none was answered, though enough answers were due.
  case silence

  package var isTime: Bool {
    switch self {
    case .responseTime, .serviceTime, .scheduleLag, .dnsTime, .connectTime, .tlsTime, .sendTime, .waitTime,
      .receiveTime:
      true
    case .captured, .failed, .checks, .requests, .bytesSent, .bytesReceived, .users, .iterations, .dropped, .silence:
      false
    }
  }

  /// Its samples lie in a histogram.
  var isDistribution: Bool { isTime || self == .captured }

  /// Of a histogram's steps there are so many to the unit of a limit.
  package var histogramScale: Double { self == .captured ? CapturePlan.scale : 1 }

  /// Known at the end of a run only: no windows, and nothing to end it by.
  var isOfWholeRun: Bool { self == .dnsTime }

  /// Tags that narrow it, besides the author's own.
  var tags: [String] {
    switch self {
    case .responseTime, .serviceTime, .scheduleLag, .connectTime, .tlsTime, .sendTime, .waitTime, .receiveTime, .failed,
      .requests, .bytesSent, .bytesReceived, .silence:
      ["step", "journey", "phase"]
    case .checks: ["step", "journey", "phase", "check"]
    case .captured: ["name", "step", "journey", "phase"]
    case .iterations, .dropped, .users: ["phase"]
    case .dnsTime: []
    }
  }

  /// The author's own tags are steps'.
  var takesOwnTags: Bool { tags.contains("step") }

  /// The methods that make sense, as the grammar writes them.
  var methods: [String] {
    switch self {
    case .responseTime, .serviceTime, .scheduleLag, .dnsTime, .connectTime, .tlsTime, .sendTime, .waitTime,
      .receiveTime, .captured:
      ["p(N)", "median", "mean", "max", "min"]
    case .failed, .checks, .dropped, .requests, .iterations, .bytesSent, .bytesReceived: ["rate", "count"]
    case .users: ["max", "min", "last"]
    case .silence: ["share"]
    }
  }

  func takes(_ method: Method) -> Bool {
    switch method {
    case .quantile, .mean: isDistribution
    case .maximum, .minimum: isDistribution || self == .users
    case .last: self == .users
    case .rate, .count: !isDistribution && self != .silence && self != .users
    case .share: self == .silence
    }
  }

  /// What `value` of a limit is read as.
  func unit(of method: Method) -> MetricUnit {
    switch self {
    case _ where isTime: .nanoseconds
    case .users, .captured: .count
    case .bytesSent, .bytesReceived: method == .count ? .bytes : .bytesPerSecond
    case _ where method == .count: .count
    case .requests, .iterations: .perSecond
    default: .share
    }
  }
}

/// The unit of a budget's limit and of what was observed.
package enum MetricUnit: Sendable, Equatable {
  case nanoseconds
  /// 0...1
  case share
  case perSecond
  case count
  case bytes
  case bytesPerSecond
}

/// How samples become one figure.
package enum Method: Sendable, Equatable {
  /// 0...1
  case quantile(Double)
  case mean, maximum, minimum
  /// At the end.
  case last
  /// A share of a total, or events a second.
  case rate
  /// Of the measured time.
  case share
  case count
}

/// A metric narrowed by tags: `response_time{step:schedules}`.
package struct MetricSelector: Sendable, Hashable {
  package var metric: Metric
  /// A step's name, whichever journeys it is in, or `journey/step`.
  package var step: String?
  package var journey: String?
  /// A check's label.
  package var check: String?
  package var phase: String?
  /// Of `captured`: the value's name.
  package var captured: String?
  /// The author's own, all of which a step must have.
  package var tags: [String: String] = [:]

  /// What the author's own tags can't be called.
  package static let ownedTags = ["step", "journey", "check", "phase"]

  package init(_ metric: Metric, step: String? = nil, journey: String? = nil, check: String? = nil) {
    self.metric = metric
    self.step = step
    self.journey = journey
    self.check = check
  }
}
