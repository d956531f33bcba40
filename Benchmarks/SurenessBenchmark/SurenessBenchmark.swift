import Foundation
import Statistics

/// `SurenessBenchmark SEEDS [--gate]`: runs in virtual time whose requests of one second are alike, and how often the
/// interval of a budget's percentile holds the true one. `--gate` ends with 99 where a promise is not kept.
@main
struct SurenessBenchmark {
  /// Of the intervals; 95 % are meant.
  static let promised = 0.92
  static let correlation = 0.3

  struct Setting {
    var seconds: Int
    var requests: Int
    var quantile: Double
    /// How much of what befalls a second lasts into the next.
    var lasting = 0.0
    var isGated = true

    var text: String {
      "p(\(Int(quantile * 100))) of \(seconds) s of \(requests) requests, correlation \(correlation) within a second"
        + (lasting > 0 ? ", \(lasting) from one to the next" : "")
    }
  }

  private static func percent(_ count: Int, _ of: UInt64) -> String {
    String(format: "%.2f %%", Double(count) / Double(of) * 100)
  }

  static let settings: [Setting] = [
    .init(seconds: 10, requests: 50, quantile: 0.95), .init(seconds: 30, requests: 50, quantile: 0.95),
    .init(seconds: 60, requests: 20, quantile: 0.5), .init(seconds: 60, requests: 50, quantile: 0.95),
    .init(seconds: 60, requests: 100, quantile: 0.99), .init(seconds: 300, requests: 20, quantile: 0.95),
    .init(seconds: 60, requests: 50, quantile: 0.95, lasting: 0.5, isGated: false),
  ]

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let seeds = arguments.compactMap({ UInt64($0) }).first, seeds > 0 else {
      print("usage: SurenessBenchmark SEEDS [--gate]")
      exit(64)
    }
    var isKept = true
    for setting in settings {
      let begun = ContinuousClock.now
      var held = 0
      var heldBySamples = 0
      for seed in 1...seeds {
        let found = holds(setting, seed: seed)
        if found.bySeconds { held += 1 }
        if found.bySamples { heldBySamples += 1 }
      }
      let kept = !setting.isGated || Double(held) >= promised * Double(seeds)
      if !kept { isKept = false }
      let took = (ContinuousClock.now - begun).components.seconds
      print(
        (kept ? setting.isGated ? "ok     " : "       " : "MISSED ") + setting.text
          + ": held in \(held) of \(seeds), \(percent(held, seeds)) "
          + (setting.isGated ? "(at least \(Int(promised * 100)) %)" : "(not promised)")
          + "; by the number of samples alone \(percent(heldBySamples, seeds)); \(took) s")
    }
    if arguments.contains("--gate"), !isKept { exit(99) }
  }

  /// Whether the intervals of one run hold the truth: by its seconds, and by the ranks that so many samples leave in doubt
  /// when each is taken for itself.
  private static func holds(_ setting: Setting, seed: UInt64) -> (bySeconds: Bool, bySamples: Bool) {
    var source = Normal(seed: seed)
    var befell = source.next()
    let seconds = (0..<setting.seconds).map { _ in
      befell = setting.lasting * befell + (1 - setting.lasting * setting.lasting).squareRoot() * source.next()
      return (0..<setting.requests).map { _ in
        correlation.squareRoot() * befell + (1 - correlation).squareRoot() * source.next()
      }
    }
    let all = seconds.flatMap { $0 }.sorted()
    let truth = normalQuantile(setting.quantile)
    func holds(_ ranks: ClosedRange<Int>) -> Bool {
      (ranks.lowerBound < 1 || all[ranks.lowerBound - 1] <= truth)
        && (ranks.upperBound > all.count || truth <= all[ranks.upperBound - 1])
    }
    let rank = setting.quantile * Double(all.count)
    let doubt = 1.96 * (rank * (1 - setting.quantile)).squareRoot()
    let bySamples = holds(Int(rank - doubt)...Int((rank + doubt).rounded(.up)))
    let observed = all[max(0, Int(rank.rounded(.up)) - 1)]
    let blocks = seconds.map { second in
      ClusteredQuantile.Block(samples: second.count, below: second.count { $0 <= observed })
    }
    guard let found = ClusteredQuantile.ranks(of: setting.quantile, in: blocks) else { return (false, bySamples) }
    return (holds(found), bySamples)
  }

  private static func normalQuantile(_ probability: Double) -> Double {
    var low = -10.0
    var high = 10.0
    while high - low > 1e-12 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < probability { low = middle } else { high = middle }
    }
    return low
  }

  /// Normal numbers, two at a time.
  private struct Normal {
    var generator: SeededGenerator
    var spare: Double?

    init(seed: UInt64) { generator = SeededGenerator(seed: seed &* 7_919) }

    mutating func next() -> Double {
      if let spare {
        self.spare = nil
        return spare
      }
      let radius = (-2 * log(1 - generator.unit())).squareRoot()
      let angle = 2 * Double.pi * generator.unit()
      spare = radius * sin(angle)
      return radius * cos(angle)
    }
  }
}
