import Visits

/// What the edge itself answers where the service can't.
package enum EdgeAnswer: Sendable, Equatable {
  /// The page that browsers get while the service wakes.
  case pendingWake
  case wakeError
  /// The process is not there: `dynamic-free-error`, or `dynamic-paid-error` on a plan that never sleeps.
  case unreachable(isPaid: Bool)
  case suspended
  /// The edge's own robots.txt.
  case robots

  package var status: Int { signal?.status ?? 200 }

  /// The value of `x-render-routing`; nil where the header is absent.
  package var routing: String? { signal?.routing }

  private var signal: EdgeSignal? {
    switch self {
    case .pendingWake: EdgeSignals.pendingWake
    case .wakeError: EdgeSignals.wakeError
    case .unreachable(let isPaid): isPaid ? EdgeSignals.paidError : EdgeSignals.freeError
    case .suspended: EdgeSignals.suspended
    case .robots: nil
    }
  }

  package var retryAfterSeconds: Int? { self == .pendingWake ? 5 : nil }

  package var contentType: String {
    switch self {
    case .pendingWake: "text/html; charset=utf-8"
    default: "text/plain; charset=utf-8"
    }
  }

  package var body: String {
    switch self {
    case .pendingWake: Self.loadingPage
    case .wakeError, .unreachable: ""
    case .suspended: "Service Suspended"
    case .robots: EdgeSignals.robotsText
    }
  }

  private static let loadingPage = """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta http-equiv="refresh" content="5">
    <meta name="viewport" content="width=device-width">
    <title>The service is waking up</title>
    <p>This service was asleep and is starting now. This page asks again every 5 seconds.</p>
    <p><small>Shown by an emulated edge (outgrown bench emulate).</small></p>
    </html>

    """
}
