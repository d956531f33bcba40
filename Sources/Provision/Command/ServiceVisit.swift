import Curl
import Evidence
import Foundation
import Terminal
import Wording

/// The one visit that a decision pays its service: whether it answers, and whether it seems to have slept.
enum ServiceVisit {
  /// After this long the visit is given up.
  static let limit = Duration.seconds(60)

  /// - Throws: `CommandFailure` code `.usage` for what is no http:// or https:// URL with a host.
  static func requireWebAddress(_ url: String) throws(CommandFailure) {
    let scheme = ["http://", "https://"].first { url.lowercased().hasPrefix($0) }
    let rest = url.dropFirst(scheme?.count ?? 0)
    guard scheme != nil, let first = rest.first, !"/?#".contains(first) else {
      throw CommandFailure(
        .usage, "--url \(shown(url).prefix(80)): expected a URL such as https://my-service.onrender.com")
    }
  }

  /// What a visit found.
  struct Finding {
    /// In a sentence.
    var text: String
    var isDown = false

    /// What is to be said before any verdict.
    var alert: String? { isDown ? text : nil }
  }

  /// The request asks for anything, which a sleeping service's edge holds until it is awake.
  static func visit(_ url: String) async -> Finding {
    let shown = shown(url)
    do {
      let client = try CurlClient(maxTransfers: 1)
      defer { client.shutdown() }
      let response = try await client.send(
        CurlRequest(
          url: url, headers: [("Accept", "*/*")], totalTimeout: limit, maxBodyBytes: 20_000_000,
          userAgent: "Outgrown/\(Version.number)", freshConnection: true))
      let took = DurationText.format(response.phases.total)
      return finding(
        shown, status: response.status, routing: response.headers["x-render-routing"], took: took,
        isSlow: response.phases.firstByte.seconds > 5)
    } catch {
      return Finding(text: "\(shown) gave no answer: \(error.description)", isDown: true)
    }
  }

  /// Of an answer: the edge's word where it answered itself, else the status. An answer of 400 to 499 is one of a service
  /// that runs; a first page may not be what it is for.
  static func finding(_ shown: String, status: Int, routing: String?, took: String, isSlow: Bool) -> Finding {
    let answered = "\(shown) answered \(status) in \(took)"
    if let routing {
      // The edge's words for a service that sleeps or is being woken.
      let isAsleep = routing.contains("hibernate") && !routing.contains("wake-error")
      let state = isAsleep ? "asleep" : "the host's own answer (\(routing.prefix(40))), not the service's"
      return Finding(text: "\(answered): \(state)", isDown: !isAsleep)
    }
    if status >= 500 { return Finding(text: "\(answered): an error of the service", isDown: true) }
    return Finding(text: "\(answered): \(isSlow ? "asleep before, or slow" : "awake"); that visit reset its idle clock")
  }

  /// Without user, password, query and fragment.
  static func shown(_ url: String) -> String {
    let plain = url.prefix { $0 != "?" && $0 != "#" }
    guard let scheme = plain.firstRange(of: "://") else { return String(plain) }
    let authority = plain[scheme.upperBound...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return String(plain) }
    return String(plain[..<scheme.upperBound] + plain[plain.index(after: at)...])
  }
}
