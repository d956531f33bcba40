import Testing

@testable import AppDomain

struct RosterNewsTests {
  /// Slots of 23 November 2026: `9-11`, `9-11 4,5` with rooms.
  private static func roster(_ text: String) throws -> DoctorRoster {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let duties = text.split(separator: ";").flatMap { slot -> [Duty] in
      let parts = slot.split(separator: " ")
      let hours = parts[0].split(separator: "-")
      return (parts.count > 1 ? parts[1].split(separator: ",") : ["1"]).map {
        Duty(category: .regular, name: "Dr. A", timing: "\(hours[0]):00-\(hours[1]):00", room: String($0))
      }
    }
    return DoctorRoster.rosters(of: duties.shuffled().map { (date, $0) }).values.first ?? DoctorRoster()
  }

  private static func words(_ news: RosterNews) -> String {
    func words(_ slot: DoctorRoster.Slot) -> String {
      CampusTime.clock(at: slot.startsAt) + "-" + CampusTime.clock(at: slot.endsAt) + " "
        + slot.rooms.joined(separator: ",")
    }
    return news.items.map { item in
      switch item {
      case .moved(let from, let to): "\(words(from)) > \(words(to))"
      case .cancelled(let slot): "\(words(slot)) cancelled"
      case .back(let slot): "\(words(slot)) back"
      case .added(let slot): "\(words(slot)) added"
      }
    }.joined(separator: "; ")
  }

  @Test(
    "what is news between two states of a doctor's day",
    arguments: [
      ("10-12", "10-12", "", nil), ("10-12 2,1", "10-12 1,2", "", nil),
      ("10-12", "11-13", "10:00-12:00 1 > 11:00-13:00 1", .moved),
      ("10-12", "10-13", "10:00-12:00 1 > 10:00-13:00 1", .moved),
      ("10-12 1,2", "10-12 2,3", "10:00-12:00 1,2 > 10:00-12:00 2,3", .moved),
      ("10-12", "", "10:00-12:00 1 cancelled", .cancelled), ("", "10-12", "10:00-12:00 1 added", nil),
      // The one that stays is not the one that moved.
      ("10-12;14-16", "14-16;17-18", "10:00-12:00 1 > 17:00-18:00 1", .moved),
      ("10-12;14-16", "14-16", "10:00-12:00 1 cancelled", .cancelled),
      ("10-12", "11-12;14-16", "10:00-12:00 1 > 11:00-12:00 1; 14:00-16:00 1 added", .moved),
      ("10-12;14-16", "15-16 7", "10:00-12:00 1 cancelled; 14:00-16:00 1 > 15:00-16:00 7", .cancelled),
      // It is half past eight: what has ended went to nobody, and what starts in the past is where it is now.
      ("6-8", "", "", nil), ("6-8", "14-16", "14:00-16:00 1 added", nil), ("6-8", "6-7", "", nil),
      ("14-16", "6-8", "14:00-16:00 1 > 06:00-08:00 1", .moved), ("8-12", "", "08:00-12:00 1 cancelled", .cancelled),
    ] as [(String, String, String, DutyEvent?)])
  func news(known: String, current: String, words: String, event: DutyEvent?) throws {
    let news = RosterNews(from: try Self.roster(known), to: try Self.roster(current), at: 1_795_402_800)
    #expect(Self.words(news) == words && news.event == event)
    #expect(RosterNews(from: news.told, to: try Self.roster(current), at: 1_795_402_800).event == nil)
    #expect(news.told.slots == (try Self.roster(current)).slots)
  }

  @Test("who was told that a duty is cancelled is told when it is back, at that time or another")
  func back() throws {
    let now = 1_795_402_800.0
    let told = RosterNews(from: try Self.roster("10-12;14-16"), to: DoctorRoster(), at: now).told
    #expect(told.slots.isEmpty && told.cancelled.count == 2)
    let first = RosterNews(from: told, to: try Self.roster("14-16"), at: now)
    #expect(Self.words(first) == "14:00-16:00 1 back" && first.event == .moved)
    let second = RosterNews(from: first.told, to: try Self.roster("14-16;17-18"), at: now)
    #expect(Self.words(second) == "17:00-18:00 1 back" && second.told.cancelled.isEmpty)
    let late = RosterNews(from: told, to: try Self.roster("18-19"), at: now + 9 * 3_600)
    #expect(Self.words(late) == "18:00-19:00 1 added" && late.event == nil, "what it would have been has ended")
  }

  @Test("a roster is bounded, whatever the sheet says")
  func bounds() throws {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let long = String(repeating: "x", count: 100_000)
    let duties = (0..<2_000).map {
      Duty(
        category: .regular, name: "Dr. A", timing: "\($0 % 20):00-23:00", room: "\($0)" + long, speciality: long)
    }
    let roster = try #require(DoctorRoster.rosters(of: duties.map { (date, $0) }).values.first)
    #expect(
      roster.slots.count == 8
        && roster.slots.allSatisfy { $0.rooms.count <= 8 && $0.rooms.allSatisfy { $0.count <= 60 } })
    #expect(roster.slots.allSatisfy { ($0.speciality?.count ?? 0) <= 200 })
  }

  @Test(
    "a cancellation waits for another look, for half an hour at most, and not where the duty starts soon",
    arguments: [
      (0.0, nil, 14, 1_800.0), (0, 200, 14, 1_800), (0, 300, 14, 400), (0, nil, 9, 400), (-2_000, nil, 14, 400),
      (1_000, nil, 14, 400), (0, nil, 10, 1_800),
    ] as [(Double, Double?, Int, Double)])
  func settling(changed: Double, scraped: Double?, hour: Int, toldAt: Double) throws {
    // Half past eight, and 400 seconds.
    let start = 1_795_402_800.0
    let news = RosterNews(from: try Self.roster("\(hour)-20"), to: DoctorRoster(), at: start + 400)
    let time = NewsSettling.time(
      of: news, changedAt: start + changed, scrapedAt: scraped.map { start + $0 }, at: start + 400)
    #expect(max(time, start + 400) == start + toldAt)
  }
}
