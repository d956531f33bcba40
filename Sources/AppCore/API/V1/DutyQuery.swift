import AppDomain
import HTTPService
import Instants

/// What `GET /v1/schedules` is asked, with every word about time resolved.
struct DutyQuery: Equatable {
  static let parameters = ["date", "from", "to", "doctor", "category", "on_duty_at", "limit", "cursor"]
  static let limits = 1...1_000
  private static let usualLimit = 200

  /// Nil where no day is all that was asked for.
  var days: ClosedRange<CalendarDay>?
  var doctor: String?
  var category: Duty.Category?
  /// Seconds since 1970: only who is on duty then.
  var onDutyAt: Double?
  var limit: Int
  var place: DutyPlace?

  /// - Parameter now: seconds since 1970.
  /// - Throws: `HTTPProblem`, 422 with what was expected of which parameter.
  init(_ query: String?, now: Double) throws(HTTPProblem) {
    let parameters = try KnownParameters(query, Self.parameters)
    let today = CampusTime.day(at: now)
    func day(_ name: String) throws(HTTPProblem) -> CalendarDay? {
      guard let text = parameters[name] else { return nil }
      switch text {
      case "today": return today
      case "tomorrow": return today.adding(days: 1)
      default:
        guard let day = CalendarDay(iso8601: text) else {
          throw KnownParameters.problem(name, "a day such as 2026-11-23, today or tomorrow was expected")
        }
        return day
      }
    }
    doctor = try Self.doctor(parameters)
    category = try parameters["category"].map { (text) throws(HTTPProblem) in
      guard let category = Duty.Category(word: text) else {
        throw KnownParameters.problem("category", "regular or visiting was expected")
      }
      return category
    }
    onDutyAt = try Self.moment(parameters, now: now)
    limit = try parameters.number("limit", in: Self.limits) ?? Self.usualLimit
    place = try parameters["cursor"].map { (text) throws(HTTPProblem) in
      guard let place = DutyPlace(cursor: text) else {
        throw KnownParameters.problem("cursor", "the next_cursor of the answer before was expected")
      }
      return place
    }
    // Whatever is said has to be true together; without a word on days, from today on.
    let (date, from, to) = (try day("date"), try day("from"), try day("to"))
    var first = [date, from].compactMap(\.self).max() ?? (to == nil && onDutyAt == nil ? today : .first)
    var last = [date, to].compactMap(\.self).min() ?? .last
    if let onDutyAt {
      // A duty of the evening before may last until the morning.
      let day = CampusTime.day(at: onDutyAt)
      first = max(first, day.adding(days: -1))
      last = min(last, day)
    }
    days = first <= last ? first...last : nil
  }

  /// The same for every query that means the same.
  var question: String {
    let parts = [
      days?.lowerBound.iso8601, days?.upperBound.iso8601, category?.word, onDutyAt.map { "\($0)" }, "\(limit)",
      place?.cursor, doctor,
    ]
    return parts.map { $0 ?? "" }.joined(separator: "\n")
  }

  func isAsked(_ duty: PlacedDuty) -> Bool {
    guard let onDutyAt else { return true }
    guard let timing = DutyTiming.parse(duty.stored.duty.timing) else { return false }
    let date = duty.stored.date
    return CampusTime.instant(of: date, minute: timing.start) <= onDutyAt
      && onDutyAt < CampusTime.instant(of: date, minute: timing.endMinute)
  }

  static func doctor(_ parameters: KnownParameters) throws(HTTPProblem) -> String? {
    guard let text = parameters["doctor"] else { return nil }
    guard (1...DeviceBody.maximumName).contains(text.unicodeScalars.count) else {
      throw KnownParameters.problem(
        "doctor", "an id of /v1/doctors, or a name of at most \(DeviceBody.maximumName) characters was expected")
    }
    return text
  }

  private static func moment(_ parameters: KnownParameters, now: Double) throws(HTTPProblem) -> Double? {
    guard let text = parameters["on_duty_at"] else { return nil }
    // All of one minute are answered alike.
    if text == "now" { return (now / 60).rounded(.down) * 60 }
    guard let seconds = moment(text) else {
      throw KnownParameters.problem(
        "on_duty_at", "now or a moment such as 2026-11-23T20:00:00+05:30 was expected, with its offset")
    }
    return seconds
  }

  /// A moment with its offset. A `+` that was not escaped has become a blank.
  static func moment(_ text: String) -> Double? {
    let mended = text.count > 6 && text.dropLast(5).last == " " ? text.dropLast(6) + "+" + text.suffix(5) : text[...]
    guard let instant = InstantReader.whole(mended, { $0.rfc3339() }) else { return nil }
    return Double(instant.seconds) + instant.fraction
  }
}

extension DutyPlace {
  /// `739943.4.17`: the day by its number from the first that there is, the position, the row.
  var cursor: String {
    "\(date.daysSinceEpoch - CalendarDay.first.daysSinceEpoch).\(position).\(id)"
  }

  init?(cursor: String) {
    let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3,
      zip(parts, [7, 9, 18]).allSatisfy({ part, length in
        (1...length).contains(part.utf8.count)
          && part.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      }), let day = Int(parts[0]), let position = Int(parts[1]), let id = Int64(parts[2])
    else { return nil }
    let last = CalendarDay.last.daysSinceEpoch
    let date = CalendarDay(daysSinceEpoch: min(last, day + CalendarDay.first.daysSinceEpoch))
    self.init(date: date, position: position, id: id)
  }
}

extension Duty.Category {
  /// As `/v1` has it.
  var word: String {
    switch self {
    case .regular: "regular"
    case .visiting: "visiting"
    }
  }

  init?(word: String) {
    guard let category = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = category
  }
}
