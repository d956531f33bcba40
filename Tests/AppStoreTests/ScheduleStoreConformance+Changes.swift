import AppDomain
import AppStore
import Testing

extension ScheduleStoreConformance {
  static let changeCases: [Case] = [
    Case(testDescription: "added, moved, changed and cancelled duties become changes, in one order") { store in
      let before = try day(
        23,
        [duty("Dr. Stays", "08:00"), duty("Dr. Late", "09:00"), duty("Dr. Gone", "10:00"), duty("Dr. Room", "11:00")])
      _ = try await store.replace([before], at: 1)
      let first = try await store.changes(after: 0, limit: 100)
      #expect(first.map(\.kind) == [.added, .added, .added, .added])
      #expect(first.map(\.duty) == before.duties)
      var onShift = duty("Dr. Stays", "08:00")
      onShift.shift = "II"
      let after = try day(
        23, [onShift, duty("Dr. Late", "12:00"), duty("Dr. Room", "11:00", room: "7"), duty("Dr. New", "13:00")])
      let rows = try await store.duties(sheetContaining: nil)
      _ = try await store.replace([after], at: 2)
      let changes = try await store.changes(after: try #require(first.last?.id), limit: 100)
      let kinds = Dictionary(grouping: changes, by: \.duty.name).mapValues { $0.map(\.kind) }
      #expect(
        kinds == [
          "Dr. Stays": [.changed], "Dr. Late": [.moved], "Dr. Room": [.moved], "Dr. New": [.added],
          "Dr. Gone": [.cancelled],
        ])
      let moved = try #require(changes.first { $0.duty.name == "Dr. Late" })
      #expect(moved.duty.timing == "12:00" && moved.previous?.timing == "09:00" && moved.at == 2)
      #expect(moved.date == before.date)
      let room = try #require(changes.first { $0.duty.name == "Dr. Room" })
      #expect(room.previous == duty("Dr. Room", "11:00") && room.duty.room == "7")
      // A change names the row of the schedule.
      let stored = try await store.duties(sheetContaining: nil)
      for change in changes {
        let row = (change.kind == .cancelled ? rows : stored).first { $0.id == change.dutyID }
        #expect(row?.duty == change.duty, "\(change)")
      }
      #expect(changes.map(\.id) == changes.map(\.id).sorted())
      #expect(try await store.changes(after: 0, limit: 3).map(\.id) == first.prefix(3).map(\.id))
    },
    Case(testDescription: "nothing new, another place or another worksheet's name is no change") { store in
      _ = try await store.replace([try day(23, [duty("Dr. A", "08:00"), duty("Dr. B", "09:00")])], at: 1)
      let last = try #require(try await store.changes(after: 0, limit: 10).last?.id)
      _ = try await store.replace([try day(23, [duty("Dr. B", "09:00"), duty("Dr. A", "08:00")])], at: 2)
      _ = try await store.replace(
        [try day(23, [duty("Dr. B", "09:00"), duty("Dr. A", "08:00")], suffix: " renamed")], at: 3)
      #expect(try await store.changes(after: last, limit: 10).isEmpty)
    },
    Case(testDescription: "changes are kept for 90 days") { store in
      _ = try await store.replace([try day(23, [duty("Dr. A", "08:00")])], at: 1)
      _ = try await store.replace([try day(24, [duty("Dr. B", "08:00")])], at: 90 * 86_400)
      #expect(try await store.changes(after: 0, limit: 10).map(\.duty.name) == ["Dr. A", "Dr. B"])
      _ = try await store.replace([try day(25, [duty("Dr. C", "08:00")])], at: 90 * 86_400 + 2)
      #expect(try await store.changes(after: 0, limit: 10).map(\.duty.name) == ["Dr. B", "Dr. C"])
    },
  ]

  static let finderCases: [Case] = [
    Case(testDescription: "duties are found by day, name and category, page by page, in the worksheet's order") {
      store in
      var visiting = duty("Dr. 'A', MBBS", "11:00")
      visiting.category = .visiting
      let days = [
        try day(24, [duty("Dr. B", "08:00"), duty("Dr. 'A', MBBS", "09:00")]),
        try day(23, [duty("Dr. C", "08:00"), duty("Dr. B", "08:00"), duty("Dr. B", "08:00"), visiting]),
      ]
      _ = try await store.replace(days, at: 1)
      func names(_ filter: DutyFilter, after place: DutyPlace? = nil, limit: Int = 100) async throws -> [String] {
        try await store.duties(filter, after: place, limit: limit).map(\.stored.duty.name)
      }
      let all = ["Dr. C", "Dr. B", "Dr. B", "Dr. 'A', MBBS", "Dr. B", "Dr. 'A', MBBS"]
      #expect(try await names(DutyFilter()) == all)
      #expect(try await names(DutyFilter(days: days[0].date...days[0].date)) == Array(all.suffix(2)))
      #expect(try await names(DutyFilter(days: days[0].date.adding(days: 1)...CalendarDay.last)) == [])
      #expect(try await names(DutyFilter(category: .visiting)) == ["Dr. 'A', MBBS"])
      #expect(
        try await names(DutyFilter(cells: ["Dr. 'A', MBBS", "x\0y", "no"])) == ["Dr. 'A', MBBS", "Dr. 'A', MBBS"])
      #expect(try await names(DutyFilter(cells: ["Dr. 'A', MBBS"], category: .regular)) == ["Dr. 'A', MBBS"])
      #expect(try await names(DutyFilter(cells: [])) == [])
      for filter in [DutyFilter(), DutyFilter(cells: ["Dr. B"])] {
        var read: [PlacedDuty] = []
        while read.count < 10 {
          let page = try await store.duties(filter, after: read.last?.place, limit: 2)
          if page.isEmpty { break }
          read += page
        }
        #expect(read == (try await store.duties(filter, after: nil, limit: 100)))
      }
    },
    Case(testDescription: "doctors' cells are told once, with each category and speciality") { store in
      var ear = duty("Dr. B", "09:00")
      ear.speciality = "ENT"
      _ = try await store.replace(
        [try day(23, [duty("Dr. B", "08:00"), ear, duty("Dr. A", "08:00")]), try day(24, [duty("Dr. A", "10:00")])],
        at: 1)
      let cells = try await store.doctorCells()
      #expect(cells.map(\.name) == ["Dr. A", "Dr. B", "Dr. B"])
      #expect(Set(cells.dropFirst().map(\.speciality)) == [nil, "ENT"])
    },
    Case(testDescription: "a day's last change is that of any row, also of one that is gone") { store in
      let before = try day(23, [duty("Dr. A", "08:00"), duty("Dr. B", "08:00")])
      let other = try day(24, [duty("Dr. A", "08:00")])
      _ = try await store.replace([before, other], at: 1)
      _ = try await store.replace([try day(23, [duty("Dr. A", "08:00")])], at: 5)
      #expect(try await store.changeTimes(of: before.date...other.date) == [before.date: 5, other.date: 1])
      #expect(try await store.changeTimes(of: other.date...other.date) == [other.date: 1])
      #expect(try await store.changes(since: 5, limit: 10).map(\.kind) == [.cancelled])
      #expect(try await store.changes(since: 1, limit: 2).count == 2)
      #expect(try await store.changes(since: 5.5, limit: 10).isEmpty)
    },
  ]

  static let bootCases: [Case] = [
    Case(testDescription: "a run of the service knows the last request before it, and keeps who came first") { store in
      try await store.record(ServiceBoot(id: "a", startedAt: 100))
      let first = ServiceBoot.FirstRequest(at: 105, client: .browser, path: "/schedules")
      try await store.record(
        ServiceBoot(id: "a", startedAt: 100, lastInboundAt: 300.5, firstRequest: first, stoppedAt: 1_200))
      try await store.record(ServiceBoot(id: "b", startedAt: 2_000))
      #expect(
        try await store.boots(limit: 10) == [
          ServiceBoot(id: "b", startedAt: 2_000, previousInboundAt: 300.5),
          ServiceBoot(id: "a", startedAt: 100, lastInboundAt: 300.5, firstRequest: first, stoppedAt: 1_200),
        ])
      #expect(try await store.boots(limit: 1).map(\.id) == ["b"])
    },
    Case(testDescription: "no more runs of the service are kept than the bound, the newest") { store in
      for number in 0..<(ServiceBoot.kept + 5) {
        try await store.record(ServiceBoot(id: "boot-\(number)", startedAt: Double(number)))
      }
      let boots = try await store.boots(limit: 5_000)
      #expect(boots.count == ServiceBoot.kept)
      #expect(boots.first?.id == "boot-\(ServiceBoot.kept + 4)")
      #expect(boots.last?.id == "boot-5")
    },
  ]
}
