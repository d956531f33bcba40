/// What is news to somebody who knows one state of a doctor's day and is to know another: net, however often it changed in
/// between.
package struct RosterNews: Sendable, Hashable {
  package enum Item: Sendable, Hashable {
    /// Another time or other rooms.
    case moved(from: DoctorRoster.Slot, to: DoctorRoster.Slot)
    case cancelled(DoctorRoster.Slot)
    /// Told to be cancelled once, and there again.
    case back(DoctorRoster.Slot)
    /// Said beside the others, and never alone: it is announced when it starts soon.
    case added(DoctorRoster.Slot)

    /// Seconds since 1970.
    var endsAt: Double {
      switch self {
      case .moved(let from, let to): max(from.endsAt, to.endsAt)
      case .cancelled(let slot), .back(let slot), .added(let slot): slot.endsAt
      }
    }

    fileprivate var startsAt: Double {
      switch self {
      case .moved(let from, let to): min(from.startsAt, to.startsAt)
      case .cancelled(let slot), .back(let slot), .added(let slot): slot.startsAt
      }
    }

    fileprivate var slots: [DoctorRoster.Slot] {
      switch self {
      case .moved(let from, let to): [from, to]
      case .cancelled(let slot), .back(let slot), .added(let slot): [slot]
      }
    }
  }

  /// Of duties that have not ended, the earliest first.
  package let items: [Item]
  /// What they know who were told.
  package let told: DoctorRoster

  /// A duty that stays at its start stays itself; of the others, one that went and one that came nearest to it are one
  /// that moved. What has ended went to nobody.
  /// - Parameter now: seconds since 1970.
  package init(from known: DoctorRoster, to current: DoctorRoster, at now: Double) {
    var items: [Item] = []
    var gone = known.slots.filter { slot in !current.slots.contains { $0.startsAt == slot.startsAt } }
    gone.removeAll { $0.endsAt <= now }
    var missed = known.cancelled.filter { $0.endsAt > now }
    var new: [DoctorRoster.Slot] = []
    for slot in current.slots {
      if let old = known.slots.first(where: { $0.startsAt == slot.startsAt }) {
        if !old.isSame(as: slot) { items.append(.moved(from: old, to: slot)) }
      } else if let index = missed.firstIndex(where: { $0.startsAt == slot.startsAt }) {
        missed.remove(at: index)
        items.append(.back(slot))
      } else {
        new.append(slot)
      }
    }
    while let (from, to) = Self.nearest(gone, new) {
      items.append(.moved(from: gone.remove(at: from), to: new.remove(at: to)))
    }
    while let (from, to) = Self.nearest(missed, new) {
      missed.remove(at: from)
      items.append(.back(new.remove(at: to)))
    }
    items += new.map { .added($0) }
    items += gone.map { .cancelled($0) }
    self.items = items.filter { $0.endsAt > now }.sorted { $0.startsAt < $1.startsAt }
    told = DoctorRoster(slots: current.slots, cancelled: (missed + gone).sorted { $0.startsAt < $1.startsAt })
  }

  /// Whose starts are the nearest; nil where one side has none.
  private static func nearest(_ left: [DoctorRoster.Slot], _ right: [DoctorRoster.Slot]) -> (Int, Int)? {
    left.indices.flatMap { first in right.indices.map { (first, $0) } }
      .min { abs(left[$0.0].startsAt - right[$0.1].startsAt) < abs(left[$1.0].startsAt - right[$1.1].startsAt) }
  }

  /// Nil where nobody has to be told.
  package var event: DutyEvent? {
    if !cancelled.isEmpty { return .cancelled }
    let isNews = items.contains { if case .added = $0 { false } else { true } }
    return isNews ? .moved : nil
  }

  package var cancelled: [DoctorRoster.Slot] {
    items.compactMap { if case .cancelled(let slot) = $0 { slot } else { nil } }
  }

  /// As those who follow a doctor know them.
  package var names: Set<String> { Set(items.flatMap(\.slots).map(\.name)) }

  /// When the first of the duties starts, or was to, and when the last ends; seconds since 1970.
  package var startsAt: Double { items.map(\.startsAt).min() ?? 0 }
  package var endsAt: Double { items.map(\.endsAt).max() ?? 0 }
}
