package import Evidence
package import Foundation
package import Visits
import Wording

/// Reads access logs into `Traffic`.
package struct LogTraffic {
  /// Zone that hours of the week are reckoned in; nil for the one of the log's own times.
  package var timeZone: TimeZone?
  /// Zone of times that name none.
  package var logTimeZone: TimeZone
  /// The form of the lines, where they are of none that is known.
  package var format: LogForm?
  static let spanGapSeconds = 60

  package init(timeZone: TimeZone?, logTimeZone: TimeZone, format: LogForm? = nil) {
    self.timeZone = timeZone
    self.logTimeZone = logTimeZone
    self.format = format
  }

  /// Reads all files; their order is of no matter.
  /// - Parameters:
  ///   - doubt: told what of the log was not read, or is no visitor's, before anything is made of the rest.
  ///   - progress: called now and then with the number of lines.
  /// - Throws: `TrafficError`.
  package func read(
    _ paths: [String], build: BenchReport.Build, doubt: (String) -> Void = { _ in },
    progress: (Int) -> Void = { _ in }
  ) throws(TrafficError) -> Traffic {
    var tally = LogTally(zone: logTimeZone, files: paths.count, format: format)
    for path in paths {
      let file = try LogFile(path: path)
      let before = tally.lines
      tally.repeats.begin(Self.name(path))
      while let line = try file.next() {
        try tally.take(line)
        if tally.lines.isMultiple(of: 100_000) { progress(tally.lines) }
      }
      tally.endFile()
      if let breakage = file.breakage {
        tally.breakages.append(
          "\(Self.name(path)): \(breakage) after \(CountText.plural(tally.lines - before, "line")): what came after them is missing"
        )
      }
    }
    return try analyse(
      &tally, sources: paths.map { $0 == "-" ? "standard input" : Self.name($0) }, build: build, doubt: doubt)
  }

  /// As `read`, of text in memory.
  package func read(text: String, name: String, build: BenchReport.Build) throws(TrafficError) -> Traffic {
    var tally = LogTally(zone: logTimeZone, format: format)
    for line in Array(text.utf8).split(separator: 0x0A) { try tally.take(.text(line)) }
    tally.endFile()
    return try analyse(&tally, sources: [name], build: build) { _ in }
  }

  private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  private func analyse(
    _ tally: inout LogTally, sources: [String], build: BenchReport.Build, doubt: (String) -> Void
  ) throws(TrafficError) -> Traffic {
    let place = sources.joined(separator: ", ")
    var (ledger, warnings) = try tally.finish(place: place)
    tally.doubts.forEach(doubt)
    ledger.sort()
    warnings += Self.dropStrays(&ledger)
    guard let first = ledger.requests.first, let last = ledger.requests.last else {
      throw TrafficError(.noRequests, "\(place): no request left")
    }
    let from = RequestLedger.seconds(first)
    let to = RequestLedger.seconds(last) + 1
    let chosen: (zone: TimeZone, sentence: String?) =
      timeZone.map { ($0, nil) } ?? tally.logZone.choose(zoneless: logTimeZone)
    let zone = chosen.zone
    let sorting = CallerSorting(ledger)
    if let same = TrafficWarnings.sameClient(ledger, sorting.kinds) {
      doubt(same)
      warnings.insert(same, at: 0)
    }
    let days = TrafficDays(
      ledger: ledger, kinds: sorting.kinds, from: from, visitGap: VisitRule.silenceSeconds, spanGap: Self.spanGapSeconds
    )
    let counted = Traffic.Counted(
      visits: days.visits, visitGapSeconds: VisitRule.silenceSeconds, activity: days.people.spans,
      otherActivity: days.others.spans, spanGapSeconds: Self.spanGapSeconds, requests: ledger.requests.count,
      unreadableLines: tally.unreadable)
    let span = Double(to - from)
    var traffic = Traffic(
      origin: .live, outgrown: build, sources: sources,
      timeZone: zone.identifier == "GMT" ? "UTC" : zone.identifier,
      from: UTCInstant(Date(timeIntervalSince1970: Double(from))),
      to: UTCInstant(Date(timeIntervalSince1970: Double(to))),
      visitsByHourOfWeek: WeekRates.visitsPerHour(days.visits, from: from, to: to, zone: zone),
      requestsPerVisit: days.visits.isEmpty ? 1 : max(1, Double(days.peopleRequests) / Double(days.visits.count)),
      peak: days.peak, egressBytesPerMonth: nil, counted: counted, setApart: sorting.setApart)
    let sized = ledger.requestsWithBytes
    if sized > 0, span > 0 {
      // Requests without a size, of another log beside one with sizes, count as the others do on average.
      let scale = Double(ledger.requests.count) / Double(sized)
      traffic.egressBytesPerMonth = Double(ledger.bytes) * scale * 30 * 86_400 / max(span, 3_600)
    }
    if let sentence = chosen.sentence { warnings.append(sentence) }
    traffic.warnings = warnings + TrafficWarnings.all(traffic, ledger: ledger, kinds: sorting.kinds)
    return traffic
  }

  /// A few lines dated years away stretch the log over years: what lies beyond a gap of sixty days and is less than a
  /// hundredth of the log goes.
  private static func dropStrays(_ ledger: inout RequestLedger) -> [String] {
    let requests = ledger.requests
    guard requests.count > 100 else { return [] }
    let few = requests.count / 100
    var low = 0
    var high = requests.count
    for index in 1...few where gap(requests, index) > 60 * 86_400 { low = index }
    for index in (requests.count - few)..<requests.count where gap(requests, index) > 60 * 86_400 {
      high = index
      break
    }
    guard low > 0 || high < requests.count else { return [] }
    ledger.keep(low..<high)
    let dropped = requests.count - (high - low)
    return ["\(dropped) requests dated more than two months from the rest were left out"]
  }

  private static func gap(_ requests: [UInt64], _ index: Int) -> Int64 {
    RequestLedger.seconds(requests[index]) - RequestLedger.seconds(requests[index - 1])
  }
}

/// Lines on their way into the ledger, and what became of the others.
struct LogTally {
  private let zone: TimeZone
  private var zoneOffsets: [Int64: Int64] = [:]
  /// One for what the host's router logged, one for the service's own lines: exports may hold both of each request.
  private var router = RequestLedger()
  private var service = RequestLedger()
  private(set) var lines = 0
  private(set) var unreadable = 0
  private var understood = 0
  private var tooLong = 0
  private var untimed = 0
  private var zoneless = 0
  /// Lines that speak of a request in a form that isn't known, and the first of them.
  private var refused = 0
  private var firstRefused: String?
  private var proposal: String?
  private let format: LogForm?
  private var reader: LogReader
  /// A line that is too long begins like JSON.
  private var isLongJSON = false
  /// Files that could not be read to their end.
  var breakages: [String] = []
  private var untimedForm: LogEntry.Form?
  /// What the first line of JSON that is no request lacks.
  private var missingField: String?
  private(set) var logZone = LogZone()

  var repeats = LogRepeats()
  private let files: Int

  init(zone: TimeZone, files: Int = 1, format: LogForm? = nil) {
    self.zone = zone
    self.files = files
    self.format = format
    reader = LogReader(format: format)
  }

  mutating func take(_ line: LogFile.Line) throws(TrafficError) {
    lines += 1
    switch line {
    case .tooLong(let first):
      tooLong += 1
      unreadable += 1
      isLongJSON = isLongJSON || first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
    case .text(let bytes):
      guard !bytes.allSatisfy(\.isBlank) else { return }
      switch reader.read(bytes) {
      case .request(let entry): try take(entry, of: bytes)
      case .refused: refuse(bytes)
      case .nothing: break
      case .objects(let objects):
        lines += max(0, objects.count - 1)
        for (text, entry) in objects {
          if let entry { try take(entry, of: text) } else { refuse(text) }
        }
      }
    }
  }

  /// What the file breaks off in is refused; what it says of its lines holds no further.
  mutating func endFile() {
    if let rest = reader.finish() { refuse(rest) }
  }

  private mutating func take(_ entry: LogEntry, of bytes: LogBytes) throws(TrafficError) {
    understood += 1
    guard var seconds = entry.seconds else {
      untimed += 1
      untimedForm = entry.form
      return
    }
    repeats.take(bytes, amongFiles: files)
    logZone.take(entry)
    if !entry.hasZone {
      zoneless += 1
      seconds -= offset(at: seconds)
    }
    guard !repeats.isRepeated(entry, seconds: seconds) else { return }
    if entry.form == .router {
      try router.add(entry, seconds: seconds)
    } else {
      try service.add(entry, seconds: seconds)
    }
  }

  private mutating func refuse(_ line: LogBytes) {
    unreadable += 1
    if format == nil {
      if missingField == nil { missingField = LogLine.missingField(line) }
      guard LogLine.speaksOfRequest(line) else { return }
    }
    refused += 1
    guard firstRefused == nil else { return }
    firstRefused = line.text(limit: 300)
    proposal = format == nil ? LogForm.proposal(for: line) : nil
  }

  private mutating func offset(at seconds: Int64) -> Int64 {
    let hour = seconds / 900
    if let known = zoneOffsets[hour] { return known }
    let guess = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    let offset = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds - guess))))
    zoneOffsets[hour] = offset
    return offset
  }

  /// The ledger to use, with what is to be said of the reading.
  mutating func finish(place: String) throws(TrafficError) -> (RequestLedger, [String]) {
    let both = !router.requests.isEmpty && !service.requests.isEmpty
    let ledger = router.requests.isEmpty && router.loadTest == 0 ? service : router
    // Less than half of a log says nothing of it.
    if refused > understood { throw unknownForm(place) }
    guard !ledger.requests.isEmpty else {
      if ledger.loadTest > 0 {
        throw TrafficError(
          .noRequests,
          "\(place): nothing but \(CountText.plural(ledger.loadTest, "request")) of Outgrown's own load test: no visitors"
        )
      }
      if untimed > 0 { throw TrafficError(.noTimes, Self.withoutTimes(place, form: untimedForm)) }
      if let missingField {
        throw TrafficError(
          .noRequests,
          "\(place): no request in \(CountText.plural(lines, "line")): the JSON lines lack \(missingField) (docs/traffic.md)"
        )
      }
      if isLongJSON {
        throw TrafficError(
          .noRequests,
          "\(place): no request in \(CountText.plural(lines, "line")): JSON of more than \(LogFile.longestLine >> 10) KiB in a "
            + "line was skipped; write an object a line: jq -c '.[]' FILE | outgrown … -")
      }
      throw TrafficError(
        .noRequests,
        """
        \(place): no request in \(CountText.plural(lines, "line")): expected an access log in nginx's combined format, the host's log \
        export, JSON lines, or uvicorn's with times (docs/traffic.md shows each)
        """)
    }
    var warnings = doubts
    if ledger.loadTest > 0 {
      warnings.append("\(CountText.plural(ledger.loadTest, "request")) of Outgrown's own load test left out")
    }
    warnings += repeats.warnings
    if untimed > 0 {
      warnings.append(
        "\(CountText.plural(untimed, "request")) without a time \(untimed == 1 ? "was" : "were") left out")
    }
    if both {
      warnings.append(
        "\(CountText.plural(service.requests.count, "line")) of the service's own log left out: the router's lines hold the "
          + "same requests"
      )
    }
    if tooLong > 0 {
      warnings.append(
        "\(CountText.plural(tooLong, "line")) longer than \(LogFile.longestLine >> 10) KiB \(tooLong == 1 ? "was" : "were") "
          + "skipped")
    }
    if unreadable * 20 > lines {
      warnings.append(
        "\(unreadable) of \(CountText.plural(lines, "line")) \(unreadable == 1 ? "tells" : "tell") of no request")
    }
    if zoneless > 0 {
      warnings.append(
        "times without a zone were read as \(zone.identifier == "GMT" ? "UTC" : zone.identifier) (--log-time-zone says otherwise)"
      )
    }
    router = RequestLedger()
    service = RequestLedger()
    return (ledger, warnings)
  }

  /// What has to be known before the figures: what of the log was not read.
  var doubts: [String] {
    guard refused * 100 > refused + understood, let firstRefused else { return breakages }
    let share = Double(refused) / Double(refused + understood) * 100
    return breakages + [
      "\(refused) of \(CountText.plural(refused + understood, "line")) of requests (\(TrafficSummary.number(share)) %) "
        + "\(refused == 1 ? "was not understood and is" : "were not understood and are") left out; the first: \(firstRefused)"
    ]
  }

  private func unknownForm(_ place: String) -> TrafficError {
    var lines = [
      "\(place): \(refused) of \(CountText.plural(lines, "line")) \(refused == 1 ? "speaks" : "speak") of requests in a form that "
        + (format == nil ? "is not known here; the first:" : "--log-format does not fit; the first:"),
      "  \(firstRefused ?? "")",
    ]
    if let missingField, format == nil { lines.append("These JSON lines lack \(missingField) (docs/traffic.md).") }
    if let proposal {
      lines.append("Say what its fields are, in nginx's or Apache's notation. Look whether this names the right ones:")
      lines.append("  --log-format '\(proposal)'")
    } else if format == nil, missingField == nil {
      lines.append(
        "Say what its fields are with --log-format, in nginx's or Apache's notation (docs/traffic.md); it needs a time, "
          + "the client and the request.")
    }
    return TrafficError(.unknownForm, lines.joined(separator: "\n"))
  }

  private static func withoutTimes(_ place: String, form: LogEntry.Form?) -> String {
    let remedy =
      switch form {
      case .uvicorn?:
        "uvicorn prints times with: uvicorn app.main:app --log-config docs/examples/uvicorn-log.json (docs/traffic.md)"
      case .morgan?: "morgan logs times with: morgan('combined')"
      case .json?: "The JSON lines lack a time (time, ts, timestamp, @timestamp, …)"
      default: "Log the time of each request (docs/traffic.md shows how)"
      }
    return """
      \(place): requests, but no times: sleep can't be counted without them. \
      \(remedy), or export the host's log as JSON, which \
      adds them: render logs --output json
      """
  }
}
