import Foundation
import Glibc

/// Follows an access log from its end: new lines of a file that grows, is cut or is replaced.
struct AccessLogTail {
  /// One request of the log.
  struct Request: Equatable {
    /// Seconds since 1970.
    var at: Double
    /// The first of a person's after half an hour of that client's silence.
    var isVisit: Bool
    /// The monitor's own.
    var isOwn: Bool
  }

  private let path: String
  private var handle: FileHandle?
  private var inode: UInt64 = 0
  private var rest: [UInt8] = []
  private var visitors = AccessLogVisitors()
  private static let longestLine = 64 << 10

  init(path: String) { self.path = path }

  /// Why a path can't be followed; nil for a file, and for what is not there yet. A pipe or a device would hold up who
  /// reads it for as long as nobody writes.
  static func refusal(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return nil }
    return "the access log \(path) is no regular file: name the file that the server writes"
  }

  /// What was written since the last call; the first call begins at the end of the file.
  mutating func read() -> [Request] {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
    let isFirst = inode == 0
    if handle == nil || status.st_ino != inode {
      try? handle?.close()
      handle = Self.open(path)
      inode = UInt64(status.st_ino)
      rest = []
      if isFirst { _ = try? handle?.seekToEnd() }
    } else if let offset = try? handle?.offset(), offset > UInt64(max(0, status.st_size)) {
      try? handle?.seek(toOffset: 0)
      rest = []
    }
    guard let data = try? handle?.read(upToCount: 4 << 20), !data.isEmpty else { return [] }
    rest += data
    guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else {
      if rest.count > Self.longestLine { rest = [] }
      return []
    }
    let complete = rest[...end]
    rest = Array(rest[(end + 1)...])
    return complete.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard line.count <= Self.longestLine else { return nil }
      // The platform's own checks reset no idle clock.
      return AccessLogLine(String(decoding: line, as: UTF8.self)).flatMap {
        AccessLogVisitors.isPlatform($0) ? nil : visitors.request($0)
      }
    }
  }
}

extension AccessLogTail {
  /// Never waits: what was a file a moment ago may be a pipe now.
  private static func open(_ path: String) -> FileHandle? {
    let descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0 else { return nil }
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return nil
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}

/// A line of the combined log format. Source: Apache HTTP Server 2.4, `mod_log_config`, “combined”.
struct AccessLogLine: Equatable {
  var client: String
  var at: Double
  var path: String
  var agent: String

  init?(_ line: String) {
    let pattern = /^(\S+) \S+ \S+ \[([^\]]+)\] "\S+ (\S+)[^"]*" \d{3} \S+(?: "[^"]*" "([^"]*)")?/
    guard let match = line.prefixMatch(of: pattern), let at = Self.moment(match.2) else { return nil }
    client = String(match.1)
    self.at = at
    path = String(match.3)
    agent = String(match.4 ?? "")
  }

  /// `25/Nov/2026:16:00:00 +0000`, with a fraction of a second where a server writes one.
  static func moment(_ text: Substring) -> Double? {
    let pattern = /(\d{2})\/(\w{3})\/(\d{4}):(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})? ([+-])(\d{2})(\d{2})/
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard let match = text.wholeMatch(of: pattern), let month = months.firstIndex(of: String(match.2)),
      let day = Int(match.1), let year = Int(match.3), let hour = Double(match.4), let minute = Double(match.5),
      let second = Double(match.6), let offsetHours = Double(match.9), let offsetMinutes = Double(match.10)
    else { return nil }
    // Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”, days_from_civil.
    let shifted = year - (month < 2 ? 1 : 0)
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    let offset = (offsetHours * 3600 + offsetMinutes * 60) * (match.8 == "-" ? -1 : 1)
    let fraction = match.7.flatMap { Double("0" + $0) } ?? 0
    return Double(days) * 86_400 + hour * 3600 + minute * 60 + second + fraction - offset
  }
}

/// Tells visits from further requests, and people from programs.
struct AccessLogVisitors {
  private var lastSeen: [String: Double] = [:]
  private static let gap = 1_800.0
  private static let limit = 20_000
  private static let programs = [
    "bot", "crawl", "spider", "monitor", "uptime", "pingdom", "statuscake", "healthcheck",
    "curl/", "wget/", "python-", "go-http-client",
  ]

  static func isPlatform(_ line: AccessLogLine) -> Bool {
    let agent = line.agent.lowercased()
    return agent.hasPrefix("render/")
      || ["kube-probe", "googlehc", "platform health check"].contains { agent.contains($0) }
  }

  mutating func request(_ line: AccessLogLine) -> AccessLogTail.Request {
    let agent = line.agent.lowercased()
    let isOwn = agent.hasPrefix("outgrown/") && agent.contains("monitor")
    let isProgram = isOwn || Self.programs.contains { agent.contains($0) }
    guard !isProgram else { return AccessLogTail.Request(at: line.at, isVisit: false, isOwn: isOwn) }
    let key = line.client + " " + agent
    let isVisit = lastSeen[key].map { line.at - $0 > Self.gap } ?? true
    if lastSeen.count >= Self.limit { lastSeen = lastSeen.filter { line.at - $0.value <= Self.gap } }
    if lastSeen.count < Self.limit || lastSeen[key] != nil { lastSeen[key] = line.at }
    return AccessLogTail.Request(at: line.at, isVisit: isVisit, isOwn: false)
  }
}
