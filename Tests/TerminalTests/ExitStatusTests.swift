import Foundation
import Testing

@testable import Terminal

@Suite struct ExitStatusTests {
  @Test("the design's table of exit codes is the one that the code reads, each code with one meaning")
  func table() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let design = try String(contentsOf: root.appending(path: "DESIGN.md"), encoding: .utf8)
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let table = Terminal.ExitStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: " · ")
    #expect(design.contains(table + "."))
    let order = Terminal.ExitStatus.precedence.map { "\($0.rawValue)" }.joined(separator: ", ")
    #expect(design.contains("First of \(order) wins"))
    #expect(Set(Terminal.ExitStatus.allCases.map(\.meaning)).count == Terminal.ExitStatus.allCases.count)
  }

  @Test("of several codes the first by precedence is given, then any other failure, then a pass")
  func precedence() {
    #expect(Terminal.ExitStatus.first(of: [.notMet, .noData, .generatorBound]) == .noData)
    #expect(Terminal.ExitStatus.first(of: [.pass, .unavailable, .usage]) == .usage)
    #expect(Terminal.ExitStatus.first(of: []) == .pass)
  }

  @Test("an error that says nothing of a code is a defect")
  func defect() {
    struct Stray: Error {}
    struct Known: ExitStating { let exitStatus = Terminal.ExitStatus.badData }
    #expect(CommandFailure.sayAndCode(Stray()) == 70 && CommandFailure.sayAndCode(Known()) == 65)
  }
}
