/// What a budget is about. Raw values are how scenarios and reports write them.
package enum Metric: String, Sendable, CaseIterable {
  /// From the intended start to the end of the response.
  case responseTime = "response_time"
  /// From the send to the end of the response.
  case serviceTime = "service_time"
  /// From the intended start to the send.
  case scheduleLag = "schedule_lag"
  /// Requests without a usable answer, or with a bad status.
  case failed
  case checks
  case requests
  case iterations
  /// Arrivals that were due and never began, or only when the planned time was over and they had waited for over a
  /// second.
  case dropped
  /// Time in which a step's requests were open and none was answered, though enough answers were due.
  case silence

  package var isTime: Bool { self == .responseTime || self == .serviceTime || self == .scheduleLag }

  /// Tags that narrow it, besides the author's own.
  var tags: [String] {
    switch self {
    case .responseTime, .serviceTime, .scheduleLag, .failed, .requests, .silence: ["step", "journey", "phase"]
    case .checks: ["step", "journey", "phase", "check"]
    case .iterations, .dropped: ["phase"]
    }
  }

  /// The author's own tags are steps'.
  var takesOwnTags: Bool { self != .iterations && self != .dropped }

  /// The methods that make sense, as the grammar writes them.
  var methods: [String] {
    switch self {
    case .responseTime, .serviceTime, .scheduleLag: ["p(N)", "median", "mean", "max", "min"]
    case .failed, .checks, .dropped: ["rate", "count"]
    case .requests, .iterations: ["rate", "count"]
    case .silence: ["share"]
    }
  }

  func takes(_ method: Method) -> Bool {
    switch method {
    case .quantile, .mean, .maximum, .minimum: isTime
    case .rate, .count: !isTime && self != .silence
    case .share: self == .silence
    }
  }

  /// What `value` of a limit is read as.
  func unit(of method: Method) -> MetricUnit {
    if isTime { return .nanoseconds }
    if method == .count { return .count }
    return self == .requests || self == .iterations ? .perSecond : .share
  }
}

/// The unit of a budget's limit and of what was observed.
package enum MetricUnit: Sendable, Equatable {
  case nanoseconds
  /// 0...1
  case share
  case perSecond
  case count
}

/// How samples become one figure.
package enum Method: Sendable, Equatable {
  /// 0...1
  case quantile(Double)
  case mean, maximum, minimum
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
