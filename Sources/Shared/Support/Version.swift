import Foundation

/// What this build calls itself.
package enum Version {
  package static let number = "0.1.0"

  /// The commit that was deployed or built from, when the environment says so: `OUTGROWN_COMMIT`, then Render's own
  /// `RENDER_GIT_COMMIT`.
  package static var commit: String? {
    let environment = ProcessInfo.processInfo.environment
    return ["OUTGROWN_COMMIT", "RENDER_GIT_COMMIT"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
  }

  /// `0.1.0` or `0.1.0+abc1234`.
  package static var string: String {
    commit.map { "\(number)+\($0.prefix(7))" } ?? number
  }
}
