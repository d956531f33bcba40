/// The loads that are tried again and again: each a share above the one below it; of users, who come whole, one more at least.
struct LoadLadder: Sendable {
  var step: Double
  var lowest: Double
  var highest: Double
  var isWhole: Bool

  /// - Returns: nil at the highest.
  func above(_ load: Double) -> Double? {
    guard load < highest else { return nil }
    return min(highest, isWhole ? max(load + 1, (load * step).rounded()) : load * step)
  }

  /// - Returns: nil at the lowest.
  func below(_ load: Double) -> Double? {
    guard load > lowest else { return nil }
    return max(lowest, isWhole ? min(load - 1, (load / step).rounded()) : load / step)
  }

  /// So many around one of them, in ascending order; fewer where there are no more.
  func rungs(_ count: Int, around centre: Double) -> [Double] {
    var rungs = [min(max(isWhole ? centre.rounded() : centre, lowest), highest)]
    while rungs.count < count {
      let before = rungs.count
      if let below = below(rungs[0]) { rungs.insert(below, at: 0) }
      if rungs.count < count, let above = above(rungs[rungs.count - 1]) { rungs.append(above) }
      if rungs.count == before { break }
    }
    return rungs
  }

  /// Further ones, as far from each other as `stride` rungs.
  func further(_ count: Int, from load: Double, stride: Int, by next: (Double) -> Double?) -> [Double] {
    var rungs: [Double] = []
    var load = load
    for _ in 0..<count {
      var hasMoved = false
      for _ in 0..<stride {
        guard let moved = next(load) else { break }
        load = moved
        hasMoved = true
      }
      if hasMoved { rungs.append(load) }
    }
    return rungs
  }
}
