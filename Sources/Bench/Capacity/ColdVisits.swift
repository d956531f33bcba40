import BenchEmulator
import BenchEngine
import BenchScenario
import Dispatch
import Evidence
import Foundation
import Histograms
import Measures
import Plans

/// Visits that find the service asleep, through the edge: the application's part of them. What the platform adds is
/// assumed, so nobody waits for it here. Only the idle clock is shortened.
struct ColdVisits {
  let measurement: PlanMeasurement
  let process: ServiceProcess

  func run() throws -> (seconds: [Double], warning: String?) {
    let settings = measurement.settings
    var rule = EdgeRule(measurement.plan.plan.sleep, idle: settings.idle)
    rule.platformWake = 0
    rule.startTimeout = settings.startTimeout
    // These visits are few; the month's hours are no matter here.
    rule.pooledSeconds = nil
    let asleep = DispatchSemaphore(value: 0)
    let ready = DispatchSemaphore(value: 0)
    let edge = EdgeProxy(
      rule, service: process,
      observe: { event in if event.kind == .asleep || event.kind == .wakeFailed { asleep.signal() } },
      whenReady: { ready.signal() })
    let port = try edge.start(host: "127.0.0.1", port: 0)
    defer { edge.stop() }
    guard wait(ready, seconds: settings.startTimeout + 5) else { return ([], nil) }
    let target = TargetURL(host: "127.0.0.1", port: UInt16(port))
    var seconds: [Double] = []
    for _ in 0..<settings.coldVisits {
      guard wait(asleep, seconds: settings.idle + 60) else { break }
      let now = Int64(Date().timeIntervalSince1970)
      let plan = try settings.scenario.visit(
        target: target, variables: settings.variables, secondsSince1970: now)
      guard let address = try SocketAddress.resolve(host: target.host, port: target.port).first else { break }
      let result = try LoadEngine.run(plan, to: address, control: measurement.control)
      guard !measurement.control.isInterrupted else { break }
      let all = result.steps.sum()
      guard all.answered == 1, all.failed == 0 else {
        return (seconds, "a cold visit got no good answer: \(all.failureSamples.values.first ?? "status")")
      }
      seconds.append(Double(all.response.maximum) / 1e9)
    }
    return (seconds, nil)
  }

  /// False when interrupted or late.
  private func wait(_ semaphore: DispatchSemaphore, seconds: Double) -> Bool {
    let deadline = DispatchTime.now() + seconds
    while DispatchTime.now() < deadline, !measurement.control.isInterrupted {
      if semaphore.wait(timeout: .now() + 0.05) == .success { return true }
    }
    return false
  }
}
