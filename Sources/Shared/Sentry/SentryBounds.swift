/// How much of a record an event has: bytes of UTF-8.
///
/// Whatever the log holds, an event stays under 400 kB of JSON, where a character may take two bytes of JSON for one: a
/// message and an error's text, 32 kB of metadata, 50 breadcrumbs of 1 kB.
/// - Source: develop.sentry.dev, SDK, "Event Payloads", "Size Limits" (2026-11): an event 1 MiB, a message 8,192 characters,
///   an item of extra data 16 kB, all of it 256 kB, a tag's value 200 characters. Relay keeps 100 breadcrumbs.
struct SentryBounds: Sendable {
  var message: Int
  /// One value of the metadata.
  var value: Int
  /// All values of the metadata.
  var data: Int
  var entries: Int

  static let event = SentryBounds(message: 8_192, value: 4_096, data: 32_768, entries: 60)
  static let breadcrumb = SentryBounds(message: 512, value: 256, data: 512, entries: 8)

  static let longestKey = 100
  static let tag = 200
  static let breadcrumbs = 50
  /// How many times more is kept than sent, so that an address at the end of what is sent was looked at whole.
  static let slack = 2

  /// The text itself where it fits, else its beginning.
  static func kept(_ text: String, bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: max(bytes, 0))
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text[..<end])
  }

  /// At most so many bytes, an ellipsis at the end of what was cut; controls, which JSON has six bytes for, as `�`.
  static func shown(_ text: String, bytes: Int, isLine: Bool = false) -> String {
    let ellipsis: Unicode.Scalar = "…"
    var shown = ""
    shown.reserveCapacity(min(text.utf8.count, bytes))
    /// With and without room for an ellipsis.
    var count = 0
    var beginning = 0
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      let isBreak = scalar == "\n" || scalar == "\t"
      let next: Unicode.Scalar = isControl && !(isBreak && !isLine) ? (isBreak ? " " : "\u{FFFD}") : scalar
      let width = UTF8.width(next)
      guard count + width <= bytes else { return kept(shown, bytes: beginning) + String(ellipsis) }
      count += width
      if count + UTF8.width(ellipsis) <= bytes { beginning = count }
      shown.unicodeScalars.append(next)
    }
    return shown
  }
}
