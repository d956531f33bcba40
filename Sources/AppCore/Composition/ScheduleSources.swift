import AppDomain
import AppScrape
import Curl
import Evidence
import Foundation
import Timers

/// The sources that a configuration can name.
enum ScheduleSources {
  /// The schedule's pages at `url`, read by libcurl on a thread of its own.
  static func make(_ url: URL, client: CurlClient, wait: @escaping Wait) -> any ScheduleSource {
    var options = PortalScheduleSource.Options()
    options.userAgent = "Outgrown/\(Version.number) (schedule reader)"
    return PortalScheduleSource(url: url.absoluteString, client: client, options: options, wait: wait)
  }
}
