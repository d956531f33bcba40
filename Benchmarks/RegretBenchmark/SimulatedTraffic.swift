import Foundation
import Statistics

/// How people come to a small service: a law, of which any number of years can be played.
struct SimulatedTraffic {
  enum Kind: String, CaseIterable {
    /// More by day than by night, each by itself.
    case diurnal
    /// Days that are busier for no reason, and messages that go round and bring many within the half hour.
    case bursty
    /// Two spells a year of one to three weeks that are half as busy again up to three and a half times.
    case examWeeks = "exam weeks"
  }

  /// Where the visitors of later months come.
  enum Growth: String, CaseIterable {
    case none = "no growth"
    /// Quiet hours fill as busy ones do.
    case everywhere
    /// The hours that are busy already take all of it; nights stay as quiet as they were.
    case busyHours = "in busy hours"
    /// They come along with those who come anyway, minutes later: no silence is filled.
    case bursts = "in bursts"
    case decline
  }

  var kind: Kind
  var growth: Growth
  /// 0.5 is half as much again after a year.
  var growthPerYear: Double
  /// Mean visits of a working day at the start, rushes left out.
  var perDay: Double
  /// The log's first day, 0 a Monday.
  var firstWeekday: Int
  private var profile: [Double]
  private var busyProfile: [Double]
  private var weekend: Double
  private var examWeeks: Set<Int> = []
  private var examFactor: Double
  private var botsPerDay: Double

  /// Who came, in seconds from the start of the log.
  struct Visitors {
    /// First and last second of each visit, ascending by the first.
    var visits: [(start: Double, end: Double)] = []
    /// Requests of bots, which reset the idle clock as people do.
    var bots: [Double] = []
  }

  /// Services of 3 to 90 visits a day, evenly by order of magnitude, and a tenth that are quiet, down to 0.3: no census of
  /// free services is public, and of so few visits seldom anybody asks what they cost.
  init(_ generator: inout SeededGenerator) {
    kind = generator.pick(Kind.allCases)
    switch generator.unit() {
    case ..<0.4: growth = .none
    case ..<0.58: growth = .everywhere
    case ..<0.72: growth = .busyHours
    case ..<0.86: growth = .bursts
    default: growth = .decline
    }
    growthPerYear =
      switch growth {
      case .none: 0
      case .decline: generator.uniform(-0.3, 0)
      case .everywhere, .busyHours, .bursts: generator.uniform(0, 1)
      }
    perDay = generator.chance(0.105) ? generator.logUniform(0.3, 3) : generator.logUniform(3, 90)
    firstWeekday = Int(generator.unit() * 7)
    profile = Self.profile(&generator)
    let most = profile.max() ?? 0
    let busy = profile.map { $0 >= most / 2 ? $0 : 0 }
    let total = busy.reduce(0, +)
    busyProfile = busy.map { $0 / total }
    weekend = generator.uniform(0.2, 1.2)
    if kind == .examWeeks {
      let first = Int(generator.unit() * 26)
      let length = 1 + Int(generator.unit() * 3)
      examWeeks = Set((first..<(first + length)).flatMap { [$0, $0 + 26, $0 + 52] })
    }
    examFactor = generator.uniform(1.5, 3.5)
    botsPerDay = generator.uniform(0, 8)
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

  /// - Parameters:
  ///   - days: from the start of the log.
  ///   - grownFrom: the day on which growth sets in.
  func visitors(_ days: Range<Int>, grownFrom: Int, _ generator: inout SeededGenerator) -> Visitors {
    var result = Visitors()
    for day in days {
      let grown = pow(1 + growthPerYear, max(0, Double(day - grownFrom) / 365))
      var factor = perDay
      if (firstWeekday + day) % 7 >= 5 { factor *= weekend }
      if examWeeks.contains(day / 7) { factor *= examFactor }
      if kind == .bursty, generator.unit() < 0.12 { factor *= 1.5 + 3.5 * generator.unit() }
      let everywhere = growth == .everywhere || growth == .decline ? grown : 1
      let busier = growth == .busyHours ? grown - 1 : 0
      let companions = growth == .bursts ? grown - 1 : 0
      for hour in 0..<24 {
        let perHour = factor * (everywhere * profile[hour] + busier * busyProfile[hour])
        generator.arrivals(perUnit: perHour) { at, generator in
          result.add(at: (Double(day * 24 + hour) + at) * 3_600, companions: companions, &generator)
        }
      }
      if kind == .bursty, generator.unit() < 0.1 {
        let at = (Double(day) + 0.35 + 0.5 * generator.unit()) * 86_400
        let size = (min(5, 1 + 5 * perDay) + perDay * generator.unit()) * (growth == .bursts ? 1 : grown)
        for _ in 0..<Int(size) {
          result.add(at: at - 900 * log(1 - generator.unit()), companions: companions, &generator)
        }
      }
      generator.arrivals(perUnit: botsPerDay) { at, _ in result.bots.append((Double(day) + at) * 86_400) }
    }
    let end = Double(days.upperBound) * 86_400
    result.visits = result.visits.filter { $0.start < end }.sorted { $0.start < $1.start }
    return result
  }
}

extension SimulatedTraffic.Visitors {
  /// A visit of a minute and a half on average, and those who come along with it.
  fileprivate mutating func add(at start: Double, companions: Double, _ generator: inout SeededGenerator) {
    let whole = start.rounded(.down)
    let length = (-90 * log(1 - generator.unit())).rounded(.down)
    visits.append((whole, whole + min(length, 1_200)))
    guard companions > 0 else { return }
    for _ in 0..<generator.poisson(companions) {
      add(at: start - 180 * log(1 - generator.unit()), companions: 0, &generator)
    }
  }
}
