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

  /// Where the project's repository is, https, without a slash at the end: `OUTGROWN_REPOSITORY`, or what the release
  /// archive's `share/BUILD.txt` says beside the executable; nil where neither does.
  package static var repository: String? {
    let named = ProcessInfo.processInfo.environment["OUTGROWN_REPOSITORY"].flatMap { $0.isEmpty ? nil : $0 }
    return named ?? stampedRepository(beside: "/proc/self/exe")
  }

  static func stampedRepository(beside executable: String) -> String? {
    let archive = URL(filePath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent()
    guard let text = try? String(contentsOf: archive.appending(path: "share/BUILD.txt"), encoding: .utf8) else {
      return nil
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("repository https://") }
    return line.map { String($0.dropFirst("repository ".count)) }
  }
}
