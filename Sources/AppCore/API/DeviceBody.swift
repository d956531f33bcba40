import AppDomain
import HTTPService

/// What mobile clients send, within bounds.
struct DeviceBody {
  /// A bound of ours, well above what such tokens have.
  private static let maximumToken = 4_096
  static let maximumName = 200

  let device: DeviceID
  private let body: JSONObjectBody

  /// - Throws: `HTTPProblem`, 422 with what was expected of which key.
  init(json bytes: [UInt8]) throws(HTTPProblem) {
    body = try JSONObjectBody(bytes)
    guard let device = try body.string("device_id").flatMap({ DeviceID($0) }) else {
      throw JSONObjectBody.problem(
        "device_id",
        "\(DeviceID.lengths.lowerBound) to \(DeviceID.lengths.upperBound) printable ASCII characters were expected")
    }
    self.device = device
  }

  var token: String {
    get throws(HTTPProblem) {
      guard let text = try body.string("fcm_token"), (1...Self.maximumToken).contains(text.utf8.count),
        text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      else {
        throw JSONObjectBody.problem(
          "fcm_token", "a token of at most \(Self.maximumToken) ASCII characters was expected")
      }
      return text
    }
  }

  var doctor: String {
    get throws(HTTPProblem) {
      try Self.doctor(try body.string("doctor_name") ?? "")
    }
  }

  /// As it stands in a schedule's cell.
  static func doctor(_ text: String) throws(HTTPProblem) -> String {
    guard (1...maximumName).contains(text.unicodeScalars.count), text.contains(where: { !$0.isWhitespace }),
      !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { throw JSONObjectBody.problem("doctor_name", "a name of at most \(maximumName) characters was expected") }
    return text
  }
}
