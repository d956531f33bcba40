import AppDomain

extension SQLScheduleStore {
  /// What subscribers want to be told of; one who is not there is left out.
  static func interests(of subscribers: Set<Int64>, in session: SQLSession) throws -> [Int64: DutyInterest] {
    let ids: [[SQLValue]] = subscribers.sorted().map { [.integer($0)] }
    let chosen = Dictionary(
      grouping: try session.rows(doctors, each: ids) { row -> (Int64, DoctorKey)? in
        let subscriber: Int64 = try row[0]
        return DoctorKey(id: try row[1]).map { (subscriber, $0) }
      }, by: \.0)
    let followed = Dictionary(
      grouping: try session.rows(cells, each: ids) { row -> (Int64, String)? in (try row[0], try row[1]) }, by: \.0)
    let pairs = try session.rows(interests, each: ids) { row -> (Int64, DutyInterest)? in
      let subscriber: Int64 = try row[0]
      let doctors: DutyInterest.Doctors =
        row.text(5) != nil
        ? .cells(followed[subscriber, default: []].map(\.1)) : .chosen(Set(chosen[subscriber, default: []].map(\.1)))
      return (subscriber, try interest(row, from: 1) ?? read(row, from: 1, doctors))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// What `interestColumns` say; nil where it says of which doctors, which are in rows of their own.
  static func interest(_ row: SQLRow, from first: Int) throws -> DutyInterest? {
    guard try row[first + 3] as Int == 0, row.text(first + 4) == nil else { return nil }
    return try read(row, from: first, .all)
  }

  private static func read(_ row: SQLRow, from first: Int, _ doctors: DutyInterest.Doctors) throws -> DutyInterest {
    DutyInterest(
      lead: try row[first], doctors: doctors, category: row.text(first + 1).flatMap(Duty.Category.init(rawValue:)),
      wantsDigest: try row[first + 2] as Int == 1)
  }

  /// Of `subscribers AS s`.
  static let interestColumns = "s.lead_minutes, s.category, s.digest, s.chooses_doctors, s.device_id"

  private static let interests = SQLText { _ in
    "SELECT s.id, \(interestColumns) FROM subscribers AS s WHERE s.id = $1"
  }
  private static let doctors: SQLText = """
    SELECT subscriber_id, doctor FROM subscriber_doctors WHERE subscriber_id = $1 ORDER BY id
    """
  private static let cells: SQLText = """
    SELECT s.id, f.doctor_name FROM subscribers AS s JOIN device_doctors AS f ON f.device_id = s.device_id
    WHERE s.id = $1 ORDER BY f.id
    """
}
