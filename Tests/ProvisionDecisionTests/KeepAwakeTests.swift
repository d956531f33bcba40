import Foundation
import Plans
import Statistics
import Testing

@testable import ProvisionDecision

@Suite struct KeepAwakeTests {
  @Test("the closed form is what the idle clock does to pings drawn one by one", arguments: [0.05, 0.1, 0.4])
  func pings(miss: Double) {
    let model = PingModel(everySeconds: 600, miss: miss)
    var generator = SeededGenerator(seed: 9)
    var replay = SpinDown.Replay(SpinDown(idleSeconds: 900, wakeSeconds: 40), from: 0)
    var affected = 0
    var visits = 0
    // A visit about every three hours, pings between them.
    var visit = 5_000.0
    let pings = 120_000
    for ping in 0..<pings {
      let at = Double(ping) * 600
      while visit < at {
        if replay.receive(at: visit).isAffected { affected += 1 }
        visits += 1
        visit += 9_000 + 3_600 * generator.unit()
      }
      if generator.unit() >= miss { _ = replay.receive(at: at) }
    }
    let expected = model.silent(for: 900) + model.waking(idle: 900, wake: 40)
    let share = Double(affected) / Double(visits)
    let error = 4 * (expected / Double(visits)).squareRoot()
    #expect(abs(share - expected) < error, "\(share) where \(expected) was expected")
  }

  @Test("no ping fails: asleep never; every ping fails: asleep as without")
  func extremes() {
    #expect(PingModel(everySeconds: 600, miss: 0).silent(for: 900) == 0)
    #expect(PingModel(everySeconds: 600, miss: 1).silent(for: 900) == 1)
    #expect(PingModel(everySeconds: 600, miss: 0.1).silent(for: 0) == 1)
    #expect(abs(PingModel(everySeconds: 600, miss: 0.1).silent(for: 900) - 0.055) < 1e-12)
  }

  @Test(
    "duty hours overlap a silence in part, over midnight too",
    arguments: [
      (7, 22, 7.0, 0.0), (7, 22, 7.1, 360), (7, 22, 12, 900), (7, 22, 22.2, 180), (0, 6, 0.1, 360), (6, 24, 0.1, 540),
    ])
  func overlap(from: Int, to: Int, hour: Double, expected: Double) {
    let overlap = KeepAwake.duty(from: from, to: to).overlap(before: hour * 3_600, window: 900)
    #expect(abs(overlap - expected) < 1e-6, "\(overlap)")
  }
}
