package import Documents
package import Evidence
import Foundation

/// Reads `traffic.yaml`: traffic as somebody states it.
package enum StatedTraffic {
  private static let keys = [
    "time_zone", "visits_per_day", "weekend", "hours", "requests_per_visit", "peak_requests_per_second",
    "egress_gb_per_month",
  ]

  /// - Throws: `DocumentError` with every problem and its place.
  package static func read(path: String, build: BenchReport.Build) throws(DocumentError) -> Traffic {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return try read(DocumentReader().read(path: path), file: path, name: name, build: build)
  }

  package static func read(
    text: String, file: String, build: BenchReport.Build
  ) throws(DocumentError) -> Traffic {
    try read(DocumentReader().read(text: text, file: file), file: file, name: file, build: build)
  }

  private static func read(
    _ root: DocumentNode, file: String, name: String, build: BenchReport.Build
  ) throws(DocumentError) -> Traffic {
    var problems = DocumentProblems(file: file)
    var zone = "UTC"
    var perDay = 0.0
    var weekend = 1.0
    var weights = [Double](repeating: 1, count: 24)
    var requests = 1.0
    var peak: Double?
    var egress: Double?
    if let mapping = root.mapping(allowing: keys, &problems) {
      if let node = mapping.required("visits_per_day", &problems) {
        perDay = node.number(in: 0...10_000_000, &problems) ?? 0
      }
      if let node = mapping["time_zone"], let text = node.name(&problems) {
        if TimeZone(identifier: text) == nil {
          problems.add(
            "unknown time zone '\(text.excerpt)'", expected: "an IANA name such as Asia/Kolkata", at: node.position)
        }
        zone = text
      }
      weekend = mapping["weekend"].flatMap { share($0, &problems) } ?? 1
      if let node = mapping["hours"] { weights = hours(node, &problems) ?? weights }
      requests = mapping["requests_per_visit"]?.number(in: 1...100_000, &problems) ?? 1
      peak = mapping["peak_requests_per_second"]?.number(in: 0...1_000_000, &problems)
      egress = mapping["egress_gb_per_month"]?.number(in: 0...1_000_000, &problems)
    }
    try problems.throwIfAny()
    let total = weights.reduce(0, +)
    let rates = (0..<168).map { hour in
      perDay * weights[hour % 24] / total * (hour >= 120 ? weekend : 1)
    }
    let start = UTCInstant(Date(timeIntervalSince1970: 946_684_800))
    return Traffic(
      origin: .assumed, outgrown: build, sources: [name], timeZone: zone, from: start,
      to: UTCInstant(Date(timeIntervalSince1970: 946_684_800 + 7 * 86_400)), visitsByHourOfWeek: rates,
      requestsPerVisit: requests,
      peak: peak.map {
        Traffic.Peak(requestsPerSecondInBusiestMinute: $0, requestsInBusiestSecond: $0, at: start)
      },
      egressBytesPerMonth: egress.map { $0 * 1e9 }, counted: nil)
  }

  private static func share(_ node: DocumentNode, _ problems: inout DocumentProblems) -> Double? {
    let text = node.scalar?.text ?? ""
    if text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...1_000).contains(percent) {
      return percent / 100
    }
    guard let value = node.scalar?.number, (0...10).contains(value) else {
      return node.mismatch("a weekend day's visits relative to a working day's, such as 30%", &problems)
    }
    return value
  }

  /// `"08:00-12:00": 5`: each hour of the span weighs 5; hours that no span names weigh nothing.
  private static func hours(_ node: DocumentNode, _ problems: inout DocumentProblems) -> [Double]? {
    guard let mapping = node.mapping(&problems) else { return nil }
    var weights = [Double](repeating: 0, count: 24)
    for entry in mapping.entries {
      guard let span = span(entry.key) else {
        problems.add(
          "'\(entry.key.excerpt)'", expected: "full hours such as \"08:00-12:00\"", at: entry.keyPosition)
        continue
      }
      guard let weight = entry.value.number(in: 0...1_000_000, &problems) else { continue }
      for hour in span { weights[hour % 24] += weight }
    }
    guard weights.contains(where: { $0 > 0 }) || !problems.isEmpty else {
      problems.add("no hour with a weight", expected: "at least one span above nothing", at: node.position)
      return nil
    }
    return weights.contains { $0 > 0 } ? weights : nil
  }

  private static func span(_ text: String) -> Range<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { end -> Int? in
      let parts = end.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].count == 2, parts[1] == "00", let hour = Int(parts[0]), (0...24).contains(hour)
      else { return nil }
      return hour
    }
    guard ends.count == 2, let start = ends[0], let end = ends[1], start != end, start < 24 else { return nil }
    return end > start ? start..<end : start..<(end + 24)
  }
}
