import HTTPTypes
import Hummingbird
import Synchronization

/// Encoded answers by query, bounded in number and bytes; the one used longest ago goes first.
final class BodyCache: Sendable {
  struct Entry: Sendable {
    let body: ByteBuffer
    let tag: String
    let headers: HTTPFields
    let notModifiedHeaders: HTTPFields
  }

  private struct Slot {
    var entry: Entry
    var lastUse: UInt64
  }

  private struct State {
    var version = 0
    var uses: UInt64 = 0
    var bytes = 0
    var slots: [String: Slot] = [:]
  }

  private let maximumEntries: Int
  private let maximumBytes: Int
  private let state = Mutex(State())

  init(maximumEntries: Int, maximumBytes: Int) {
    self.maximumEntries = maximumEntries
    self.maximumBytes = maximumBytes
  }

  /// Changes with each `invalidate()`: read it before the data that an entry is made of.
  var version: Int { state.withLock { $0.version } }

  var size: (entries: Int, bytes: Int) { state.withLock { ($0.slots.count, $0.bytes) } }

  func entry(for key: String) -> Entry? {
    state.withLock { state in
      guard let index = state.slots.index(forKey: key) else { return nil }
      state.uses += 1
      state.slots.values[index].lastUse = state.uses
      return state.slots.values[index].entry
    }
  }

  /// Keeps an entry, unless it was made of data older than the last `invalidate()` or is too large to be worth it.
  func insert(_ entry: Entry, for key: String, version: Int) {
    let cost = Self.cost(entry, key)
    guard cost <= maximumBytes / 4 else { return }
    state.withLock { state in
      guard state.version == version else { return }
      if let old = state.slots.removeValue(forKey: key) { state.bytes -= Self.cost(old.entry, key) }
      while state.slots.count >= maximumEntries || state.bytes + cost > maximumBytes,
        let oldest = state.slots.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.slots[oldest.key] = nil
        state.bytes -= Self.cost(oldest.value.entry, oldest.key)
      }
      state.uses += 1
      state.slots[key] = Slot(entry: entry, lastUse: state.uses)
      state.bytes += cost
    }
  }

  func invalidate() {
    state.withLock { state in
      state.version += 1
      state.slots = [:]
      state.bytes = 0
    }
  }

  /// Bytes that an entry takes, near enough: its body, its key, and the headers.
  private static func cost(_ entry: Entry, _ key: String) -> Int { entry.body.readableBytes + key.utf8.count + 512 }
}
