import AppDomain
import Channels
import Secrets
import TestSupport
import Testing

@testable import AppNotify

struct MessageWriterTests {
  private static let tokens = SignedUnsubscribeTokens(secret: Redacted("0123456789abcdef"))

  static func claim(_ duty: Duty, rooms: [String] = []) throws -> OutboxClaim {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let reminder = try #require(DutyReminder.duties(of: [(date, duty)]).values.first)
    return OutboxClaim(
      id: 1, token: "t", identity: reminder.key.text, content: .reminder(reminder),
      recipient: SubscriberAddress(subscriber: 7, channel: .email, address: "a@example.net"), attempt: 1)
  }

  private static func message(_ claim: OutboxClaim, links: Bool = true, minutesBefore: Double = 45) throws
    -> ChannelMessage
  {
    let links = links ? UnsubscribeLinks(base: "https://doctors.example.org", tokens: tokens) : nil
    return try MessageWriter(unsubscribe: links).message(
      for: claim, at: (claim.reminder?.startsAt ?? 0) - minutesBefore * 60)
  }

  @Test("a mail says who, when, where, and how to leave")
  func golden() throws {
    let duty = Duty(
      category: .visiting, name: "Dr. Anita Sharma- MBBS MD", timing: "08:00 PM to 08:00 AM", room: "4",
      speciality: "ENT")
    let message = try Self.message(try Self.claim(duty))
    try Golden.expect(
      "\(message.title)\n\n\(message.text)\n\(message.html ?? "")", equals: "reminder.txt")
    let plain = try Self.message(
      try Self.claim(Duty(category: .regular, name: "Dr. B", timing: "9-10 am")), links: false, minutesBefore: -3)
    try Golden.expect("\(plain.title)\n\n\(plain.text)\n\(plain.html ?? "")", equals: "plain-reminder.txt")
    #expect(
      plain.unsubscribe == nil
        && message.unsubscribe?.url.hasPrefix("https://doctors.example.org/unsubscribe/7-email-") == true)
    #expect(message.data["starts_in_minutes"] == "45" && message.data["doctor_name"] == duty.name)
    #expect(message.expiresAt == message.expiresAt.rounded() && message.id.count == 32)
  }

  private static func slots(_ name: String, _ timings: String..., room: String = "4") throws -> DoctorRoster {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let duties = timings.map { timing in
      Duty(category: .visiting, name: name, timing: timing, room: room, speciality: "ENT")
    }
    return DoctorRoster.rosters(of: duties.map { (date, $0) }).values.first ?? DoctorRoster()
  }

  private static func message(
    from known: DoctorRoster, to current: DoctorRoster, name: String = "Dr. Anita Sharma- MBBS MD"
  ) throws -> ChannelMessage {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let day = try #require(DoctorDay(date: date, duty: Duty(category: .visiting, name: name, timing: "9")))
    let now = CampusTime.instant(of: date, minute: 480)
    let claim = OutboxClaim(
      id: 1, token: "t", identity: "i",
      content: .news(RosterNews(from: known, to: current, at: now), of: day, on: date),
      recipient: SubscriberAddress(subscriber: 7, channel: .email, address: "a@example.net"), attempt: 1)
    return try MessageWriter(unsubscribe: UnsubscribeLinks(base: "https://doctors.example.org", tokens: tokens))
      .message(for: claim, at: now)
  }

  @Test("a mail about changes says what is so instead of what was")
  func news() throws {
    let name = "Dr. Anita Sharma- MBBS MD"
    let known = try Self.slots(name, "10:00-12:00", "20:00-08:00")
    let changed = try Self.slots(name, "11:00-13:00", "14:00-15:00")
    let message = try Self.message(from: known, to: changed)
    try Golden.expect("\(message.title)\n\n\(message.text)\n\(message.html ?? "")", equals: "news.txt")
    #expect(
      message.data == [
        "doctor_name": name, "category": "Visiting Specialist", "starts_in_minutes": "180", "event": "moved",
        "time_range":
          "11:00 to 13:00 instead of 10:00 to 12:00, room 4; 14:00 to 15:00 instead of 20:00 to 08:00 the next day, room 4",
      ])
    let told = try [
      (known, DoctorRoster()), (try Self.slots(name, "10:00-12:00"), DoctorRoster()),
      (try Self.slots(name, "10:00-12:00"), try Self.slots(name, "10:00-12:00", room: "7")),
      (try Self.slots(name, "10:00-12:00"), try Self.slots(name, "10:00-12:00", room: "")),
      (try Self.slots(name, "10:00-12:00"), try Self.slots(name, "11:00-12:00")),
      (DoctorRoster(cancelled: try Self.slots(name, "10:00-12:00").slots), try Self.slots(name, "10:00-12:00")),
    ].map { try Self.message(from: $0.0, to: $0.1) }
    #expect(
      told.map(\.title) == [
        "Changed: Dr. Anita Sharma, Monday 23/11/2026", "Cancelled: Dr. Anita Sharma, Monday 23/11/2026 at 10:00",
        "Other room: Dr. Anita Sharma, Monday 23/11/2026 at 10:00",
        "Other room: Dr. Anita Sharma, Monday 23/11/2026 at 10:00",
        "Moved: Dr. Anita Sharma, Monday 23/11/2026 at 11:00",
        "On duty after all: Dr. Anita Sharma, Monday 23/11/2026 at 10:00",
      ])
    #expect(
      told.dropFirst().map(\.summary) == [
        "10:00 to 12:00 is cancelled", "10:00 to 12:00, room 7 instead of 4", "10:00 to 12:00, no longer in room 4",
        "11:00 to 12:00 instead of 10:00 to 12:00, room 4", "10:00 to 12:00 takes place after all, room 4",
      ])
    #expect(Set(told.map(\.topic)).count == 1)
  }

  private static func digest(_ duties: [Duty]) throws -> ChannelMessage {
    let date = try #require(CalendarDay(year: 2026, month: 11, day: 23))
    let now = CampusTime.instant(of: date, minute: 420)
    let digest = DutyDigest(
      of: DutyReminder.duties(of: duties.map { (date, $0) }).values, on: date, for: DutyInterest(wantsDigest: true),
      at: now)
    let claim = OutboxClaim(
      id: 1, token: "t", identity: "i", content: .digest(digest),
      recipient: SubscriberAddress(subscriber: 7, channel: .email, address: "a@example.net"), attempt: 1)
    return try MessageWriter(unsubscribe: UnsubscribeLinks(base: "https://doctors.example.org", tokens: tokens))
      .message(for: claim, at: now)
  }

  @Test("a digest names the day's duties in order; of very many it says how many more there are")
  func digest() throws {
    let message = try Self.digest([
      Duty(category: .visiting, name: "Dr. Anita Sharma- MBBS MD", timing: "20:00-08:00", room: "4", speciality: "ENT"),
      Duty(category: .regular, name: "Dr. B", timing: "9-10 am"),
    ])
    try Golden.expect("\(message.title)\n\n\(message.text)\n\(message.html ?? "")", equals: "digest.txt")
    #expect(message.summary == "09:00 Dr. B; 20:00 Dr. Anita Sharma" && message.data["starts_in_minutes"] == "120")
    #expect(CampusTime.clock(at: message.expiresAt) == "09:00")
    let many = try Self.digest((0..<9_000).map { Duty(category: .regular, name: "Dr. \($0)", timing: "09:00-10:00") })
    #expect(
      many.text.contains("And 8900 more.") && many.text.utf8.count < 9_000
        && many.data.values.allSatisfy { $0.count <= 200 })
  }

  @Test(
    "what stands in a cell is text, never markup, template or header",
    arguments: [
      "Dr. <script>alert(1)</script>", "Dr. \"><img src=x onerror=alert(1)>", "Dr. {{title}} {{{html}}} {{> x}}",
      "Dr. A\r\nBcc: x@y.z", "Dr. & Sons &lt;b&gt;", "Dr. </title><b>", "Dr. {{% CONTENT_TYPE:TEXT}}",
      "Dr. 'A' onload='x",
    ])
  func hostile(name: String) throws {
    let duty = Duty(category: .regular, name: name, timing: "09:00-10:00", room: name, speciality: name)
    let reminder = try Self.message(try Self.claim(duty))
    let news = try Self.message(
      from: Self.slots(name, "10:00-11:00", room: name), to: Self.slots(name, "10:00-11:00", room: "x" + name),
      name: name)
    let digest = try Self.digest([Duty(category: .regular, name: name, timing: "9-10 am", room: name, speciality: name)]
    )
    for message in [reminder, news, digest] { try expectText(message, name) }
  }

  private func expectText(_ message: ChannelMessage, _ name: String) throws {
    let html = try #require(message.html)
    for tag in ["<script", "<img", "<b>", "</title><b", "onload='"] { #expect(!html.contains(tag)) }
    #expect(html.components(separatedBy: "</title>").count == 2)
    #expect(!message.title.contains { $0.isNewline } && message.summary?.contains { $0.isNewline } == false)
    if name.contains("{{title}}") { #expect(html.contains("{{title}} {{{html}}}") && message.text.contains("{{> x}}")) }
    if name.contains("& Sons") {
      #expect(html.contains("&amp; Sons &amp;lt;b") && message.text.contains("& Sons &lt;b&gt;"))
    }
  }

  @Test("a token is its subscriber's and its channel's; nobody makes one without the secret")
  func tokens() {
    let token = Self.tokens.token(for: 7, channel: .email)
    #expect(Self.tokens.read(token).map { $0.subscriber == 7 && $0.channel == .email } == true)
    #expect(token != Self.tokens.token(for: 7, channel: .webPush) && token.utf8.count < 60)
    let webPush = Self.tokens.token(for: .max, channel: .webPush)
    #expect(Self.tokens.read(webPush)?.subscriber == .max)
    let other = SignedUnsubscribeTokens(secret: Redacted("0123456789abcdeg"))
    for forged in [
      other.token(for: 7, channel: .email), token.replacing("7-", with: "8-"),
      token.replacing("email", with: "web_push"),
      String(token.dropLast()), token + "0", token.uppercased(), "", "--", "7-email-", "07-email-" + token.dropFirst(8),
      String(repeating: "1", count: 5_000),
    ] where forged != token {
      #expect(Self.tokens.read(forged) == nil, "\(forged.prefix(80))")
    }
    #expect(!"\(Self.tokens)".contains("0123456789"))
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    var rest = self[...]
    var parts: [Substring] = []
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}
