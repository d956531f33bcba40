import BenchEngine
import Digests
import Documents

/// A `multipart/form-data` body.
///
/// Source: RFC 7578 §4; the escapes in names are those of the URL standard's multipart encoding.
enum MultipartBody {
  struct Part {
    var name: String
    var fileName: String?
    var type: String?
    var bytes: [UInt8]
  }

  /// Made of what the parts hold, so that none of them holds it and the same parts give the same bytes.
  static func boundary(for parts: [Part]) -> String {
    var number = FNV1a.hash(parts.lazy.flatMap(\.bytes))
    while true {
      let boundary = "outgrown-\(String(number, radix: 16))"
      let needle = Array(boundary.utf8)
      if !parts.contains(where: { $0.bytes.firstRange(of: needle) != nil }) { return boundary }
      number &+= 1
    }
  }

  static func render(_ parts: [Part], boundary: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for part in parts {
      bytes += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(escaped(part.name))\"".utf8
      if let file = part.fileName { bytes += "; filename=\"\(escaped(file))\"".utf8 }
      if let type = part.type { bytes += "\r\nContent-Type: \(type)".utf8 }
      bytes += "\r\n\r\n".utf8
      bytes += part.bytes
      bytes += "\r\n".utf8
    }
    bytes += "--\(boundary)--\r\n".utf8
    return bytes
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\"", with: "%22").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }
}
