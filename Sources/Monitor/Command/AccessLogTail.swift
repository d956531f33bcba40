import Foundation
import Glibc
import Visits

/// Follows an access log: new lines of a file that grows, is cut, is replaced (its last lines are read to their end
/// first), or is made later.
struct AccessLogTail {
  /// One request of the log.
  struct Request: Equatable {
    /// Seconds since 1970.
    var at: Double
    /// The first of a person's after that client's silence (`VisitRule`).
    var isVisit: Bool
    /// The monitor's own.
    var isOwn: Bool
  }

  private let path: String
  private let format: LogForm?
  private var reader: LogReader
  private var handle: FileHandle?
  private var inode: UInt64 = 0
  private var hasLooked = false
  private var rest: [UInt8] = []
  private var visits = VisitCounter()
  private var requests: [Request] = []
  private var understood = 0
  private var refused = 0
  private var firstRefused: LogBytes?
  private var said: Set<Note> = []
  private var notes: [String] = []
  private static let longestLine = 64 << 10
  private static let chunk = 1 << 20
  /// The most that is read in one go.
  private static let chunks = 64

  private enum Note { case absent, unreadable, foreign, refused }

  /// Why a path can't be followed; nil for a file, and for what is not there yet. A pipe or a device would hold up who
  /// reads it for as long as nobody writes.
  static func refusal(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return nil }
    return "the access log \(path) is no regular file: name the file that the server writes"
  }

  init(path: String, format: LogForm? = nil) {
    self.path = path
    self.format = format
    reader = LogReader(format: format)
  }

  /// What was written since the last call; the first call begins at the end of the file, a file that was made later is
  /// read from its beginning.
  /// - Parameter now: the time of lines that tell none of their own, or none with a zone.
  mutating func read(at now: Double) -> [Request] {
    requests = []
    var status = stat()
    let isFirst = !hasLooked
    hasLooked = true
    guard stat(path, &status) == 0 else {
      // Moved away: what was still written to it, and until there is another.
      readOn(at: now)
      say(.absent, "\(path): there is no such log yet; it is waited for")
      return requests
    }
    if handle == nil || UInt64(status.st_ino) != inode {
      readOn(at: now)
      takeRest(at: now)
      try? handle?.close()
      handle = nil
      guard status.st_mode & S_IFMT == S_IFREG, let opened = Self.open(path) else {
        let reason = status.st_mode & S_IFMT == S_IFREG ? String(cString: strerror(errno)) : "it is no plain file"
        say(.unreadable, "\(path): can't be read: \(reason); what it would tell is not known")
        return requests
      }
      handle = opened
      inode = UInt64(status.st_ino)
      if isFirst {
        readDirectives(of: opened)
        _ = try? opened.seekToEnd()
      }
    } else if let offset = try? handle?.offset(), offset > UInt64(max(0, status.st_size)) {
      try? handle?.seek(toOffset: 0)
      _ = reader.finish()
      rest = []
    }
    readOn(at: now)
    return requests
  }

  /// What people have to be told, each thing once.
  mutating func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }

  private mutating func say(_ note: Note, _ text: String) {
    guard said.insert(note).inserted else { return }
    notes.append(text)
  }

  private mutating func readOn(at now: Double) {
    for _ in 0..<Self.chunks {
      guard let data = try? handle?.read(upToCount: Self.chunk), !data.isEmpty else { return }
      if data.starts(with: [0x1F, 0x8B]) || data.prefix(64).contains(0) {
        say(.foreign, "\(path): not plain text: its lines can't be read while it grows")
      }
      rest += data
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else {
        if rest.count > Self.longestLine { rest = [] }
        continue
      }
      for line in rest[...end].split(separator: UInt8(ascii: "\n")) { take(line, at: now) }
      rest = Array(rest[(end + 1)...])
    }
  }

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

  /// The last line of a file that is no longer written to may lack its end.
  private mutating func takeRest(at now: Double) {
    if !rest.isEmpty { take(rest[...], at: now) }
    if let broken = reader.finish() { refuse(broken, at: now) }
    rest = []
  }

  /// What the file says at its beginning of the lines that will come.
  private mutating func readDirectives(of file: FileHandle) {
    guard let head = try? file.read(upToCount: Self.longestLine) else { return }
    for line in [UInt8](head).split(separator: UInt8(ascii: "\n")) where line.first == UInt8(ascii: "#") {
      _ = reader.read(line)
    }
  }

  private mutating func take(_ line: LogBytes, at now: Double) {
    guard line.count <= Self.longestLine, line.contains(where: { !$0.isBlank }) else { return }
    switch reader.read(line) {
    case .request(let entry): take(entry, at: now)
    case .refused: refuse(line, at: now)
    case .nothing: break
    case .objects(let objects):
      for (text, entry) in objects {
        if let entry { take(entry, at: now) } else { refuse(text, at: now) }
      }
    }
  }

  private mutating func refuse(_ line: LogBytes, at now: Double) {
    guard format != nil || LogLine.speaksOfRequest(line) else { return }
    refused += 1
    firstRefused = firstRefused ?? line
    noteRefused()
    // Somebody asked for something: the idle clock runs anew, whoever it was.
    requests.append(Request(at: now, isVisit: false, isOwn: false))
  }

  private mutating func take(_ entry: LogEntry, at now: Double) {
    understood += 1
    let at = entry.hasZone ? entry.moment.map { min(now, $0) } ?? now : now
    let caller = Caller(agent: entry.agent)
    // The platform's own checks reset no idle clock.
    if case .platform = caller { return }
    let isVisit = caller.isVisitor && visits.begins(entry, at: at)
    requests.append(Request(at: at, isVisit: isVisit, isOwn: caller == .ownMonitor))
  }

  private mutating func noteRefused() {
    guard refused * 100 > refused + understood, let firstRefused else { return }
    var text =
      "\(path): lines can't be read: \(refused) of \(refused + understood) so far are of a form that "
      + (format == nil ? "is not known" : "log_format does not fit")
      + ", so that visits are not counted and the platform's checks pass for requests; the first: "
      + firstRefused.text(limit: 200)
    if format == nil, let proposal = LogForm.proposal(for: firstRefused) {
      text += "\n  log_format: '\(proposal)' in monitor.yaml may read them"
    }
    say(.refused, text)
  }
}
