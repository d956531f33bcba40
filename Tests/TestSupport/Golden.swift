import Foundation
package import Testing

/// Expected output in the `Fixtures` beside the test; `RECORD_FIXTURES=1` writes what there is instead of comparing.
package enum Golden {
  package static func expect(
    _ text: String, equals name: String, beside test: String = #filePath, at location: SourceLocation = #_sourceLocation
  ) throws {
    let url = URL(filePath: test).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_FIXTURES"] == "1" { try Data(text.utf8).write(to: url) }
    let expected = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    #expect(text == expected, "\(name)", sourceLocation: location)
  }
}
