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
        if row.text(5) != nil { .cells(followed[subscriber, default: []].map(\.1)) } else if try row[4] as Int == 1 {
          .chosen(Set(chosen[subscriber, default: []].map(\.1)))
        } else { .all }
      return (
        subscriber,
        DutyInterest(
          lead: try row[1], doctors: doctors, category: row.text(2).flatMap(Duty.Category.init(rawValue:)),
          wantsDigest: try row[3] as Int == 1)
      )
    }
    return Dictionary(pairs) { first, _ in first }
  }

  private static let interests: SQLText = """
    SELECT id, lead_minutes, category, digest, chooses_doctors, device_id FROM subscribers WHERE id = $1
    """
  private static let doctors: SQLText = """
    SELECT subscriber_id, doctor FROM subscriber_doctors WHERE subscriber_id = $1 ORDER BY id
    """
  private static let cells: SQLText = """
    SELECT s.id, f.doctor_name FROM subscribers AS s JOIN device_doctors AS f ON f.device_id = s.device_id
    WHERE s.id = $1 ORDER BY f.id
    """
}
