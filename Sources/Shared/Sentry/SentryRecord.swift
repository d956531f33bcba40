import Logging

/// A line of the log as it was, cut to what is kept of it; nothing in it is scrubbed yet.
struct SentryRecord: Sendable {
  /// Seconds since 1970.
  var time: Double
  var level: Logger.Level
  var logger: String
  var message: String
  /// By name.
  var metadata: [(key: String, value: Logger.MetadataValue)]
  var place: SentryFrame

  init(
    time: Double, level: Logger.Level, logger: String, message: String, metadata: Logger.Metadata, place: SentryFrame,
    bounds: SentryBounds
  ) {
    self.time = time
    self.level = level
    self.logger = logger
    self.message = SentryBounds.kept(message, bytes: bounds.message * SentryBounds.slack)
    self.place = place
    var room = bounds.data * SentryBounds.slack
    self.metadata = metadata.sorted { $0.key < $1.key }.prefix(bounds.entries).compactMap { key, value in
      guard room > 0, key.utf8.count <= SentryBounds.longestKey else { return nil }
      let kept = Self.kept(value, bounds.value * SentryBounds.slack, depth: 3, room: &room)
      return (key, kept)
    }
  }

  /// The same, as much of it as a breadcrumb has.
  var asBreadcrumb: SentryRecord {
    SentryRecord(
      time: time, level: level, logger: logger, message: message,
      metadata: Dictionary(metadata.map { ($0.key, $0.value) }) { first, _ in first }, place: place,
      bounds: .breadcrumb)
  }

  /// Texts are made now: what they describe may change.
  private static func kept(
    _ value: Logger.MetadataValue, _ limit: Int, depth: Int, room: inout Int
  ) -> Logger.MetadataValue {
    switch value {
    case .dictionary(let inner) where depth > 0:
      return .dictionary(
        Dictionary(
          inner.sorted { $0.key < $1.key }.prefix(20).map {
            (
              SentryBounds.kept($0.key, bytes: SentryBounds.longestKey),
              kept($0.value, limit, depth: depth - 1, room: &room)
            )
          }, uniquingKeysWith: { first, _ in first }))
    case .array(let inner) where depth > 0:
      return .array(inner.prefix(20).map { kept($0, limit, depth: depth - 1, room: &room) })
    case .dictionary, .array: return .string("…")
    case .string(let text): return cut(text, limit, &room)
    case .stringConvertible(let inner): return cut("\(inner)", limit, &room)
    }
  }

  private static func cut(_ text: String, _ limit: Int, _ room: inout Int) -> Logger.MetadataValue {
    let text = SentryBounds.kept(text, bytes: min(limit, max(room, 0)))
    room -= text.utf8.count
    return .string(text)
  }
}

/// A place in the source, as `#fileID`, `#function` and `#line` name it.
package struct SentryFrame: Sendable, Equatable {
  /// `Module/File.swift`.
  package var file: String
  package var function: String
  package var line: UInt

  package init(file: String, function: String, line: UInt) {
    self.file = file
    self.function = function
    self.line = line
  }
}
