import BenchScenario
import Digests

/// What a run's folder of reports is called.
enum FolderName {
  private static let longest = 80

  /// A scenario's.
  static func from(_ name: String) -> String {
    let kept = name.unicodeScalars.map { isPlain($0) || $0 == "-" || $0 == "_" ? Character($0) : "-" }
    let text = String(kept.prefix(longest))
    return text.isEmpty ? "scenario" : text
  }

  /// One URL's, the same every time and no other URL's: `127.0.0.1-8000_v1_schedules`. What has to be written otherwise, such
  /// as a query or a method, is told apart by eight digits of a digest at the end.
  /// - Throws: `ScenarioError` code `.target`.
  static func from(url: String, method: String) throws(ScenarioError) -> String {
    let (origin, path) = try TargetURL.split(url)
    let method = method.uppercased()
    // One host may serve both schemes on their own ports: https needs no port, http says its own.
    let port = origin.scheme == .https && origin.port == 443 ? "" : "-\(origin.port)"
    var isExact = true
    func plain(_ text: some StringProtocol, _ others: String) -> String {
      String(
        text.unicodeScalars.map { scalar -> Character in
          if isPlain(scalar) || others.unicodeScalars.contains(scalar) { return Character(scalar) }
          isExact = false
          return "-"
        })
    }
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    var name = ([plain(origin.host, ".-") + port] + segments.map { plain($0, ".-") }).joined(separator: "_")
    if path == "/" { name = String(name.dropLast()) }
    if method != "GET" {
      name += "_\(plain(method, ""))"
      isExact = false
    }
    if name.count > longest { isExact = false }
    guard !isExact else { return name }
    let digest = SHA256Digest.hexadecimal(SHA256Digest.of(Array("\(method) \(origin)\(path)".utf8)))
    return "\(name.prefix(longest))-\(digest.prefix(8))"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
  }
}
