import BenchEngine
import BenchReporting
import Evidence
import Foundation
import Terminal
import TestSupport
import Testing

@testable import BenchCommand

@Suite(.serialized) struct CalibrationTests {
  static let sample = Calibration(
    measuredAt: UTCInstant(Date(timeIntervalSince1970: 1_795_478_400)), outgrown: .init(version: "0", commit: nil),
    machine: Machine(cores: 2, cpuModel: "Example", memoryBytes: 1 << 32, kernel: "6.1.0"),
    floor: .init(
      requestsPerSecond: 1_000, connections: 10, durationSeconds: 4.5, responseTime: LatencySummary(),
      controlLag: LatencySummary()),
    ceiling: .init(
      connections: 100, workers: 1, durationSeconds: 4.5, requestsPerSecond: 61_204, cpuSecondsPerMillion: 11.2))

  private func isAccepted(_ document: Data) -> Bool {
    (try? EvidenceFile.decode(Calibration.self, from: document)) != nil
  }

  @Test("a calibration measures both loads and is read as it was written")
  func measures() async throws {
    let calibration = try CalibrationRun(duration: .seconds(1), control: LoadEngine.Control(), progress: { _ in }).run()
    #expect(calibration.floor.responseTime.count == 900 && calibration.floor.responseTime.unanswered == 0)
    let median = try #require(calibration.floor.responseTime.p50)
    #expect(median > 0 && median < 100)
    #expect(calibration.floor.controlLag.count > 50)
    // A server that does nothing answers more often than the floor's load asks.
    #expect(calibration.ceiling.requestsPerSecond > calibration.floor.requestsPerSecond)
    #expect(calibration.ceiling.cpuSecondsPerMillion > 0)
    try await withTemporaryDirectory { folder in
      let path = folder + "/deep/calibration.json"
      try EvidenceFile.write(calibration, to: path)
      #expect(try EvidenceFile.read(Calibration.self, from: path) == calibration)
      let text = CalibrationText.lines(calibration, path: path)
      #expect(text.contains { $0.hasPrefix("ceiling  ") })
      var noisy = calibration
      for (lag, isQuiet) in [(0.2, true), (3, false)] {
        noisy.floor.controlLag.p99 = lag
        let warns = CalibrationText.lines(noisy, path: path).contains { $0.hasPrefix("!") }
        #expect(warns != isQuiet)
      }
    }
  }

  @Test("an interrupted calibration keeps nothing")
  func interrupted() throws {
    let control = LoadEngine.Control()
    control.interrupt()
    let error = #expect(throws: CommandFailure.self) {
      try CalibrationRun(duration: .seconds(20), control: control, progress: { _ in }).run()
    }
    #expect(error?.message.hasPrefix("interrupted") == true)
  }

  @Test("only this machine's calibration is used")
  func machines() async throws {
    try await withTemporaryDirectory { folder in
      let environment = ["XDG_CACHE_HOME": folder, "HOME": "/nowhere"]
      #expect(CalibrationFile.current(environment, machine: Self.sample.machine) == nil)
      try EvidenceFile.write(Self.sample, to: CalibrationFile.defaultPath(environment))
      #expect(CalibrationFile.current(environment, machine: Self.sample.machine) == Self.sample)
      var other = Self.sample.machine
      other.kernel = "6.1.1"
      #expect(CalibrationFile.current(environment, machine: other) == nil)
    }
  }

  @Test("it is kept in the cache's folder, which only absolute paths name")
  func places() throws {
    #expect(try CalibrationFile.defaultPath(["HOME": "/home/u"]) == "/home/u/.cache/outgrown/calibration.json")
    #expect(
      try CalibrationFile.defaultPath(["HOME": "/home/u", "XDG_CACHE_HOME": "relative"])
        == "/home/u/.cache/outgrown/calibration.json")
    #expect(throws: CommandFailure.self) { try CalibrationFile.defaultPath([:]) }
  }

  @Test(
    "a calibration with one part changed is judged alike by schema and decoder",
    .enabled(if: SchemaCorpus.python != nil, "needs python3 with PyPI jsonschema"))
  func mutations() throws {
    let newer: [String: any Sendable] = ["name": "outgrown-calibration", "version": 2]
    try SchemaCorpus("calibration").expectAlike(
      EvidenceFile.encode(Self.sample), extra: [("newer", newer)], expecting: (documents: 300, refused: 150),
      decoder: isAccepted)
  }
}
