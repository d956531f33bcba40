import Testing

@testable import BenchEmulator

@Suite struct CPUPacerTests {
  /// A service that uses every core it is let on, looked at as often as the pacer asks, plus what a sleep overruns by.
  @Test(
    "the CPU time of a burner follows the quota",
    arguments: [(0.1, 1, 0.0), (0.1, 4, 0.002), (0.5, 2, 0.001), (1.0, 2, 0.003), (1.5, 2, 0.0005), (0.1, 1, 0.02)])
  func burner(cpu: Double, cores: Int, overrun: Double) {
    var pacer = CPUPacer(cpu: cpu, at: 0)
    var (now, used) = (0.0, 0.0)
    while now < 20 {
      let order = pacer.look(used: used, at: now)
      let pause = pacer.pause(cores: cores, at: now) + overrun
      if order == .run { used += pause * Double(cores) }
      now += pause
    }
    #expect(abs(used / now / cpu - 1) < 0.03, "\(used / now)")
    #expect((pacer.throttledShare ?? 0) > 0.5)
  }

  @Test("a service below its quota is never stopped")
  func modest() {
    var pacer = CPUPacer(cpu: 0.5, at: 0)
    for step in 0..<1_000 {
      let now = Double(step) * 0.01
      #expect(pacer.look(used: now * 0.4, at: now) == .run)
    }
    #expect(pacer.throttledShare == 0)
  }

  @Test("idle time buys no burst")
  func burst() {
    var pacer = CPUPacer(cpu: 0.1, at: 0)
    #expect(pacer.look(used: 0, at: 10) == .run)
    #expect(pacer.look(used: 0.009, at: 10.01) == .run)
    #expect(pacer.look(used: 0.0101, at: 10.02) == .stop)
  }

  @Test("what was used beyond the quota is paid back")
  func debt() {
    var pacer = CPUPacer(cpu: 0.1, at: 0)
    #expect(pacer.look(used: 0.035, at: 0.05) == .stop)
    #expect(pacer.look(used: 0.035, at: 0.11) == .stop)
    #expect(pacer.look(used: 0.035, at: 0.21) == .stop)
    #expect(pacer.look(used: 0.035, at: 0.31) == .run)
  }
}
