import Foundation
package import Testing

/// Tests that truly take long: real leases that run out, megabytes in a debug build. `scripts/verify long` runs them, with
/// `OUTGROWN_LONG_TESTS=1`.
package enum LongTests {
  package static let areAsked = ProcessInfo.processInfo.environment["OUTGROWN_LONG_TESTS"] == "1"

  /// All cases of a table where long tests are asked for, otherwise its first ones.
  package static func cases<Case>(_ all: [Case], first count: Int) -> [Case] {
    areAsked ? all : Array(all.prefix(count))
  }
}

extension Trait where Self == ConditionTrait {
  /// For a test or a suite that only `scripts/verify long` runs.
  package static var long: ConditionTrait { .enabled(if: LongTests.areAsked, "takes long: scripts/verify long") }
}
