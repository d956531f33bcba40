import AppDomain
import AppStore
import Foundation
import Terminal
import TestSupport
import Testing

/// `outgrown app outbox`, as an operator runs it.
@Suite(.timeLimit(.minutes(2)))
struct OutboxCommandTests {
  private static func run(_ arguments: [String], in directory: String) async throws -> (status: Int32?, text: String) {
    let output = directory + "/\(UUID().uuidString).txt"
    let command = try BuiltExecutable(
      ["app", "outbox"] + arguments, in: directory, environment: ["DATABASE_URL": "sqlite:app.sqlite"], output: output)
    let status = await command.exitStatus()
    return (status, try String(contentsOfFile: output, encoding: .utf8) + command.log)
  }

  @Test("messages are shown, tried again and dropped, and what can't be is said")
  func outbox() async throws {
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(path: directory + "/app.sqlite")
      for name in ["ann", "bob"] { _ = try await store.subscribe([NewAddress(.email, name + "@example.org")], at: 1) }
      let time = Date().timeIntervalSince1970
      let tomorrow = CampusTime.day(at: time).adding(days: 1)
      let duty = Duty(category: .regular, name: "Dr. A", timing: "09:00-12:00")
      _ = try await store.replace([ScheduleDay(date: tomorrow, sheet: "x", duties: [duty])], at: time)
      let before = CampusTime.instant(of: tomorrow, minute: 8 * 60 + 30)
      let rows = try await store.duties(on: DutyReminder.days(at: before))
      let due = DutyReminder.due(of: rows.map { ($0.date, $0.duty) }, at: before)
      #expect(try await store.enqueue(due, event: .startsSoon, channel: .email, at: before) == 2)
      try await store.close()

      let list = try await Self.run(["list"], in: directory)
      #expect(list.status == 0 && list.text.contains("pending") && list.text.contains("\(tomorrow.iso8601) 09:00"))
      #expect(!list.text.contains("@"))
      let one = try await Self.run(["--limit", "1"], in: directory)
      #expect(one.text.contains("… and more") && one.text.split(separator: "\n").count == 3)
      let dropped = try await Self.run(["drop", "1"], in: directory)
      #expect(dropped.status == 0 && dropped.text == "1 message dropped\n")
      let again = try await Self.run(["drop", "1", "7"], in: directory)
      #expect(again.status == ExitStatus.badData.rawValue)
      #expect(again.text.contains("1: will not be sent: dropped by the operator\n  7: there is no such message"))
      let lines = try await Self.run(["list", "--json", "--state", "dead"], in: directory).text
      let object = try #require(try JSONSerialization.jsonObject(with: Data(lines.utf8)) as? [String: Any])
      #expect(object["number"] as? Int == 1 && object["reason"] as? String == "dropped by the operator")
      let retried = try await Self.run(["retry", "--all", "--channel", "email", "--json"], in: directory)
      #expect(retried.status == 0 && retried.text == #"{"done":"due now","changed":[1,2],"left":[]}"# + "\n")
      for wrong in [
        ["drop"], ["drop", "--all", "1"], ["retry", "x"], ["list", "--limit", "0"], ["list", "--state", "x"],
      ] {
        #expect(try await Self.run(wrong, in: directory).status == ExitStatus.usage.rawValue, "\(wrong)")
      }
    }
  }
}
