import Glibc

/// A pause as the hot path wants it: plain numbers, drawn without state.
struct CompiledPause {
  private enum Kind: UInt8 { case none, constant, uniform, exponential, logNormal }

  /// No draw is longer, in nanoseconds: the tails of exponential and log-normal pauses have no end of their own.
  static let longest: UInt64 = 3_600_000_000_000

  private var kind = Kind.none
  /// Nanoseconds: the constant, or the least of a range.
  private var base: UInt64 = 0
  /// Nanoseconds: a range's width, the mean, or the median.
  private var scale = 0.0
  /// Of the pause's natural logarithm.
  private var deviation = 0.0

  init(_ time: ThinkTime) {
    switch time {
    case .none: break
    case .constant(let pause):
      kind = pause > .zero ? .constant : .none
      base = pause.nanoseconds
    case .uniform(let least, let most):
      base = least.nanoseconds
      scale = Double(max(least.nanoseconds, most.nanoseconds) - least.nanoseconds)
      kind = scale > 0 ? .uniform : base > 0 ? .constant : .none
    case .exponential(let mean):
      scale = Double(mean.nanoseconds)
      kind = scale > 0 ? .exponential : .none
    case .logNormal(let median, let p95):
      scale = Double(median.nanoseconds)
      // The 95th percentile of the standard normal distribution.
      deviation = log(max(Double(p95.nanoseconds) / max(scale, 1), 1)) / 1.644_853_626_951_472_7
      kind = scale > 0 ? .logNormal : .none
    }
  }

  var isNone: Bool { kind == .none }

  /// Nanoseconds; the same for the same seed and coordinates.
  @inline(__always)
  func draw(seed: UInt64, _ first: UInt64, _ second: UInt64) -> UInt64 {
    if kind == .none { return 0 }
    if kind == .constant { return base }
    return drawAnew(seed: seed, first, second)
  }

  @inline(never)
  private func drawAnew(seed: UInt64, _ first: UInt64, _ second: UInt64) -> UInt64 {
    let unit = RandomDraw.unit(seed: seed, first, second)
    switch kind {
    case .none, .constant: return base
    case .uniform: return base + UInt64(scale * unit)
    case .exponential: return Self.bounded(-scale * log1p(-unit))
    case .logNormal:
      // Box and Muller's transform; `log1p` keeps the argument off 0.
      let other = RandomDraw.unit(seed: seed ^ 0x6E6F_726D_616C_0000, first, second)
      let normal = (-2 * log1p(-unit)).squareRoot() * cos(2 * .pi * other)
      return Self.bounded(scale * exp(deviation * normal))
    }
  }

  private static func bounded(_ nanoseconds: Double) -> UInt64 {
    nanoseconds < Double(longest) ? UInt64(max(nanoseconds, 0)) : longest
  }
}
