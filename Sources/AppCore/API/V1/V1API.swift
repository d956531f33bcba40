package import AppDomain
package import HTTPService
package import Hummingbird

/// The routes of version 1: ISO dates, times with their offset, pages, a calendar. `docs/api.md` is their description.
package struct V1API: Sendable {
  /// Read at once, and left out again where nobody is on duty at the moment that is asked for.
  private static let chunk = 1_000
  /// Of a calendar: from so many days ago, and at most so many.
  private static let calendarPast = 30
  private static let mostEvents = 5_000
  private static let calendarType = "text/calendar; charset=utf-8"

  private let finder: any DutyFinder
  private let log: any DutyChangeLog
  private let answers: AnswerCache
  private let now: @Sendable () -> Double

  /// - Parameter now: seconds since 1970.
  package init(
    finder: any DutyFinder, log: any DutyChangeLog, answers: AnswerCache, now: @escaping @Sendable () -> Double
  ) {
    self.finder = finder
    self.log = log
    self.answers = answers
    self.now = now
  }

  package func addRoutes(to router: Router<ServiceContext>) {
    router.get("/v1/schedules") { request, _ in try await duties(request) }
    router.get("/v1/doctors") { request, _ in try await doctors(request) }
    router.get("/v1/changes") { request, _ in try await changes(request) }
    router.get("/v1/calendar.ics") { request, _ in try await calendar(request) }
  }

  private func duties(_ request: Request) async throws -> Response {
    let query = try DutyQuery(request.uri.query, now: now())
    return try await answers.response(to: request, .init(.duties, query.question)) {
      guard let days = query.days else { return DutyJSON.page([], changedAt: [:], next: nil) }
      let cells = try await cells(of: query.doctor)
      let filter = DutyFilter(days: days, cells: cells, category: query.category)
      let found = try await page(filter, query)
      var changedAt: [CalendarDay: Double] = [:]
      if let first = found.duties.first?.place.date, let last = found.duties.last?.place.date {
        changedAt = try await finder.changeTimes(of: first...last)
      }
      return DutyJSON.page(found.duties, changedAt: changedAt, next: found.next)
    }
  }

  /// Reads on until the page is full.
  private func page(
    _ filter: DutyFilter, _ query: DutyQuery
  ) async throws -> (duties: [PlacedDuty], next: DutyPlace?) {
    var duties: [PlacedDuty] = []
    var place = query.place
    while true {
      // One more than wanted tells whether there is another page.
      let size = query.onDutyAt == nil ? query.limit + 1 : Self.chunk
      let read = filter.cells == [] ? [] : try await finder.duties(filter, after: place, limit: size)
      for duty in read where query.isAsked(duty) {
        if duties.count == query.limit { return (duties, duties.last?.place) }
        duties.append(duty)
      }
      guard read.count == size, let last = read.last else { return (duties, nil) }
      place = last.place
    }
  }

  private func doctors(_ request: Request) async throws -> Response {
    _ = try KnownParameters(request.uri.query, [])
    return try await answers.response(to: request, .init(.doctors, "")) {
      DutyJSON.doctors(Doctor.all(of: try await finder.doctorCells()))
    }
  }

  private func changes(_ request: Request) async throws -> Response {
    let query = try ChangeQuery(request.uri.query)
    return try await answers.response(to: request, .init(.changes, query.question)) {
      let read =
        switch query.since {
        case .change(let id): try await log.changes(after: id, limit: query.limit + 1)
        case .time(let time): try await log.changes(since: time, limit: query.limit + 1)
        }
      return DutyJSON.changes(Array(read.prefix(query.limit)), hasMore: read.count > query.limit)
    }
  }

  private func calendar(_ request: Request) async throws -> Response {
    let doctor = try DutyQuery.doctor(try KnownParameters(request.uri.query, ["doctor"]))
    let first = max(.first, CampusTime.day(at: now()).adding(days: -Self.calendarPast))
    let question = "\(first.iso8601)\n\(doctor ?? "")"
    return try await answers.response(to: request, .init(.calendar, question), contentType: Self.calendarType) {
      let cells = try await cells(of: doctor)
      let filter = DutyFilter(days: first...CalendarDay.last, cells: cells)
      let duties = cells == [] ? [] : try await finder.duties(filter, after: nil, limit: Self.mostEvents)
      let name = cells?.first.map { DoctorName(cell: $0).name } ?? doctor
      return DutyCalendar.encode(duties, name: name.map { "\($0): duties" } ?? "Doctors on duty")
    }
  }

  /// The cells that name a doctor; nil where none is asked for.
  private func cells(of doctor: String?) async throws -> [String]? {
    guard let doctor else { return nil }
    let cells = try await finder.doctorCells().map(\.name)
    return Set(cells.filter { DoctorKey(cell: $0)?.isMeant(by: doctor) == true }).sorted()
  }
}
