import AppSchedule

/// SCRAPER_INTERVAL_HOURS and SCRAPER_CRON: when `app serve` scrapes.
enum ScrapeRule {
  /// The standard timetable when neither is set. A cron expression is also taken from SCRAPER_INTERVAL_HOURS.
  /// - Throws: `ConfigurationError`.
  static func read(_ environment: [String: String]) throws(ConfigurationError) -> ScrapeTimetable.Rule {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let (cron, hours) = (setting("SCRAPER_CRON"), setting("SCRAPER_INTERVAL_HOURS"))
    guard cron == nil || hours == nil else {
      throw ConfigurationError("SCRAPER_CRON and SCRAPER_INTERVAL_HOURS are both set: one of them was expected")
    }
    if let cron { return try rule(cron: cron, from: "SCRAPER_CRON") }
    guard let hours else { return .standard }
    if hours.split(separator: " ").count > 1 { return try rule(cron: hours, from: "SCRAPER_INTERVAL_HOURS") }
    guard let number = Double(hours), number >= 0.05, number <= 168 else {
      throw ConfigurationError(
        "SCRAPER_INTERVAL_HOURS \(hours.debugDescription): hours from 0.05 (three minutes) to 168 were expected")
    }
    return .every(.seconds(number * 3_600))
  }

  private static func rule(cron text: String, from name: String) throws(ConfigurationError) -> ScrapeTimetable.Rule {
    guard let expression = CronExpression(text) else {
      throw ConfigurationError(
        "\(name) \(text.debugDescription): minute, hour, day of the month, month and day of the week were expected, such as "
          + "'30 6-22/4 * * *', in Asia/Kolkata")
    }
    return .cron(expression)
  }
}
