import BenchVerdict
import Documents

extension ScenarioDecoder {
  static let loadKeys = [
    "users", "rate", "ramp", "hold", "max_in_flight", "warm_up", "graceful_stop", "seed",
  ]

  mutating func load(_ node: DocumentNode) -> Scenario.Load? {
    let found = problems.list.count
    guard let mapping = node.mapping(allowing: Self.loadKeys, &problems) else { return nil }
    let shape = shape(mapping)
    let times = Scenario.Bounds.time
    let ramp = mapping["ramp"]?.duration(in: times, &problems) ?? .zero
    let hold = mapping.required("hold", &problems)?.duration(in: times, &problems)
    let warmUp = mapping["warm_up"]?.duration(in: times, &problems) ?? .zero
    let gracefulStop = mapping["graceful_stop"]?.duration(in: times, &problems) ?? .seconds(10)
    let seed = mapping["seed"]?.integer(in: 0...Int(UInt32.max), &problems) ?? 1
    guard let shape, let hold, problems.list.count == found else { return nil }
    if ramp + hold <= .zero {
      problems.add("a load of no time", expected: "a hold above 0s", at: mapping["hold"]?.position)
    } else if warmUp >= ramp + hold {
      problems.add(
        "a warm-up as long as the whole load", expected: "less than ramp + hold, of which it is a part",
        at: mapping["warm_up"]?.position)
    }
    return Scenario.Load(
      shape: shape, ramp: ramp, hold: hold, warmUp: warmUp, gracefulStop: gracefulStop, seed: UInt64(seed))
  }

  private mutating func shape(_ mapping: DocumentMapping) -> Scenario.Load.Shape? {
    let maxInFlight = mapping["max_in_flight"]?.integer(in: Scenario.Bounds.maxInFlight, &problems)
    switch (mapping["users"], mapping["rate"]) {
    case (let users?, nil):
      if let entry = mapping.entry("max_in_flight") {
        problems.add("'max_in_flight' with 'users'", expected: "it with 'rate' only", at: entry.keyPosition)
      }
      return users.integer(in: Scenario.Bounds.users, &problems).map { .users($0) }
    case (nil, let rate?):
      guard let text = rate.scalar?.text, let value = RateText.parse(text), Scenario.Bounds.rate.contains(value) else {
        return rate.mismatch("a rate such as 500/s, 600/min or 3600/h, up to 1000000/s", &problems)
      }
      return .rate(value, maxInFlight: maxInFlight ?? 1_000)
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
}
