import Foundation
import Statistics
import Testing

@testable import Plans

@Suite struct SpinDownTests {
  private let rule = SpinDown(idleSeconds: 900, wakeSeconds: 60)

  @Test("the idle clock runs from the last request, and who comes while it wakes waits for the rest")
  func receptions() {
    var replay = SpinDown.Replay(rule, from: 0)
    #expect(replay.receive(at: 100) == .unknown)
    #expect(replay.receive(at: 1_000) == .warm)
    #expect(replay.receive(at: 1_901) == .cold)
    #expect(replay.receive(at: 1_941) == .waking(remainingSeconds: 20))
    #expect(replay.receive(at: 1_961) == .warm)
    #expect(replay.wakes == 1)
    #expect(replay.runningSeconds(until: 10_000) == (1_900 - 100) + (1_961 + 900 - 1_901))
  }

  @Test("a first request after a long silence is known to be cold")
  func firstIsCold() {
    var replay = SpinDown.Replay(rule, from: 0)
    #expect(replay.receive(at: 901) == .cold)
    #expect(replay.runningSeconds(until: 1_000) == 99)
  }

  @Test("for a constant rate the affected share is (1+λW)·e^−λT and the running share 1−e^−λT", arguments: [0.5, 2, 6])
  func closedForm(perHour: Double) {
    let rate = perHour / 3_600
    var generator = SeededGenerator(seed: 7)
    var replay = SpinDown.Replay(rule, from: 0)
    var now = 0.0
    var affected = 0
    let count = 200_000
    for _ in 0..<count {
      now += -log(1 - generator.unit()) / rate
      if replay.receive(at: now).isAffected { affected += 1 }
    }
    let share = Double(affected) / Double(count)
    let expected = (1 + rate * rule.wakeSeconds) * exp(-rate * rule.idleSeconds)
    // Four standard deviations of a count of independent renewals.
    let tolerance = 4 * (expected * (1 - expected) / Double(count)).squareRoot() * 1.5
    #expect(abs(share - expected) < tolerance, "\(share) where \(expected) was expected")
    let running = replay.runningSeconds(until: now) / now
    #expect(abs(running - (1 - exp(-rate * rule.idleSeconds))) < 0.01, "\(running)")
  }
}
