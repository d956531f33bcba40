import AppDomain

/// What a day's digest says, in the words that every channel shows.
struct DigestMessageText {
  /// So many duties are named one by one.
  private static let most = 100

  var digest: DutyDigest
  /// Seconds since 1970.
  var now: Double

  /// `Doctors on duty, Wednesday 25/11/2026`
  var title: String { "Doctors on duty, \(DutyWords.day(digest.date))" }

  /// A line a duty: when, who, where.
  var lines: [(time: String, doctor: String, details: String)] {
    digest.duties.prefix(Self.most).map { duty in
      let doctor = DoctorName(cell: duty.duty.name)
      let details = [
        doctor.qualification, duty.duty.speciality,
        duty.rooms.isEmpty ? nil : "room " + duty.rooms.joined(separator: ", "),
      ].compactMap(\.self).filter { !$0.isEmpty }
      return (
        DutyWords.range(duty.startsAt, duty.endsAt, on: duty.date), doctor.name, details.joined(separator: ", ")
      )
    }
  }

  /// Nil where all are named.
  var rest: Int? { digest.duties.count > Self.most ? digest.duties.count - Self.most : nil }

  /// `09:00 Dr. A. Kumar; 10:00 Dr. B`
  var summary: String {
    digest.duties.prefix(Self.most).map {
      "\(CampusTime.clock(at: $0.startsAt)) \(DoctorName(cell: $0.duty.name).name)"
    }
    .joined(separator: "; ")
  }

  /// Keys are those that existing clients read. Bounded: push services take 4 KB in all.
  var data: [String: String] {
    [
      "doctor_name": "Doctors on duty", "category": "", "time_range": String(summary.unicodeScalars.prefix(200)),
      "starts_in_minutes": String(DutyWords.minutes(until: digest.duties.first?.startsAt ?? now, from: now)),
      "event": DutyEvent.digest.rawValue,
    ]
  }
}
