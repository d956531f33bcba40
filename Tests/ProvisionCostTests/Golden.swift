import Foundation
import Testing

/// Expected output in `Fixtures`; `RECORD_FIXTURES=1` writes what there is instead of comparing.
enum Golden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

  static func expect(_ text: String, equals name: String, at location: SourceLocation = #_sourceLocation) throws {
    let url = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["RECORD_FIXTURES"] == "1" { try Data(text.utf8).write(to: url) }
    let expected = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    #expect(text == expected, "\(name)", sourceLocation: location)
  }
}
