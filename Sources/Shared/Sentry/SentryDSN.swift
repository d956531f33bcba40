import Curl
package import Secrets

/// Where a project of Sentry takes events, and as whom: `https://PUBLICKEY@HOST[:port]/[path/]PROJECTID`.
/// - Source: develop.sentry.dev, SDK, "Authentication", "Parsing the DSN" (2026-11).
package struct SentryDSN: Sendable, CustomStringConvertible {
  package let publicKey: Redacted<String>
  /// What old projects have behind the key; sent along where it is given.
  package let secretKey: Redacted<String>?
  package let projectID: String
  /// Scheme, host, port and path, without a slash at its end.
  private let base: String

  /// What was wrong; it never repeats the key.
  package struct Refusal: Error, Sendable, CustomStringConvertible {
    package var description: String
  }

  /// - Throws: `Refusal`. `http://` is for this machine only: a key and what went wrong are not for the open road.
  package init(_ text: String) throws(Refusal) {
    guard let url = CurlURL(text), ["http", "https"].contains(url.scheme), !url.host.isEmpty else {
      throw Self.refusal("it is no http or https URL")
    }
    guard url.scheme == "https" || url.isLoopback else {
      throw Self.refusal("http:// is taken for this machine's own addresses only")
    }
    guard let key = url.user, Self.isName(key, limit: 200) else { throw Self.refusal("there is no key before an @") }
    let secret = url.password
    guard secret.map({ Self.isName($0, limit: 200) }) ?? true else { throw Self.refusal("its second key is none") }
    guard url.query == nil, !text.contains("#") else { throw Self.refusal("it has a query or a fragment") }
    var parts = url.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
    if parts.last == "" { parts.removeLast() }
    guard let project = parts.popLast(), Self.isName(project, limit: 50), parts.allSatisfy({ !$0.isEmpty }) else {
      throw Self.refusal("it does not end with a project's number")
    }
    publicKey = Redacted(key)
    secretKey = secret.map { Redacted($0) }
    projectID = project
    let port = url.port.map { ":\($0)" } ?? ""
    base = "\(url.scheme)://\(url.host)\(port)\(parts.map { "/" + $0 }.joined())"
  }

  package var envelopeURL: String { "\(base)/api/\(projectID)/envelope/" }

  /// The value of `X-Sentry-Auth`.
  func authorization(client: String) -> String {
    "Sentry sentry_version=7, sentry_client=\(client), sentry_key=\(publicKey.secret)"
      + (secretKey.map { ", sentry_secret=\($0.secret)" } ?? "")
  }

  /// The whole DSN but for its second key, as an envelope has it.
  var full: String {
    let scheme = base.prefix { $0 != ":" }
    return "\(scheme)://\(publicKey.secret)@\(base.dropFirst(scheme.count + 3))/\(projectID)"
  }

  package var description: String { "\(base)/\(projectID)" }

  private static func isName(_ text: String, limit: Int) -> Bool {
    (1...limit).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  private static func refusal(_ reason: String) -> Refusal {
    Refusal(
      description: "https://PUBLICKEY@HOST/PROJECTID was expected, as the project's settings at Sentry show it under "
        + "Client Keys; \(reason)")
  }
}
