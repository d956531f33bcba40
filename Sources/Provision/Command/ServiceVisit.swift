import Curl
import Foundation
import Support

/// The one visit that a decision pays its service: whether it answers, and whether it seems to have slept.
enum ServiceVisit {
  /// After this long the visit is given up.
  static let limit = Duration.seconds(60)

  /// - Throws: `ProvisionFailure` code `.usage` for what is no http:// or https:// URL with a host.
  static func requireWebAddress(_ url: String) throws(ProvisionFailure) {
    let scheme = ["http://", "https://"].first { url.lowercased().hasPrefix($0) }
    let rest = url.dropFirst(scheme?.count ?? 0)
    guard scheme != nil, let first = rest.first, !"/?#".contains(first) else {
      throw ProvisionFailure(
        .usage, "--url \(shown(url).prefix(80)): expected a URL such as https://my-service.onrender.com")
    }
  }

  /// In a sentence. The request asks for anything, which a sleeping service's edge holds until it is awake.
  static func visit(_ url: String) async -> String {
    let shown = shown(url)
    do {
      let client = try CurlClient(maxTransfers: 1)
      defer { client.shutdown() }
      let response = try await client.send(
        CurlRequest(
          url: url, headers: [("Accept", "*/*")], totalTimeout: limit, maxBodyBytes: 20_000_000,
          userAgent: "Outgrown/\(Version.number)", freshConnection: true))
      let took = DurationText.format(response.phases.total)
      let state =
        switch response.headers["x-render-routing"] {
        case let routing? where routing.hasPrefix("suspend"): "suspended"
        case let routing?: "not awake (\(routing.prefix(40)))"
        case nil where response.phases.firstByte.seconds > 5: "asleep before, or slow"
        case nil: "awake"
        }
      return "\(shown) answered \(response.status) in \(took): \(state); that visit reset its idle clock"
    } catch {
      return "\(shown) could not be visited: \(error.description)"
    }
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
