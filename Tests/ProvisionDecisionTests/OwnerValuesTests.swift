import Documents
import Testing

@testable import ProvisionDecision

@Suite struct OwnerValuesTests {
  @Test("every value is read")
  func all() throws {
    let values = try OwnerValuesReader.read(
      text: """
        value_per_cold_visit: 0.05
        max_affected: 10%
        keep_awake: refused
        keep_awake_miss: 0.2
        keep_awake_every: 5m
        growth_per_year: -10%
        horizon_months: 24
        data: precious
        data_loss_value: 100
        database_gb: 3
        other_service_hours: 120
        alerts_at: ["07:30", "20:00"]
        scrape_every: 2h
        cache: applied
        indexes: refused
        """, file: "values.yaml")
    #expect(values.valuePerColdVisit == 0.05 && values.maxAffected == 0.1 && !values.keepAwakeIsAllowed)
    #expect(values.keepAwakeMiss == 0.2 && values.keepAwakeEverySeconds == 300 && values.growthPerYear == -0.1)
    #expect(values.horizonMonths == 24 && values.data == .precious && values.dataLossValue == 100)
    #expect(values.databaseGigabytes == 3 && values.otherServiceHours == 120 && values.alertsAt == [27_000, 72_000])
    #expect(values.scrapeEverySeconds == 7_200 && values.cacheRemedy == .applied && values.indexRemedy == .refused)
    #expect(values.given.count == 15)
  }

  @Test(
    "what is wrong is said with its place",
    arguments: [
      ("value_per_cold_visit: -1", "values.yaml:1:23: '-1', expected a number from 0 to 1000"),
      ("max_affected: 200%", "values.yaml:1:15: '200%', expected a share from 0 % to 100 %, such as 5% or 0.05"),
      ("keep_awake: maybe", "values.yaml:1:13: 'maybe', expected allowed or refused"),
      ("max_afected: 5%", "values.yaml:1:1: unknown key 'max_afected', expected 'max_affected'"),
      ("alerts_at: [\"25:00\"]", "values.yaml:1:13: '25:00', expected a time of day in quotes, such as \"07:30\""),
      ("- 1", "values.yaml:1:1: a list, expected a mapping"),
      ("data: precious\ndata: scrapeable", "values.yaml:2:1: duplicate key 'data'"),
    ])
  func problems(text: String, expected: String) throws {
    let error = try #require(throws: DocumentError.self) { try OwnerValuesReader.read(text: text, file: "values.yaml") }
    #expect(error.description.hasPrefix(expected), "\(error.description)")
  }
}
