/// One process as `/proc/PID/stat` has it.
package struct ProcessStatus: Sendable, Equatable {
  package var id: Int32
  /// `R`, `S`, `T`, `Z`, …
  package var state: Character
  package var parent: Int32
  package var session: Int32
  /// Since boot.
  package var startTicks: UInt64

  /// - Source: proc_pid_stat(5); the name in parentheses may hold anything, so fields count from the last `)`.
  package init?(_ text: String) {
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: close)...].split(whereSeparator: \.isWhitespace)
    guard let id = Int32(text[..<open].filter(\.isNumber)), fields.count >= 20, let state = fields[0].first,
      let parent = Int32(fields[1]), let session = Int32(fields[3]), let start = UInt64(fields[19])
    else { return nil }
    self.id = id
    self.state = state
    self.parent = parent
    self.session = session
    startTicks = start
  }

  static func read(_ id: Int32) -> ProcessStatus? { GroupFileSystem.read("/proc/\(id)/stat").flatMap(Self.init) }

  /// Every process that can be seen.
  static func all() -> [ProcessStatus] {
    GroupFileSystem.names(in: "/proc").compactMap { Int32($0) }.compactMap { read($0) }
  }
}

/// A service's processes: its leader's session and everything that descends from it.
package enum ProcessTree {
  package static func members(of leader: Int32, among all: [ProcessStatus]) -> [ProcessStatus] {
    var known: Set<Int32> = [leader]
    var found: [ProcessStatus] = []
    var rest = all
    while true {
      let (inside, outside) = rest.reduce(into: ([ProcessStatus](), [ProcessStatus]())) { parts, process in
        let belongs = process.session == leader || known.contains(process.id) || known.contains(process.parent)
        if belongs { parts.0.append(process) } else { parts.1.append(process) }
      }
      guard !inside.isEmpty else { return found }
      found += inside
      known.formUnion(inside.map(\.id))
      rest = outside
    }
  }
}
