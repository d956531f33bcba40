import BenchEngine
import Histograms
import Measures
import Synchronization
import Terminal
import Testing

@testable import BenchReporting

@Suite struct LiveScreenTests {
  private final class Sink: Sendable {
    let writes = Mutex<[String]>([])
    func write(_ text: String) { writes.withLock { $0.append(text) } }
  }

  private func progress(second: UInt64, waiting: Int = 0) -> LoadProgress {
    var tally = SampleRun.tally(count: 401, milliseconds: 8)
    if second == 20 { tally.failures = [.status: 2] }
    let elapsed = second * 1_000_000_000
    var span = LoadSpan(
      start: elapsed - 1_000_000_000, end: elapsed, active: 120, steps: [tally], activity: [StepActivity()])
    span.waiting = waiting
    span.isWarmUp = second <= 10
    let total = LoadResult(
      steps: [SampleRun.tally(count: Int(second) * 400, milliseconds: 8), SampleRun.fail.result.steps[2]],
      elapsedNanoseconds: elapsed)
    return LoadProgress(spans: [span], total: total, plannedNanoseconds: 70_000_000_000)
  }

  private let view = LiveView(scenarioName: "campus-morning", isOpenModel: false)

  @Test("the view shows progress, users, speed, percentiles, failures and lag")
  func lines() {
    let lines = view.render(progress(second: 35), width: 80, style: .plain)
    #expect(
      lines == [
        "  campus-morning  ━━━━━━━━━━━━━━━━━━━━────────────────────  35 s of 70 s",
        "  120 users   401 req/s   p50 10.1 ms   p95 15.5 ms   p99 15.9 ms",
        "  15,204 requests   24 failed   lag p99 89.7 µs",
      ])
  }

  @Test("warm-up, failures of the last second, waiting arrivals and the end are marked")
  func marks() {
    #expect(view.render(progress(second: 5), width: 80, style: .plain)[0].hasSuffix("5 s of 70 s, warm-up"))
    #expect(view.render(progress(second: 20), width: 80, style: .plain)[2].contains("24 failed (2 now)"))
    #expect(view.render(progress(second: 80), width: 80, style: .plain)[0].hasSuffix("70 s + 10 s finishing"))
    #expect(view.line(progress(second: 70)).hasPrefix("70 s of 70 s  "))
    var late = progress(second: 70)
    late.total.elapsedNanoseconds += 300_000_000
    #expect(view.line(late).hasPrefix("70 s, finishing  "))
    let open = LiveView(scenarioName: "x", isOpenModel: true)
    let lines = open.render(progress(second: 30, waiting: 1_204), width: 80, style: .plain)
    #expect(lines[1].hasPrefix("  120 in flight"))
    #expect(lines[2].hasSuffix("1,204 waiting"))
  }

  @Test("where every request was sent when it was meant to be there was no lag, not 0 ns of it")
  func noLag() {
    var exact = progress(second: 30)
    exact.spans[0].steps[0].lag = Histogram()
    exact.spans[0].steps[0].lag.record(0, times: 100)
    #expect(view.line(exact).hasSuffix("lag p99 none"))
  }

  @Test("no line is wider than the terminal", arguments: [1, 20, 33, 47, 60, 79, 100, 300])
  func width(width: Int) {
    for second: UInt64 in [1, 20, 72] {
      let lines = view.render(progress(second: second), width: width, style: .plain)
      #expect(lines.count == 3 && lines.allSatisfy { $0.count <= max(width, 20) })
    }
  }

  @Test("a terminal is redrawn in place and left clear")
  func terminal() {
    let sink = Sink()
    let screen = LiveScreen(
      view: view, isTerminal: true, style: .plain, width: { 80 }, write: { sink.write($0) })
    screen.show(progress(second: 1))
    screen.show(progress(second: 2))
    screen.finish()
    screen.finish()
    screen.show(progress(second: 3))
    let writes = sink.writes.withLock { $0 }
    #expect(writes.count == 3)
    #expect(writes[0].hasPrefix("\u{1B}[2K  campus-morning"))
    #expect(writes[1].hasPrefix("\r\u{1B}[3A\u{1B}[2K  campus-morning"))
    #expect(writes[2] == "\r\u{1B}[3A\u{1B}[J")
    #expect(!writes.joined().contains("\u{1B}[?"))
  }

  @Test("elsewhere there is a line after a second and then every five")
  func plainLines() {
    let sink = Sink()
    let screen = LiveScreen(
      view: view, isTerminal: false, style: .plain, width: { 80 }, write: { sink.write($0) })
    for second: UInt64 in 1...21 { screen.show(progress(second: second)) }
    screen.finish()
    let writes = sink.writes.withLock { $0 }
    #expect(writes.map { $0.prefix { $0 != " " } } == ["1", "5", "10", "15", "20"])
    #expect(writes.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\u{1B}") })
  }
}
