import Evidence
import Foundation
import TestSupport
import Testing

@testable import ProvisionTraffic

/// `schemas/traffic.schema.json` and the decoder judge alike, the schema by Python's jsonschema.
@Suite(.enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
struct TrafficSchemaTests {
  private let schema = SchemaCorpus("traffic")

  private func isAccepted(_ document: Data) -> Bool {
    (try? EvidenceFile.decode(Traffic.self, from: document)) != nil
  }

  private func counted() throws -> Traffic {
    let zone = try #require(TimeZone(identifier: "UTC"))
    let lines =
      (0..<30).map { LogTrafficTests.line($0 * 4_000, "203.0.113.\($0)") }
      + [
        LogTrafficTests.line(50, "192.0.2.1", "UptimeRobot/2.0"),
        LogTrafficTests.line(90_000, "192.0.2.1", "UptimeRobot/2.0"),
      ]
    return try LogTraffic(timeZone: zone, logTimeZone: zone).read(
      text: lines.joined(separator: "\n"), name: "access.log", build: .init(version: "0", commit: "abc"))
  }

  @Test("traffic from a log and stated traffic are valid")
  func real() throws {
    let stated = try StatedTraffic.read(
      text: "visits_per_day: 3", file: "t.yaml", build: .init(version: "0", commit: nil))
    let documents = try [EvidenceFile.encode(counted()), EvidenceFile.encode(stated)]
    #expect(documents.allSatisfy(isAccepted))
    #expect(try schema.judge(documents) == [true, true])
  }

  @Test("traffic with one part changed is judged alike by schema and decoder")
  func mutations() throws {
    try schema.expectAlike(
      EvidenceFile.encode(counted()), extra: [("span", [1, 2]), ("absurd", 1e300)],
      stricter: Set(
        ["from", "to"] + ["activity", "other_activity"].flatMap { ["counted.\($0).0.0", "counted.\($0).0.1"] }),
      expecting: (documents: 400, refused: 250),
      decoder: isAccepted)
  }
}
