/// A request with parts that are filled in anew for each use.
package struct RequestTemplate: Sendable, Equatable {
  /// Request line and headers, each with its line end; the engine adds cookies, Content-Length and the empty line.
  package var head: [RequestPart]
  /// Nil for a request without a body, which has no Content-Length either.
  package var body: [RequestPart]?

  package init(head: [RequestPart], body: [RequestPart]? = nil) {
    self.head = head
    self.body = body
  }
}

package enum RequestPart: Sendable, Equatable {
  case bytes([UInt8])
  case value(ValueSource, ValueEncoding)
}

/// Where a value that differs from request to request comes from.
package enum ValueSource: Sendable, Equatable {
  /// What a check of the form `captured` has put there; nothing while none has.
  case slot(Int)
  /// Of the row that the iteration was given.
  case column(feed: Int, column: Int)
  /// A version 4 UUID that no other request, and no other run, has.
  case uuid
  /// Drawn from the run's seed, the iteration's number and the draw's.
  case randomInt(ClosedRange<Int>)
}

/// What keeps a value from becoming anything but a value where it stands.
package enum ValueEncoding: Sendable, Equatable {
  /// As it is: in a body of plain text.
  case none
  /// Percent-encoded but for RFC 3986's unreserved characters: in a path, a query, a form.
  case percent
  /// Without control characters: in a header.
  case header
  /// Escaped for the inside of a JSON string.
  case json

  package func append(_ value: some Sequence<UInt8>, to bytes: inout [UInt8]) {
    switch self {
    case .none: bytes.append(contentsOf: value)
    case .header: bytes.append(contentsOf: value.lazy.filter { $0 >= 0x20 && $0 != 0x7F })
    case .percent: for byte in value { Self.appendPercentEncoded(byte, to: &bytes) }
    case .json: for byte in value { Self.appendEscaped(byte, to: &bytes) }
    }
  }

  /// Of bytes that are UTF-8 once they are encoded.
  package func text(_ value: some Sequence<UInt8>) -> String {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func appendPercentEncoded(_ byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
    default: bytes += [0x25, hexDigit(byte >> 4), hexDigit(byte & 15)]
    }
  }

  private static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case 0x22, 0x5C: bytes += [0x5C, byte]
    case 0..<0x20: bytes += [0x5C, 0x75, 0x30, 0x30, hexDigit(byte >> 4), hexDigit(byte & 15)]
    default: bytes.append(byte)
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}

/// Rows of a data file, of which each iteration of a journey that uses it is given one.
package struct FeedPlan: Sendable {
  package var name: String
  package var columns: [String]
  /// At least one; each with a value for every column.
  package var rows: [[[UInt8]]]
  package var order: Order

  package init(name: String, columns: [String], rows: [[[UInt8]]], order: Order) {
    self.name = name
    self.columns = columns
    self.rows = rows
    self.order = order
  }

  package enum Order: String, Sendable, CaseIterable {
    /// One after the other, and again from the first.
    case sequential
    case random
    /// One after the other, each once; the run ends when they are used up.
    case unique
  }
}
