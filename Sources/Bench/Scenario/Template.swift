import BenchEngine
package import Documents
import Foundation
import Wording

/// A text with placeholders.
package struct Template: Sendable {
  package var parts: [Part]
  /// Of the text in its file.
  package var position: DocumentPosition?

  package enum Part: Sendable, Equatable {
    case text(String)
    case variable(String, at: DocumentPosition?)
    /// Days from today.
    case day(Int)
    case moment(MomentShift, format: String)
    case environment(String, at: DocumentPosition?)
    case column(String, String, at: DocumentPosition?)
    case uuid
    case randomInt(ClosedRange<Int>)
  }

  /// A text that is taken as it stands.
  package init(literal text: String) { parts = [.text(text)] }

  /// Reads placeholders; what is wrong with one is a problem at its place.
  package init(_ scalar: DocumentScalar, at position: DocumentPosition?, _ problems: inout DocumentProblems) {
    self.position = position
    parts = []
    if scalar.text.unicodeScalars.contains(where: { ValueCollector.characters.contains($0.value) }) {
      problems.add("a private character from U+F0000 to U+F00FF", expected: "a text without it", at: position)
    }
    var rest = Substring(scalar.text)
    while let open = rest.range(of: "{{") {
      if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
      let offset = scalar.text.unicodeScalars.distance(from: scalar.text.startIndex, to: open.lowerBound)
      let place = position.map { scalar.position(ofOffset: scalar.text.contains("\n") ? 0 : offset, in: $0) }
      guard let close = rest.range(of: "}}", range: open.upperBound..<rest.endIndex) else {
        problems.add("'{{' without '}}'", expected: "a placeholder such as {{today}}", at: place)
        return
      }
      let name = rest[open.upperBound..<close.lowerBound]
      if let part = Placeholder.parse(name, at: place) {
        parts.append(part)
      } else {
        problems.add(
          "unknown placeholder '{{\(String(name).excerpt)}}'", expected: Placeholder.expected, at: place)
      }
      rest = rest[close.upperBound...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
  }

  /// Whether it says the same always.
  package var isLiteral: Bool { literal != nil }

  package var literal: String? {
    switch (parts.first, parts.count) {
    case (nil, _): ""
    case (.text(let text)?, 1): text
    default: nil
    }
  }

  static func isVariableName(_ name: some StringProtocol) -> Bool {
    guard let first = name.first, first == "_" || first.isLetter else { return false }
    return Placeholder.isWord(name) && !Placeholder.reserved.contains(String(name))
  }
}

/// What placeholders stand for in one run, and in one step of it.
struct TemplateValues {
  var variables: [String: String]
  var calendar: ScenarioCalendar
  var environment: [String: String]
  /// By data's name.
  var columns: [String: Columns] = [:]
  /// Slots that an earlier step of the journey fills.
  var captured: [String: Int] = [:]
  /// Takes values that differ from request to request; nil where a text must be known when the run starts.
  var collector: ValueCollector?

  struct Columns {
    var feed: Int
    var names: [String]
  }

  /// The text, with a private character for what is still to come; an unknown name is a problem at its place.
  func render(_ template: Template, _ problems: inout DocumentProblems) -> String {
    template.parts.map { render($0, of: template, &problems) }.joined()
  }

  private func render(_ part: Template.Part, of template: Template, _ problems: inout DocumentProblems) -> String {
    switch part {
    case .text(let text): return text
    case .day(let days):
      return calendar.text(MomentShift(count: days, unit: .day), format: "dd/MM/yyyy")
    case .moment(let shift, let format): return calendar.text(shift, format: format)
    case .environment(let name, let place):
      if let value = environment[name] { return value }
      problems.add(
        "the environment has no \(name)", expected: "it set, as in \(name)=… outgrown bench run …", at: place)
      return ""
    case .uuid: return later(.uuid, at: template.position, &problems)
    case .randomInt(let range): return later(.randomInt(range), at: template.position, &problems)
    case .column(let data, let column, let place):
      guard let columns = columns[data] else {
        let near = Spelling.closest(to: data, among: columns.keys.sorted() + ["env", "random"])
        problems.add("unknown data '\(data)'", expected: near.map { "'\($0)'" } ?? "a name from 'data'", at: place)
        return ""
      }
      guard let index = columns.names.firstIndex(of: column) else {
        problems.add(
          "no column '\(column)' in '\(data)'", expected: Spelling.alternatives(columns.names.prefix(12).map { $0 }),
          at: place)
        return ""
      }
      return later(.column(feed: columns.feed, column: index), at: place, &problems)
    case .variable(let name, let place):
      if let slot = captured[name] { return later(.slot(slot), at: place, &problems) }
      if let value = variables[name] { return value }
      let near = Spelling.closest(to: name, among: variables.keys.sorted() + captured.keys.sorted() + ["today"])
      problems.add(
        "unknown variable '\(name)'",
        expected: near.map { "'{{\($0)}}'" }
          ?? "a name from 'variables', --var \(name)=VALUE, or what an earlier step of this journey captures", at: place
      )
      return ""
    }
  }

  private func later(_ source: ValueSource, at place: DocumentPosition?, _ problems: inout DocumentProblems) -> String {
    if let marker = collector?.marker(for: source) { return marker }
    problems.add(
      collector == nil ? "a value that changes from request to request" : "more than 256 such values in one step",
      expected: collector == nil ? "one that is known when the run starts" : "fewer", at: place)
    return ""
  }
}

/// Dates in a scenario's time zone.
struct ScenarioCalendar {
  private let calendar: Calendar
  private let now: Date

  /// Nil for a time zone that doesn't exist.
  init?(timeZone identifier: String, secondsSince1970: Int64) {
    guard let zone = TimeZone(identifier: identifier) else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    self.calendar = calendar
    now = Date(timeIntervalSince1970: Double(secondsSince1970))
  }

  /// A moment in the scenario's time zone, but for `unix` and `iso`.
  func text(_ shift: MomentShift, format: String) -> String {
    let unit: Calendar.Component =
      switch shift.unit {
      case .day: .day
      case .hour: .hour
      case .minute: .minute
      case .second: .second
      }
    let date = calendar.date(byAdding: unit, value: shift.count, to: now) ?? now
    if format == "unix" { return String(Int(date.timeIntervalSince1970)) }
    var calendar = calendar
    var rest = Substring(format)
    if format == "iso" {
      calendar.timeZone = .gmt
      rest = "yyyy-MM-ddTHH:mm:ssZ"
    }
    let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    let values = [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second]
    var text = ""
    while let first = rest.first {
      if let field = MomentFormat.fields.firstIndex(where: { rest.hasPrefix($0) }) {
        let width = MomentFormat.fields[field].count
        text += padded(values[field], width)
        rest = rest.dropFirst(width)
      } else {
        text.append(first)
        rest = rest.dropFirst()
      }
    }
    return text
  }

  private func padded(_ number: Int?, _ width: Int) -> String {
    let digits = String(number ?? 0)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
