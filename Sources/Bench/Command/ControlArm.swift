import BenchEngine
import Histograms
import Measures

/// Two servers that do nothing, one beside either side: where they differ, the machine made the difference.
final class ControlArm {
  private let servers: [NullServer]
  /// Requests a second of each; no divisor of what services are usually loaded with, lest all come at the same instants.
  private static let rate = 97.0

  /// - Throws: `EngineError`.
  init() throws {
    var servers: [NullServer] = []
    for _ in 0..<2 { servers.append(try NullServer()) }
    self.servers = servers
  }

  deinit { for server in servers { server.stop() } }

  /// - Parameter side: 0 the base's, 1 the head's.
  func plan(_ side: Int, warmUp: Duration, measured: Duration) -> LoadPlan {
    servers[side].plan(
      .rate([.init(duration: warmUp + measured, target: Self.rate, isStep: true)], maxInFlight: 10), warmUp: warmUp)
  }

  /// The 95th percentile in milliseconds; `.infinity` where it was not answered.
  static func quantile(_ result: LoadResult) -> Double {
    (result.steps.first?.response.value(at: 0.95)).map { $0 / 1e6 } ?? .infinity
  }
}
