import Statistics
import Testing

@testable import AppCache

struct RecentValuesTests {
  /// Looks through everything for the one used longest ago.
  private struct Model {
    var uses: [(key: String, value: Int, cost: Int)] = []
    let count: Int
    let limit: Int

    var cost: Int { uses.reduce(0) { $0 + $1.cost } }

    mutating func use(_ key: String) -> Int? {
      guard let place = uses.firstIndex(where: { $0.key == key }) else { return nil }
      let found = uses.remove(at: place)
      uses.append(found)
      return found.value
    }

    mutating func insert(_ key: String, _ value: Int, cost: Int) {
      uses.removeAll { $0.key == key }
      guard cost <= limit / 4 else { return }
      while !uses.isEmpty, uses.count >= count || self.cost + cost > limit { uses.removeFirst() }
      uses.append((key, value, cost))
    }
  }

  @Test(
    "the value used longest ago goes first, whatever is asked for and kept in whatever order", arguments: [1, 2, 3])
  func order(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var values = RecentValues<String, Int>(maximumCount: 7, maximumCost: 9_000)
    var model = Model(count: 7, limit: 9_000)
    for step in 0..<4_000 {
      let key = "k\(Int.random(in: 0..<12, using: &generator))"
      if Bool.random(using: &generator) {
        #expect(values.use(key) == model.use(key))
      } else {
        let cost = Int.random(in: 0..<2_600, using: &generator)
        values.insert(step, for: key, cost: cost)
        model.insert(key, step, cost: cost)
      }
      #expect(values.count == model.uses.count && values.cost == model.cost)
    }
  }
}
