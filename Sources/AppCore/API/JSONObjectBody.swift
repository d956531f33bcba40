import Foundation
import HTTPService
import HTTPTypes

/// A request's body that is a JSON object, read key by key.
struct JSONObjectBody {
  let object: [String: Any]

  /// - Throws: `HTTPProblem`, 422.
  init(_ bytes: [UInt8]) throws(HTTPProblem) {
    guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)), let object = value as? [String: Any] else {
      throw Self.problem("body", "a JSON object was expected")
    }
    self.object = object
  }

  /// Nil where there is none, or null.
  /// - Throws: `HTTPProblem`, 422 for what is no string.
  func string(_ key: String) throws(HTTPProblem) -> String? {
    guard let value = object[key], !(value is NSNull) else { return nil }
    guard let text = value as? String else { throw Self.problem(key, "a string was expected") }
    return text
  }

  static func problem(_ key: String, _ expected: String) -> HTTPProblem {
    HTTPProblem(.unprocessableContent, "\(key): \(expected)")
  }
}
