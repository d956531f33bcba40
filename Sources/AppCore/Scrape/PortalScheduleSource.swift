package import AppDomain
package import Curl
import Glibc
package import Timers

/// The schedule as the health centre publishes it: portal page → framed spreadsheet → a worksheet per day.
package struct PortalScheduleSource: ScheduleSource {
  package struct Options: Sendable {
    package var connectTimeout: Duration = .seconds(10)
    package var pageTimeout: Duration = .seconds(30)
    package var maxPageBytes = 5_000_000
    package var maxWorksheetsAtOnce = 4
    package var retry = RetryPolicy()
    package var userAgent = "Outgrown (schedule reader)"
    /// PEM file to trust instead of the system's authorities.
    package var authorityFile: String?

    package init() {}
  }

  private let url: String
  private let options: Options
  private let fetcher: PageFetcher

  /// - Parameters:
  ///   - url: the portal page. Plain http is fit for loopback; all else must lead on to https.
  ///   - wait: waits between tries.
  ///   - random: 0..<1, the jitter of these waits.
  ///   - now: seconds since 1970, for a server that names the time of the next try.
  package init(
    url: String, client: CurlClient, options: Options = Options(),
    wait: @escaping Wait,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    now: @escaping @Sendable () -> Double = { Double(time(nil)) }
  ) {
    self.init(
      url: url, options: options, wait: wait, random: random, now: now,
      send: { request throws(CurlError) in try await client.send(request) })
  }

  init(
    url: String, options: Options, wait: @escaping Wait, random: @escaping @Sendable () -> Double,
    now: @escaping @Sendable () -> Double = { Double(time(nil)) },
    send: @escaping @Sendable (CurlRequest) async throws(CurlError) -> CurlResponse
  ) {
    self.url = url
    self.options = options
    var isLoopbackHTTP = false
    var host: String?
    if let address = CurlURL(url) {
      isLoopbackHTTP = address.scheme == "http" && address.isLoopback
      host = address.host
    }
    fetcher = PageFetcher(
      send: send, options: options, sourceHost: host, allowsLoopbackHTTP: isLoopbackHTTP, wait: wait, random: random,
      now: now)
  }

  /// Days in the order of the worksheets. A worksheet that can't be read, has no header, no date or one that another
  /// has, is a warning instead of a day.
  /// - Throws: `ScrapeError`; also when no worksheet holds a duty.
  package func read() async throws(ScrapeError) -> ScheduleReading {
    let (list, items) = try await worksheets()
    guard !items.isEmpty else {
      throw ScrapeError(
        .notASchedule,
        "\(CurlURL.redacted(list.effectiveURL)) lists no worksheets (\(list.body.count) bytes); is the sheet published?"
      )
    }
    let outcomes = await read(items, listedAt: list.effectiveURL)
    if Task.isCancelled { throw ScrapeError(.cancelled, "the scrape of \(CurlURL.redacted(url)) was cancelled") }
    let reading = PortalScheduleSource.merge(outcomes)
    if reading.rowCount > 0 { return reading }
    // Where not one worksheet could be fetched, the source is what failed, not its content.
    let failures = outcomes.compactMap(\.failure)
    if failures.count == outcomes.count, let failure = failures.first { throw failure }
    let seen = reading.warnings.prefix(3).map(\.description).joined(separator: "; ")
    throw ScrapeError(
      .notASchedule, "\(CurlURL.redacted(url)): none of \(items.count) worksheets holds a duty; \(seen)")
  }

  /// The page that lists the worksheets, and what it lists. A source that is that page itself is taken for it.
  private func worksheets() async throws(ScrapeError) -> (CurlResponse, [WorksheetList.Item]) {
    let portal = try await fetcher.page(at: url, isSource: true)
    let own = try await OwnThread.run { () throws(ScrapeError) in WorksheetList.read(portal.body) }
    if !own.isEmpty { return (portal, own) }
    let listURL = try await OwnThread.run { () throws(ScrapeError) in
      try PortalPage.worksheetList(in: portal.body, at: portal.effectiveURL)
    }
    let list = try await fetcher.page(at: listURL)
    return (list, try await OwnThread.run { () throws(ScrapeError) in WorksheetList.read(list.body) })
  }

  /// What one worksheet yielded.
  private struct Outcome: Sendable {
    var name: String
    var day: ScheduleDay?
    var messages: [String] = []
    var failure: ScrapeError?
  }

  /// In the order of `items`, at most `maxWorksheetsAtOnce` under way.
  private func read(_ items: [WorksheetList.Item], listedAt address: String) async -> [Outcome] {
    var outcomes = items.map { Outcome(name: $0.name) }
    await withTaskGroup(of: (Int, Outcome).self) { group in
      var next = items.indices.makeIterator()
      func add() {
        guard let index = next.next() else { return }
        group.addTask { (index, await read(items[index], listedAt: address)) }
      }
      for _ in 0..<max(1, options.maxWorksheetsAtOnce) { add() }
      while let (index, outcome) = await group.next() {
        outcomes[index] = outcome
        if !Task.isCancelled { add() }
      }
    }
    return outcomes
  }

  private func read(_ item: WorksheetList.Item, listedAt address: String) async -> Outcome {
    var outcome = Outcome(name: item.name)
    guard let date = SheetDate.parse(item.name) else {
      outcome.messages = ["the worksheet's name holds no date (day/month/year); skipped"]
      return outcome
    }
    if let claimed = SheetDate.claimedWeekday(item.name), claimed != date.weekday {
      outcome.messages = ["\(date.dayMonthYear) is a \(date.weekday.rawValue), not a \(claimed.rawValue)"]
    }
    do throws(ScrapeError) {
      guard let page = CurlURL(address)?.resolving(item.pageURL)?.text else {
        throw ScrapeError(.refusedURL, "'\(item.pageURL.prefix(100))' is no URL")
      }
      let response = try await fetcher.page(at: page)
      let read = try await OwnThread.run { () throws(ScrapeError) in try WorksheetPage.read(response.body) }
      if read.hasHeader { outcome.day = ScheduleDay(date: date, sheet: item.name, duties: read.duties) }
      outcome.messages += read.messages + Self.unreadTimings(of: read.duties)
    } catch {
      outcome.failure = error
      outcome.messages.append("not read: \(error.message)")
    }
    return outcome
  }

  private static func unreadTimings(of duties: [Duty]) -> [String] {
    let unread = duties.map(\.timing).filter { !$0.isEmpty && DutyTiming.parse($0) == nil }
    guard !unread.isEmpty else { return [] }
    let shown = unread.prefix(3).map { "'\($0.prefix(60))'" }.joined(separator: ", ")
    return ["\(unread.count) of \(duties.count) timings are no times that can be read, kept as text: \(shown)"]
  }

  /// Of two worksheets for one date, the first that holds duties counts.
  private static func merge(_ outcomes: [Outcome]) -> ScheduleReading {
    var reading = ScheduleReading(days: [])
    var positions: [CalendarDay: Int] = [:]
    for outcome in outcomes {
      reading.warnings += outcome.messages.map { ScheduleReading.Warning(place: outcome.name, message: $0) }
      guard let day = outcome.day else { continue }
      guard let position = positions[day.date] else {
        positions[day.date] = reading.days.count
        reading.days.append(day)
        continue
      }
      let kept = reading.days[position].duties.isEmpty ? day : reading.days[position]
      let dropped = kept == day ? reading.days[position] : day
      reading.days[position] = kept
      reading.warnings.append(
        ScheduleReading.Warning(
          place: dropped.sheet, message: "another worksheet is for the same date: '\(kept.sheet)'; this one is left out"
        ))
    }
    return reading
  }
}
