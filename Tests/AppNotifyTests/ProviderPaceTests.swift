import Testing

@testable import AppNotify

struct ProviderPaceTests {
  private static func failing(_ times: Int, at now: Duration, wish: Duration? = nil) -> ProviderPace {
    var pace = ProviderPace()
    for _ in 0..<times {
      _ = pace.admit(at: now)
      pace.settled(isAway: true, wish: wish, at: now, random: 0)
    }
    return pace
  }

  @Test("who fails five times in a row is left alone, then asked a little; each failure more makes the pause longer")
  func held() {
    var pace = Self.failing(4, at: .seconds(10))
    #expect(pace.hold(at: .seconds(10)) == nil && pace.most(8, within: .seconds(9)) == 8)
    pace = Self.failing(5, at: .seconds(10))
    #expect(pace.hold(at: .seconds(24)) == .seconds(25))
    #expect(pace.admit(at: .seconds(24)) == .held(until: .seconds(25)))
    #expect(pace.hold(at: .seconds(25)) == nil && pace.most(8, within: .seconds(9)) == 3)
    for _ in 0..<3 { #expect(pace.admit(at: .seconds(26)) == .from(.seconds(26))) }
    #expect(pace.admit(at: .seconds(26)) == .held(until: .seconds(26)), "three at a time")
    pace.settled(isAway: true, at: .seconds(27), random: 0)
    #expect(pace.hold(at: .seconds(27)) == .seconds(57))
    for number in 0..<9 {
      let end = pace.hold(at: .zero) ?? .zero
      _ = pace.admit(at: end)
      pace.settled(isAway: true, at: end, random: 0.999)
      #expect((pace.hold(at: end) ?? .zero) - end <= .seconds(120), "\(number)")
    }
    let end = pace.hold(at: .zero) ?? .zero
    #expect(pace.admit(at: end) == .from(end))
    pace.settled(isAway: false, at: end, random: 0)
    #expect(pace.isIdle && pace.hold(at: .zero) == nil && pace.most(8, within: .seconds(9)) == 8)
  }

  @Test("an answer about one message, or a success, breaks the row")
  func row() {
    var pace = ProviderPace()
    for number in 1...40 {
      _ = pace.admit(at: .zero)
      pace.settled(isAway: !number.isMultiple(of: 5), at: .zero, random: 0)
    }
    #expect(pace.hold(at: .zero) == nil)
  }

  @Test("who asks to be left alone longer is, up to a quarter of an hour")
  func wish() {
    #expect(Self.failing(5, at: .zero, wish: .seconds(300)).hold(at: .zero) == .seconds(300))
    #expect(Self.failing(5, at: .zero, wish: .seconds(1 << 40)).hold(at: .zero) == .seconds(900))
  }

  @Test("what was under way when the pause began makes it no longer")
  func batch() {
    #expect(Self.failing(8, at: .zero).hold(at: .zero) == .seconds(15))
  }

  @Test("one that was let through and then not sent lets the next one through")
  func leftAlone() {
    var pace = Self.failing(5, at: .zero)
    for _ in 0..<3 { #expect(pace.admit(at: .seconds(20)) == .from(.seconds(20))) }
    pace.leftAlone()
    #expect(pace.admit(at: .seconds(21)) == .from(.seconds(21)))
  }

  @Test("messages go no faster than at the rate, whenever they come", arguments: [0.5, 2.0, 30])
  func rate(rate: Double) {
    var pace = ProviderPace(rate: rate)
    var generator = SystemRandomNumberGenerator()
    var now = Duration.zero
    var slots: [Duration] = []
    for _ in 0..<500 {
      now += .milliseconds(Int64.random(in: 0...40, using: &generator))
      guard case .from(let slot) = pace.admit(at: now) else { continue }
      #expect(slot >= now)
      slots.append(slot)
    }
    #expect(slots.count == 500)
    for (first, second) in zip(slots, slots.dropFirst()) {
      #expect(second - first >= .seconds(1 / rate) - .nanoseconds(2))
    }
    #expect(pace.most(8, within: .seconds(2)) == max(1, min(8, Int(rate * 2))))
  }
}
