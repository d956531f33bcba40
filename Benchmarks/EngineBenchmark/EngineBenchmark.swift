import BenchEngine
import BenchVerdict
import Glibc
import Histograms
import Measures

/// Drives one URL with the engine alone and prints what it cost: `EngineBenchmark PORT [option value]…`.
///
/// Options: `--connections 100`, `--seconds 5`, `--rate 0` (arrivals a second; 0 is a closed model), `--path /`,
/// `--tls 1` (any certificate), `--tick-us 0`, `--workers 1`, `--steps 1` (of the journey, all alike), `--budgets 0` (so
/// many are judged second by second).
@main
struct EngineBenchmark {
  static func main() {
    var options = [
      "--connections": 100, "--seconds": 5, "--rate": 0, "--tls": 0, "--tick-us": 0, "--workers": 1,
      "--steps": 1, "--budgets": 0,
    ]
    var path = "/"
    var arguments = CommandLine.arguments.dropFirst()
    guard let port = arguments.popFirst().flatMap({ UInt16($0) }) else { fail("expected a port") }
    while let name = arguments.popFirst() {
      guard let value = arguments.popFirst() else { fail("\(name) wants a value") }
      if name == "--path" {
        path = value
      } else if options[name] != nil, let number = Int(value) {
        options[name] = number
      } else {
        fail("unknown option \(name) \(value)")
      }
    }
    func option(_ name: String) -> Int { options[name] ?? 0 }

    let duration = Duration.seconds(option("--seconds"))
    let rate = option("--rate")
    let endpoint = Endpoint(
      host: "127.0.0.1", port: port, tls: option("--tls") == 1 ? TLSPlan(insecure: true) : nil)
    let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8)
    let steps = 0..<max(1, option("--steps"))
    let plan = LoadPlan(
      endpoint: endpoint, steps: steps.map { StepPlan(name: "get-\($0)", request: request) },
      journeys: [JourneyPlan(name: "get", weight: 1, steps: Array(steps))],
      workload: rate > 0
        ? .rate([.init(duration: duration, target: Double(rate), isStep: true)], maxInFlight: option("--connections"))
        : .users([.init(duration: duration, target: Double(option("--connections")), isStep: true)]),
      gracefulStop: .seconds(2), workers: option("--workers"), tick: .microseconds(option("--tick-us")))
    do throws(EngineError) {
      try Preflight.requireResources(for: plan)
      let address = try Preflight.reach(endpoint, timeout: .seconds(2))
      guard option("--budgets") > 0 else {
        report(try LoadEngine.run(plan, to: address))
        return
      }
      var watch = BudgetWatch(budgets: budgets(option("--budgets"), steps: steps.count), plan: plan)
      let result = try LoadEngine.run(plan, to: address) { progress in
        watch.observe(progress).map { _ in .abort } ?? .goOn
      }
      for verdict in watch.verdicts(for: watch.completing(result)) where verdict.outcome == .notMet {
        fail("\(verdict.budget.text): \(verdict.outcome)")
      }
      report(result)
    } catch {
      fail("\(error)")
    }
  }

  /// Budgets that any healthy run meets, ten kinds for each step: of five steps 50 that are all different.
  private static func budgets(_ count: Int, steps: Int) -> [Budget] {
    do {
      return try (0..<count).map { index in
        let step = "{step:get-\(index / 10 % steps)}"
        let kinds = [
          "response_time\(step): p(50) < 30s", "response_time\(step): p(95) < 30s abort after 1s",
          "response_time\(step): p(99) < 30s over 2s", "response_time\(step): p(95) < 30s over 1s abort after 1s",
          "service_time\(step): p(90) < 30s over 1s", "wait_time\(step): p(99.9) < 30s over 2s",
          "failed\(step): rate < 90% over 2s abort after 2s", "schedule_lag\(step): max < 30s abort after 1s",
          "silence\(step): share < 90%", "response_time: p(\(99 - index / 10)) < 30s abort after 1s",
        ]
        return try Budget.parse(kinds[index % kinds.count])
      }
    } catch {
      fail("\(error)")
    }
  }

  static func report(_ result: LoadResult) {
    let answered = result.steps.reduce(0) { $0 + $1.answered }
    let failed = result.steps.reduce(0) { $0 + $1.failed }
    func all(_ times: KeyPath<StepMeasure, Histogram>) -> Histogram {
      result.steps.reduce(into: Histogram()) { $0.merge($1[keyPath: times]) }
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    func milliseconds(_ histogram: Histogram, _ quantile: Double) -> Double {
      ((histogram.value(at: quantile) ?? 0) / 1e3).rounded() / 1e3
    }
    let perMillion = cpu / Double(max(answered, 1)) * 1e6
    print(
      "requests=\(answered) failed=\(failed) seconds=\(Double(result.elapsedNanoseconds) / 1e9)",
      "cpu_s=\(cpu) cpu_s_per_million=\((perMillion * 1_000).rounded() / 1_000)",
      "p50_ms=\(milliseconds(all(\.response), 0.5)) p99_ms=\(milliseconds(all(\.response), 0.99))",
      "lag_p99_ms=\(milliseconds(all(\.lag), 0.99))",
      "control_p99_ms=\(milliseconds(result.generator.controlLag, 0.99))",
      "busy=\((result.generator.peakWorkerBusy * 1_000).rounded() / 1_000)",
      "conserved=\(result.iterations.isConserved) iterations=\(result.iterations)")
  }

  static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

  static func fail(_ message: String) -> Never {
    let line = "EngineBenchmark: \(message)\n"
    _ = line.withCString { write(2, $0, strlen($0)) }
    exit(64)
  }
}
