import ArgumentParser
import Evidence
import Foundation
import Instants
import MonitorLedger
import MonitorSleep
import Wording

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "What was seen of a service: uptime, sleep, wakes, affected visits, hours a month.",
    discussion: "Writes monitor.json (docs/monitor-report.md) for `outgrown decide`, and shows the figures."
  )

  @Option(help: "The service; needed when the ledger holds several.")
  var service: String?

  @Option(help: ArgumentHelp("The ledger.", valueName: "path"))
  var ledger = MonitorConfiguration.defaultLedger

  @Option(help: "Not before this moment, such as 2026-11-01 or 2026-11-01T06:00:00Z (UTC).")
  var from: String?

  @Option(help: "Not after this moment.")
  var to: String?

  @Option(help: ArgumentHelp("Where monitor.json goes. (default: out/monitor/<service>)", valueName: "folder"))
  var out: String?

  @Flag(help: "Says that the service ran under an emulated plan.")
  var emulated = false

  @Flag(help: "The report as JSON on stdout.")
  var json = false

  func run() async throws {
    guard FileManager.default.fileExists(atPath: ledger) else {
      throw LedgerError(
        .cannotOpen, "there is no ledger \(ledger): `outgrown monitor run` makes one; --ledger names another")
    }
    let ledger = try await Ledger.open(reading: ledger)
    let history = try await ledger.history(
      of: try Self.chosen(service, among: try await ledger.services()),
      from: try from.map { try Self.moment($0, "--from") },
      to: try to.map { try Self.moment($0, "--to") })
    guard history.to > history.from else {
      throw LedgerError(.noSuchService, "nothing was seen of “\(history.service)” in that time")
    }
    let summary = WatchSummary(history)
    let report = summary.report(
      origin: emulated ? .emulated : .live,
      build: .current)
    let folder = out ?? "out/monitor/\(history.service)"
    try EvidenceFile.write(report, to: folder + "/monitor.json")
    if json {
      print(String(decoding: try EvidenceFile.encode(report), as: UTF8.self), terminator: "")
    } else {
      print(MonitorSummaryText(report, spans: summary.spans).text)
      print("\n  \(folder)/monitor.json")
    }
  }

  /// The service that was asked for, or the only one.
  static func chosen(_ service: String?, among names: [String]) throws -> String {
    guard let first = names.first else {
      throw LedgerError(.noSuchService, "the ledger is empty: `outgrown monitor run` fills it")
    }
    if let service {
      guard !names.contains(service) else { return service }
      let near = Spelling.closest(to: service, among: names).map { "; did you mean “\($0)”?" } ?? ""
      throw LedgerError(
        .noSuchService,
        "the ledger holds no service “\(service.prefix(80))”, but \(names.joined(separator: ", "))\(near)")
    }
    guard names.count == 1 else {
      throw ValidationError(
        "the ledger holds several services, choose with --service: \(names.joined(separator: ", "))")
    }
    return first
  }

  /// Of a day, its first moment; in UTC where no zone is named.
  static func moment(_ text: String, _ option: String) throws -> Double {
    guard let instant = InstantReader.whole(text, { $0.iso() ?? $0.day() }) else {
      throw ValidationError("\(option) '\(text.prefix(40))': a moment such as 2026-11-01T06:00:00Z was expected")
    }
    return Double(instant.seconds) + instant.fraction
  }
}
