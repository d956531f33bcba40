import Testing

@testable import BenchEngine

struct ArrivalScheduleTests {
  private func stage(_ seconds: Double, _ target: Double, step: Bool = false) -> Workload.Stage {
    .init(duration: .milliseconds(Int64(seconds * 1_000)), target: target, isStep: step)
  }

  @Test("a constant rate starts at 0 and keeps to index ÷ rate", arguments: [3.0, 7, 1_000, 50_000])
  func constant(rate: Double) {
    let schedule = ArrivalSchedule([stage(3_600, rate, step: true)])
    #expect(schedule.count == Int(rate * 3_600))
    for index in [0, 1, 2, schedule.count / 3, schedule.count - 1] {
      #expect(schedule.dueNanoseconds(index) == UInt64((Double(index) / rate * 1e9).rounded()))
    }
  }

  @Test("a ramp of 0→1/s over 5 s fires at √(2·5·n) s")
  func ramp() {
    let schedule = ArrivalSchedule([stage(5, 1)])
    #expect(schedule.count == 3)
    for index in 0..<3 {
      #expect(schedule.dueNanoseconds(index) == UInt64(((10 * Double(index)).squareRoot() * 1e9).rounded()))
    }
  }

  @Test(
    "due times rise, and their count is the integral of the rate",
    arguments: [
      [(0.3, 5.0, true), (0.3, 5, true)], [(2, 100, false), (3, 100, true), (1, 0, false)],
      [(1, 0, true), (1, 10, true)], [(1, 10, true), (1, 0, true), (1, 10, true)], [(0.7, 1.5, false)],
    ])
  func integral(stages: [(Double, Double, Bool)]) {
    let schedule = ArrivalSchedule(stages.map { stage($0.0, $0.1, step: $0.2) })
    var rate = 0.0
    var integral = 0.0
    for (seconds, target, isStep) in stages {
      integral += seconds * (isStep ? target : (rate + target) / 2)
      rate = target
    }
    #expect(schedule.count == Int((integral - 1e-6).rounded(.up)))
    let due = (0..<schedule.count).map(schedule.dueNanoseconds)
    #expect(due == due.sorted())
    #expect(due.allSatisfy { Double($0) <= stages.reduce(0) { $0 + $1.0 } * 1e9 })
  }

  @Test("fractions carry from one stage into the next")
  func fractions() {
    // 1.5 arrivals in the first stage: the third is due half an arrival into the second.
    let schedule = ArrivalSchedule([stage(0.5, 3, step: true), stage(1, 1, step: true)])
    #expect(schedule.dueNanoseconds(2) == 1_000_000_000)
  }
}

struct UserScheduleTests {
  private let ramp = UserSchedule([
    .init(duration: .seconds(10), target: 120), .init(duration: .seconds(30), target: 120),
  ])

  @Test("a ramp of 120 users in 10 s starts user k at k ÷ 12 s")
  func starts() {
    for user in 0..<120 {
      #expect(ramp.nextStart(of: user, after: 0) == UInt64((Double(user) / 12 * 1e9).rounded(.up)))
    }
    #expect(ramp.nextStart(of: 120, after: 0) == nil)
  }

  @Test("a start is a time at which the user is active: a wake-up never leads to itself")
  func startsAreActive() {
    for users in [1, 3, 7, 119, 1_000, 19_000] {
      for seconds in [1, 3, 10, 61] {
        let schedule = UserSchedule([
          .init(duration: .seconds(seconds), target: Double(users)),
          .init(duration: .seconds(5), target: Double(users)), .init(duration: .seconds(4), target: 0),
        ])
        for user in stride(from: 0, to: users, by: max(users / 97, 1)) {
          let start = schedule.nextStart(of: user, after: 0)
          #expect(start.map { schedule.isActive(user, at: $0) } == true, "user \(user) of \(users) in \(seconds) s")
        }
      }
    }
  }

  @Test("a falling number retires the highest users first, and none returns")
  func falls() {
    let schedule = UserSchedule([
      .init(duration: .seconds(1), target: 10, isStep: true), .init(duration: .seconds(10), target: 0),
    ])
    #expect(schedule.peak == 10)
    #expect(schedule.firstDecline == 1_000_000_000)
    #expect(schedule.isActive(9, at: 500_000_000))
    #expect(!schedule.isActive(9, at: 3_000_000_000))
    #expect(schedule.isActive(2, at: 3_000_000_000))
    #expect(schedule.nextStart(of: 9, after: 3_000_000_000) == nil)
  }
}

struct TimerHeapTests {
  @Test("entries come out in order of time")
  func order() {
    var heap = TimerHeap(capacity: 2)
    for index in 0..<1_000 {
      heap.push(.init(time: RandomDraw.bits(seed: 1, UInt64(index)) % 500, slot: Int32(index), purpose: .wake))
    }
    var last: UInt64 = 0
    var count = 0
    while heap.count > 0 {
      let entry = heap.pop()
      #expect(entry.time >= last)
      last = entry.time
      count += 1
    }
    #expect(count == 1_000)
    #expect(heap.earliest == .max)
  }

  @Test("the same seed and coordinates draw the same number, uniformly")
  func draws() {
    #expect(RandomDraw.bits(seed: 7, 1, 2) == RandomDraw.bits(seed: 7, 1, 2))
    #expect(RandomDraw.bits(seed: 7, 1, 2) != RandomDraw.bits(seed: 7, 2, 1))
    let mean = (0..<10_000).reduce(0.0) { $0 + RandomDraw.unit(seed: 3, UInt64($1)) } / 10_000
    #expect((0.48...0.52).contains(mean))
  }
}
