import Foundation
import Testing

@testable import AppAPI

struct TimestampTests {
  @Test(
    "seconds since 1970 as ISO 8601 in UTC",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-0.5, "1969-12-31T23:59:59.500Z"),
      (1_709_210_096.789, "2024-02-29T12:34:56.789Z"),
      (.infinity, "1970-01-01T00:00:00.000Z"), (1e18, "9999-12-31T23:59:59.000Z"),
    ])
  func iso8601(seconds: Double, text: String) {
    #expect(Timestamp.iso8601(seconds) == text)
  }

  @Test("entity tags are the same for the same bytes and differ for others")
  func tags() {
    // FNV-1a of nothing is its offset basis.
    #expect(EntityTag.strong(of: []) == "\"6c62272e07bb014262b821756295c58d\"")
    #expect(EntityTag.strong(of: Array("a".utf8)) == "\"d228cb696f1a8caf78912b704e4a8964\"")
  }
}
