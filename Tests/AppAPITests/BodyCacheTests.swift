import Hummingbird
import Statistics
import Testing

@testable import AppAPI

struct BodyCacheTests {
  private static func entry(_ bytes: Int) -> BodyCache.Entry {
    BodyCache.Entry(
      body: ByteBuffer(repeating: 0, count: bytes), tag: "\(bytes)", headers: [:], notModifiedHeaders: [:])
  }

  /// Looks through everything for the one used longest ago.
  private struct Model {
    var uses: [(key: String, bytes: Int)] = []
    let entries: Int
    let limit: Int

    static func cost(_ key: String, _ bytes: Int) -> Int { bytes + key.utf8.count + 512 }
    var bytes: Int { uses.reduce(0) { $0 + Self.cost($1.key, $1.bytes) } }

    mutating func use(_ key: String) -> Int? {
      guard let place = uses.firstIndex(where: { $0.key == key }) else { return nil }
      let found = uses.remove(at: place)
      uses.append(found)
      return found.bytes
    }

    mutating func insert(_ key: String, _ bytes: Int) {
      guard Self.cost(key, bytes) <= limit / 4 else { return }
      uses.removeAll { $0.key == key }
      while !uses.isEmpty, uses.count >= entries || self.bytes + Self.cost(key, bytes) > limit { uses.removeFirst() }
      uses.append((key, bytes))
    }
  }

  @Test(
    "the entry used longest ago goes first, whatever is asked for and kept in whatever order", arguments: [1, 2, 3])
  func order(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let cache = BodyCache(maximumEntries: 7, maximumBytes: 9_000)
    var model = Model(entries: 7, limit: 9_000)
    for step in 0..<4_000 {
      let key = "k\(Int.random(in: 0..<12, using: &generator))"
      if Bool.random(using: &generator) {
        let expected = model.use(key)
        #expect(cache.entry(for: key)?.body.readableBytes == expected)
      } else {
        let bytes = Int.random(in: 0..<2_000, using: &generator)
        cache.insert(Self.entry(bytes), for: key, version: cache.version)
        model.insert(key, bytes)
      }
      if step % 997 == 996 {
        cache.invalidate()
        model.uses = []
      }
      #expect(cache.size.entries == model.uses.count && cache.size.bytes == model.bytes)
    }
  }

  @Test("what was made of older data than the last change is not kept")
  func version() {
    let cache = BodyCache(maximumEntries: 7, maximumBytes: 9_000)
    let before = cache.version
    cache.invalidate()
    cache.insert(Self.entry(1), for: "a", version: before)
    #expect(cache.entry(for: "a") == nil)
    cache.insert(Self.entry(1), for: "a", version: cache.version)
    #expect(cache.entry(for: "a") != nil)
  }
}
