import ArgumentParser
import MonitorLedger
import Testing

@testable import MonitorCommand

@Suite struct ReportCommandTests {
  @Test("a service that is not in the ledger is answered with those that are")
  func unknownService() throws {
    let names = ["clinic", "schedule"]
    #expect(try ReportCommand.chosen("schedule", among: names) == "schedule")
    #expect(try ReportCommand.chosen(nil, among: ["clinic"]) == "clinic")
    let typo = #expect(throws: LedgerError.self) { try ReportCommand.chosen("shedule", among: names) }
    #expect(
      typo?.description.contains("no service “shedule”, but clinic, schedule; did you mean “schedule”?") == true,
      "\(String(describing: typo))")
    let empty = #expect(throws: LedgerError.self) { try ReportCommand.chosen("schedule", among: []) }
    #expect(empty?.description.contains("the ledger is empty") == true)
    let several = #expect(throws: ValidationError.self) { try ReportCommand.chosen(nil, among: names) }
    #expect(several?.message.contains("clinic, schedule") == true)
  }

  @Test(
    "a span's ends are read as days and as moments, also as reports write them",
    arguments: [
      ("2026-11-25", 1_795_564_800), ("2026-11-25T10:00:00Z", 1_795_600_800),
      ("2026-11-25T10:00:00.250Z", 1_795_600_800.25), ("2026-11-25T15:30:00+05:30", 1_795_600_800),
      ("2026-11-25T10:00:00", 1_795_600_800), ("yesterday", nil), ("2026-13-25", nil), ("2026-11-25T10:00:00Z!", nil),
    ] as [(String, Double?)])
  func moments(text: String, seconds: Double?) throws {
    guard let seconds else {
      let error = #expect(throws: ValidationError.self) { try ReportCommand.moment(text, "--from") }
      #expect(error?.message.hasPrefix("--from '\(text)': a moment such as") == true)
      return
    }
    #expect(try ReportCommand.moment(text, "--from") == seconds)
  }
}
