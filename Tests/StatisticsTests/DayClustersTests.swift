import Foundation
import TestSupport
import Testing

@testable import Statistics

/// Simulated owners: days with a weekend, a level of their own each day, Poisson visits, each affected by itself.
private struct Days {
  var generator: SeededGenerator
  let perDay: Double
  let weekend: Double
  let share: Double
  /// The standard deviation of a day's level.
  let spread: Double

  mutating func poisson(_ mean: Double) -> Int {
    var count = 0
    var sum = -log(1 - generator.unit())
    while sum < mean {
      count += 1
      sum += -log(1 - generator.unit())
    }
    return count
  }

  mutating func clusters(_ days: Int) -> DayClusters {
    DayClusters(
      (0..<days).map { day in
        let isWeekend = day % 7 >= 5
        let level = 1 + spread * (generator.unit() * 2 - 1) * 3.0.squareRoot()
        let visits = poisson(perDay * (isWeekend ? weekend : 1) * level)
        let hits = (0..<visits).count { _ in generator.unit() < share }
        return .init(hits: Double(hits), trials: Double(visits), isWeekend: isWeekend)
      })
  }

  var meanHits: Double { perDay * share * (5 + 2 * weekend) / 7 }
}

@Suite struct DayClustersTests {
  @Test(
    "95 % intervals from two weeks cover the long run 90 to 99.9 times in a hundred",
    arguments: LongTests.cases(
      [(40.0, 0.3, 0.12, 0.1), (8, 0.5, 0.3, 0.2), (40, 1, 0.5, 0.3), (120, 0.2, 0.02, 0.4), (15, 1, 0.05, 0)],
      first: 2))
  func coverage(perDay: Double, weekend: Double, share: Double, spread: Double) {
    var days = Days(
      generator: SeededGenerator(seed: 5), perDay: perDay, weekend: weekend, share: share, spread: spread)
    var means = 0
    var shares = 0
    let rounds = 1_500
    for _ in 0..<rounds {
      let clusters = days.clusters(14)
      let mean = clusters.meanHits()
      if mean.lower <= days.meanHits, days.meanHits <= mean.upper { means += 1 }
      let counted = clusters.share()
      if counted.lower <= share, share <= counted.upper { shares += 1 }
    }
    let meanCoverage = Double(means) / Double(rounds)
    let shareCoverage = Double(shares) / Double(rounds)
    #expect((0.9...0.999).contains(meanCoverage), "mean \(meanCoverage)")
    #expect((0.9...0.999).contains(shareCoverage), "share \(shareCoverage)")
  }

  @Test("the interval holds its value, and more days make it narrower")
  func narrower() {
    var days = Days(generator: SeededGenerator(seed: 1), perDay: 40, weekend: 0.5, share: 0.2, spread: 0.2)
    let two = days.clusters(14).meanHits()
    let eight = days.clusters(56).meanHits()
    #expect(two.lower < two.value && two.value < two.upper)
    #expect(eight.upper - eight.lower < two.upper - two.lower)
  }

  @Test("none affected in two weeks is not none for ever")
  func nothing() {
    let clusters = DayClusters((0..<14).map { .init(hits: 0, trials: 20, isWeekend: $0 % 7 >= 5) })
    let share = clusters.share()
    #expect(share.value == 0 && share.lower == 0 && (0.005...0.05).contains(share.upper), "\(share)")
    // By the rule of three about 3 in 14 days.
    #expect((0.15...0.4).contains(clusters.meanHits().upper), "\(clusters.meanHits())")
  }

  @Test("below seven days a count has the exact bounds of a Poisson count: Garwood's, by the tables")
  func fewDays() {
    // Garwood 1936: 0 events to 3.689, 1 from 0.0253 to 5.572, 9 from 4.115 to 17.085.
    for (count, lower, upper) in [(0.0, 0.0, 3.6889), (1, 0.0253, 5.5716), (9, 4.1154, 17.0848)] {
      let one = DayClusters([.init(hits: count, trials: 60, isWeekend: false)]).meanHits()
      #expect(abs(one.lower - lower) < 1e-4 && abs(one.upper - upper) < 1e-4 && one.value == count, "\(one)")
      let three = DayClusters((0..<3).map { .init(hits: $0 == 0 ? count : 0, trials: 60, isWeekend: false) }).meanHits()
      #expect(abs(three.lower - lower / 3) < 1e-4 && abs(three.upper - upper / 3) < 1e-4, "\(three)")
    }
  }

  @Test("an hour tells nothing of the day's other hours")
  func partOfADay() {
    let hour = DayClusters([.init(hits: 9, trials: 60, isWeekend: false, length: 1.0 / 24)]).meanHits()
    #expect(abs(hour.value - 216) < 1e-9 && abs(hour.lower - 4.1154) < 1e-3, "\(hour)")
    #expect(abs(hour.upper - 3 * 24 * 17.0848) < 0.1, "\(hour)")
  }

  @Test("below thirty trials a share has Clopper's and Pearson's bounds")
  func fewTrials() {
    // 2 of 10: 0.0252 to 0.5561; 0 of 20: to 0.1684.
    let two = DayClusters([.init(hits: 2, trials: 10, isWeekend: false)]).share()
    #expect(abs(two.lower - 0.0252) < 1e-4 && abs(two.upper - 0.5561) < 1e-4, "\(two)")
    let none = DayClusters((0..<2).map { _ in .init(hits: 0, trials: 10, isWeekend: false) }).share()
    #expect(none.lower == 0 && abs(none.upper - 0.1684) < 1e-4, "\(none)")
  }

  @Test("exact bounds cover at least nineteen times in twenty, whatever the rate", arguments: [0.4, 2, 7.5, 30])
  func poissonCoverage(mean: Double) {
    // P(the bounds of the count hold the mean), summed over all counts.
    var covered = 0.0
    for count in 0..<200 {
      let probability = exp(Double(count) * log(mean) - mean - lgamma(Double(count) + 1))
      let bounds = PoissonBounds.weighted(sum: Double(count), squares: Double(count), most: 1)
      if bounds.contains(mean) { covered += probability }
    }
    #expect((0.95...1).contains(covered), "\(covered)")
  }

  @Test("working days and weekends weigh five to two, however many of each were seen")
  func strata() {
    let days = (0..<12).map { DayClusters.Day(hits: $0 < 2 ? 0 : 7, trials: 10, isWeekend: $0 < 2) }
    #expect(abs(DayClusters(days).meanHits().value - 5) < 1e-12)
  }

  @Test("where a hit counts by a probability, the share is at most that")
  func thinned() {
    let days = (0..<3).map { _ in DayClusters.Day(hits: 0.05 * 10, trials: 12, isWeekend: false, squares: 0.025) }
    let share = DayClusters(days, unit: 0.05).share()
    #expect(share.upper <= 0.05 && share.lower > 0.01 && abs(share.value - 0.5 / 12) < 1e-12, "\(share)")
  }
}
