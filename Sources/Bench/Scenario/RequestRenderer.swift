import Documents

/// Writes one HTTP/1.1 request.
struct RequestRenderer {
  var target: TargetURL
  var userAgent: String

  /// A header, filled in.
  struct Header {
    var name: String
    /// Nil takes away the lines of that name.
    var value: String?
    /// Another line of the name that stands before it.
    var isFurther: Bool
    var position: DocumentPosition?

    init(_ name: String, _ value: String?, isFurther: Bool = false, at position: DocumentPosition? = nil) {
      self.name = name
      self.value = value
      self.isFurther = isFurther
      self.position = position
    }
  }

  /// - Parameters:
  ///   - path: filled in; it begins with `/`.
  ///   - headers: later ones replace earlier ones of the same name, unless they are further lines of it.
  ///   - contentType: what the body is when no header says so.
  ///   - isTemplate: the engine adds Content-Length, the empty line and the body.
  /// - Returns: nil after a problem was noted.
  func render(
    method: String, path: String, headers: [Header],
    body: [UInt8]?, contentType: String?, isTemplate: Bool = false, at position: DocumentPosition?,
    _ problems: inout DocumentProblems
  ) -> [UInt8]? {
    guard let encoded = encode(path, at: position, &problems) else { return nil }
    var fields: [(name: String, value: String)] = [
      ("Host", target.hostHeader), ("User-Agent", userAgent), ("Accept", "*/*"),
    ]
    if body != nil, let contentType { fields.append(("Content-Type", contentType)) }
    var isClean = true
    for header in headers {
      // A header that could end early could carry a second request.
      let text = header.value ?? ""
      if text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) {
        problems.add(
          "a line break or control character in the header '\(header.name)'", expected: "one line of text",
          at: header.position)
        isClean = false
      }
      var value = Substring(text).drop { $0 == " " || $0 == "\t" }
      while value.last == " " || value.last == "\t" { value.removeLast() }
      let isSame = { (field: (name: String, value: String)) in field.name.lowercased() == header.name.lowercased() }
      if header.value == nil {
        fields.removeAll(where: isSame)
      } else if header.isFurther {
        fields.append((header.name, String(value)))
      } else if header.name.lowercased() == "user-agent" {
        // Whoever runs the target can still tell what this is.
        fields[1].value = "\(value) \(userAgent)"
      } else if let index = fields.firstIndex(where: isSame) {
        fields.removeAll(where: isSame)
        fields.insert((header.name, String(value)), at: index)
      } else {
        fields.append((header.name, String(value)))
      }
    }
    guard isClean else { return nil }
    if !isTemplate, body != nil || Self.announcesBody(method) {
      fields.append(("Content-Length", "\(body?.count ?? 0)"))
    }
    var request = Array("\(method) \(encoded) HTTP/1.1\r\n".utf8)
    for field in fields { request += "\(field.name): \(field.value)\r\n".utf8 }
    if isTemplate { return request }
    request += "\r\n".utf8
    return request + (body ?? [])
  }

  /// Whether a request without a body says so.
  static func announcesBody(_ method: String) -> Bool { ["POST", "PUT", "PATCH"].contains(method) }

  /// Source: RFC 9110 §5.6.2; at most 100 characters.
  static func isToken(_ name: String) -> Bool {
    !name.isEmpty && name.count <= 100
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// What a header's name must be; nil when it is fine.
  static func problem(withHeader name: String) -> String? {
    guard isToken(name) else { return "a name of letters, digits and '-'" }
    let reserved = ["content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer"]
    return reserved.contains(name.lowercased()) ? "another one: the engine frames the messages itself" : nil
  }

  /// The target's base path and `path`, with everything encoded that a request line can't hold.
  ///
  /// Reserved characters stay as they are, `/` in a query included: old clients send `?date=31/01/2026`, and
  /// RFC 3986 §3.4 allows it. `%` stays where two hexadecimal digits follow.
  private func encode(
    _ path: String, at position: DocumentPosition?, _ problems: inout DocumentProblems
  ) -> String? {
    guard path.hasPrefix("/") else {
      problems.add("the path '\(path.excerpt)'", expected: "one that begins with '/'", at: position)
      return nil
    }
    guard !path.contains("#") else {
      problems.add("a '#' in the path", expected: "%23, or nothing: a fragment is never sent", at: position)
      return nil
    }
    guard !path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      problems.add("a line break or control character in the path", expected: "one line", at: position)
      return nil
    }
    return encode(target.basePath) + encode(path)
  }

  private func encode(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let isPercentEncoded =
        byte == UInt8(ascii: "%") && index + 2 < bytes.count && Self.isHex(bytes[index + 1])
        && Self.isHex(bytes[index + 2])
      if isPercentEncoded || Self.staysInTarget(byte) {
        result.append(byte)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%\(byte < 16 ? "0" : "")\(digits)".utf8
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isHex(_ byte: UInt8) -> Bool { Character(UnicodeScalar(byte)).isHexDigit && byte < 0x80 }

  /// Unreserved, sub-delimiters, `:`, `@`, `/`, `?`; brackets, which servers take in queries. Source: RFC 3986 §3.3.
  private static func staysInTarget(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: "-._~!$&'()*+,;=:@/?[]".utf8.contains(byte)
    }
  }
}
