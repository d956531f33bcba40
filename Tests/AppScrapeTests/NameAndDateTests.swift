import AppDomain
import Testing

struct NameAndDateTests {
  @Test(
    "name and qualification are told apart",
    arguments: [
      ("Dr. X- MBBS MD (Internal Medicine)", "Dr. X", "MBBS MD (Internal Medicine)"), ("Dr. X, MBBS", "Dr. X", "MBBS"),
      ("Dr. X – MD", "Dr. X", "MD"), ("Dr. X -MD", "Dr. X", "MD"), ("Dr. X-MBBS", "Dr. X", "MBBS"),
      ("Dr. X—MD", "Dr. X", "MD"), ("Dr. X (MBBS, MD)", "Dr. X", "MBBS, MD"), ("Dr. X, M.B.B.S.", "Dr. X", "M.B.B.S."),
      ("Dr. Visiting I - MS (Ortho)", "Dr. Visiting I", "MS (Ortho)"), ("Dr. X", "Dr. X", nil),
      ("Dr. Anne-Marie Rao", "Dr. Anne-Marie Rao", nil), ("Dr. Anne-Marie Rao - MD", "Dr. Anne-Marie Rao", "MD"),
      ("Dr. A, Dr. B", "Dr. A, Dr. B", nil), ("Dr. X (Mrs.)", "Dr. X (Mrs.)", nil), ("Dr. X -", "Dr. X", nil),
      ("Dr. X,", "Dr. X", nil), ("", "", nil), ("-", "", nil), ("- MD", "MD", nil),
    ] as [(String, String, String?)])
  func names(cell: String, name: String, qualification: String?) {
    #expect(DoctorName(cell: cell) == DoctorName(name: name, qualification: qualification))
  }

  @Test(
    "a tab's date is read with any separators",
    arguments: [
      "25/11/2026 WEDNESDAY", "25/11/2026WEDNESDAY", "25/11/2026-WEDNESDAY", "Wednesday, November 25, 2026",
      "Wed 25 Nov 2026", "(25/11/2026)", "25|11|2026", "25,11,2026",
      "25 11 2026", "25/Nov/2026", "25-11-2026", "25.11.2026", "25 / 11 / 2026", "25_11_2026 (Wed)",
      "WEDNESDAY 25/11/2026", "25/11/26", "2026-11-25", "25 Nov 2026", "25th November, 2026", "Copy of 25–11–2026",
      "25\\11\\2026", "OPD 2: 25/11/2026",
    ])
  func dates(name: String) {
    #expect(SheetDate.parse(name)?.iso8601 == "2026-11-25")
  }

  @Test(
    "a tab without a date has none",
    arguments: [
      "", "Notes", "WEDNESDAY", "11/25/2026", "31/02/2026", "00/11/2026", "125/11/2026", "25/11/20267", "25/11", "2026",
      "25 abc 2026", String(repeating: "1/", count: 10_000),
    ])
  func noDates(name: String) {
    #expect(SheetDate.parse(name) == nil)
  }

  @Test("the claimed weekday is found without a space before it")
  func weekdays() {
    #expect(SheetDate.claimedWeekday("25/11/2026WEDNESDAY") == .wednesday)
    #expect(SheetDate.claimedWeekday("25/11/2026") == nil)
  }
}
