import AppSchedule
import Testing

@testable import AppComposition

struct ScrapeRuleTests {
  @Test("the timetable is the standard one, unless an interval or a cron expression says otherwise")
  func rules() throws {
    #expect(try ScrapeRule.read([:]) == .standard)
    #expect(try ScrapeRule.read(["SCRAPER_INTERVAL_HOURS": "", "SCRAPER_CRON": ""]) == .standard)
    #expect(try ScrapeRule.read(["SCRAPER_INTERVAL_HOURS": "4"]) == .every(.seconds(14_400)))
    #expect(try ScrapeRule.read(["SCRAPER_INTERVAL_HOURS": "0.5"]) == .every(.seconds(1_800)))
    let cron = try #require(CronExpression("30 6-22/4 * * *"))
    #expect(try ScrapeRule.read(["SCRAPER_CRON": "30 6-22/4 * * *"]) == .cron(cron))
    #expect(try ScrapeRule.read(["SCRAPER_INTERVAL_HOURS": "30 6-22/4 * * *"]) == .cron(cron))
  }

  @Test(
    "what can't be used is refused by name",
    arguments: [
      ["SCRAPER_INTERVAL_HOURS": "0"], ["SCRAPER_INTERVAL_HOURS": "often"], ["SCRAPER_INTERVAL_HOURS": "nan"],
      ["SCRAPER_INTERVAL_HOURS": "169"], ["SCRAPER_CRON": "often"], ["SCRAPER_CRON": "0 0 30 2 *"],
      ["SCRAPER_INTERVAL_HOURS": "4", "SCRAPER_CRON": "0 * * * *"],
    ])
  func refused(environment: [String: String]) {
    let error = #expect(throws: ConfigurationError.self) { try ScrapeRule.read(environment) }
    for name in environment.keys { #expect(error?.description.contains(name) == true) }
  }

  @Test("backups are made where BACKUP_TO says; what can't be used is refused by name")
  func backups() throws {
    #expect(try ServeBackup(environment: ["BACKUP_EVERY": "x"]) == nil)
    let backup = try #require(try ServeBackup(environment: ["BACKUP_TO": "backups"]))
    #expect(backup.every == .seconds(86_400) && backup.keep == 7)
    for (name, value) in [("BACKUP_EVERY", "soon"), ("BACKUP_EVERY", "31d"), ("BACKUP_KEEP", "0")] {
      let error = #expect(throws: ConfigurationError.self) {
        try ServeBackup(environment: ["BACKUP_TO": "backups", name: value])
      }
      #expect(error?.description.contains(name) == true)
    }
    #expect(throws: (any Error).self) { try ServeBackup(environment: ["BACKUP_TO": "ftp://x"]) }
    #expect(throws: (any Error).self) { try ServeBackup(environment: ["BACKUP_TO": "s3://bucket"]) }
  }
}
