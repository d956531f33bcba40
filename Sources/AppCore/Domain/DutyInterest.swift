/// Of which duties a subscriber is told, and how early.
package struct DutyInterest: Sendable, Hashable {
  /// How long before its start a duty may be announced, in minutes.
  package static let leads = 5...180
  package static let usualLead = 60

  package enum Doctors: Sendable, Hashable {
    case all
    /// At most `DoctorsFull.limit`.
    case chosen(Set<DoctorKey>)
    /// A mobile client's: letter by letter as a schedule's row names them.
    case cells([String])
  }

  /// How long before its start a duty is announced, in minutes; within `leads`.
  package var lead: Int
  package var doctors: Doctors
  /// Nil: of both tables.
  package var category: Duty.Category?
  /// Whether they are told each morning of the day's duties.
  package var wantsDigest: Bool

  package init(
    lead: Int = usualLead, doctors: Doctors = .all, category: Duty.Category? = nil, wantsDigest: Bool = false
  ) {
    self.lead = lead
    self.doctors = doctors
    self.category = category
    self.wantsDigest = wantsDigest
  }

  /// Whether they are told of a duty; how early is another matter.
  package func includes(_ duty: Duty) -> Bool {
    guard category == nil || category == duty.category else { return false }
    return switch doctors {
    case .all: true
    case .chosen(let keys): DoctorKey(cell: duty.name).map(keys.contains) ?? false
    // By the bytes, as a database compares them.
    case .cells(let cells): cells.contains { $0.utf8.elementsEqual(duty.name.utf8) }
    }
  }
}
