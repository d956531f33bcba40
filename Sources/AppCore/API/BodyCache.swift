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

  /// A place in the order of use, which is a ring: place 0 holds nothing, its `older` is the one used last and its `newer`
  /// the one used longest ago.
  private struct Place {
    var key = ""
    var entry: Entry?
    var newer = 0
    var older = 0
  }

  private struct State {
    var version = 0
    var bytes = 0
    var index: [String: Int] = [:]
    var places = [Place()]
    var free: [Int] = []

    mutating func unlink(_ place: Int) {
      let (newer, older) = (places[place].newer, places[place].older)
      places[newer].older = older
      places[older].newer = newer
    }

    /// Makes it the one used last.
    mutating func link(_ place: Int) {
      let last = places[0].older
      places[place].newer = 0
      places[place].older = last
      places[last].newer = place
      places[0].older = place
    }

    mutating func remove(_ place: Int) {
      unlink(place)
      if let entry = places[place].entry { bytes -= BodyCache.cost(entry, places[place].key) }
      index[places[place].key] = nil
      places[place] = Place()
      free.append(place)
    }

    mutating func add(_ entry: Entry, _ key: String) {
      let place = free.popLast() ?? places.count
      if place == places.count { places.append(Place()) }
      places[place].key = key
      places[place].entry = entry
      link(place)
      index[key] = place
      bytes += BodyCache.cost(entry, key)
    }
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

  var size: (entries: Int, bytes: Int) { state.withLock { ($0.index.count, $0.bytes) } }

  func entry(for key: String) -> Entry? {
    state.withLock { state in
      guard let place = state.index[key] else { return nil }
      state.unlink(place)
      state.link(place)
      return state.places[place].entry
    }
  }

  /// Keeps an entry, unless it was made of data older than the last `invalidate()` or is too large to be worth it.
  func insert(_ entry: Entry, for key: String, version: Int) {
    let cost = Self.cost(entry, key)
    guard cost <= maximumBytes / 4 else { return }
    state.withLock { state in
      guard state.version == version else { return }
      if let old = state.index[key] { state.remove(old) }
      while !state.index.isEmpty, state.index.count >= maximumEntries || state.bytes + cost > maximumBytes {
        state.remove(state.places[0].newer)
      }
      state.add(entry, key)
    }
  }

  func invalidate() {
    state.withLock { state in
      state = State(version: state.version + 1)
    }
  }

  /// Bytes that an entry takes, near enough: its body, its key, and the headers.
  private static func cost(_ entry: Entry, _ key: String) -> Int { entry.body.readableBytes + key.utf8.count + 512 }
}
