import Foundation
import Testing

@testable import Statistics

@Suite struct WeeklyPoissonTests {
  @Test("for a constant rate silence is e^−λT, everywhere", arguments: [0.5, 2, 6])
  func constant(rate: Double) {
    let week = WeeklyPoisson(perHour: Array(repeating: rate, count: 168))
    for hour in [0.0, 0.1, 7.9, 167.99] {
      #expect(abs(week.silent(before: hour + 168, for: 0.25) - exp(-rate * 0.25)) < 1e-12)
    }
    #expect(abs(week.meanOverArrivals { week.silent(before: $0 + 168, for: 0.25) } - exp(-rate / 4)) < 1e-9)
    #expect(abs(week.perWeek - rate * 168) < 1e-9)
  }

  @Test("expected arrivals add up over hours, weeks and their borders")
  func adds() {
    let week = WeeklyPoisson(perHour: (0..<168).map { Double($0 % 24) })
    #expect(abs(week.expected(from: 0, to: 24) - 276) < 1e-9)
    #expect(abs(week.expected(from: 23.5, to: 24.5) - 11.5) < 1e-9)
    #expect(abs(week.expected(from: 167, to: 169) - 23) < 1e-9)
    #expect(abs(week.expected(from: -1, to: 0) - 23) < 1e-9)
    #expect(abs(week.expected(from: 0, to: 336) - 2 * week.perWeek) < 1e-9)
  }

  @Test("days and nights: the closed form is what a simulation finds, and a constant rate overstates it")
  func daysAndNights() {
    let rates = (0..<168).map { (8..<20).contains($0 % 24) ? 8.0 : 0.2 }
    let week = WeeklyPoisson(perHour: rates)
    var generator = SeededGenerator(seed: 3)
    var last = -1.0
    var cold = 0
    var count = 0
    for hour in 0..<(168 * 300) {
      var at = Double(hour) - log(1 - generator.unit()) / rates[hour % 168]
      while at < Double(hour + 1) {
        if at - last > 0.25 { cold += 1 }
        last = at
        count += 1
        at += -log(1 - generator.unit()) / rates[hour % 168]
      }
    }
    let simulated = Double(cold) / Double(count)
    let expected = week.meanOverArrivals { week.silent(before: $0 + 168, for: 0.25) }
    #expect(abs(simulated - expected) < 0.004, "\(simulated) where \(expected) was expected")
    let mean = week.perWeek / 168
    #expect(exp(-mean * 0.25) > 1.5 * expected)
  }

  @Test("nobody comes to an empty week")
  func empty() {
    let week = WeeklyPoisson(perHour: Array(repeating: 0, count: 168))
    #expect(week.meanOverArrivals { _ in 1 } == 0 && week.silent(before: 5, for: 1) == 1)
    #expect(abs(week.meanOverTime { _ in 1 } - 1) < 1e-12)
  }
}
