import BenchVerdict
package import Terminal

extension Scenario {
  /// Its load for a while, steady from the end of a warm-up on, as blocks of a gate have it.
  /// - Throws: `CommandFailure` where the load has no steady part.
  package func block(warmUp: Duration, measured: Duration) throws(CommandFailure) -> Scenario {
    func refuse(_ what: String) -> CommandFailure {
      CommandFailure(
        .invalidConfiguration,
        "\(file): \(what): a block repeats one steady load, so write users or rate without \(what)")
    }
    guard phases.isEmpty else { throw refuse("phases") }
    var block = self
    block.load.warmUp = warmUp
    block.load.iterationLimit = nil
    switch load.shape {
    case .userStages, .rateStages: throw refuse("stages")
    case .users:
      // All at once would be a crowd that no later second has.
      block.load.ramp = warmUp
      block.load.hold = measured
    case .rate:
      block.load.ramp = .zero
      block.load.hold = warmUp + measured
    }
    for index in block.budgets.indices {
      block.budgets[index].budget.window = nil
      block.budgets[index].budget.abortAfter = nil
    }
    return block
  }
}
