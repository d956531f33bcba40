import Evidence
import MonitorSleep
import Statistics
import TestSupport
import Testing

/// Whole days against a simulated platform, in virtual time.
@Suite struct SleepPropertyTests {
  private static let day = 86_400

  @Test("days and nights are followed within the stated delays, and the monitor wakes nobody", arguments: 1...6)
  func healthy(seed: Int) {
    var options = SimulatedService.Options()
    options.saysGoodbye = seed.isMultiple(of: 2)
    var watch = Watch(options, rules: SleepRules(), seed: UInt64(seed))
    var alone = SimulatedService(options, seed: UInt64(seed))
    watch.run(2 * Self.day)
    for _ in 0..<(2 * Self.day) { _ = alone.step() }
    #expect(watch.wrong.isEmpty, "\(watch.wrong)")
    #expect(watch.service.wakes == alone.wakes && watch.service.wakes > 15)
    #expect(watch.service.awakeSeconds == alone.awakeSeconds)
    #expect(watch.changes.count { $0.from == .asleep && $0.to == .waking } == watch.service.wakes)
    #expect(!watch.changes.contains { $0.to == .down })
  }

  @Test("killed, stopped and crashed at its start is DOWN, not ASLEEP", arguments: 1...6)
  func faults(seed: Int) {
    var options = SimulatedService.Options()
    options.saysGoodbye = seed.isMultiple(of: 2)
    var watch = Watch(options, rules: SleepRules(), seed: UInt64(seed))
    var random = SeededGenerator(seed: UInt64(seed))
    watch.run(3 * Self.day) { service, _ in
      let dice = random.unit()
      if dice < 1 / 20_000.0 {
        service.kill(restartAfter: 300 + 3_000 * random.unit())
      } else if dice < 2 / 20_000.0 {
        service.stop(restartAfter: 300 + 3_000 * random.unit())
      } else if dice < 3 / 20_000.0 {
        service.breakStarts(for: 1_800)
      }
    }
    #expect(watch.wrong.isEmpty, "\(watch.wrong)")
    #expect(watch.changes.contains { $0.to == .down })
  }

  @Test("without a URL the idle clock alone tells sleep from death", arguments: 1...4)
  func withoutProbes(seed: Int) {
    var options = SimulatedService.Options()
    options.saysGoodbye = true
    var watch = Watch(options, rules: SleepRules(canProbe: false), seed: UInt64(seed))
    var random = SeededGenerator(seed: UInt64(seed))
    // What dies within the time of one heartbeat of its sleep can't be told from sleep: kill it in its busy hours.
    watch.run(2 * Self.day) { service, _ in
      if service.truth == .running, random.unit() < 1 / 30_000.0 {
        service.visit()
        service.kill(restartAfter: 2_000)
      }
    }
    #expect(watch.probes == 0)
    #expect(watch.wrong.isEmpty, "\(watch.wrong)")
  }

  @Test("lost heartbeats cost a probe, never a false DOWN", arguments: 1...4)
  func loss(seed: Int) {
    var options = SimulatedService.Options()
    options.loss = 0.05
    var watch = Watch(options, rules: SleepRules(), seed: UInt64(seed))
    watch.run(2 * Self.day)
    #expect(!watch.changes.contains { $0.to == .down }, "\(watch.changes.filter { $0.to == .down })")
    #expect(watch.probes > 0)
  }

  @Test("polls of robots.txt follow sleep and death within a poll", arguments: 1...4)
  func robots(seed: Int) {
    var options = SimulatedService.Options()
    options.sendsHeartbeats = false
    var watch = Watch(options, rules: SleepRules(), sensor: .robots, seed: UInt64(seed))
    var random = SeededGenerator(seed: UInt64(seed))
    watch.run(2 * Self.day) { service, _ in
      if random.unit() < 1 / 40_000.0 { service.kill(restartAfter: 4_000) }
    }
    #expect(watch.wrong.isEmpty, "\(watch.wrong)")
  }

  @Test("what polls add, modelled from nothing but polls, is within 10 % of the truth over four weeks", .long)
  func caused() throws {
    var truth = 0.0
    var reported = 0.0
    var natural = 0.0
    var alone = 0.0
    for seed in 1...3 {
      var options = SimulatedService.Options()
      options.sendsHeartbeats = false
      options.rate = [1.0 / 300, 1.0 / 600, 1.0 / 1_200][seed % 3]
      var watch = Watch(options, rules: SleepRules(), sensor: .robots, seed: UInt64(seed))
      var without = SimulatedService(options, seed: UInt64(seed))
      watch.run(28 * Self.day)
      for _ in 0..<(28 * Self.day) { _ = without.step() }
      let model = try #require(CausedTime.modelled(watch.polls, idle: 900))
      truth += watch.service.awakeSeconds - without.awakeSeconds
      reported += model.caused
      natural += model.naturalShare
      alone += without.awakeSeconds / Double(28 * Self.day)
    }
    #expect(truth > 100_000)
    #expect(abs(reported / truth - 1) < 0.1, "\(reported) of \(truth)")
    #expect(abs(natural / alone - 1) < 0.05, "\(natural / 3) of \(alone / 3)")
  }
}
