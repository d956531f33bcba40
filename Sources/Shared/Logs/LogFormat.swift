import Instants
package import Logging
import Wording

/// How a line of the log is written.
package enum LogFormat: String, Sendable, CaseIterable {
  /// For people at a terminal: `20:00:01 warning  the store can't be used  path=/schedules`.
  case text
  /// An object a line, for programs.
  case json
  /// `2026-11-23 20:00:01,250 - app - WARNING - the store can't be used path=/schedules`, as Python's logging is often set.
  case classic

  /// - Parameters:
  ///   - time: seconds since 1970; times are written in UTC.
  ///   - metadata: by name.
  /// - Returns: one line, with its end.
  package func line(
    time: Double, level: Logger.Level, label: String, message: String, metadata: [(key: String, value: String)]
  ) -> String {
    let utc = InstantText.utc(time)
    switch self {
    case .text:
      let name = level.rawValue
      let padding = String(repeating: " ", count: max(0, 8 - name.count))
      return
        "\(utc.dropFirst(11).prefix(8)) \(name)\(padding) \(Self.printable(message))\(Self.pairs(metadata, "  "))\n"
    case .classic:
      let stamp = utc.prefix(10) + " " + utc.dropFirst(11).prefix(8) + "," + utc.dropFirst(20).prefix(3)
      return "\(stamp) - \(label) - \(level.classicName) - \(Self.printable(message))\(Self.pairs(metadata, " "))\n"
    case .json:
      var json = JSONWriter()
      json.object { json in
        json.field("time", utc)
        json.field("level", level.rawValue)
        json.field("logger", label)
        json.field("message", message)
        for (key, value) in metadata {
          json.key(dynamic: Self.own.contains(key) ? "\(key)_" : key)
          json.string(value)
        }
      }
      return String(decoding: json.bytes, as: UTF8.self) + "\n"
    }
  }

  private static let own: Set = ["time", "level", "logger", "message"]

  private static func pairs(_ metadata: [(key: String, value: String)], _ separator: String) -> String {
    metadata.map { key, value in
      let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" }
      return "\(separator)\(key)=\(isPlain ? printable(value) : quoted(value))"
    }.joined()
  }

  private static func quoted(_ value: String) -> String {
    "\"" + printable(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")) + "\""
  }

  /// A line stays one, and moves no cursor.
  private static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": safe += "\\n"
      case "\t": safe += "\\t"
      default: safe.unicodeScalars.append(scalar.properties.generalCategory == .control ? "�" : scalar)
      }
    }
    return safe
  }
}

extension Logger.Level {
  /// Source: Python 3, `logging`, "Logging Levels".
  fileprivate var classicName: String {
    switch self {
    case .trace, .debug: "DEBUG"
    case .info, .notice: "INFO"
    case .warning: "WARNING"
    case .error: "ERROR"
    case .critical: "CRITICAL"
    }
  }
}
