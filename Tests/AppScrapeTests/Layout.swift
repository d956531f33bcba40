import AppDomain
import Foundation

@testable import AppScrape

/// The sample worksheets' rows as they were laid out, read from `Fixtures/layout.json`: the truth that a scrape must
/// reproduce.
struct Layout: Decodable {
  var sheet: String
  var gid: String
  /// Name, room, timing, shift.
  var regular: [[String]]
  /// Name, speciality, room, timing.
  var visiting: [[String]]

  var duties: [Duty] {
    regular.map {
      Duty(
        category: .regular, name: CellText.folded($0[0]), timing: CellText.folded($0[2]),
        room: CellText.folded($0[1]), shift: CellText.folded($0[3]))
    }
      + visiting.map {
        Duty(
          category: .visiting, name: CellText.folded($0[0]), timing: CellText.folded($0[3]),
          room: CellText.folded($0[2]), speciality: CellText.folded($0[1]))
      }
  }

  static func all() throws -> [Layout] {
    try JSONDecoder().decode([Layout].self, from: Data(Fixture.bytes("layout.json")))
  }
}

enum Fixture {
  static func bytes(_ name: String) throws -> [UInt8] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    return [UInt8](try Data(contentsOf: file))
  }
}
