import AppDomain
import Statistics
import Testing

struct DutyTimingTests {
  @Test(
    "a period is read in every spelling",
    arguments: [
      ("03:30 PM to 07:00 PM", 930, 1140, false), ("11:30 AM-01:30 PM", 690, 810, false),
      ("08:00-14:00", 480, 840, false), ("20:00 - 08:00", 1200, 480, true), ("20:00-08:00", 1200, 480, true),
      ("06:00 PM – 08:00 PM", 1080, 1200, false), ("9 AM — 1 PM", 540, 780, false),
      ("9.30 am to 1 pm", 570, 780, false),
      ("  9 . 30  a.m.  TO  1 P.M. ", 570, 780, false), ("10 - 2 PM", 600, 840, false), ("9-11 AM", 540, 660, false),
      ("9 AM - 5", 540, 1020, false), ("11 AM to 12:30", 660, 750, false), ("2 PM - 20:00", 840, 1200, false),
      ("12:00 PM to 12:00 AM", 720, 0, true), ("12 noon to 2 pm", 720, 840, false),
      ("8 PM till midnight", 1200, 0, true),
      ("16:00-24:00", 960, 1440, false), ("00:00-24:00", 0, 1440, false), ("08:00-08:00", 480, 480, true),
      ("0800-1400 hrs", 480, 840, false), ("14:00 PM to 16:00 PM", 840, 960, false),
      ("9:00 to 17:00", 540, 1020, false),
      ("8pm-8am", 1200, 480, true), ("09:00\u{A0}AM\u{202F}to 01:00 PM", 540, 780, false),
      ("12:30 AM - 1:30 AM", 30, 90, false), ("9:00-11:30", 540, 690, false), ("22:00-6:00", 1320, 360, true),
      ("From 9 AM to 1 PM", 540, 780, false),
      ("8 PM to 12 midnight", 1200, 0, true), ("12:00 NOON to 2:00 PM", 720, 840, false),
    ])
  func reads(text: String, start: Int, end: Int, endsNextDay: Bool) {
    #expect(DutyTiming.parse(text) == DutyTiming(start: start, end: end, endsNextDay: endsNextDay))
  }

  @Test(
    "what is not one period, or leaves the half of the day open, is not guessed",
    arguments: [
      "", "from", "from 9 AM", "10:00-1:00", "9:00 to 8:30", "On call", "9-5", "9 AM", "9:00", "25:00-26:00",
      "10:60-11:00", "24:30-01:00",
      "24:00-08:00",
      "14:00 AM-15:00 AM",
      "9 AM - 1 PM, 2 PM - 5 PM", "9 AM 1 PM", "9 AM to", "to 1 PM", "-", "9:3 AM - 1 PM", "Mon 9 AM - 1 PM",
      "99999999999999999999-1", "123-456", "9 AM - 1 PMx", String(repeating: "9", count: 500),
    ])
  func refuses(text: String) {
    #expect(DutyTiming.parse(text) == nil)
  }

  @Test("no text of times, dashes and words makes it trap or leave its bounds")
  func mixtures() {
    let pieces = ["9", "12", "24", "59", ":", ".", " ", "am", "pm", "to", "-", "–", "noon", "hrs", "0", "x", "٣", "🕘"]
    var seed = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...9, using: &seed)).map { _ in pieces.randomElement(using: &seed) ?? "" }
        .joined()
      guard let timing = DutyTiming.parse(text) else { continue }
      #expect((0..<1440).contains(timing.start) && (0...1440).contains(timing.end), "\(text)")
      #expect(timing.endsNextDay == (timing.end <= timing.start), "\(text)")
    }
  }
}
