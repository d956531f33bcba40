import Evidence
import Statistics
import Terminal
import Testing

@testable import BenchCapacity

/// The whole course in virtual time: a service that is a function of the load.
@Suite struct CapacityCourseTests {
  private static let budgets: Set<String> = ["response_time: p(95) < 100ms", "failed: rate < 1%"]

  private func outcome(holds: Bool) -> LoadTrial.Outcome {
    var outcome = LoadTrial.Outcome(holds: holds, broken: holds ? [] : ["response_time: p(95) < 100ms was 812 ms"])
    outcome.p95Milliseconds = holds ? 12 : 812
    outcome.measuredSeconds = 6
    return outcome
  }

  /// - Parameter seconds: how long a trial takes, and all of them may.
  private func course(
    _ unit: CapacityReport.Unit = .arrivalsPerSecond, start: Double = 20, highest: Double = 5_000, seed: UInt64 = 1,
    rounds: Int = 3,
    seconds: (trial: Double, most: Double) = (7, .infinity),
    _ perform: (CapacityCourse.Trial) -> LoadTrial.Outcome
  ) -> CapacityCourse {
    var settings = CapacityCourse.Settings(unit: unit, start: start, highest: highest, seed: seed)
    settings.rounds = rounds
    var course = CapacityCourse(settings)
    var elapsed = 0.0
    while let trial = course.next, course.trials.count < 500 {
      guard elapsed + seconds.trial <= seconds.most else {
        course.end(.timeRanOut)
        break
      }
      elapsed += seconds.trial
      course.record(perform(trial), budgets: Self.budgets)
    }
    #expect(course.trials.count < 500)
    return course
  }

  @Test(
    "a sharp limit is found within a step, and lies within the interval",
    arguments: [0.8, 3, 17, 120, 412, 999, 4_700])
  func sharp(limit: Double) throws {
    for seed in 1...5 {
      let course = course(seed: UInt64(seed)) { outcome(holds: $0.load <= limit) }
      let conclusion = course.conclusion
      let capacity = try #require(conclusion.capacity)
      #expect(conclusion.outcome == .found && conclusion.exitStatus == .pass)
      #expect(capacity.value <= limit && capacity.value * 1.0301 > limit)
      #expect(capacity.lower == capacity.value)
      #expect(try #require(capacity.upper) > limit)
      #expect(course.trials.count < 40)
      #expect(conclusion.reason.contains("response_time: p(95) < 100ms was 812 ms"))
      #expect(conclusion.warnings.isEmpty)
    }
  }

  @Test(
    "a blurred limit is found within 5 % nearly always; its interval encloses it the more often the more rounds there are",
    arguments: [(rounds: 3, enclosing: 85, trials: 100), (rounds: 6, enclosing: 95, trials: 200)])
  func blurred(rounds: Int, enclosing: Int, trials: Int) throws {
    var random = SeededGenerator(seed: 11)
    let limit = 300.0
    let runs = 400
    var (near, enclosed, most) = (0, 0, 0)
    for seed in 1...runs {
      // A trial of a load within about 2 % of the limit holds or not by chance.
      let course = course(seed: UInt64(seed), rounds: rounds) { trial in
        let noise = (random.unit() + random.unit() + random.unit() - 1.5) * 0.04
        return outcome(holds: trial.load <= limit * (1 + noise))
      }
      let capacity = try #require(course.conclusion.capacity)
      if abs(capacity.value / limit - 1) <= 0.05 { near += 1 }
      if capacity.lower <= limit, limit <= capacity.upper ?? .infinity { enclosed += 1 }
      most = max(most, course.trials.count)
    }
    #expect(near >= runs * 99 / 100, "\(near)")
    #expect(enclosed >= runs * enclosing / 100, "\(enclosed)")
    #expect(most <= trials, "\(most)")
  }

  @Test("users come whole: the very number is found", arguments: [1, 2, 3, 7, 16, 33, 240])
  func users(limit: Int) throws {
    let course = course(.users, start: 10) { trial in
      #expect(trial.load == trial.load.rounded() && trial.load >= 1)
      return outcome(holds: trial.load <= Double(limit))
    }
    let capacity = try #require(course.conclusion.capacity)
    #expect(Int(capacity.value) <= limit && Int((capacity.value * 1.03).rounded(.up)) >= limit)
    #expect(Int(capacity.upper ?? 0) > limit)
    if limit <= 16 { #expect(Int(capacity.value) == limit) }
  }

  @Test("a service that holds nothing gives 99 and says which budget broke")
  func nothing() {
    let conclusion = course { _ in outcome(holds: false) }.conclusion
    #expect(conclusion.outcome == .nothingHeld && conclusion.exitStatus == .notMet && conclusion.capacity == nil)
    #expect(conclusion.reason == "at 0.5/s response_time: p(95) < 100ms was 812 ms")
    let users = course(.users) { _ in outcome(holds: false) }.conclusion
    #expect(users.reason.hasPrefix("at 1 user response_time"))
  }

  @Test("the highest load that was asked for is a lower bound")
  func highest() {
    let course = course(highest: 500) { _ in outcome(holds: true) }
    let conclusion = course.conclusion
    #expect(conclusion.outcome == .atLeast && conclusion.exitStatus == .pass)
    #expect(conclusion.capacity == .init(value: 500, lower: 500, upper: nil))
    #expect(course.trials.allSatisfy { $0.load <= 500 })
  }

  @Test("a budget without a sample gives 98, before the rounds where it never had one")
  func unseen() {
    let budget = "response_time{step:b}: p(95) < 1s"
    var course = CapacityCourse(.init(unit: .arrivalsPerSecond, start: 20, highest: 5_000, seed: 1))
    while let trial = course.next {
      var outcome = outcome(holds: trial.load <= 100)
      outcome.unseen = [budget]
      course.record(outcome, budgets: Self.budgets.union([budget]))
    }
    #expect(course.conclusion.outcome == .noData && course.conclusion.exitStatus == .noData)
    #expect(course.conclusion.reason.contains(budget))
    #expect(course.trials.allSatisfy { $0.stage != .confirm })
  }

  @Test("a step that looks did not draw, and rounds did, is seen")
  func seenLate() {
    var course = CapacityCourse(.init(unit: .arrivalsPerSecond, start: 20, highest: 5_000, seed: 1))
    while let trial = course.next {
      var outcome = outcome(holds: trial.load <= 100)
      if trial.stage == .look { outcome.unseen = ["failed: rate < 1%"] }
      course.record(outcome, budgets: Self.budgets)
    }
    #expect(course.conclusion.outcome == .found)
  }

  @Test("what nobody answered gives 96, what could not be offered 97")
  func neither() {
    var silent = outcome(holds: false)
    silent.neverAnswered = true
    #expect(course { _ in silent }.conclusion.exitStatus == .targetNeverAnswered)
    let bound = course { trial in
      var outcome = outcome(holds: trial.load < 700)
      if trial.load >= 700 { outcome.generatorBound = "a worker was busy" }
      return outcome
    }.conclusion
    #expect(bound.outcome == .generatorBound && bound.exitStatus == .generatorBound)
    #expect((bound.capacity?.value ?? 0) > 600 && bound.capacity?.upper == nil)
    #expect(bound.reason.contains("a worker was busy"))
  }

  @Test("a generator that failed once is asked again")
  func once() {
    var failed: Set<Double> = []
    let conclusion = course { trial in
      var outcome = outcome(holds: trial.load <= 200)
      if trial.stage == .confirm, outcome.holds, failed.insert(trial.load).inserted {
        outcome.holds = false
        outcome.generatorBound = "the host stood still"
      }
      return outcome
    }.conclusion
    #expect(conclusion.outcome == .found && conclusion.capacity?.upper != nil)
  }

  @Test("trials that broke while the machine stood still are made again, twice at most")
  func disturbed() throws {
    var random = SeededGenerator(seed: 5)
    let noisy = course { trial in
      let isStill = random.unit() < 0.2
      var outcome = outcome(holds: trial.load <= 300 && !isStill)
      outcome.isDisturbed = isStill
      return outcome
    }
    let capacity = try #require(noisy.conclusion.capacity)
    #expect(capacity.value <= 300 && capacity.value > 290 && capacity.lower == capacity.value)
    #expect(noisy.conclusion.warnings.contains { $0.contains("made again") })
    let always = course { trial in
      var outcome = outcome(holds: trial.load <= 300)
      outcome.isDisturbed = !outcome.holds
      return outcome
    }
    #expect(try #require(always.conclusion.capacity?.upper) > 300, "what always breaks so is the service's")
  }

  @Test("time that runs out widens the interval and is said", arguments: [30.0, 60, 100, 150])
  func time(most: Double) throws {
    let limit = 300.0
    let course = course(seconds: (7, most)) { outcome(holds: $0.load <= limit) }
    let conclusion = course.conclusion
    #expect(conclusion.warnings.contains { $0.hasPrefix("time ran out") })
    #expect(Double(course.trials.count) * 7 <= most)
    guard let capacity = conclusion.capacity else {
      #expect(conclusion.outcome == .undecided && conclusion.exitStatus == .noData)
      return
    }
    #expect(capacity.lower <= limit && (capacity.upper ?? .infinity) > limit && capacity.value <= limit)
    // Nothing rests on one trial.
    if course.trials.count(where: { $0.stage == .confirm }) < 5 {
      #expect(capacity.lower == 0 && capacity.upper == nil)
    }
  }

  @Test("a service that is slower in the rounds than in the search is followed down")
  func drift() throws {
    let course = course { trial in outcome(holds: trial.load <= (trial.stage == .confirm ? 200 : 300)) }
    let capacity = try #require(course.conclusion.capacity)
    #expect(capacity.value <= 200 && capacity.value > 170)
    #expect(try #require(capacity.upper) > 200)
  }

  @Test("each round has every load once, in an order that the seed repeats")
  func order() {
    func loads(_ seed: UInt64) -> [Double] {
      course(seed: seed) { outcome(holds: $0.load <= 300) }.trials.filter { $0.stage == .confirm }.map(\.load)
    }
    let first = loads(1)
    #expect(first.count == 15 && first == loads(1) && first != loads(2))
    for round in 0..<3 { #expect(Set(first[(round * 5)..<(round * 5 + 5)]).count == 5) }
  }

  @Test("an interrupt keeps what was found until then")
  func interrupted() {
    var course = CapacityCourse(.init(unit: .arrivalsPerSecond, start: 20, highest: 5_000, seed: 1))
    while let trial = course.next {
      course.record(outcome(holds: trial.load <= 100), budgets: Self.budgets)
      if course.trials.count == 12 { course.end(.interrupted) }
    }
    #expect(course.conclusion.exitStatus == .interrupted && course.conclusion.capacity != nil)
  }

  @Test("a service has drained when it answers twice as before, and one that never did is not waited for")
  func drain() {
    var watch = DrainWatch(before: [0.010, 0.012, nil])
    let visits: [Double?] = [2, nil, 0.02, 0.5, 0.02, 0.03]
    let hasDrained = visits.map { watch.record($0) }
    #expect(hasDrained == [false, false, false, false, false, true])
    var dead = DrainWatch(before: [nil, nil])
    let isOver = dead.record(nil)
    #expect(isOver)
  }
}
