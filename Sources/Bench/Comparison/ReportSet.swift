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

  /// What is read at most, and how deep.
  static let mostReports = 1_000
  private static let deepest = 8

  /// Reads a report, or every `report.json` below a folder; links are followed.
  /// - Throws: `EvidenceError`, its message beginning with the path; for a folder without a report, too.
  package static func read(_ path: String) throws(EvidenceError) -> ReportSet {
    guard let kind = kind(of: path) else {
      throw EvidenceError(
        .unreadable, "\(shown(path)): no such file or folder: expected a report, or a folder of reports")
    }
    if kind == .file { return ReportSet(source: path, reports: [(path, try report(path))]) }
    var files: [String] = []
    try find(in: path, depth: 0, &files)
    guard !files.isEmpty else {
      throw EvidenceError(
        .unreadable,
        "\(shown(path)): no report.json in it: expected a folder a run, as `outgrown bench run … --out \(shown(path))/1` leaves"
      )
    }
    var reports: [(String, BenchReport)] = []
    for file in files {
      let name = file.dropFirst(path.count).drop { $0 == "/" }.dropLast("report.json".count)
      reports.append((name.isEmpty ? path : String(name.dropLast()), try report(file)))
    }
    return ReportSet(source: path, reports: reports)
  }

  private enum Kind { case file, folder, other }

  private static func kind(of path: String) -> Kind? {
    let resolved = URL(filePath: path).resolvingSymlinksInPath().path
    guard let type = try? FileManager.default.attributesOfItem(atPath: resolved)[.type] as? FileAttributeType else {
      return nil
    }
    return type == .typeRegular ? .file : type == .typeDirectory ? .folder : .other
  }

  private static func report(_ path: String) throws(EvidenceError) -> BenchReport {
    guard kind(of: path) == .file else {
      throw EvidenceError(.unreadable, "\(shown(path)): no regular file: expected a report of `outgrown bench`")
    }
    return try EvidenceFile.read(BenchReport.self, from: path)
  }

  private static func find(in folder: String, depth: Int, _ files: inout [String]) throws(EvidenceError) {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
      throw EvidenceError(.unreadable, "\(shown(folder)): can't be read: \(error.localizedDescription)")
    }
    for name in names {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      if name == "report.json" {
        files.append(path)
      } else if depth < deepest, kind(of: path) == .folder {
        try find(in: path, depth: depth + 1, &files)
      }
      guard files.count <= mostReports else {
        throw EvidenceError(.tooLarge, "\(shown(folder)): more than \(mostReports) reports: name a folder with fewer")
      }
    }
  }

  private static func shown(_ path: String) -> String { DisplayText.line(path, limit: 200) }

  /// The newest runs only.
  func newest(_ count: Int) -> ReportSet {
    ReportSet(source: source, reports: Array(zip(names, reports).suffix(count)))
  }

  /// Not one request of any run was answered.
  var isDead: Bool { reports.allSatisfy { $0.verdict.outcome == .neverAnswered } }

  /// Most requests failed, in most runs: what is left of such a service says nothing of it.
  private var mostlyFails: Bool {
    reports.count { report in
      let requests = report.totals.requests
      return requests.failed * 2 > requests.attempts - min(requests.attempts, requests.interrupted)
    } * 2 > reports.count
  }

  /// Why no good word can be said where two sides are alike; nil where nothing speaks against it.
  static func emptiness(_ base: ReportSet, _ head: ReportSet) -> String? {
    guard base.mostlyFails, head.mostlyFails else { return nil }
    return
      "most requests failed on both sides: that they fail alike is no equivalence (is the scenario this service's?)"
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
    if let difference = differs("other scenarios", { DisplayText.line($0.scenario.name, limit: 60) }) {
      return difference
    }
    if let difference = differs("scenarios of the same name that ask for another load", load) { return difference }
    if let difference = differs("other origins", { $0.origin.rawValue }) { return difference }
    if let difference = differs("other plans", { DisplayText.line($0.plan ?? "none", limit: 40) }) { return difference }
    if let difference = differs("clocks of another speed", { NumberText.fixed($0.timeScale, 3) }) { return difference }
    for report in reports {
      if report.verdict.outcome == .interrupted || report.ending != .completed {
        return "the run of \(report.startedAt) did not come to its end"
      }
      if !report.budgets.allSatisfy(isPossible) { return "the run of \(report.startedAt) has a figure that can't be" }
    }
    return repeated(reports).map { "the run of \($0.startedAt) is there twice: a copy is no further run" }
  }

  private static func isPossible(_ budget: BudgetFigures) -> Bool {
    guard let observed = budget.observed else { return true }
    return (0...1e15).contains(observed.value) && observed.unit == budget.limit.unit
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
      let further: [String?] = [
        model.maxInFlight.map { "at most \($0)" }, model.arrivals?.rawValue, model.overflow?.rawValue, model.pacing,
        model.iterations.map { "\($0) iterations" }, model.iterationsPerUser.map { "\($0) iterations a user" },
      ]
      return ([model.kind.rawValue] + stages + further.compactMap(\.self)).joined(separator: ", ")
    }
    let phases = report.phases?.map { "\($0.name): \(text($0.model))" } ?? [text(report.scenario.model)]
    let pauses = (report.scenario.thinkTimes ?? []).joined(separator: ", ")
    let warmUp = NumberText.fixed(report.scenario.warmUpSeconds, 2)
    return DisplayText.line("\(phases.joined(separator: "; ")); warm-up \(warmUp) s; pauses \(pauses)", limit: 400)
  }

  /// What makes a comparison worth less.
  package static func warnings(_ sets: [ReportSet]) -> [String] {
    let reports = sets.flatMap(\.reports)
    var warnings: [String] = []
    let dead = reports.filter { $0.verdict.outcome == .neverAnswered }.count
    if dead > 0 { warnings.append("never answered: \(CountText.plural(dead, "run"))") }
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
