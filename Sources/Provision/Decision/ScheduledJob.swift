import Foundation
import Wording

/// Something that somebody's clock is to do over and over, as what each such clock takes: a line for cron, a workflow for
/// GitHub Actions, the fields of a cron service. Pure: text only.
struct ScheduledJob {
  /// Of letters, digits and hyphens; names the workflow.
  var name: String
  /// What it is for, in a line.
  var purpose: String
  var schedule: Schedule
  /// Asked by GET; nobody else's text gets out of it.
  let url: String

  init(name: String, purpose: String, schedule: Schedule, url: String) {
    self.name = name
    self.purpose = purpose
    self.schedule = schedule
    self.url = Self.encoded(url)
  }

  /// Every so many minutes, round the clock or from one local hour of the day up to another.
  struct Schedule {
    /// 1 to 60.
    var everyMinutes: Int
    var hours: Range<Int>?
    /// IANA name of the zone that `hours` are in.
    var timeZone: String?

    init(everySeconds: Double, hours: Range<Int>? = nil, timeZone: String? = nil) {
      // A fraction is left off: rather too often than too late.
      everyMinutes = min(60, max(1, Int(min(3_600, max(60, everySeconds)) / 60)))
      self.hours = hours
      self.timeZone = timeZone
    }

    /// The five fields of crontab(5). Where the minutes don't divide the hour the last gap of each is shorter.
    func cron(hours: Range<Int>? = nil) -> String {
      let minutes = everyMinutes == 60 ? "0" : everyMinutes == 1 ? "*" : "*/\(everyMinutes)"
      let span = hours.map { $0.count >= 24 || $0.isEmpty ? "*" : "\($0.lowerBound)-\($0.upperBound - 1)" } ?? "*"
      return "\(minutes) \(span) * * *"
    }

    /// `every 5 minutes`, `every 5 minutes from 07:00 to 22:00 (Asia/Kolkata)`.
    var words: String {
      let often = everyMinutes == 1 ? "every minute" : "every \(everyMinutes) minutes"
      guard let hours else { return often }
      let zone = timeZone.map { " (\($0))" } ?? ""
      return "\(often) from \(Figure.twoDigits(hours.lowerBound)):00 to \(Figure.twoDigits(hours.upperBound)):00\(zone)"
    }
  }

  /// Longer than a wake takes, which the first request after a pause waits for.
  static let timeLimitSeconds = 90

  /// One line for `crontab -e`, on a machine that is always on.
  var crontabLine: String {
    // In a crontab an unescaped % ends the command.
    let address = url.replacing("%", with: "\\%")
    return "\(schedule.cron(hours: schedule.hours)) curl -fsS -m \(Self.timeLimitSeconds) -o /dev/null '\(address)'"
  }

  /// What to enter at a service such as cron-job.org, a field a line.
  var cronServiceSettings: String {
    var lines = ["URL       \(url)", "method    GET", "schedule  \(schedule.cron(hours: schedule.hours))"]
    if schedule.hours != nil, let zone = schedule.timeZone { lines.append("time zone \(zone)") }
    return lines.joined(separator: "\n")
  }

  /// A workflow of GitHub Actions, whose clock goes by UTC: hours of duty are held in their own zone by the job itself.
  ///
  /// Source: docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule: at least
  /// five minutes apart, UTC.
  var gitHubWorkflow: String {
    var schedule = schedule
    schedule.everyMinutes = max(5, schedule.everyMinutes)
    var script = [
      "curl -fsS --max-time \(Self.timeLimitSeconds) --retry 2 --retry-all-errors -o /dev/null \"$URL\""
    ]
    if let hours = schedule.hours {
      script.insert("hour=$(TZ=\(schedule.timeZone ?? "UTC") date +%-H)", at: 0)
      script.insert(
        "if [ \"$hour\" -lt \(hours.lowerBound) ] || [ \"$hour\" -ge \(hours.upperBound) ]; then exit 0; fi", at: 1)
    }
    return """
      # \(purpose)
      name: \(name)
      on:
        schedule:
          - cron: "\(schedule.cron())"
        workflow_dispatch:
      permissions: {}
      concurrency:
        group: \(name)
      jobs:
        \(name):
          runs-on: ubuntu-latest
          timeout-minutes: 5
          steps:
            - env:
                URL: "\(url)"
              run: |
      \(script.map { "          \($0)" }.joined(separator: "\n"))

      """
  }

  /// Percent-encodes what RFC 3986 doesn't allow in a URI, quotes and dollar signs too, so that neither a shell, nor YAML,
  /// nor an expression of a workflow reads anything in it.
  private static func encoded(_ url: String) -> String {
    PercentEncoding.encoded(url, keeping: ":/?#[]@!&()*+,;=%")
  }
}
