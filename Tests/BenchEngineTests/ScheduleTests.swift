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

struct ArrivalCursorTests {
  private static let shapes: [[Workload.Stage]] = [
    [.init(duration: .seconds(60), target: 3, isStep: true)],
    [.init(duration: .seconds(2), target: 50_000, isStep: true)],
    [
      .init(duration: .zero, target: 10, isStep: true), .init(duration: .seconds(5), target: 1_000),
      .init(duration: .seconds(3), target: 7.5, isStep: true), .init(duration: .seconds(4), target: 0),
      .init(duration: .seconds(2), target: 0, isStep: true), .init(duration: .seconds(3), target: 300),
    ],
  ]

  private func all(_ cursor: ArrivalCursor) -> [UInt64] {
    var cursor = cursor
    var times: [UInt64] = []
    while let due = cursor.dueNanoseconds {
      times.append(due)
      cursor.advance()
    }
    return times
  }

  @Test("the workers' shares are the whole schedule, each arrival once", arguments: shapes, [Arrivals.even, .poisson])
  func shares(stages: [Workload.Stage], arrivals: Arrivals) {
    let schedule = ArrivalSchedule(stages)
    let whole = all(ArrivalCursor(schedule, arrivals, seed: 7))
    #expect(whole == whole.sorted())
    if arrivals == .even { #expect(whole.count == schedule.count) }
    for workers in [2, 3] {
      let parts = (0..<workers).map { all(ArrivalCursor(schedule, arrivals, seed: 7, first: $0, stride: workers)) }
      #expect(parts.flatMap { $0 }.sorted() == whole)
    }
  }

  @Test("the stages partition the arrivals by the integral of their rates", arguments: shapes)
  func partition(stages: [Workload.Stage]) {
    let times = all(ArrivalCursor(ArrivalSchedule(stages), .even, seed: 1))
    var start = 0.0
    var level = 0.0
    var integral = 0.0
    var counted = 0
    for stage in stages {
      let seconds = Double(stage.duration.components.seconds)
      let before = integral
      integral += seconds * (stage.isStep ? stage.target : (level + stage.target) / 2)
      let end = start + seconds
      let inside = times.count { Double($0) >= start * 1e9 - 0.5 && Double($0) < end * 1e9 - 0.5 }
      #expect(inside == Int((integral - 1e-6).rounded(.up)) - Int((before - 1e-6).rounded(.up)), "to \(stage.target)")
      counted += inside
      start = end
      level = stage.target
    }
    #expect(counted == times.count)
  }

  @Test("due times of random schedules rise, end with the schedule, and number its integral", arguments: 0..<200)
  func random(seed: UInt64) {
    func unit(_ index: UInt64) -> Double { RandomDraw.unit(seed: seed, index) }
    let stages = (0..<(1 + Int(unit(0) * 6))).map { index in
      let at = UInt64(index) * 4 + 1
      // From three in an hour to tens of thousands a second, and nothing in between now and then.
      let rate = unit(at) < 0.15 ? 0 : (unit(at + 1) * 17 - 7).exponential
      return Workload.Stage(
        duration: .milliseconds(Int64(unit(at + 2) * 900)), target: rate, isStep: unit(at + 3) < 0.5)
    }
    let schedule = ArrivalSchedule(stages)
    var level = 0.0
    var integral = 0.0
    for stage in stages {
      integral += Double(stage.duration.nanoseconds) / 1e9 * (stage.isStep ? stage.target : (level + stage.target) / 2)
      level = stage.target
    }
    #expect(abs(schedule.total - integral) <= 1e-9 * max(integral, 1))
    #expect(schedule.count == max(0, Int((schedule.total - 1e-6).rounded(.up))))
    let end = stages.reduce(0) { $0 + $1.duration.nanoseconds }
    var last: UInt64 = 0
    for index in 0..<schedule.count {
      let due = schedule.dueNanoseconds(index)
      #expect(due >= last && due <= end)
      last = due
    }
    let parts = (0..<3).flatMap { all(ArrivalCursor(schedule, .even, seed: 1, first: $0, stride: 3)) }
    #expect(parts.sorted() == (0..<schedule.count).map(schedule.dueNanoseconds))
  }

  @Test("three a second and 50,000 a second are exact to the nanosecond after a day")
  func exact() {
    for (rate, last) in [(3, 259_199), (50_000, 4_319_999_999)] {
      let schedule = ArrivalSchedule([.init(duration: .seconds(86_400), target: Double(rate), isStep: true)])
      #expect(schedule.count == rate * 86_400)
      for index in [0, 1, rate - 1, rate, rate * 43_200, last] {
        let (whole, rest) = index.quotientAndRemainder(dividingBy: rate)
        let exact = Double(whole) * 1e9 + (Double(rest) * 1e9 / Double(rate)).rounded()
        // A double holds a day to 15 ns.
        #expect(abs(Double(schedule.dueNanoseconds(index)) - exact) <= 16, "\(index) at \(rate)/s")
      }
    }
  }

  @Test("Poisson arrivals follow the rate: mean and variance of a second's count are it, and gaps are exponential")
  func poisson() {
    let rate = 40.0
    let schedule = ArrivalSchedule([.init(duration: .seconds(4_000), target: rate, isStep: true)])
    let times = all(ArrivalCursor(schedule, .poisson, seed: 11))
    var counts = [Int](repeating: 0, count: 4_000)
    for time in times { counts[Int(time / 1_000_000_000)] += 1 }
    let mean = Double(times.count) / 4_000
    let variance = counts.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 3_999
    // Four standard errors: √(40/4000) of the mean, about 40·√(2/4000) of the variance.
    #expect(abs(mean - rate) < 0.4)
    #expect(abs(variance - rate) < 3.6)
    let gaps = zip(times, times.dropFirst()).map { Double($1 - $0) / 1e9 * rate }
    // P(gap > 1 mean) = 1/e, and of 2 means 1/e²; four standard errors of 160,000 gaps are 0.005.
    #expect(abs(Double(gaps.count { $0 > 1 }) / Double(gaps.count) - 0.367_9) < 0.005)
    #expect(abs(Double(gaps.count { $0 > 2 }) / Double(gaps.count) - 0.135_3) < 0.005)
    #expect(times != all(ArrivalCursor(schedule, .poisson, seed: 12)))
    #expect(times == all(ArrivalCursor(schedule, .poisson, seed: 11)))
  }

  @Test("a Poisson ramp follows the integral of its rate")
  func poissonRamp() {
    let schedule = ArrivalSchedule([.init(duration: .seconds(100), target: 1_000)])
    let times = all(ArrivalCursor(schedule, .poisson, seed: 5))
    // ∫ to 50 s is a quarter of 50,000; four standard deviations are 450 and 900.
    #expect(abs(times.count { $0 < 50_000_000_000 } - 12_500) < 450)
    #expect(abs(times.count - 50_000) < 900)
  }
}

struct CompiledPauseTests {
  private func draws(_ time: ThinkTime) -> [Double] {
    let pause = CompiledPause(time)
    return (0..<40_000).map { Double(pause.draw(seed: 3, $0, 1)) / 1e9 }.sorted()
  }

  @Test("an exponential pause has its mean and median, a log-normal one its median and 95th percentile")
  func distributions() {
    let exponential = draws(.exponential(mean: .seconds(2)))
    #expect(abs(exponential.reduce(0, +) / 40_000 - 2) < 0.04)
    #expect(abs(exponential[20_000] - 2 * 0.693_1) < 0.05)
    let logNormal = draws(.logNormal(median: .seconds(2), p95: .seconds(8)))
    #expect(abs(logNormal[20_000] - 2) < 0.06)
    #expect(abs(logNormal[38_000] - 8) < 0.4)
    let uniform = draws(.uniform(.seconds(1), .seconds(3)))
    #expect(uniform[0] >= 1 && uniform[39_999] < 3 && abs(uniform[20_000] - 2) < 0.03)
    #expect(Set(draws(.constant(.seconds(1)))) == [1])
    #expect(CompiledPause(.none).isNone && CompiledPause(.constant(.zero)).isNone)
  }

  @Test("no pause is longer than an hour")
  func bounded() {
    #expect(draws(.exponential(mean: .seconds(3_600))).last == 3_600)
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

  @Test("10 users are users 0 to 9, also before and after a spike to 1,000")
  func spike() {
    let schedule = UserSchedule([
      .init(duration: .zero, target: 10, isStep: true), .init(duration: .seconds(5), target: 10, isStep: true),
      .init(duration: .seconds(5), target: 1_000), .init(duration: .seconds(5), target: 10, isStep: true),
    ])
    func active(at seconds: UInt64) -> Int { (0..<1_000).count { schedule.isActive($0, at: seconds * 1_000_000_000) } }
    #expect(schedule.peak == 1_000)
    #expect(active(at: 2) == 10)
    #expect(active(at: 12) == 10)
    #expect(schedule.nextStart(of: 9, after: 0) == 0)
    #expect(schedule.nextStart(of: 10, after: 0) == 5_000_000_000)
    #expect(schedule.nextStart(of: 505, after: 0).map { Int($0 / 1_000_000) } == 7_500)
    #expect(schedule.firstDecline == 10_000_000_000)
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

extension Double {
  /// e to the power of it, by squaring: the test owes nothing to the library.
  fileprivate var exponential: Double {
    var value = 1 + self / 1_048_576
    for _ in 0..<20 { value *= value }
    return value
  }
}
