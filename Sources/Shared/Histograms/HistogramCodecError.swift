/// Why an encoded histogram could not be read.
package struct HistogramCodecError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    /// Not base64, not zlib data, or cut short.
    case malformed
    /// A format or a layout other than HDR V2 with lowest value 1 and 3 significant digits.
    case unsupported
    /// Larger than any histogram of this layout can be.
    case outOfBounds
  }

  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { "HDR histogram: \(message)" }
}
