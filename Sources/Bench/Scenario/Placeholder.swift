import Documents

/// What may stand between `{{` and `}}`.
enum Placeholder {
  static let expected =
    "{{today}}, {{now+1h|HH:mm}}, {{variable}}, {{data.column}}, {{uuid}}, {{random.int(1,9)}} or {{env.NAME}}"

  /// Names that variables, captures and data can't have.
  static let reserved: Set<String> = ["today", "now", "uuid", "env", "random"]

  /// - Parameter text: between the braces.
  static func parse(_ text: Substring, at place: DocumentPosition?) -> Template.Part? {
    let pieces = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let name = pieces[0].filter { $0 != " " }
    if pieces.count == 2 {
      var format = pieces[1].drop { $0 == " " }
      while format.last == " " { format.removeLast() }
      guard MomentFormat.isValid(format), let shift = shift(of: name) else { return nil }
      return .moment(shift, format: String(format))
    }
    if name == "uuid" { return .uuid }
    if name.hasPrefix("today") {
      // Otherwise a variable such as today_text.
      if let shift = shift(of: name), shift.unit == .day { return .day(shift.count) }
    } else if name.hasPrefix("now"), let shift = shift(of: name) {
      return .moment(shift, format: "iso")
    }
    if name.hasPrefix("random.int("), name.last == ")" {
      let bounds = name.dropFirst(11).dropLast().split(separator: ",", omittingEmptySubsequences: false)
        .map { Int($0) }
      guard bounds.count == 2, let low = bounds[0], let high = bounds[1], low <= high, low >= -1 << 53, high <= 1 << 53
      else { return nil }
      return .randomInt(low...high)
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 2, isWord(parts[1], dash: true) {
      if parts[0] == "env" { return .environment(String(parts[1]), at: place) }
      if Template.isVariableName(parts[0]) { return .column(String(parts[0]), String(parts[1]), at: place) }
    }
    return Template.isVariableName(name) ? .variable(name, at: place) : nil
  }

  /// `today`, `today+1d`, `now-30m`.
  private static func shift(of name: String) -> MomentShift? {
    let isDay = name.hasPrefix("today")
    guard isDay || name.hasPrefix("now") else { return nil }
    let rest = name.dropFirst(isDay ? 5 : 3)
    if rest.isEmpty { return MomentShift(count: 0, unit: .day) }
    guard rest.first == "+" || rest.first == "-", let unit = rest.last.flatMap({ MomentShift.Unit(rawValue: $0) }),
      !isDay || unit == .day, let count = Int(rest.dropLast()), (-unit.most...unit.most).contains(count)
    else { return nil }
    return MomentShift(count: count, unit: unit)
  }

  static func isWord(_ text: some StringProtocol, dash: Bool = false) -> Bool {
    !text.isEmpty && text.count <= 64
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || dash && $0 == "-") }
  }
}

/// How far from the run's start.
package struct MomentShift: Sendable, Equatable {
  package var count: Int
  package var unit: Unit

  package enum Unit: Character, Sendable {
    case day = "d"
    case hour = "h"
    case minute = "m"
    case second = "s"

    /// Ten years.
    var most: Int {
      switch self {
      case .day: 3_660
      case .hour: 3_660 * 24
      case .minute: 3_660 * 1_440
      case .second: 3_660 * 86_400
      }
    }
  }
}

/// `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss`, `T`, `Z` and signs; or `unix` (seconds), `iso` (UTC).
enum MomentFormat {
  static let fields = ["yyyy", "MM", "dd", "HH", "mm", "ss"]

  static func isValid(_ format: some StringProtocol) -> Bool {
    if format == "unix" || format == "iso" { return true }
    var rest = Substring(format)
    guard !rest.isEmpty else { return false }
    while let first = rest.first {
      if let field = fields.first(where: { rest.hasPrefix($0) }) {
        rest = rest.dropFirst(field.count)
      } else {
        guard first == "T" || first == "Z" || first.isASCII && !first.isLetter else { return false }
        rest = rest.dropFirst()
      }
    }
    return true
  }
}
