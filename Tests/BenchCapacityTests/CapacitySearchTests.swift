import Testing

@testable import BenchCapacity

@Suite struct CapacitySearchTests {
  /// Runs a search against a service that holds everything up to `capacity`.
  private func search(
    capacity: Double, start: Double = 20, growth: Double = 4, highest: Double = 2_000, offered: Double = .infinity,
    shortLooksGoodTo: Double? = nil
  ) -> (search: CapacitySearch, short: Int, long: Int) {
    var search = CapacitySearch(start: start, growth: growth, highest: highest)
    var (short, long) = (0, 0)
    while let trial = search.trial, short + long < 100 {
      if trial.isLong { long += 1 } else { short += 1 }
      let limit = trial.isLong ? capacity : shortLooksGoodTo ?? capacity
      search.record(trial.rate > offered ? .notOffered : trial.rate <= limit ? .held : .broke)
    }
    return (search, short, long)
  }

  @Test(
    "the bounds enclose any capacity within a tenth, in few trials",
    arguments: [0.7, 1, 3, 9.5, 16, 42, 87, 181, 500, 1_240, 1_990])
  func bounds(capacity: Double) throws {
    for (start, growth) in [(20.0, 4.0), (capacity * 0.8, 2.0), (capacity * 3, 2.0)] {
      let (search, short, long) = search(capacity: capacity, start: start, growth: growth)
      let lower = try #require(search.lower)
      #expect(lower <= capacity)
      if let upper = search.upper {
        #expect(upper > capacity)
        #expect(upper / lower <= 1.1 + 1e-9)
      } else {
        #expect(search.reachedHighest)
      }
      #expect(short <= 8)
      #expect(long <= 7)
    }
  }

  @Test("a service that holds the highest rate has no upper bound")
  func highest() {
    let (search, _, _) = search(capacity: 1e9)
    #expect(search.lower == 2_000)
    #expect(search.upper == nil)
    #expect(search.reachedHighest)
  }

  @Test("a service that holds nothing has no lower bound, and the search ends")
  func nothing() {
    let (search, short, long) = search(capacity: 0)
    #expect(search.lower == nil)
    #expect(search.upper == CapacitySearch.lowestRate)
    #expect(short + long < 20)
  }

  @Test("what the generator can't offer is no fault of the service", arguments: [0.1, 30, 150, 640])
  func ceiling(offered: Double) {
    let (search, short, long) = search(capacity: 1e9, offered: offered)
    #expect(search.upper == nil)
    #expect(search.ceiling != nil)
    if offered >= CapacitySearch.lowestRate {
      #expect((search.lower ?? 0) <= offered)
      #expect((search.lower ?? 0) > offered / 1.21)
    }
    #expect(short + long < 30)
  }

  @Test("long trials overrule what short ones said", arguments: [40.0, 100, 300])
  func contradiction(capacity: Double) throws {
    let (better, _, _) = search(capacity: capacity, shortLooksGoodTo: capacity * 3)
    #expect(try #require(better.lower) <= capacity && #require(better.upper) > capacity)
    let (worse, _, _) = search(capacity: capacity, shortLooksGoodTo: capacity / 3)
    #expect(try #require(worse.lower) <= capacity && #require(worse.upper) > capacity)
  }

  @Test("whole numbers only, to their neighbours", arguments: 1...40)
  func whole(capacity: Int) throws {
    for start in [1.0, 7.4, 100] {
      var search = CapacitySearch(start: start, highest: 500.5, resolution: 0.01, isWhole: true)
      var trials = 0
      while let trial = search.trial, trials < 100 {
        #expect(trial.rate == trial.rate.rounded() && (1...500).contains(trial.rate))
        search.record(trial.rate <= Double(capacity) ? .held : .broke)
        trials += 1
      }
      #expect(trials < 20)
      #expect(search.lower == Double(capacity) && search.upper == Double(capacity + 1))
    }
  }
}
