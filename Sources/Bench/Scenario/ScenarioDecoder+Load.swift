import BenchEngine
import BenchVerdict
import Documents

extension ScenarioDecoder {
  static let loadKeys = [
    "users", "rate", "ramp", "hold", "stages", "arrivals", "max_in_flight", "overflow", "iterations",
    "iterations_per_user", "pacing", "warm_up", "graceful_stop", "seed",
  ]
  private static let keysWithRate = ["arrivals", "max_in_flight", "overflow"]
  private static let keysWithUsers = ["iterations", "iterations_per_user", "pacing"]

  mutating func load(_ node: DocumentNode) -> Scenario.Load? {
    let found = problems.list.count
    guard let mapping = node.mapping(allowing: Self.loadKeys, &problems) else { return nil }
    let shape = shape(mapping)
    let times = Scenario.Bounds.time
    let ramp = mapping["ramp"]?.duration(in: times, &problems) ?? .zero
    var hold: Duration? = .zero
    if mapping["stages"] == nil {
      hold = mapping.required("hold", &problems)?.duration(in: times, &problems)
    } else if let entry = mapping.entry("hold") ?? mapping.entry("ramp") {
      problems.add("both 'stages' and '\(entry.key)'", expected: "one of them", at: entry.keyPosition)
    }
    let warmUp = mapping["warm_up"]?.duration(in: times, &problems) ?? .zero
    let gracefulStop = mapping["graceful_stop"]?.duration(in: times, &problems) ?? .seconds(10)
    let seed = mapping["seed"]?.integer(in: 0...Int(UInt32.max), &problems) ?? 1
    let arrivals = mapping["arrivals"]?.choice(of: ["even", "poisson"], &problems)
    let overflow = mapping["overflow"]?.choice(of: ["queue", "drop"], &problems)
    let pacing = mapping["pacing"].map { thinkTime($0) } ?? ThinkTime.none
    let limit = iterationLimit(mapping)
    guard let shape, let hold, problems.list.count == found else { return nil }
    let load = Scenario.Load(
      shape: shape, ramp: ramp, hold: hold, warmUp: warmUp, gracefulStop: gracefulStop, seed: UInt64(seed),
      arrivals: arrivals == "poisson" ? .poisson : .even, overflow: overflow == "drop" ? .drop : .queue,
      pacing: pacing, iterationLimit: limit)
    let whole = load.duration
    let place = (mapping["hold"] ?? mapping["stages"])?.position
    if whole <= .zero {
      problems.add("a load of no time", expected: "a hold above 0s", at: place)
    } else if warmUp >= whole {
      problems.add(
        "a warm-up as long as the whole load", expected: "less than ramp + hold, of which it is a part",
        at: mapping["warm_up"]?.position)
    } else if !times.contains(whole) {
      problems.add("a load of more than a day", expected: "up to 24h in all", at: place)
    }
    return load
  }

  private mutating func shape(_ mapping: DocumentMapping) -> Scenario.Load.Shape? {
    let maxInFlight = mapping["max_in_flight"]?.integer(in: Scenario.Bounds.maxInFlight, &problems)
    switch (mapping["users"], mapping["rate"]) {
    case (let users?, nil):
      refuse(Self.keysWithRate, in: mapping, with: "users", instead: "rate")
      guard let node = mapping["stages"] else {
        return users.integer(in: Scenario.Bounds.users, &problems).map { .users($0) }
      }
      let start = userCount(users)
      guard let stages = stages(node, from: start, target: { $0.userCount($1) }) else { return nil }
      return .userStages(stages)
    case (nil, let rate?):
      refuse(Self.keysWithUsers, in: mapping, with: "rate", instead: "users")
      guard let node = mapping["stages"] else {
        return arrivalRate(rate, orNone: false).map { .rate($0, maxInFlight: maxInFlight ?? 1_000) }
      }
      let start = arrivalRate(rate, orNone: true)
      guard let stages = stages(node, from: start, target: { $0.arrivalRate($1, orNone: true) }) else { return nil }
      return .rateStages(stages, maxInFlight: maxInFlight ?? 1_000)
    case (_?, _?):
      problems.add(
        "both 'users' and 'rate'", expected: "one of them: users wait for answers, a rate does not",
        at: mapping.entry("rate")?.keyPosition)
    case (nil, nil):
      problems.add(
        "neither 'users' nor 'rate'", expected: "'users: 120' or 'rate: 500/s'", at: mapping.position)
    }
    return nil
  }

  private mutating func userCount(_ node: DocumentNode) -> Double? {
    node.integer(in: 0...Scenario.Bounds.users.upperBound, &problems).map(Double.init)
  }

  private mutating func arrivalRate(_ node: DocumentNode, orNone: Bool) -> Double? {
    guard let text = node.scalar?.text, let value = RateText.parse(text),
      Scenario.Bounds.rate.contains(value) || orNone && value == 0
    else { return node.mismatch("a rate such as 500/s, 600/min or 3600/h, up to 1000000/s", &problems) }
    return value
  }

  /// `{to: 100, over: 10s, hold: 1m}`: to a load in a straight line, or at once without `over`, and then at it.
  private mutating func stages(
    _ node: DocumentNode, from start: Double?,
    target: (inout ScenarioDecoder, DocumentNode) -> Double?
  ) -> [Workload.Stage]? {
    guard let nodes = node.list(of: Scenario.Bounds.stages, &problems), let start else { return nil }
    var stages = [Workload.Stage(duration: .zero, target: start, isStep: true)]
    var level = start
    for node in nodes {
      guard let mapping = node.mapping(allowing: ["to", "over", "hold"], &problems) else { return nil }
      if let to = mapping["to"] {
        guard let value = target(&self, to) else { return nil }
        level = value
      } else if let entry = mapping.entry("over") {
        problems.add("'over' without 'to'", expected: "'to' beside it", at: entry.keyPosition)
      }
      let over = mapping["over"]?.duration(in: Scenario.Bounds.time, &problems) ?? .zero
      let hold = mapping["hold"]?.duration(in: Scenario.Bounds.time, &problems) ?? .zero
      if mapping["over"] == nil, mapping["hold"] == nil {
        problems.add("a stage of no time", expected: "'hold', or 'to' and 'over'", at: mapping.position)
      }
      if over > .zero { stages.append(.init(duration: over, target: level)) }
      if hold > .zero || over == .zero { stages.append(.init(duration: hold, target: level, isStep: true)) }
    }
    guard stages.contains(where: { $0.target > 0 }) else { return node.mismatch("a load above 0", &problems) }
    return stages
  }

  private mutating func iterationLimit(_ mapping: DocumentMapping) -> IterationLimit? {
    if mapping["iterations"] != nil, let entry = mapping.entry("iterations_per_user") {
      problems.add("both 'iterations' and 'iterations_per_user'", expected: "one of them", at: entry.keyPosition)
    }
    let bounds = Scenario.Bounds.iterations
    return mapping["iterations"]?.integer(in: bounds, &problems).map { .shared($0) }
      ?? mapping["iterations_per_user"]?.integer(in: bounds, &problems).map { .perUser($0) }
  }

  private mutating func refuse(_ keys: [String], in mapping: DocumentMapping, with model: String, instead: String) {
    for key in keys {
      guard let entry = mapping.entry(key) else { continue }
      problems.add("'\(key)' with '\(model)'", expected: "it with '\(instead)' only", at: entry.keyPosition)
    }
  }
}

extension Scenario.Load {
  /// Until the last arrival is due or the last user stops.
  package var duration: Duration {
    switch shape {
    case .users, .rate: ramp + hold
    case .userStages(let stages), .rateStages(let stages, _): stages.reduce(.zero) { $0 + $1.duration }
    }
  }
}
