import Instants

extension CurlHeaders {
  /// How long `Retry-After` asks to wait, a day at most: seconds or a date; nil without the field, and for anything else in it.
  /// - Parameter now: seconds since 1970; a date counts from the server's own `Date`, where it says one.
  /// - Source: RFC 9110 §10.2.3.
  package func retryAfter(at now: Double) -> Duration? {
    let longest = 86_400
    guard let field = self["Retry-After"] else { return nil }
    if !field.isEmpty, field.allSatisfy({ $0.isASCII && $0.isNumber }) {
      return .seconds(min(Int(field) ?? longest, longest))
    }
    let start = self["Date"].flatMap(Self.time) ?? now
    return Self.time(field).map { .seconds(min(max($0 - start, 0), Double(longest))) }
  }

  /// Seconds since 1970 of a date in a field; nil for anything else.
  private static func time(_ field: String) -> Double? {
    InstantReader.whole(field) { $0.http() }.map { Double($0.seconds) }
  }
}
