package import Evidence
import Foundation
import Measures
import Terminal
import Wording

/// Kept reports of one version of a service, a report a run.
package struct ReportSet: Sendable {
  /// As it was given.
  package var source: String
  /// In order of their beginning.
  package private(set) var reports: [BenchReport]
  /// The folders that they are in, below the one that was given.
  package private(set) var names: [String]

  package init(source: String, reports: [(name: String, report: BenchReport)]) {
    self.source = source
    let ordered = reports.sorted {
      ($0.report.startedAt.millisecondsSince1970, $0.name) < ($1.report.startedAt.millisecondsSince1970, $1.name)
    }
    self.reports = ordered.map(\.report)
    names = ordered.map(\.name)
  }

  /// What is read at most.
  static let mostReports = 200

  /// Reads a report, or every `report.json` below a folder.
  /// - Throws: `EvidenceError`, its message beginning with the path; for a folder without a report, too.
  package static func read(_ path: String) throws(EvidenceError) -> ReportSet {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw EvidenceError(.unreadable, "\(path): no such file or folder: expected a report, or a folder of reports")
    }
    guard isFolder.boolValue else {
      return ReportSet(source: path, reports: [(path, try EvidenceFile.read(BenchReport.self, from: path))])
    }
    let files = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
      .filter { $0 == "report.json" || $0.hasSuffix("/report.json") }.sorted()
    guard !files.isEmpty else {
      throw EvidenceError(
        .unreadable,
        "\(path): no report.json in it: expected what `outgrown bench run … --out \(path)/1` leaves, a folder a run")
    }
    guard files.count <= mostReports else {
      throw EvidenceError(.tooLarge, "\(path): \(files.count) reports: at most \(mostReports) are compared")
    }
    var reports: [(String, BenchReport)] = []
    for file in files {
      let name = file == "report.json" ? path : String(file.dropLast("/report.json".count))
      reports.append((name, try EvidenceFile.read(BenchReport.self, from: "\(path)/\(file)")))
    }
    return ReportSet(source: path, reports: reports)
  }

  /// What keeps reports from being compared at all; nil where nothing does.
  package static func mismatch(_ sets: [ReportSet]) -> String? {
    let reports = sets.flatMap(\.reports)
    guard let first = reports.first else { return "no report" }
    func differs(_ what: String, _ text: (BenchReport) -> String) -> String? {
      reports.first { text($0) != text(first) }.map {
        "\(what): \(text(first)) in one report and \(text($0)) in another"
      }
    }
    return differs("other scenarios") { DisplayText.line($0.scenario.name, limit: 60) }
      ?? differs("scenarios of the same name that ask for another load") { load(of: $0) }
      ?? differs("clocks that run at another speed") { NumberText.fixed($0.timeScale, 3) }
      ?? reports.first { $0.verdict.outcome == .interrupted || $0.ending != .completed }
      .map { "a run of \($0.startedAt) that did not come to its end: \($0.ending.rawValue)" }
      ?? repeated(reports).map { "the run of \($0.startedAt) is there twice: a copy is no further run" }
  }

  /// A run that is among the others.
  private static func repeated(_ reports: [BenchReport]) -> BenchReport? {
    var seen: [Int64: [BenchReport]] = [:]
    return reports.first { report in
      let same = seen[report.startedAt.millisecondsSince1970, default: []]
      seen[report.startedAt.millisecondsSince1970] = same + [report]
      return same.contains { $0.totals == report.totals }
    }
  }

  /// The load in words; two that differ are no two runs of one thing.
  private static func load(of report: BenchReport) -> String {
    func text(_ model: ScenarioSummary.Model) -> String {
      let stages = model.stages.map {
        "\(NumberText.fixed($0.target, 2)) in \(NumberText.fixed($0.durationSeconds, 2)) s\($0.isStep ? " at once" : "")"
      }
      return "\(model.kind.rawValue) \(stages.joined(separator: ", "))"
    }
    let phases = report.phases?.map { "\($0.name): \(text($0.model))" } ?? [text(report.scenario.model)]
    return phases.joined(separator: "; ")
  }

  /// What makes a comparison worth less.
  package static func warnings(_ sets: [ReportSet]) -> [String] {
    let reports = sets.flatMap(\.reports)
    var warnings: [String] = []
    let machines = Set(
      reports.map { "\($0.machine.cpuModel ?? "unnamed CPU"), \(CountText.plural($0.machine.cores, "core"))" })
    if machines.count > 1 {
      warnings.append("other machines: \(machines.sorted().joined(separator: "; ")): what differs may be the machine's")
    }
    let targets = Set(sets.map { Set($0.reports.map(\.scenario.fileSHA256)) })
    if targets.count > 1 || targets.contains(where: { $0.count > 1 }) {
      warnings.append("the scenario's file was changed in between: its load is the same, other parts may not be")
    }
    let bound = reports.filter { $0.verdict.outcome == .generatorBound }.count
    if bound > 0 { warnings.append("the generator could not keep up in \(CountText.plural(bound, "run"))") }
    return warnings
  }
}
