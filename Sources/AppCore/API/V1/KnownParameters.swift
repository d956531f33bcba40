import HTTPService
import HTTPTypes

/// A query's parameters, each known and named once at most: what is spelt wrong must not be taken for what was not asked.
struct KnownParameters {
  private var values: [String: String] = [:]

  /// - Throws: `HTTPProblem`, 422 with what was expected of which parameter.
  init(_ query: String?, _ known: [String]) throws(HTTPProblem) {
    for (name, value) in try QueryText.pairs(query ?? "") {
      guard known.contains(name) else {
        throw Self.problem(
          "the parameter \(Self.shown(name))",
          known.isEmpty ? "none was expected" : "only \(known.joined(separator: ", ")) were expected")
      }
      guard values.updateValue(value, forKey: name) == nil else { throw Self.problem(name, "one value was expected") }
    }
  }

  subscript(_ name: String) -> String? { values[name] }

  /// A whole number within bounds; nil where it is not given.
  func number(_ name: String, in range: ClosedRange<Int>) throws(HTTPProblem) -> Int? {
    guard let text = values[name] else { return nil }
    guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }), let number = Int(text),
      range.contains(number)
    else { throw Self.problem(name, "\(range.lowerBound) to \(range.upperBound) was expected") }
    return number
  }

  static func problem(_ name: String, _ expected: String) -> HTTPProblem {
    HTTPProblem(.unprocessableContent, "\(name): \(expected)")
  }

  /// What a stranger wrote, in a message to them.
  static func shown(_ name: String) -> String {
    let text = String(name.unicodeScalars.prefix(40).map { $0.value < 0x20 ? "�" : Character($0) })
    return text.isEmpty ? "without a name" : text
  }
}
