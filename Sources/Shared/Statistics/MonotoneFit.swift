/// The nearest values that don't rise, by weighted least squares: neighbours that do are put together until none does.
///
/// - Source: M. Ayer and others, Annals of Mathematical Statistics 26 (1955) 641–647, who fit shares so.
package enum MonotoneFit {
  /// - Parameters:
  ///   - values: in the order in which they are not to rise.
  ///   - weights: as many, above 0, such as how many trials a share is of.
  package static func notRising(_ values: [Double], weights: [Double]) -> [Double] {
    precondition(values.count == weights.count, "a weight for each value")
    var blocks: [(mean: Double, weight: Double, count: Int)] = []
    for (value, weight) in zip(values, weights) {
      var block = (mean: value, weight: weight, count: 1)
      while let last = blocks.last, last.mean < block.mean {
        blocks.removeLast()
        let sum = last.weight + block.weight
        block = ((last.mean * last.weight + block.mean * block.weight) / sum, sum, last.count + block.count)
      }
      blocks.append(block)
    }
    return blocks.flatMap { Array(repeating: $0.mean, count: $0.count) }
  }
}
