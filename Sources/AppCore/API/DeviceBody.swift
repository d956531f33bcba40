import AppDomain
import Foundation
import HTTPService
import HTTPTypes

/// What mobile clients send, within bounds.
struct DeviceBody {
  /// Source: Firebase does not bound its tokens; those of 2026 have less than 300 characters, web push's endpoints 2,048.
  private static let maximumToken = 4_096
  static let maximumName = 200

  let device: DeviceID
  private let object: [String: Any]

  /// - Throws: `HTTPProblem`, 422 with what was expected of which key.
  init(json bytes: [UInt8]) throws(HTTPProblem) {
    guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)), let object = value as? [String: Any] else {
      throw Self.problem("body", "a JSON object was expected")
    }
    self.object = object
    guard let text = object["device_id"] as? String, let device = DeviceID(text) else {
      throw Self.problem(
        "device_id",
        "\(DeviceID.lengths.lowerBound) to \(DeviceID.lengths.upperBound) printable ASCII characters were expected")
    }
    self.device = device
  }

  var token: String {
    get throws(HTTPProblem) {
      guard let text = object["fcm_token"] as? String, (1...Self.maximumToken).contains(text.utf8.count),
        text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      else { throw Self.problem("fcm_token", "a token of at most \(Self.maximumToken) ASCII characters was expected") }
      return text
    }
  }

  var doctor: String {
    get throws(HTTPProblem) {
      guard let text = object["doctor_name"] as? String else {
        throw Self.problem("doctor_name", "a string was expected")
      }
      return try Self.doctor(text)
    }
  }

  /// As it stands in a schedule's cell.
  static func doctor(_ text: String) throws(HTTPProblem) -> String {
    guard (1...maximumName).contains(text.count), text.contains(where: { !$0.isWhitespace }),
      !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { throw problem("doctor_name", "a name of at most \(maximumName) characters was expected") }
    return text
  }

  private static func problem(_ key: String, _ expected: String) -> HTTPProblem {
    HTTPProblem(.unprocessableContent, "\(key): \(expected)")
  }
}
