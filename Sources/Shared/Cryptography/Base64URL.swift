import Foundation

/// Base64 for URLs, without padding. Source: RFC 4648 §5.
package enum Base64URL {
  package static func encoded(_ bytes: some Sequence<UInt8>) -> String {
    var text = Data(bytes).base64EncodedString()
    while text.last == "=" { text.removeLast() }
    return text.replacing("+", with: "-").replacing("/", with: "_")
  }

  /// With or without padding; nil for anything else.
  package static func decoded(_ text: String) -> [UInt8]? {
    var bare = text[...]
    while bare.last == "=" { bare.removeLast() }
    guard bare.utf8.allSatisfy(isDigit), text.utf8.count - bare.utf8.count <= 2 else { return nil }
    let standard = bare.replacing("-", with: "+").replacing("_", with: "/")
    let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    return Data(base64Encoded: standard + padding).map { Array($0) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
    default: false
    }
  }
}
