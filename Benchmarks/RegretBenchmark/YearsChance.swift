import Foundation
import Plans
import ProvisionDecision
import Statistics

/// How far one year's affected visits may be from the long run's mean by chance, at 95 %, by the law that the owner was
/// drawn by: of two further years of visitors, and of the same visitors under pings that fail anew, many times.
///
/// The variance of visitors is that of two years' weeks, compared one by one, so that seasons and growth, which both years
/// have, count for nothing. Pings add what they do: outages of a long tail have no variance, so it is quantiles that
/// are taken.
struct YearsChance {
  /// Visits; a failed one counts as many as it costs.
  var below = 0.0
  var above = 0.0
  /// In the long run, but for those whom a ping was just waking for.
  private(set) var mean: Double

  /// A time at which the service would have slept without pings, and those who met that.
  private struct Start {
    var at: Double
    var week: Int
    var weight: Double
    var squares: Double
  }

  private static let draws = 120

  init(_ owner: SimulatedOwner, _ keepAwake: KeepAwake, _ generator: inout SeededGenerator) {
    let first = Self.starts(owner.again(&generator))
    let second = Self.starts(owner.again(&generator))
    let silent = { (start: Start) in owner.pinger.silent(keepAwake, before: start.at) }
    let variance = Self.variance(first, second, silent)
    let expected = first.reduce(0) { $0 + $1.weight * silent($1) }
    mean = (expected + second.reduce(0) { $0 + $1.weight * silent($1) }) / 2
    let deviations = (0..<Self.draws).map { _ in
      Self.affected(first, owner, keepAwake, &generator) - expected + variance.squareRoot() * generator.normal()
    }.sorted()
    let tail = Double(Self.draws) * 0.025
    below = -min(0, deviations[Int(tail)])
    above = max(0, deviations[Self.draws - 1 - Int(tail)])
  }

  private static func starts(_ owner: SimulatedOwner) -> [Start] {
    let from = owner.year.start
    var replay = SpinDown.Replay(SpinDown(idleSeconds: 900, wakeSeconds: owner.wakeSeconds), from: from - 86_400)
    var starts: [Start] = []
    for request in owner.requests {
      let reception = replay.receive(at: request.at)
      guard reception.isAffected, request.at >= from else { continue }
      var wait = owner.wakeSeconds
      if case .waking(let remaining) = reception {
        wait = remaining
      } else {
        starts.append(Start(at: request.at, week: Int((request.at - from) / 604_800), weight: 0, squares: 0))
      }
      guard request.isVisit, !starts.isEmpty else { continue }
      let weight = wait > owner.timeLimit?.seconds ?? .infinity ? owner.timeLimit?.failedValue ?? 1 : 1
      starts[starts.count - 1].weight += weight
      starts[starts.count - 1].squares += weight * weight
    }
    return starts
  }

  private static func variance(_ first: [Start], _ second: [Start], _ silent: (Start) -> Double) -> Double {
    var differences = [Double](repeating: 0, count: 54)
    var least = 0.0
    for start in first {
      differences[start.week] += start.weight * silent(start)
      least += start.squares * silent(start) * silent(start)
    }
    for start in second { differences[start.week] -= start.weight * silent(start) }
    return max(least, differences.reduce(0) { $0 + $1 * $1 } / 2)
  }

  /// Of one year's visitors under pings that fail by chance.
  private static func affected(
    _ starts: [Start], _ owner: SimulatedOwner, _ keepAwake: KeepAwake, _ generator: inout SeededGenerator
  ) -> Double {
    guard keepAwake != .none else { return starts.reduce(0) { $0 + $1.weight } }
    let pinger = owner.pinger
    let outages = pinger.outages(from: owner.year.start, to: owner.year.end, &generator)
    let phase = generator.unit() * pinger.everySeconds
    var next = outages.startIndex
    var outage = -Double.infinity
    var total = 0.0
    for start in starts {
      while next < outages.endIndex, outages[next].from <= start.at {
        outage = max(outage, outages[next].to)
        next += 1
      }
      var due = ((start.at - 900 - phase) / pinger.everySeconds).rounded(.up) * pinger.everySeconds + phase
      var isSilent = true
      while isSilent, due <= start.at {
        isSilent = due < outage || !keepAwake.isDuty(at: due) || generator.chance(pinger.miss)
        due += pinger.everySeconds
      }
      if isSilent { total += start.weight }
    }
    return total
  }
}

extension SimulatedPinger {
  /// P(no ping comes in a quarter of an hour before).
  fileprivate func silent(_ keepAwake: KeepAwake, before at: Double) -> Double {
    guard keepAwake != .none else { return 1 }
    let outage = min(1, outagesPerMonth * outageSeconds / Self.secondsPerMonth)
    // Over all phases: the mean of a few.
    let phases = 4
    let silent = (0..<phases).reduce(0.0) { sum, phase in
      var due = at - (Double(phase) + 0.5) / Double(phases) * everySeconds
      var odds = 1.0
      while due > at - 900 {
        if keepAwake.isDuty(at: due) { odds *= miss }
        due -= everySeconds
      }
      return sum + odds / Double(phases)
    }
    return outage + (1 - outage) * silent
  }
}

extension KeepAwake {
  /// - Parameter at: seconds from a midnight.
  func isDuty(at: Double) -> Bool {
    switch self {
    case .none: false
    case .always: true
    case .duty(let from, let to): (from..<to).contains(Int(at / 3_600) % 24)
    }
  }
}
