import Foundation
import Statistics

/// Somebody with a small service: who comes to it over a year and two weeks, and what they hold things to be worth.
struct SimulatedOwner {
  enum Kind: String, CaseIterable { case diurnal, bursty, examWeeks }

  var kind: Kind
  var keepAwakeIsAllowed: Bool
  var keepAwakeMiss: Double
  var valuePerColdVisit = 0.0
  var maxAffected: Double
  var growthPerYear: Double
  var isDataPrecious: Bool
  var dataLossValue: Double
  var database: Database
  var services: Int
  /// Of the workspace's other services, a month.
  var otherHours: Double
  var saysOtherHours: Bool
  /// Seconds that a wake truly takes.
  var wakeSeconds: Double
  var measuredWake: Bool
  /// First and last second of each visit from the start of the evidence, ascending by the first.
  var visits: [(start: Double, end: Double)] = []
  /// Requests of bots.
  var bots: [Double] = []

  enum Database: String, CaseIterable { case free, external, none }

  static let evidenceDays = 14
  static let days = evidenceDays + 365

  /// Everything but the value of a cold visit, which the caller sets once the truth is known.
  init(_ generator: inout SeededGenerator) {
    func uniform(_ range: ClosedRange<Double>) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * generator.unit()
    }
    func chance(_ share: Double) -> Bool { generator.unit() < share }
    kind = Kind.allCases[min(2, Int(generator.unit() * 3))]
    keepAwakeIsAllowed = chance(0.5)
    keepAwakeMiss = uniform(0.02...0.3)
    maxAffected = chance(0.5) ? 1 : chance(0.5) ? 0.05 : 0.15
    growthPerYear = chance(0.4) ? 0 : uniform(-0.3...1)
    isDataPrecious = chance(0.25)
    dataLossValue = uniform(10...200)
    database = Database.allCases[min(2, Int(generator.unit() * 3))]
    services = chance(0.7) ? 1 : 2
    otherHours = services == 1 ? 0 : uniform(0...744)
    saysOtherHours = chance(0.75)
    wakeSeconds = uniform(12...55)
    measuredWake = chance(0.5)

    let perDay = exp(uniform(log(3)...log(90)))
    let profile = Self.profile(&generator)
    let weekend = uniform(0.2...1.2)
    let examWeeks = kind == .examWeeks ? Self.weeks(&generator) : []
    let examFactor = uniform(1.5...3.5)
    let botsPerDay = uniform(0...8)
    for day in 0..<Self.days {
      let age = Double(day - Self.evidenceDays) / 365
      var factor = pow(1 + growthPerYear, max(0, age))
      // Day 0 is a Monday.
      if day % 7 >= 5 { factor *= weekend }
      if examWeeks.contains(day / 7) { factor *= examFactor }
      if kind == .bursty, generator.unit() < 0.12 { factor *= 1.5 + 3.5 * generator.unit() }
      for hour in 0..<24 {
        addVisits(perHour: perDay * factor * profile[hour], day: day, hour: hour, &generator)
      }
      if kind == .bursty, generator.unit() < 0.1 { addRush(day: day, perDay: perDay, &generator) }
      var bot = -log(1 - generator.unit()) / max(0.01, botsPerDay)
      while bot < 1 {
        bots.append((Double(day) + bot) * 86_400)
        bot += -log(1 - generator.unit()) / max(0.01, botsPerDay)
      }
    }
    visits.sort { $0.start < $1.start }
  }

  /// The share of a day's visits in each hour: one hump by day, more or less night.
  private static func profile(_ generator: inout SeededGenerator) -> [Double] {
    let peak = 9 + 10 * generator.unit()
    let width = 2 + 4 * generator.unit()
    let night = 0.02 + 0.3 * generator.unit() * generator.unit()
    let weights = (0..<24).map { hour in
      let distance = min(abs(Double(hour) - peak), 24 - abs(Double(hour) - peak))
      return night + exp(-distance * distance / (2 * width * width))
    }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  private static func weeks(_ generator: inout SeededGenerator) -> Set<Int> {
    let first = Int(generator.unit() * 26)
    let length = 1 + Int(generator.unit() * 3)
    return Set((first..<(first + length)).flatMap { [$0, $0 + 26] })
  }

  private mutating func addVisits(perHour: Double, day: Int, hour: Int, _ generator: inout SeededGenerator) {
    guard perHour > 0 else { return }
    var at = -log(1 - generator.unit()) / perHour
    while at < 1 {
      addVisit(at: (Double(day) * 24 + Double(hour) + at) * 3_600, &generator)
      at += -log(1 - generator.unit()) / perHour
    }
  }

  /// A message went round: many within the half hour.
  private mutating func addRush(day: Int, perDay: Double, _ generator: inout SeededGenerator) {
    let at = (Double(day) + 0.35 + 0.5 * generator.unit()) * 86_400
    for _ in 0..<Int(5 + perDay * generator.unit()) {
      addVisit(at: at - 900 * log(1 - generator.unit()), &generator)
    }
  }

  private mutating func addVisit(at start: Double, _ generator: inout SeededGenerator) {
    let whole = start.rounded(.down)
    let length = (-90 * log(1 - generator.unit())).rounded(.down)
    visits.append((whole, whole + min(length, 1_200)))
  }
}
