import Foundation
package import Plans

/// The running time that a monitor's own requests add to a service that sleeps, in seconds.
package enum CausedTime {
  /// Exactly, where every other request is known: the idle clock with the monitor's requests and without.
  ///
  /// - Parameters:
  ///   - rule: logs tell when a request was answered; one that found the service asleep came its wake time earlier.
  ///   - others: when all other requests were answered, ascending.
  ///   - probes: moments of the monitor's requests that reached the app, ascending.
  package static func replayed(
    _ rule: SpinDown, others: [Double], probes: [Double], from start: Double, to end: Double
  ) -> Double {
    var arrivals: [Double] = []
    // Of a service without the monitor: who finds it asleep there has it run from then on, and is answered a wake later.
    var alone: [Double] = []
    var last = start
    var probe = probes.startIndex
    for other in others {
      while probe < probes.endIndex, probes[probe] <= other {
        last = max(last, probes[probe])
        probe += 1
      }
      let isCold = !arrivals.isEmpty && other - last > rule.idleSeconds + rule.wakeSeconds
      if isCold {
        // It ran from the one, and its idle clock from the other.
        arrivals.append(other - rule.wakeSeconds)
        alone += [other - rule.wakeSeconds, other]
      } else if let answered = alone.last, other > answered + rule.idleSeconds {
        alone += [other, other + rule.wakeSeconds]
      } else {
        alone.append(max(other, alone.last ?? other))
      }
      arrivals.append(other)
      last = other
    }
    let with = running(rule, (arrivals + probes).sorted(), from: start, to: end)
    return max(0, with - running(rule, alone, from: start, to: end))
  }

  private static func running(_ rule: SpinDown, _ moments: [Double], from start: Double, to end: Double) -> Double {
    var replay = SpinDown.Replay(SpinDown(idleSeconds: rule.idleSeconds, wakeSeconds: 0), from: start)
    for moment in moments { _ = replay.receive(at: moment) }
    return replay.runningSeconds(until: end)
  }

  /// One poll of `/robots.txt`.
  package struct Poll: Sendable, Equatable {
    package var at: Double
    /// The app answered.
    package var isAwake: Bool

    package init(at: Double, isAwake: Bool) {
      self.at = at
      self.isAwake = isAwake
    }
  }

  /// What polls say of a service whose other requests are not known.
  package struct PollModel: Sendable, Equatable {
    /// The running share without the monitor, 0...1. Polls further apart than the idle time don't see each other, so
    /// that their awake share is that of a service that nobody polls.
    package var naturalShare: Double
    /// Running seconds that the polls added.
    package var caused: Double
  }

  /// Nil without polls.
  ///
  /// Within an hour of the day, requests are taken as a Poisson stream of rate λ, so that a poll finds the app awake
  /// with probability r = 1 − e^{−λT}: λ follows from r. An awake poll at p keeps the app up to p + T; s later it would
  /// have slept without it with probability e^{−λT}(1 − e^{−λs}) / (1 − e^{−λT}) (a request in the idle time before p,
  /// none in the idle time before p + s), which adds, over 0 < s < T, T·e^{−μ}(1 − (1 − e^{−μ})/μ) / (1 − e^{−μ})
  /// with μ = λT.
  ///
  /// - Parameter day: seconds of a day, shorter where clocks were shortened.
  package static func modelled(_ polls: [Poll], idle: Double, day: Double = 86_400) -> PollModel? {
    guard !polls.isEmpty, idle > 0, day > 0 else { return nil }
    var counts = [(polls: Int, awake: Int)](repeating: (0, 0), count: 24)
    func hour(_ moment: Double) -> Int {
      let part = (moment / day).truncatingRemainder(dividingBy: 1)
      return min(23, max(0, Int(part * 24)))
    }
    for poll in polls {
      counts[hour(poll.at)].polls += 1
      counts[hour(poll.at)].awake += poll.isAwake ? 1 : 0
    }
    let caused = counts.reduce(0) { sum, hour in
      guard hour.awake > 0 else { return sum }
      // Half a poll asleep bounds the rate of an hour that was awake at every poll.
      let asleep = max(Double(hour.polls - hour.awake), 0.5) / Double(max(hour.polls, 1))
      return sum + Double(hour.awake) * added(-log(min(asleep, 1 - 1e-9))) * idle
    }
    return PollModel(naturalShare: Double(polls.count(where: \.isAwake)) / Double(polls.count), caused: caused)
  }

  /// The share of the idle time that one awake poll adds, for μ = λT.
  static func added(_ mu: Double) -> Double {
    guard mu > 1e-6 else { return 0.5 }
    let none = exp(-mu)
    return none * (1 - (1 - none) / mu) / (1 - none)
  }
}
