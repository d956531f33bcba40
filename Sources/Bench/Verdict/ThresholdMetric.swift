/// k6's names of metrics, so that its thresholds can be budgets as they are written.
///
/// Limits have no unit there: times are milliseconds, rates a second's. Where k6 measures something else, the stricter
/// figure judges: `http_req_duration` is from a request's intended start and has its connecting in it, which k6's leaves
/// out, and those of connecting are of new connections only, without k6's noughts of all others.
///
/// - Source: grafana.com/docs/k6/v2.3.x/using-k6/metrics/reference and …/using-k6/thresholds; the grammar in grafana/k6,
///   `metrics/thresholds_parser.go`. Read on 2026-11-28.
enum ThresholdMetric: String, CaseIterable, Sendable {
  case duration = "http_req_duration"
  case failed = "http_req_failed"
  case requests = "http_reqs"
  case connecting = "http_req_connecting"
  case handshaking = "http_req_tls_handshaking"
  case sending = "http_req_sending"
  case waiting = "http_req_waiting"
  case receiving = "http_req_receiving"
  case droppedIterations = "dropped_iterations"
  case dataReceived = "data_received"
  case dataSent = "data_sent"
  case users = "vus"

  var metric: Metric {
    switch self {
    case .duration: .responseTime
    case .failed: .failed
    case .requests: .requests
    case .connecting: .connectTime
    case .handshaking: .tlsTime
    case .sending: .sendTime
    case .waiting: .waitTime
    case .receiving: .receiveTime
    case .droppedIterations: .dropped
    case .dataReceived: .bytesReceived
    case .dataSent: .bytesSent
    case .users: .users
    }
  }

  /// As k6 calls them. Its rate of dropped iterations is a second's, which nothing here is.
  var methods: [String] {
    switch self {
    case .failed: ["rate"]
    case .requests, .dataReceived, .dataSent: ["count", "rate"]
    case .droppedIterations: ["count"]
    case .users: ["value"]
    case .duration, .connecting, .handshaking, .sending, .waiting, .receiving:
      ["p(N)", "avg", "med", "max", "min"]
    }
  }

  func takes(_ method: String) -> Bool { methods.contains(method == "p" ? "p(N)" : method) }

  /// What k6 tags requests with, in our words: a request's name is its step's, and a scenario, a load of its own with
  /// its own begin, is a phase.
  static func tag(_ word: String) -> String {
    switch word {
    case "name": "step"
    case "scenario": "phase"
    default: word
    }
  }
}
