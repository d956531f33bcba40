import AppDomain

/// What the recipient of a message that was not sent yet may know of a doctor's day.
struct PossibleRosters {
  /// Before the first try.
  var known: DoctorRoster
  /// What the last try may have told, and what those before it may have; nobody knows how they ended.
  var told: DoctorRoster?
  var tried: [DoctorRoster]

  /// Of more, the oldest are forgotten.
  private static let mostTried = 16

  /// As the outbox keeps it. Nil where what was known can't be read.
  init?(known: String, told: String?, tried: String?) {
    guard let known = DoctorRoster(text: known) else { return nil }
    self.known = known
    self.told = told.flatMap { DoctorRoster(text: $0) }
    self.tried = tried.flatMap { [DoctorRoster](text: $0) } ?? []
  }

  /// Nil where nothing is news: neither to whom no try has told anything, nor to whom one may have told what is over.
  func news(to current: DoctorRoster, at now: Double) -> RosterNews? {
    ([known] + (told.map { [$0] } ?? []) + tried.reversed()).lazy
      .map { RosterNews(from: $0, to: current, at: now) }.first { $0.event != nil }
  }

  /// What tries before one that tells this may have told otherwise; each once, the latest last.
  func tried(before next: DoctorRoster) -> [DoctorRoster] {
    guard let told, told != next else { return tried.filter { $0 != next } }
    return (tried.filter { $0 != next && $0 != told } + [told]).suffix(Self.mostTried)
  }
}
