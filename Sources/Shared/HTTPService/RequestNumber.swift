import HTTPTypes
import Hummingbird

/// `X-Request-ID`: what a request is called in logs here and elsewhere.
enum RequestNumber {
  private static let longest = 128

  /// What the client or a proxy calls it, if that can stand in a log.
  static func given(by request: Request) -> String? { given(request.headers[.requestNumber]) }

  /// - Parameter text: the field's value.
  static func given(_ text: String?) -> String? {
    guard let text, (1...longest).contains(text.utf8.count),
      text.utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      })
    else { return nil }
    return text
  }
}
