import Logging
import Wording

/// One event, as it is sent: scrubbed and within its bounds.
///
/// Its platform is `other`. `swift` is none that Relay knows (it is put as `other`), and `native` and `cocoa` are for
/// addresses that Sentry finds names for in debug files; here the frames have their names. There is one frame, the place
/// that logged. Beneath it glibc's `backtrace` finds the executor that resumed the task, not who called; and `dladdr` has no
/// names of ours, as none is among the executable's dynamic symbols: its whole symbol table would have to be read, in a
/// process that may have 512 MB.
/// - Source: develop.sentry.dev, SDK, "Event Payloads" (2026-11).
struct SentryEvent: Sendable {
  /// 32 hexadecimal digits in lower case.
  var id: String
  var record: SentryRecord
  /// What ended the service: its type; nil for a line of the log.
  var uncaught: String?
  var breadcrumbs: [SentryRecord] = []

  /// What is told apart from other lines: where a message is constant, all of a kind are one.
  var fingerprint: [String] { uncaught.map { ["uncaught", $0] } ?? [record.logger, record.message] }

  private static let tags = ["boot_id", "request_id"]
  static let client = "outgrown.swift"

  func json(options: SentryOptions, version: String, scrubber: SentryScrubber) -> [UInt8] {
    let bounds = SentryBounds.event
    func line(_ text: String, _ bytes: Int = SentryBounds.tag) -> String {
      SentryBounds.shown(scrubber.text(text), bytes: bytes, isLine: true)
    }
    // An exception without a type and a value is none.
    let words = record.message.isEmpty ? "(no message)" : record.message
    let message = SentryBounds.shown(scrubber.text(words), bytes: bounds.message)
    let extra = Self.texts(record.metadata, bounds, scrubber)
    let error = extra.first { $0.key == "error" }?.value
    var json = JSONWriter(capacity: 8_192)
    json.object { json in
      json.field("event_id", id)
      json.field("timestamp", Self.time(record.time))
      json.field("level", record.level.sentryName)
      json.field("logger", line(record.logger, 64))
      json.field("platform", "other")
      json.field("release", options.release)
      json.field("environment", options.environment)
      if let name = options.serverName { json.field("server_name", line(name)) }
      json.key("sdk")
      json.object { json in
        json.field("name", Self.client)
        json.field("version", version)
      }
      json.key("tags")
      json.object { json in
        for (key, value) in extra where Self.tags.contains(key) && !value.isEmpty {
          json.key(dynamic: key)
          json.string(SentryBounds.shown(value, bytes: SentryBounds.tag, isLine: true))
        }
      }
      json.key("fingerprint")
      json.array { json in for part in fingerprint { json.string(line(part, 512)) } }
      json.key("logentry")
      json.object { $0.field("formatted", message) }
      json.key("exception")
      json.object { json in
        json.key("values")
        json.array { json in
          json.object { json in
            json.field("type", line(uncaught ?? words, 256))
            json.field("value", error ?? message)
            json.key("mechanism")
            json.object { json in
              json.field("type", uncaught == nil ? "logging" : "generic")
              json.field("handled", uncaught == nil)
            }
            json.key("stacktrace")
            json.object { json in
              json.key("frames")
              json.array { frame(&$0) }
            }
          }
        }
      }
      json.key("breadcrumbs")
      json.object { json in
        json.key("values")
        json.array { json in for crumb in breadcrumbs { Self.breadcrumb(crumb, scrubber, &json) } }
      }
      json.key("extra")
      json.object { json in
        for (key, value) in extra where !Self.tags.contains(key) {
          json.key(dynamic: key)
          json.string(value)
        }
      }
    }
    return json.bytes
  }

  private func frame(_ json: inout JSONWriter) {
    json.object { json in
      json.field("function", SentryBounds.shown(record.place.function, bytes: 256, isLine: true))
      json.field("filename", SentryBounds.shown(record.place.file, bytes: 256, isLine: true))
      json.field(
        "module", SentryBounds.shown(String(record.place.file.prefix { $0 != "/" }), bytes: 256, isLine: true))
      json.field("lineno", record.place.line)
      json.field("in_app", true)
    }
  }

  private static func breadcrumb(_ record: SentryRecord, _ scrubber: SentryScrubber, _ json: inout JSONWriter) {
    let bounds = SentryBounds.breadcrumb
    json.object { json in
      json.field("timestamp", time(record.time))
      json.field("type", "default")
      json.field("category", SentryBounds.shown(scrubber.text(record.logger), bytes: 64, isLine: true))
      json.field("level", record.level.sentryName)
      json.field("message", SentryBounds.shown(scrubber.text(record.message), bytes: bounds.message))
      json.key("data")
      json.object { json in
        for (key, value) in texts(record.metadata, bounds, scrubber) where key != "boot_id" {
          json.key(dynamic: key)
          json.string(value)
        }
      }
    }
  }

  private static func texts(
    _ metadata: [(key: String, value: Logger.MetadataValue)], _ bounds: SentryBounds, _ scrubber: SentryScrubber
  ) -> [(key: String, value: String)] {
    var room = bounds.data
    var used: Set<String> = []
    return metadata.compactMap { key, value in
      let name = SentryBounds.shown(scrubber.text(key), bytes: SentryBounds.longestKey, isLine: true)
      guard room > 0, !name.isEmpty, used.insert(name).inserted else { return nil }
      let text = SentryBounds.shown(scrubber.text(value, of: key), bytes: min(bounds.value, room))
      room -= text.utf8.count
      return (name, text)
    }
  }

  /// To the millisecond.
  private static func time(_ seconds: Double) -> Double { (seconds * 1_000).rounded() / 1_000 }
}

extension Logger.Level {
  /// - Source: develop.sentry.dev, SDK, "Event Payloads", `level` (2026-11).
  fileprivate var sentryName: String {
    switch self {
    case .trace, .debug: "debug"
    case .info, .notice: "info"
    case .warning: "warning"
    case .error: "error"
    case .critical: "fatal"
    }
  }
}
