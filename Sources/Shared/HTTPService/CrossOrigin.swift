import HTTPTypes
import Hummingbird

/// Which web pages of others may read the answers. Never with credentials: the service has none that a browser adds itself.
/// Source: WHATWG Fetch, "HTTP extensions", CORS protocol.
package struct CrossOrigin: Sendable, Equatable {
  /// How long a browser may remember what it asked beforehand, in seconds.
  private static let maximumAge = 600
  private static let exposed = "ETag, Retry-After, X-Request-ID, Age, Cache-Status"
  private static let allowedHeaders = "Authorization, Content-Type, If-None-Match, X-Request-ID"

  private let isOpen: Bool
  private let origins: Set<String>

  /// Nobody's pages.
  package init() {
    isOpen = false
    origins = []
  }

  /// Reads `*`, or origins such as `https://doctors.example.org`, separated by commas or blanks. Nil when one is none.
  package init?(_ text: String) {
    let words = text.split { $0 == "," || $0.isWhitespace }.map(String.init)
    isOpen = words == ["*"]
    guard isOpen || (!words.isEmpty && words.allSatisfy(Self.isOrigin)) else { return nil }
    origins = isOpen ? [] : Set(words)
  }

  /// Whether anything is added to answers.
  var isSet: Bool { isOpen || !origins.isEmpty }

  /// Adds what lets the page that asked read the answer.
  /// - Parameter origin: the request's `Origin`.
  func add(to headers: inout HTTPFields, origin: String?) {
    guard isSet else { return }
    // Who keeps answers must not give one page's to another.
    if !isOpen { headers.append(HTTPField(name: .vary, value: "Origin")) }
    guard let origin, isOpen || origins.contains(origin) else { return }
    headers[.accessControlAllowOrigin] = isOpen ? "*" : origin
    headers[.accessControlExposeHeaders] = Self.exposed
  }

  /// The answer to a browser that asks before it sends; nil for every other request.
  /// - Parameter methods: of the route; nil where there is none.
  func preflight(_ request: Request, methods: [String]?) -> Response? {
    guard isSet, request.method == .options, request.headers[.origin] != nil,
      request.headers[.accessControlRequestMethod] != nil, let methods
    else { return nil }
    var response = Response(status: .noContent)
    add(to: &response.headers, origin: request.headers[.origin])
    guard response.headers[.accessControlAllowOrigin] != nil else { return response }
    response.headers[.accessControlExposeHeaders] = nil
    response.headers[.accessControlAllowMethods] = methods.joined(separator: ", ")
    response.headers[.accessControlAllowHeaders] = Self.allowedHeaders
    response.headers[.accessControlMaxAge] = String(Self.maximumAge)
    return response
  }

  /// Scheme, host and perhaps a port, as browsers write it: without a path, in lower case.
  private static func isOrigin(_ word: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: { word.hasPrefix($0) }) else { return false }
    let place = word.dropFirst(scheme.count)
    return !place.isEmpty && word.utf8.count <= 300
      && place.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
          UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
          true
        default: false
        }
      }
  }
}
