import Foundation
import ProvisionDecision
import Statistics

/// Who would keep the service awake, and how it truly fails: pings that don't come, each by itself, and outages in which
/// none does. Outages come by chance (Poisson) and last by a law of a long tail (Pareto), which no rule is told.
struct SimulatedPinger {
  /// What the owner says of it.
  enum Said: String, CaseIterable {
    case nothing = "nothing said"
    case kind = "kind said"
    /// They looked how many pings came, and how long none did.
    case history = "history said"
  }

  var said: Said
  var kind: PingerKind
  var everySeconds: Double
  /// The share of pings that don't come, outages left out.
  var miss: Double
  /// 30.4 days.
  var outagesPerMonth: Double
  /// An outage's mean length.
  var outageSeconds: Double
  /// By how much a ping that comes is late, on average.
  var delaySeconds: Double

  /// Of Pareto's law: below 2 the variance is without bound.
  static let shape = 1.5
  static let secondsPerMonth = 365.25 / 12 * 86_400

  var outageHoursPerMonth: Double { outagesPerMonth * outageSeconds / 3_600 }

  /// Who says nothing takes what they are handed: a cron service, every five minutes. Public guides to free plans name
  /// every 10 to 14 minutes (runhooks.app, cronspark.com, keepalive.tech, read 2026-11-28), so a half of the others do
  /// that.
  ///
  /// GitHub's pings fail as its public record says. Of the others nothing is published but complaints: they are drawn
  /// from good to GitHub's record, most of them good (half miss less than 2 %, a tenth more than 25 %).
  init(_ generator: inout SeededGenerator) {
    // Cron services show the history of their calls, and so does GitHub: nearly all look before they decide. The others take
    // a kind, or what comes.
    said = generator.chance(0.97) ? .history : generator.pick([.nothing, .kind])
    switch generator.unit() {
    case _ where said == .nothing: kind = .cronService
    case ..<0.45: kind = .cronService
    case ..<0.7: kind = .githubActions
    case ..<0.85: kind = .ownHost
    default: kind = .platformCron
    }
    everySeconds = said == .nothing || generator.chance(0.5) ? 300 : generator.pick([600, 600, 720, 840])
    let (badness, often, length) = (generator.unit(), generator.unit(), generator.unit())
    if kind == .githubActions {
      miss = 0.667 + 0.166 * badness
      outagesPerMonth = 4 * often
      outageSeconds = (4 + 2.5 * length) * 3_600
      delaySeconds = 240
    } else {
      miss = 0.01 * pow(83.3, badness * badness * badness)
      outagesPerMonth = 4 * pow(often, 4)
      outageSeconds = (0.5 + 4.75 * length) * 3_600
      delaySeconds = 5
    }
  }

  /// When pings come, ascending.
  func pings(from start: Double, to end: Double, _ generator: inout SeededGenerator) -> [Double] {
    let outages = outages(from: start, to: end, &generator)
    var pings: [Double] = []
    var next = outages.startIndex
    var silentUntil = -Double.infinity
    var due = start + generator.unit() * everySeconds
    while due < end {
      while next < outages.endIndex, outages[next].from <= due {
        silentUntil = max(silentUntil, outages[next].to)
        next += 1
      }
      if due >= silentUntil, generator.unit() >= miss { pings.append(due + generator.uniform(0, 2 * delaySeconds)) }
      due += everySeconds
    }
    return 2 * delaySeconds <= everySeconds ? pings : pings.sorted()
  }

  /// Ascending by their beginning; they may overlap.
  func outages(
    from start: Double, to end: Double, _ generator: inout SeededGenerator
  ) -> [(from: Double, to: Double)] {
    var outages: [(from: Double, to: Double)] = []
    // Those that began in the month before may last.
    var begin = start - Self.secondsPerMonth
    while outagesPerMonth > 0 {
      begin += generator.exponential(mean: Self.secondsPerMonth / outagesPerMonth)
      guard begin < end else { break }
      outages.append((begin, begin + generator.pareto(shape: Self.shape, mean: outageSeconds)))
    }
    return outages
  }
}
