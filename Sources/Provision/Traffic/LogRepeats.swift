import Visits
import Wording

/// What stands in logs twice: requests with an id that was seen before, lines of one file that another has too.
struct LogRepeats {
  /// Beyond this many hashes a kind, further ones are compared only if known already: 100 MB.
  private static let limit = 4_000_000

  private var ids: Set<UInt64> = []
  /// The file that a line was first seen in, by the line's hash.
  private var fileOfLine: [UInt64: Int] = [:]
  private var files: [String] = []
  private var linesOfFile: [Int] = []
  /// Lines of the later file that stand in the earlier one too.
  private var shared: [Pair: Int] = [:]
  private(set) var requests = 0

  private struct Pair: Hashable {
    var earlier: Int
    var later: Int
  }

  mutating func begin(_ file: String) {
    files.append(file)
    linesOfFile.append(0)
  }

  /// Whether a request with this id, path and second was there before: services number anew at each start.
  mutating func isRepeated(_ entry: LogEntry, seconds: Int64) -> Bool {
    guard !entry.id.isEmpty else { return false }
    let key = entry.path.hash(from: entry.id.hash()) ^ UInt64(bitPattern: seconds &* 0x9E37_79B9)
    if ids.contains(key) {
      requests += 1
      return true
    }
    if ids.count < Self.limit { ids.insert(key) }
    return false
  }

  /// Of a request; with one file alone there is nothing to compare.
  mutating func take(_ line: LogBytes, amongFiles count: Int) {
    guard count > 1, !files.isEmpty else { return }
    let file = files.count - 1
    linesOfFile[file] += 1
    let hash = line.hash()
    if let earlier = fileOfLine[hash] {
      if earlier != file { shared[Pair(earlier: earlier, later: file), default: 0] += 1 }
    } else if fileOfLine.count < Self.limit {
      fileOfLine[hash] = file
    }
  }

  var warnings: [String] {
    var warnings: [String] = []
    if requests > 0 {
      warnings.append(
        "\(CountText.plural(requests, "request")) stood in the log before, by \(requests == 1 ? "its id, and counts" : "their id, and count") once"
      )
    }
    for (pair, count) in shared.sorted(by: { ($0.key.later, $0.key.earlier) < ($1.key.later, $1.key.earlier) }) {
      let isWhole = count == linesOfFile[pair.later] && linesOfFile[pair.earlier] == count
      warnings.append(
        isWhole
          ? "\(files[pair.later]) has the same lines as \(files[pair.earlier]): requests count twice, leave one out"
          : "\(CountText.plural(count, "line")) of \(files[pair.later]) \(count == 1 ? "stands" : "stand") in "
            + "\(files[pair.earlier]) too: requests of logs that overlap count twice"
      )
    }
    return Array(warnings.prefix(10))
  }
}
