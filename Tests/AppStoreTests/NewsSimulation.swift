import AppDomain
import AppStore
import Testing

/// Random scrapes, plannings, tries and crashes. What each recipient reads is put together as a person would, and has to be the
/// schedule in the end.
struct NewsSimulation {
  private typealias Slots = Set<DoctorRoster.Slot>

  private let store: SQLScheduleStore
  private let date: CalendarDay
  private let followed: String
  private var random: Generator
  private var now: Double
  private var readers: [Subject: Reader] = [:]
  private var duties: [Duty] = []
  private var history: [[Duty]] = []

  struct Generator: RandomNumberGenerator {
    var state: UInt64

    /// SplitMix64. Source: Steele, Lea, Flood 2014.
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// What one message at a time is about.
  private struct Subject: Hashable {
    var address: String
    var doctor: String
  }

  /// What somebody believes of a doctor's day after all that they read.
  private struct Reader {
    struct Belief {
      var slots: Slots
      var cancelled: Slots = []
    }

    var belief: Belief
    var identities: Set<String> = []
    /// Before the first try whose end its sender doesn't know, or that failed: what comes next may begin there, and takes
    /// its place.
    var certain: Belief?
    /// What it was told, for people who look for a mistake.
    var log: [String] = []

    init(slots: Slots) { belief = Belief(slots: slots) }

    /// Nobody knows whether they have read it.
    mutating func mayHaveRead() {
      if certain == nil { certain = belief }
      log.append("try")
    }

    mutating func read(_ claim: OutboxClaim, isCertain: Bool) {
      let isFirst = certain == nil
      log.append("\(claim.id)\(isCertain ? "" : "?") \(claim.news?.words ?? [])")
      #expect(identities.insert(claim.identity).inserted || !isFirst, "a message came twice")
      if let certain { belief = certain } else if !isCertain { certain = belief }
      if isCertain { certain = nil }
      for item in claim.news?.items ?? [] {
        switch item {
        case .moved(let from, let to):
          belief.slots.remove(from)
          #expect(belief.slots.insert(to).inserted || !isFirst, "told twice: \(log)")
          belief.cancelled.remove(to)
        case .cancelled(let slot):
          belief.slots.remove(slot)
          #expect(belief.cancelled.insert(slot).inserted || !isFirst, "cancelled twice: \(log)")
        case .back(let slot), .added(let slot):
          #expect(belief.slots.insert(slot).inserted || !isFirst, "told twice: \(log)")
          let same = belief.cancelled.filter { $0.name == slot.name }.sorted { $0.startsAt < $1.startsAt }
          let isBack = if case .back = item { true } else { false }
          if let old = same.first(where: { $0.startsAt == slot.startsAt }) ?? (isBack ? same.first : nil) {
            belief.cancelled.remove(old)
          }
        }
      }
    }
  }

  init(_ store: SQLScheduleStore, seed: UInt64) throws {
    self.store = store
    random = Generator(state: seed)
    date = try #require(CalendarDay(year: 2026, month: 12, day: 1)).adding(days: Int(seed))
    // Two days before, so that nothing starts soon and nothing ends.
    now = CampusTime.instant(of: date.adding(days: -2), minute: 480)
    followed = "Dr. 0"
  }

  mutating func run() async throws {
    _ = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1)
    let device = try #require(DeviceID("number-of-device-a"))
    _ = try await store.register(device, token: "token", limit: 9, at: 1)
    _ = try await store.follow(followed, by: device, limit: 9, at: 1)
    duties = (0..<4).map { duty("Dr. \($0 % 3)", hour: 8 + 3 * $0) }
    try await scrape()
    _ = try await store.planNews(on: [.email, .fcm], at: now, under: nil)
    let first = slots
    for name in (0..<3).map({ "Dr. \($0)" }) {
      for address in name == followed ? ["a@example.org", "token"] : ["a@example.org"] {
        readers[Subject(address: address, doctor: name)] = Reader(slots: first.filter { $0.name == name })
      }
    }
    for _ in 0..<40 {
      now += Double(Int.random(in: 1...20, using: &random) * 60)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        change()
        try await scrape()
      case 5..<6: try await scrape()
      case 6..<8: _ = try await store.planNews(on: [.email, .fcm], at: now, under: nil)
      default: try await deliver()
      }
    }
    for _ in 0..<3 {
      now += 2_400
      try await scrape()
      _ = try await store.planNews(on: [.email, .fcm], at: now, under: nil)
      try await deliver(isCalm: true)
    }
    for (subject, reader) in readers {
      let truth = slots.filter { $0.name == subject.doctor }
      #expect(reader.belief.slots.isSubset(of: truth), "\(subject) believes what is not so: \(reader.log)")
      #expect(
        reader.belief.slots.isSuperset(of: first.intersection(truth)), "\(subject) has lost a duty: \(reader.log)")
      #expect(reader.belief.cancelled.isDisjoint(with: truth))
    }
    #expect(try await store.outboxCounts().waiting == 0)
    let count = try await store.outboxCounts()
    _ = try await store.planNews(on: [.email, .fcm], at: now, under: nil)
    #expect(try await store.outboxCounts() == count, "all is told")
  }

  private var slots: Slots {
    Set(DoctorRoster.rosters(of: duties.map { (date, $0) }).values.flatMap(\.slots))
  }

  private func duty(_ name: String, hour: Int, room: Int = 1) -> Duty {
    Duty(category: .regular, name: name, timing: "\(hour):00-\(hour + 2):00", room: "\(room)")
  }

  private mutating func change() {
    history.append(duties)
    func name(_ random: inout Generator) -> String { "Dr. \(Int.random(in: 0..<3, using: &random))" }
    let hour = Int.random(in: 10..<20, using: &random)
    let index = duties.indices.randomElement(using: &random)
    switch (Int.random(in: 0..<10, using: &random), index) {
    case (0..<4, .some(let index)):
      if !duties.contains(where: { $0.name == duties[index].name && $0.timing.hasPrefix("\(hour):") }) {
        duties[index] = duty(duties[index].name, hour: hour)
      }
    case (4..<6, .some(let index)): duties.remove(at: index)
    case (6..<7, .some(let index)): duties[index].room = "\(Int.random(in: 1..<4, using: &random))"
    case (7..<9, _): duties = history.randomElement(using: &random) ?? duties
    default:
      let added = duty(name(&random), hour: hour)
      if !duties.contains(where: { $0.name == added.name && $0.timing == added.timing }) { duties.append(added) }
    }
  }

  private func scrape() async throws {
    _ = try await store.replace([ScheduleDay(date: date, sheet: date.dayMonthYear, duties: duties)], at: now)
  }

  /// Tries all that waits; now and then its sender crashes, before or after the other side took it.
  private mutating func deliver(isCalm: Bool = false) async throws {
    for channel in [NotificationChannel.email, .fcm] {
      let isCrash = !isCalm && Int.random(in: 0..<3, using: &random) == 0
      let found = try await store.claim(
        channel, limit: 100, lease: isCrash ? .zero : .seconds(600), at: now, under: nil)
      for claim in found.claims {
        let address = claim.recipient.address
        let doctor = try #require(claim.news?.names.first)
        #expect(claim.news?.names.count == 1 && (address != "token" || doctor == followed))
        let subject = Subject(address: address, doctor: doctor)
        if isCrash {
          readers[subject]?.mayHaveRead()
          if Bool.random(using: &random) { readers[subject]?.read(claim, isCertain: false) }
        } else if !isCalm, Int.random(in: 0..<4, using: &random) == 0 {
          readers[subject]?.mayHaveRead()
          #expect(try await store.finish(claim, .retry(after: .zero, reason: "busy"), at: now))
        } else {
          readers[subject]?.read(claim, isCertain: true)
          #expect(try await store.finish(claim, .sent, at: now))
        }
      }
    }
  }
}
