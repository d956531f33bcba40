import Foundation
import MonitorSleep
import Plans
import Statistics
import TestSupport
import Testing

@Suite struct CausedTimeTests {
  private let rule = SpinDown(idleSeconds: 900, wakeSeconds: 0)

  @Test("one visit and one poll t later add t, up to the idle time", arguments: [0.0, 1, 450, 899])
  func closedForm(delay: Double) {
    let caused = CausedTime.replayed(rule, others: [1_000], probes: [1_000 + delay], from: 0, to: 10_000)
    #expect(abs(caused - delay) < 1e-9)
  }

  @Test("a poll that is followed by a visit before the sleep adds nothing")
  func covered() {
    #expect(CausedTime.replayed(rule, others: [1_000, 1_600], probes: [1_200], from: 0, to: 10_000) == 0)
  }

  @Test("a request that found the service asleep came its wake time before its answer")
  func wake() {
    let rule = SpinDown(idleSeconds: 900, wakeSeconds: 30)
    // Asleep from 2,000 on without the poll; the visit of 2,500 was cold and is logged at 2,530 in both worlds.
    let cold = CausedTime.replayed(rule, others: [1_100, 2_530, 2_600], probes: [1_200], from: 0, to: 10_000)
    #expect(cold == 100)
    // Kept awake by the poll, the visit of 2,050 is warm; without it, it would have been cold, and answered at 2,080: the
    // service would have run for a wake longer, as an emulated one's event log shows.
    let spared = CausedTime.replayed(rule, others: [1_100, 2_050], probes: [1_200], from: 0, to: 10_000)
    #expect(spared == 20)
    // Who comes meanwhile is answered with it, and the idle clock runs from there.
    let together = CausedTime.replayed(rule, others: [1_100, 2_050, 2_060], probes: [1_200], from: 0, to: 10_000)
    #expect(together == 30)
  }

  @Test("the model's share of the idle time has the limits ½ for rare and 0 for frequent requests")
  func limits() {
    #expect(CausedTime.modelled([], idle: 900) == nil)
    let polls = { (awake: Int, asleep: Int) in
      (0..<awake).map { CausedTime.Poll(at: Double($0) * 86_400, isAwake: true) }
        + (0..<asleep).map { CausedTime.Poll(at: Double(awake + $0) * 86_400, isAwake: false) }
    }
    let rare = CausedTime.modelled(polls(1, 999), idle: 900)?.caused ?? 0
    #expect(abs(rare - 450) < 5)
    let frequent = CausedTime.modelled(polls(999, 1), idle: 900)?.caused ?? .infinity
    #expect(frequent / 999 < 2)
  }

  @Test(
    "for a Poisson stream the model is what a replay of it says", arguments: LongTests.cases([1.0, 0.3, 2.0], first: 1))
  func poisson(mu: Double) throws {
    var random = SeededGenerator(seed: 7)
    var moment = 0.0
    var visits: [Double] = []
    let end = 4_000_000.0
    while moment < end {
      moment += -log(1 - random.unit()) * 900 / mu
      visits.append(moment)
    }
    // Each poll alone, so that polls don't see each other, as polls further apart than the idle time don't.
    var replayed = 0.0
    var polls: [CausedTime.Poll] = []
    var index = 0
    for poll in stride(from: 5_000.0, to: end - 5_000, by: 960) {
      while index + 1 < visits.count, visits[index + 1] <= poll { index += 1 }
      let isAwake = visits[index] <= poll && poll - visits[index] < 900
      polls.append(CausedTime.Poll(at: poll, isAwake: isAwake))
      guard isAwake else { continue }
      let near = visits.filter { abs($0 - poll) < 4_000 }
      replayed += CausedTime.replayed(rule, others: near, probes: [poll], from: poll - 4_000, to: poll + 4_000)
    }
    let model = try #require(CausedTime.modelled(polls, idle: 900))
    #expect(abs(model.caused / replayed - 1) < 0.08, "\(model.caused) of \(replayed)")
    #expect(abs(model.naturalShare - (1 - exp(-mu))) < 0.03)
  }
}
