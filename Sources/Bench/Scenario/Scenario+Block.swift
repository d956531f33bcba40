import BenchVerdict
package import Terminal

extension Scenario {
  /// Its load for a while, steady from the end of a warm-up on, as blocks of a gate have it.
  /// - Parameter draw: which of several; each draws its arrivals and journeys anew, and the same for who is beside it.
  /// - Throws: `CommandFailure` where the load has no steady part.
  package func block(warmUp: Duration, measured: Duration, draw: Int) throws(CommandFailure) -> Scenario {
    func refuse(_ what: String) -> CommandFailure {
      CommandFailure(
        .invalidConfiguration,
        "\(file): \(what): a block repeats one steady load, so write users or rate without \(what)")
    }
    guard phases.isEmpty else { throw refuse("phases") }
    switch load.shape {
    case .userStages, .rateStages: throw refuse("stages")
    case .users, .rate: break
    }
    var block = steady(load.shape, warmUp: warmUp, measured: measured, draw: draw)
    for index in block.budgets.indices {
      block.budgets[index].budget.window = nil
      block.budgets[index].budget.abortAfter = nil
    }
    return block
  }

  /// The same journeys under one load that doesn't change once it has been reached.
  package func steady(_ shape: Load.Shape, warmUp: Duration, measured: Duration, draw: Int) -> Scenario {
    var steady = self
    steady.load.shape = shape
    steady.load.warmUp = warmUp
    steady.load.iterationLimit = nil
    steady.load.seed = load.seed &+ UInt64(draw)
    if case .users = shape {
      // All at once would be a crowd that no later second has.
      steady.load.ramp = warmUp
      steady.load.hold = measured
    } else {
      steady.load.ramp = .zero
      steady.load.hold = warmUp + measured
    }
    return steady
  }
}
