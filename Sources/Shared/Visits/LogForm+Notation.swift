/// Why a notation can't be used.
package struct LogFormError: Error, Sendable, Equatable, CustomStringConvertible {
  package var description: String
}

extension LogForm {
  /// Reads nginx's `$remote_addr … [$time_local] "$request"` or Apache's `%h … %t "%r"`.
  ///
  /// Variables that tell nothing here are stepped over: one word each, or what stands within their quotes; as the last,
  /// what is left of the line.
  /// - Throws: `LogFormError` for a notation without a time, a request or a client.
  /// - Source: nginx, `ngx_http_log_module` and the variables of `ngx_http_core_module`; Apache HTTP Server 2.4,
  ///   `mod_log_config`, “Custom Log Formats”.
  package init(notation: String) throws(LogFormError) {
    self.notation = notation
    let text = Array(notation.trimmingBlanks.utf8)
    guard text.count <= 4_096 else { throw LogFormError(description: "a format of more than 4,096 bytes") }
    pieces = []
    let isApache = !notation.contains("$") && notation.contains("%")
    var index = 0
    while index < text.count {
      let byte = text[index]
      if isApache, byte == UInt8(ascii: "%") {
        pieces.append(try Self.apache(text, &index))
      } else if !isApache, byte == UInt8(ascii: "$") {
        pieces.append(try Self.nginx(text, &index))
      } else if byte == UInt8(ascii: "\\"), index + 1 < text.count {
        let next = text[index + 1]
        append(next == UInt8(ascii: "t") ? 0x09 : next)
        index += 2
      } else {
        append(byte)
        index += 1
      }
    }
    guard namesTime else {
      throw LogFormError(description: "the format names no time ($time_local, $time_iso8601, $msec; %t)")
    }
    guard namesRequest else {
      throw LogFormError(description: "the format names no request ($request, $request_uri, $uri; %r, %U)")
    }
    guard namesClient else {
      throw LogFormError(description: "the format names no client ($remote_addr, $http_x_forwarded_for; %h, %a)")
    }
    for (piece, next) in zip(pieces, pieces.dropFirst()) {
      if case .field = piece, case .field = next {
        throw LogFormError(description: "two variables without anything between them can't be told apart")
      }
    }
  }

  private mutating func append(_ byte: UInt8) {
    if byte.isBlank {
      if pieces.last != .blank { pieces.append(.blank) }
    } else if case .literal(let text)? = pieces.last {
      pieces[pieces.count - 1] = .literal(text + [byte])
    } else {
      pieces.append(.literal([byte]))
    }
  }

  private static func nginx(_ text: [UInt8], _ index: inout Int) throws(LogFormError) -> Piece {
    index += 1
    let isBraced = index < text.count && text[index] == UInt8(ascii: "{")
    if isBraced { index += 1 }
    let start = index
    while index < text.count, text[index].isLetter || text[index].isDigit || text[index] == UInt8(ascii: "_") {
      index += 1
    }
    let name = String(decoding: text[start..<index], as: UTF8.self).lowercased()
    guard !name.isEmpty else { throw LogFormError(description: "a $ without a variable's name") }
    if isBraced {
      guard index < text.count, text[index] == UInt8(ascii: "}") else {
        throw LogFormError(description: "${\(name) without its }")
      }
      index += 1
    }
    return .field(nginxFields[name] ?? .skip)
  }

  private static let nginxFields: [String: Field] = [
    "remote_addr": .client, "realip_remote_addr": .skip, "binary_remote_addr": .skip,
    "http_x_forwarded_for": .chain, "proxy_add_x_forwarded_for": .chain, "http_x_real_ip": .chain,
    "http_cf_connecting_ip": .chain, "http_true_client_ip": .chain,
    "time_local": .timeCommon, "time_iso8601": .timeISO, "msec": .timeEpoch, "time_ctime": .timeC,
    "time_dashed": .timeDashed,
    "request": .request, "request_method": .method, "request_uri": .target, "uri": .target, "document_uri": .target,
    "status": .status, "body_bytes_sent": .size, "bytes_sent": .size,
    "http_user_agent": .agent, "request_id": .id, "http_x_request_id": .id,
    "remote_user": .text, "http_referer": .text,
  ]

  /// `%h`, `%>s`, `%!200,304{User-Agent}i`, `%{%Y-%m-%d}t`, `%^FB`.
  private static func apache(_ text: [UInt8], _ index: inout Int) throws(LogFormError) -> Piece {
    index += 1
    while index < text.count, "!<>,".utf8.contains(text[index]) || text[index].isDigit { index += 1 }
    var argument = ""
    if index < text.count, text[index] == UInt8(ascii: "{") {
      guard let close = text[index...].firstIndex(of: UInt8(ascii: "}")) else {
        throw LogFormError(description: "%{ without its }")
      }
      argument = String(decoding: text[(index + 1)..<close], as: UTF8.self)
      index = close + 1
      while index < text.count, text[index] == UInt8(ascii: ">") { index += 1 }
    }
    guard index < text.count else { throw LogFormError(description: "a % without its letter") }
    if text[index] == UInt8(ascii: "^") {
      index = min(text.count, index + 3)
      return .field(.skip)
    }
    let letter = text[index]
    index += 1
    switch letter {
    case UInt8(ascii: "%"): return .literal([letter])
    case UInt8(ascii: "h"), UInt8(ascii: "a"): return .field(argument == "c" ? .skip : .client)
    case UInt8(ascii: "t"): return .field(try apacheTime(argument))
    case UInt8(ascii: "r"): return .field(.request)
    case UInt8(ascii: "m"): return .field(.method)
    case UInt8(ascii: "U"): return .field(.target)
    case UInt8(ascii: "s"): return .field(.status)
    case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "O"): return .field(.size)
    case UInt8(ascii: "u"): return .field(.text)
    case UInt8(ascii: "q"): return .field(.text)
    case UInt8(ascii: "L"): return .field(.id)
    case UInt8(ascii: "i"):
      switch argument.lowercased() {
      case "user-agent": return .field(.agent)
      case "x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip": return .field(.chain)
      case "x-request-id": return .field(.id)
      case "referer": return .field(.text)
      default: return .field(.skip)
      }
    default: return .field(.skip)
    }
  }

  private static func apacheTime(_ argument: String) throws(LogFormError) -> Field {
    var format = argument
    for prefix in ["begin:", "end:"] where format.hasPrefix(prefix) { format.removeFirst(prefix.count) }
    switch format {
    case "": return .timeBracketed
    case "sec", "msec", "usec": return .timeEpoch
    case "msec_frac", "usec_frac": return .skip
    case "%d/%b/%Y:%H:%M:%S %z": return .timeCommon
    default:
      let letters = Array(format.utf8)
      for (mark, letter) in zip(letters, letters.dropFirst()) where mark == UInt8(ascii: "%") {
        guard "YmdebBhHMSzFTf%".utf8.contains(letter) else {
          throw LogFormError(
            description: "%\(Character(Unicode.Scalar(letter))) in %{\(argument)}t is not read, "
              + "expected Y, m, d, e, b, H, M, S, z, F or T")
        }
      }
      return .timePattern(letters)
    }
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
