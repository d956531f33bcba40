package import Documents
import Foundation
import Support

/// A text with placeholders: `{{today}}`, `{{today+1d}}`, `{{today-7d}}` and `{{variable}}`.
package struct Template: Sendable {
  package var parts: [Part]
  /// Of the text in its file.
  package var position: DocumentPosition?

  package enum Part: Sendable, Equatable {
    case text(String)
    case variable(String, at: DocumentPosition?)
    /// Days from today.
    case day(Int)
  }

  /// A text that is taken as it stands.
  package init(literal text: String) { parts = [.text(text)] }

  /// Reads placeholders; what is wrong with one is a problem at its place.
  package init(_ scalar: DocumentScalar, at position: DocumentPosition?, _ problems: inout DocumentProblems) {
    self.position = position
    parts = []
    var rest = Substring(scalar.text)
    while let open = rest.range(of: "{{") {
      if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
      let offset = scalar.text.unicodeScalars.distance(from: scalar.text.startIndex, to: open.lowerBound)
      let place = position.map { scalar.position(ofOffset: scalar.text.contains("\n") ? 0 : offset, in: $0) }
      guard let close = rest.range(of: "}}", range: open.upperBound..<rest.endIndex) else {
        problems.add("'{{' without '}}'", expected: "a placeholder such as {{today}}", at: place)
        return
      }
      let name = rest[open.upperBound..<close.lowerBound].filter { $0 != " " }
      if let part = Self.placeholder(name, at: place) {
        parts.append(part)
      } else {
        problems.add(
          "unknown placeholder '{{\(String(name).excerpt)}}'",
          expected: "{{today}}, {{today+1d}} or {{variable}}", at: place)
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
    guard let first = name.first, first == "_" || first.isLetter, name.count <= 64 else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } && name != "today"
      && name != "now"
  }

  private static func placeholder(_ name: some StringProtocol, at place: DocumentPosition?) -> Part? {
    if name == "today" { return .day(0) }
    if name.hasPrefix("today") {
      let shift = name.dropFirst(5)
      guard shift.last == "d", shift.first == "+" || shift.first == "-", let days = Int(shift.dropLast()),
        (-3_660...3_660).contains(days)
      else { return nil }
      return .day(days)
    }
    return isVariableName(name) ? .variable(String(name), at: place) : nil
  }
}

/// What placeholders stand for in one run.
struct TemplateValues {
  var variables: [String: String]
  var calendar: ScenarioCalendar

  /// The text; an unknown variable is a problem at its place.
  func render(_ template: Template, _ problems: inout DocumentProblems) -> String {
    template.parts.map { part in
      switch part {
      case .text(let text): return text
      case .day(let days): return calendar.dayMonthYear(addingDays: days)
      case .variable(let name, let place):
        if let value = variables[name] { return value }
        let near = Spelling.closest(to: name, among: variables.keys.sorted() + ["today"])
        problems.add(
          "unknown variable '\(name)'",
          expected: near.map { "'{{\($0)}}'" } ?? "a name from 'variables' or --var \(name)=VALUE", at: place)
        return ""
      }
    }
    .joined()
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

  /// `31/01/2026`, as the health centre's API wants it.
  func dayMonthYear(addingDays days: Int) -> String {
    let date = calendar.date(byAdding: .day, value: days, to: now) ?? now
    let parts = calendar.dateComponents([.year, .month, .day], from: date)
    return "\(padded(parts.day, 2))/\(padded(parts.month, 2))/\(padded(parts.year, 4))"
  }

  private func padded(_ number: Int?, _ width: Int) -> String {
    let digits = String(number ?? 0)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
