import Foundation

/// What Firebase Cloud Messaging said of a message.
/// Source: Firebase, "FCM Error Codes" and REST reference `ErrorCode` (2026-11).
struct FCMOutcome {
  private let status: Int
  private let retryAfter: Duration?
  private let error: Failure?

  /// A 429 without `Retry-After` is a minute.
  private static let standardPause = Duration.seconds(60)

  private struct Answer: Decodable { var error: Failure? }

  private struct Failure: Decodable {
    var status: String?
    var message: String?
    var details: [Detail]?
  }

  private struct Detail: Decodable {
    var errorCode: String?
    var fieldViolations: [Violation]?

    struct Violation: Decodable { var field: String? }
  }

  init(_ answer: PeerAnswer) {
    status = answer.status
    retryAfter = answer.retryAfter
    error = (try? JSONDecoder().decode(Answer.self, from: Data(answer.body)))?.error
  }

  /// The token that the message was sent with is none any more.
  var isTokenRefused: Bool { status == 401 && errorCode != "THIRD_PARTY_AUTH_ERROR" }

  /// Nil when the message was taken.
  /// - Parameter base: where it was sent to.
  func error(of base: String) -> ChannelError? {
    guard !(200...299).contains(status) else { return nil }
    let said = "\(base) answered with status \(status)" + (word.map { " (\($0))" } ?? "")
    switch (status, errorCode) {
    case (_, "UNREGISTERED"): return ChannelError(.gone, "\(said): the device's token is over")
    case (400, _) where namesToken: return ChannelError(.gone, "\(said): the device's token is none")
    // Only what Google says of a token ends it: a wrong project is a 404, too.
    case (404, _):
      return ChannelError(.configuration, "\(said): check FCM_SERVICE_ACCOUNT's project_id and FCM_URL")
    // The token is another project's, as anybody may bring one: it is never delivered, and must not be tried for an hour in
    // the place of others. The address stays: with a wrong account, this is said of all of them.
    case (_, "SENDER_ID_MISMATCH"):
      return ChannelError(.refused, "\(said): the device's token is not of FCM_SERVICE_ACCOUNT's project")
    case (401, "THIRD_PARTY_AUTH_ERROR"):
      return ChannelError(.configuration, "\(said): check the project's APNs key and web push certificate")
    case (401, _):
      return ChannelError(.configuration, "\(said): check FCM_SERVICE_ACCOUNT and this machine's clock")
    case (403, _):
      return ChannelError(
        .configuration,
        "\(said): check that the project has the Firebase Cloud Messaging API and that the account may send by it")
    case (429, _): return ChannelError(.temporary, said, retryAfter: retryAfter ?? Self.standardPause)
    case (408, _), (500...599, _): return ChannelError(.temporary, said, retryAfter: retryAfter)
    default: return ChannelError(.refused, said)
    }
  }

  /// Of the API itself, before what Google's front says.
  private var errorCode: String? { error?.details?.lazy.compactMap(\.errorCode).first }

  /// INVALID_ARGUMENT is said of any part of a message. That it is the token's, the violated field says; or, where no field is
  /// named, FCM's own error with its message about the registration token.
  private var namesToken: Bool {
    let fields = error?.details?.flatMap { $0.fieldViolations ?? [] }.compactMap(\.field) ?? []
    if !fields.isEmpty { return fields.allSatisfy { $0 == "message.token" } }
    return errorCode == "INVALID_ARGUMENT" && error?.message?.lowercased().contains("registration token") == true
  }

  private var word: String? {
    (errorCode ?? error?.status).flatMap { word in
      word.utf8.count <= 60 && word.utf8.allSatisfy { $0 == 0x5F || (0x41...0x5A).contains($0) } ? word : nil
    }
  }
}
