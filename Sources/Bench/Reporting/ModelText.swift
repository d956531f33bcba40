import BenchEngine
import Evidence
import Wording

/// A load model in words: `closed: 0 to 120 users in 10 s, 120 for 30 s · seed 1`.
enum ModelText {
  /// Longer lists of stages are told by their number and peak.
  private static let shownStages = 4

  static func line(_ model: ScenarioSummary.Model, seed: UInt64, thinkTimes: [String]?) -> String {
    switch model.kind {
    case .users:
      var parts = ["closed: " + stages(model, noun: "user")]
      if let count = model.iterations { parts.append("at most \(FigureText.plural(count, "iteration"))") }
      if let count = model.iterationsPerUser {
        parts.append("at most \(FigureText.plural(count, "iteration")) a user")
      }
      if let pacing = model.pacing { parts.append("paced \(pacing)") }
      return (parts + [thinking(thinkTimes), "seed \(seed)"].compactMap(\.self)).joined(separator: " · ")
    case .rate:
      let arrivals = model.arrivals.map { arrivals in
        arrivals == .poisson ? "Poisson arrivals" : isConstant(model) ? "constant arrivals" : "arrivals"
      }
      var parts = ["open: " + [arrivals, stages(model, noun: nil)].compactMap(\.self).joined(separator: ", ")]
      if let most = model.maxInFlight {
        let overflow = model.overflow.map { $0 == .drop ? ", the rest dropped" : ", the rest wait" } ?? ""
        parts.append("at most \(FigureText.count(UInt64(clamping: most))) in flight\(overflow)")
      }
      return (parts + [thinking(thinkTimes), "seed \(seed)"].compactMap(\.self)).joined(separator: " · ")
    case .phases: return [thinking(thinkTimes)].compactMap(\.self).joined()
    }
  }

  private static func thinking(_ times: [String]?) -> String? {
    guard let times else { return nil }
    if times.isEmpty { return "no think time" }
    return "think \(times.prefix(2).joined(separator: ", "))" + (times.count > 2 ? ", …" : "")
  }

  /// One rate from beginning to end.
  private static func isConstant(_ model: ScenarioSummary.Model) -> Bool {
    var level = 0.0
    var rates: Set<Double> = []
    for stage in model.stages {
      if stage.durationSeconds > 0 {
        guard stage.isStep || stage.target == level else { return false }
        rates.insert(stage.target)
      }
      level = stage.target
    }
    return rates.count == 1
  }

  /// - Parameter noun: of what there are so many; nil for arrivals a second.
  private static func stages(_ model: ScenarioSummary.Model, noun: String?) -> String {
    // A stage of no time only says where the next begins.
    let real = model.stages.filter { $0.durationSeconds > 0 }
    guard real.count <= shownStages else {
      return "\(real.count) stages, at most \(amount(model.stages.map(\.target).max() ?? 0, noun))"
    }
    var level = 0.0
    var parts: [String] = []
    for stage in model.stages {
      if stage.durationSeconds > 0 {
        let time = FigureText.seconds(stage.durationSeconds)
        let isFlat = stage.isStep || stage.target == level
        parts.append(
          isFlat
            ? "\(amount(stage.target, noun)) for \(time)"
            : "\(number(level)) to \(amount(stage.target, noun)) in \(time)")
      }
      level = stage.target
    }
    return parts.joined(separator: ", ")
  }

  private static func amount(_ value: Double, _ noun: String?) -> String {
    guard let noun else { return number(value) + "/s" }
    return "\(number(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  private static func number(_ value: Double) -> String {
    FigureText.rate(value).replacing(/\.0+$/, with: "")
  }
}

extension ThinkTime {
  /// `1 s to 3 s`, `exponential with mean 2 s`; nil without a pause.
  var text: String? {
    switch self {
    case .none: nil
    case .constant(let time): DurationText.format(time)
    case .uniform(let least, let most): "\(DurationText.format(least)) to \(DurationText.format(most))"
    case .exponential(let mean): "exponential with mean \(DurationText.format(mean))"
    case .logNormal(let median, let p95):
      "log-normal with median \(DurationText.format(median)), p95 \(DurationText.format(p95))"
    }
  }
}
