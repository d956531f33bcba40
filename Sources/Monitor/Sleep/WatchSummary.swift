package import Evidence
import Foundation
import Plans
import Statistics
import Wording

/// From what was seen to the report: pure.
package struct WatchSummary: Sendable {
  private let history: WatchHistory
  private var warnings: [String] = []

  package init(_ history: WatchHistory) { self.history = history }

  /// A span in one state.
  package struct Span: Sendable, Equatable {
    package var state: MonitorReport.State
    package var from: Double
    package var to: Double
  }

  package var spans: [Span] { Self.spans(history) }

  static func spans(_ history: WatchHistory) -> [Span] {
    var spans: [Span] = []
    var state = history.stateBefore
    var start = history.from
    for change in history.changes {
      let at = min(max(change.at, history.from), history.to)
      if at > start { spans.append(Span(state: state, from: start, to: at)) }
      state = change.to
      start = max(start, at)
    }
    if history.to > start { spans.append(Span(state: state, from: start, to: history.to)) }
    return spans
  }

  package func report(origin: Origin, build: BenchReport.Build) -> MonitorReport {
    var summary = self
    return summary.make(origin: origin, build: build)
  }

  private mutating func make(origin: Origin, build: BenchReport.Build) -> MonitorReport {
    let spans = spans
    var seconds = Dictionary(uniqueKeysWithValues: MonitorReport.State.allCases.map { ($0.rawValue, 0.0) })
    for span in spans { seconds[span.state.rawValue, default: 0] += span.to - span.from }
    let up = seconds["UP", default: 0]
    let down = seconds["DOWN", default: 0]
    let wakes = history.changes.count { $0.to == .waking && $0.from == .asleep }
    let caused = causedTime()
    let hours = instanceHours(spans, caused: caused)
    let affected = affectedShare()
    note(spans)
    return MonitorReport(
      origin: origin, outgrown: build, service: history.service, url: history.url, sensor: history.sensor.reported,
      from: UTCInstant(Date(timeIntervalSince1970: history.from)),
      to: UTCInstant(Date(timeIntervalSince1970: history.to)), timeScale: history.timeScale,
      secondsByState: seconds.mapValues(Self.rounded), uptime: up + down > 0 ? up / (up + down) : nil, wakes: wakes,
      wakeSeconds: wakeSeconds(), startSeconds: startSeconds(), affectedShare: affected.share,
      visits: affected.visits, affectedVisits: affected.hits, instanceHoursPerMonth: hours,
      causedSeconds: Self.rounded(caused.seconds), causedBasis: caused.basis, probes: history.samples.count,
      probesAnswered: history.samples.count { $0.sign == .alive },
      transitions: history.changes.map {
        MonitorReport.Transition(
          at: UTCInstant(Date(timeIntervalSince1970: $0.at)), from: $0.from, to: $0.to, cause: $0.cause,
          seenAt: UTCInstant(Date(timeIntervalSince1970: $0.seenAt)))
      },
      detectionDelays: DetectionDelays(history.rules, sensor: history.sensor).reported, warnings: warnings,
      memoryPeakBytes: history.memoryPeakBytes.flatMap { UInt64(exactly: $0) })
  }

  private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

  // MARK: What the monitor caused

  private struct Caused {
    var seconds: Double
    var basis: Estimate.Basis
    /// The running share without it, where polls are what told.
    var naturalShare: Double?
  }

  private mutating func causedTime() -> Caused {
    let alive = history.samples.filter { $0.sign == .alive || $0.sign == .waking }.map(\.at)
    guard let idle = history.rules.idle else { return Caused(seconds: 0, basis: .counted) }
    let polls = history.samples.compactMap { sample -> CausedTime.Poll? in
      sample.sign == .alive || sample.sign == .asleep
        ? CausedTime.Poll(at: sample.at, isAwake: sample.sign == .alive) : nil
    }
    if !history.requests.isEmpty {
      let wake = wakeSeconds()?.value
      if wake == nil, !alive.isEmpty {
        warnings.append("what a wake costs was not timed: `wake_time` in monitor.yaml states it")
      }
      let rule = SpinDown(idleSeconds: idle, wakeSeconds: wake ?? 0)
      let seconds = CausedTime.replayed(
        rule, others: history.requests.map(\.at), probes: alive, from: history.from, to: history.to)
      return Caused(seconds: seconds, basis: .counted)
    }
    guard !alive.isEmpty else { return Caused(seconds: 0, basis: .counted) }
    if history.sensor == .robots {
      guard history.rules.poll > idle else {
        warnings.append("polls closer together than the idle time keep the service awake: what they add is not known")
        return Caused(seconds: 0, basis: .modelled)
      }
      let model = CausedTime.modelled(polls, idle: idle, day: 86_400 / history.timeScale)
      warnings.append(
        "\(alive.count) of \(CountText.plural(polls.count, "poll")) of /robots.txt reached the app and reset its idle clock: what that "
          + "added is modelled (requests as a Poisson stream by hour of day); an access log would tell it exactly")
      return Caused(seconds: model?.caused ?? 0, basis: .modelled, naturalShare: model?.naturalShare)
    }
    let seconds = history.samples.reduce(0) { sum, sample in
      if sample.sign == .waking { return sum + idle + sample.totalSeconds }
      guard sample.sign == .alive else { return sum }
      return sum + min(idle, max(0, sample.at - (sample.clockStart ?? sample.at - idle)))
    }
    return Caused(seconds: seconds, basis: .modelled)
  }

  // MARK: Hours

  /// Running time is UP, WAKING and, where it was killed, not DOWN. Nil where nothing but the month's own length would
  /// bound it.
  private mutating func instanceHours(_ spans: [Span], caused: Caused) -> Estimate? {
    let day = 86_400 / history.timeScale
    var known: [Int: Double] = [:]
    var running: [Int: Double] = [:]
    for span in spans where span.state != .unknown {
      var start = span.from
      while start < span.to {
        let index = Int((start / day).rounded(.down))
        let end = min(span.to, Double(index + 1) * day)
        guard end > start else { break }
        known[index, default: 0] += end - start
        if span.state == .up || span.state == .waking { running[index, default: 0] += end - start }
        start = end
      }
    }
    let total = known.values.reduce(0, +)
    guard total > 0 else { return nil }
    let gross = running.values.reduce(0, +) / total
    let net = caused.naturalShare ?? max(0, gross - caused.seconds / total)
    // Only days that were watched for the most part speak for days.
    let shares = known.filter { $0.value > day / 2 }.map { running[$0.key, default: 0] / $0.value }
    let month = 730.0
    guard let spread = LongRun.mean(shares, limit: 1, basis: .measured) else {
      warnings.append("watched for less than two whole days: hours a month are not known yet")
      return nil
    }
    let shift = net - spread.value
    let lower = min(net, max(0, spread.lower + shift))
    let upper = max(net, min(1, spread.upper + shift))
    guard lower > 0 || upper < 1 else {
      warnings.append(
        "\(CountText.plural(shares.count, "day")) differ too much to say anything of a month: its hours are not known yet"
      )
      return nil
    }
    return Estimate(
      net * month, lower: lower * month, upper: upper * month,
      basis: caused.basis == .modelled ? .modelled : .measured)
  }

  // MARK: Visits

  private mutating func affectedShare() -> (share: Estimate?, visits: Int?, hits: Int?) {
    if !history.requests.isEmpty, let idle = history.rules.idle {
      // Those that were held back while it woke are answered, and logged, together with the one that woke it.
      let isWholeSeconds = history.requests.allSatisfy { $0.at.rounded() == $0.at }
      var replay = SpinDown.Replay(
        SpinDown(idleSeconds: idle, wakeSeconds: isWholeSeconds ? 1 : 0.25), from: history.from)
      let day = 86_400 / history.timeScale
      var days: [Int: (hits: Int, trials: Int)] = [:]
      for request in history.requests {
        let reception = replay.receive(at: request.at)
        guard request.isVisit, reception != .unknown else { continue }
        let index = Int((request.at / day).rounded(.down))
        days[index, default: (0, 0)].trials += 1
        if reception.isAffected { days[index, default: (0, 0)].hits += 1 }
      }
      return counted(Array(days.values))
    }
    guard !history.days.isEmpty else { return (nil, nil, nil) }
    return counted(history.days.map { (min($0.affected, $0.visits), $0.visits) })
  }

  private mutating func counted(_ days: [(hits: Int, trials: Int)]) -> (share: Estimate?, visits: Int?, hits: Int?) {
    let visits = days.reduce(0) { $0 + $1.trials }
    let share = LongRun.share(days)
    if share != nil, days.count < 5 {
      warnings.append(
        "the interval of affected visits is wide: \(CountText.plural(days.count, "day")) \(days.count == 1 ? "says" : "say") "
          + "little of how days differ")
    }
    return (share, visits, days.reduce(0) { $0 + $1.hits })
  }

  // MARK: Wakes

  /// Process start to first answer, as heartbeats tell it.
  private func startSeconds() -> Estimate? {
    let starts = history.boots.filter(\.isWake).compactMap { boot in boot.readyAt.map { max(0, $0 - boot.startedAt) } }
    return Self.quartiles(starts)
  }

  /// Timed by probes that were held while the service woke; else as the owner states it.
  private func wakeSeconds() -> Estimate? {
    Self.quartiles(history.samples.filter { $0.sign == .waking && $0.status == 200 }.map(\.totalSeconds))
      ?? history.rules.wake.map { Estimate(exactly: $0, basis: .assumed) }
  }

  /// The median, between the quantiles of its binomial interval: of few values, the least and the largest.
  static func quartiles(_ values: [Double]) -> Estimate? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let count = Double(sorted.count)
    let half = 0.98 * count.squareRoot()
    let lower = sorted[max(0, Int((count / 2 - half).rounded(.down)))]
    let upper = sorted[min(sorted.count - 1, Int((count / 2 + half).rounded(.up)))]
    return Estimate(
      rounded(sorted[sorted.count / 2]), lower: rounded(lower), upper: rounded(max(upper, sorted[sorted.count / 2])),
      basis: .measured)
  }

  private mutating func note(_ spans: [Span]) {
    let span = history.to - history.from
    let unknown = spans.filter { $0.state == .unknown }.reduce(0) { $0 + $1.to - $1.from }
    if span > 0, unknown > span / 100 {
      warnings.append("the state was unknown for \(Int((unknown / span * 100).rounded())) % of the time")
    }
    if history.sensor == .heartbeats, wakeSeconds() == nil, !history.boots.filter(\.isWake).isEmpty {
      warnings.append(
        "heartbeats tell how long the app takes to start, not what the platform takes before: wake_s is null")
    }
  }
}

extension SleepInference.Sensor {
  package var reported: MonitorReport.Sensor {
    switch self {
    case .heartbeats: .heartbeats
    case .accessLog: .accessLog
    case .robots: .robots
    case .health: .health
    }
  }
}

extension DetectionDelays {
  package var reported: MonitorReport.DetectionDelays {
    func known(_ value: Double) -> Double? { value.isFinite ? value : nil }
    return MonitorReport.DetectionDelays(
      asleepAnnounced: known(asleepAnnounced), asleepSilent: known(asleepSilent), awake: known(awake),
      recovered: known(recovered), died: known(died), failedWake: known(failedWake), stopped: known(stopped),
      suspended: known(suspended))
  }
}
