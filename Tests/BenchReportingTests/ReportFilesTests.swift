import BenchEngine
import Evidence
import Foundation
import Histograms
import Measures
import TestSupport
import Testing

@testable import BenchReporting

@Suite struct ReportFilesTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "report-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func log(of run: SampleRun) throws -> String {
    var text = ""
    try LatencyLog.write(plan: run.plan, result: run.result, timeline: run.timeline(), report: run.report()) {
      text += $0
    }
    return text
  }

  @Test("a run's three files are written, and its report reads back as it was", arguments: SampleRun.all.map(\.name))
  func files(name: String) throws {
    let run = try #require(SampleRun.all.first { $0.name == name }?.run)
    try inFolder { folder in
      let report = try run.report()
      let paths = try ReportFiles.write(
        report, plan: run.plan, result: run.result, timeline: run.timeline(), to: folder + "/")
      #expect(paths == ["report.json", "junit.xml", "latency.hlog"].map { "\(folder)/\($0)" })
      #expect(try EvidenceFile.read(BenchReport.self, from: paths[0]) == report)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 3)
    }
  }

  @Test("no user info in the report; quantiles among unanswered attempts are null and named")
  func figures() throws {
    let report = try SampleRun.defaultBudget.report()
    #expect(report.scenario.target == "http://127.0.0.1:8000")
    let latency = report.totals.responseTime
    #expect(latency.count == 930 && latency.unanswered == 30)
    #expect(latency.unansweredQuantiles == [.p99, .p999])
    #expect(latency.p99 == nil && latency.p95 != nil)
    let none = try SampleRun.neverAnswered.report().steps[0].responseTime
    #expect(none.unansweredQuantiles == LatencySummary.Quantile.allCases && none.maximum == nil)
    #expect(try SampleRun.neverAnswered.report().steps[1].responseTime == LatencySummary())
  }

  @Test("the report's histogram is the step's")
  func histogram() throws {
    let run = SampleRun.fail
    let report = try run.report()
    let text = try #require(report.steps[2].responseTime.hdr)
    #expect(try Histogram(hdrText: text).entries == run.result.steps[2].response.entries)
  }

  @Test("the report's histogram holds every attempt, and its quantiles are the report's, or an hour where it has none")
  func unanswered() throws {
    let report = try SampleRun.defaultBudget.report()
    let latency = report.totals.responseTime
    let text = try #require(latency.hdr)
    let foreign = try Histogram(hdrText: text)
    #expect(foreign.count == latency.count && foreign.count == 930)
    for quantile in LatencySummary.Quantile.allCases {
      let theirs = try #require(foreign.value(at: quantile.share))
      if let ours = latency[quantile] {
        // Ours is cut at the greatest sample of the slot.
        #expect(abs(theirs / 1e6 - ours) <= ours / 1_000, "\(quantile)")
      } else {
        #expect(theirs >= 3.6e12 && latency.unansweredQuantiles.contains(quantile))
      }
    }
    let own = try Histogram(hdrText: text, unanswered: latency.unanswered, beyondRange: latency.beyondRange)
    #expect(own.unanswered == 30 && own.recorded == 900)
    #expect(own.entries == SampleRun.defaultBudget.result.steps[0].response.entries)
  }

  @Test("the log's counts are the attempts but the interrupted, and a comment says how many had no answer")
  func logWithoutAnswers() throws {
    var run = SampleRun.defaultBudget
    run.result.steps[0].attempts += 7
    run.result.steps[0].interrupted = 7
    let text = try log(of: run)
    let comments = text.split(separator: "\n").filter { $0.hasPrefix("#") }
    #expect(
      comments.contains(
        "#without an answer (or one within an hour): 30 of 930 attempts; counted at the highest trackable value, "
          + "3600000000000, so that they rank above every time and counts are attempts"))
    #expect(comments.contains("#interrupted by the end: 7 attempts, which have no time and are in no line"))
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Tag=GET_/,") }).split(separator: ",")
    #expect(line[3] == "3600000.000")
    let step = run.result.steps[0]
    #expect(try Histogram(hdrText: String(line[4])).count == step.attempts - step.interrupted)
    let quiet = try log(of: .pass)
    #expect(!quiet.contains("without an answer") && !quiet.contains("interrupted"))
  }

  @Test("failure samples from the service carry no escape sequences")
  func samples() throws {
    let failures = try SampleRun.fail.report().steps[2].requests.failures
    #expect(failures.map(\.kind) == ["status", "timeout"])
    #expect(failures[0].sample == "503 Service Unavailable [31m<html> <b>")
  }

  @Test("the JUnit file is as recorded", arguments: ["pass", "fail", "never-answered", "generator-bound"])
  func junit(name: String) throws {
    let run = try #require(SampleRun.all.first { $0.name == name }?.run)
    try Golden.expect(JUnitReport.render(try run.report()), equals: "junit-\(name).xml")
  }

  @Test("what XML can't write is replaced, the rest escaped")
  func escaping() {
    #expect(
      JUnitReport.escape("a<b>&\"'\u{0}\u{1B}\n\u{FFFF}😀")
        == "a&lt;b&gt;&amp;&quot;&apos;\u{FFFD}\u{FFFD}&#10;\u{FFFD}😀")
  }

  @Test("the log's untagged seconds and its steps' lines are told apart by tags")
  func log() throws {
    let run = SampleRun.pass
    let text = try log(of: run)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
    #expect(lines.filter { $0.hasPrefix("Tag=_warm_up,") }.count == 10)
    #expect(lines.filter { !$0.hasPrefix("Tag=") }.count == 60)
    let step = try #require(lines.first { $0.hasPrefix("Tag=schedules_by_date,") }).split(separator: ",")
    #expect(step[1] == "10.000" && step[2] == "60.213")
    #expect(try Histogram(hdrText: String(step[4])).entries == run.result.steps[3].response.entries)
    let starts = lines.map { line in
      line.split(separator: ",").first { !$0.hasPrefix("Tag=") }.flatMap { Double($0) } ?? -1
    }
    #expect(starts == starts.sorted())
  }
}
