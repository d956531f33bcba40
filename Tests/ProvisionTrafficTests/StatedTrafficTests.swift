import Documents
import Evidence
import Testing

@testable import ProvisionTraffic

@Suite struct StatedTrafficTests {
  private func read(_ text: String) throws -> Traffic {
    try StatedTraffic.read(text: text, file: "traffic.yaml", build: .init(version: "0", commit: nil))
  }

  @Test("a day's visits are spread over its hours, fewer at weekends")
  func spread() throws {
    let traffic = try read(
      """
      visits_per_day: 40
      weekend: 50%
      hours: {"08:00-12:00": 3, "22:00-02:00": 1}
      """)
    #expect(traffic.origin == .assumed && traffic.counted == nil)
    #expect(abs(traffic.visitsByHourOfWeek[0..<24].reduce(0, +) - 40) < 1e-9)
    #expect(abs(traffic.visitsByHourOfWeek[120..<144].reduce(0, +) - 20) < 1e-9)
    #expect(traffic.visitsByHourOfWeek[9] == 3 * traffic.visitsByHourOfWeek[23])
    #expect(traffic.visitsByHourOfWeek[1] == traffic.visitsByHourOfWeek[23] && traffic.visitsByHourOfWeek[15] == 0)
  }

  @Test(
    "what is wrong is said with its place",
    arguments: [
      ("visits_per_dy: 3", "traffic.yaml:1:1: unknown key 'visits_per_dy', expected 'visits_per_day'"),
      ("weekend: 30%", "traffic.yaml:1:1: 'visits_per_day' is missing"),
      ("visits_per_day: -3", "traffic.yaml:1:17: '-3', expected a number from 0"),
      ("visits_per_day: 3\ntime_zone: Mars/Base", "traffic.yaml:2:12: unknown time zone 'Mars/Base'"),
      ("visits_per_day: 3\nhours: {\"8-9\": 1}", "traffic.yaml:2:9: '8-9', expected full hours"),
      ("visits_per_day: 3\nhours: {\"08:00-09:00\": 0}", "traffic.yaml:2:8: no hour with a weight"),
      ("visits_per_day: 3\nweekend: lots", "traffic.yaml:2:10: 'lots', expected a weekend day's visits"),
      ("visits_per_day: 1e300", "traffic.yaml:1:17: '1e300', expected a number from 0"),
      ("visits_per_day: 3\nweekend: -30%", "traffic.yaml:2:10: '-30%', expected a weekend day's visits"),
      ("visits_per_day: 3\nweekend: 1e300", "traffic.yaml:2:10: '1e300', expected a weekend day's visits"),
      ("visits_per_day: 3\nweekend: 1e300%", "traffic.yaml:2:10: '1e300%', expected a weekend day's visits"),
      ("visits_per_day: 3\nhours: {\"08:00-09:00\": 1e300}", "traffic.yaml:2:24: '1e300', expected a number from 0"),
      ("visits_per_day: 3\nhours: {\"08:00-09:00\": -1}", "traffic.yaml:2:24: '-1', expected a number from 0"),
      ("visits_per_day: 3\nrequests_per_visit: 1e300", "traffic.yaml:2:21: '1e300', expected a number from 1"),
      ("visits_per_day: 3\nrequests_per_visit: 0", "traffic.yaml:2:21: '0', expected a number from 1"),
      ("visits_per_day: 3\npeak_requests_per_second: 1e300", "traffic.yaml:2:27: '1e300', expected a number from 0"),
      ("visits_per_day: 3\npeak_requests_per_second: -1", "traffic.yaml:2:27: '-1', expected a number from 0"),
      ("visits_per_day: 3\negress_gb_per_month: 1e300", "traffic.yaml:2:22: '1e300', expected a number from 0"),
      ("visits_per_day: 3\negress_gb_per_month: -1", "traffic.yaml:2:22: '-1', expected a number from 0"),
      ("visits_per_day: .inf", "traffic.yaml:1:17: '.inf', expected a number from 0"),
      ("visits_per_day: .nan", "traffic.yaml:1:17: '.nan', expected a number from 0"),
    ])
  func problems(text: String, expected: String) throws {
    let error = try #require(throws: DocumentError.self) { try read(text) }
    #expect(error.description.contains(expected), "\(error.description)")
  }
}
