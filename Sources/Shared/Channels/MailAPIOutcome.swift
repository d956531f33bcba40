/// What a mail API said of a mail.
struct MailAPIOutcome {
  let answer: PeerAnswer

  /// Nil when the mail was taken.
  /// - Parameter place: the API's, for messages.
  func error(of place: String) -> ChannelError? {
    let name = name
    let code: ChannelError.Code
    switch answer.status {
    case 200..<300: return nil
    // The words of a reminder change from try to try; that of the same key was taken.
    case 409 where name == "invalid_idempotent_request": return nil
    case 408, 409, 425, 429: code = .temporary
    case 400, 413, 422: code = .refused
    // A key, a plan or an address of the API that isn't right: the same for every mail.
    case 300..<500: code = .configuration
    default: code = .temporary
    }
    let words = name.map { ", \($0)" } ?? ""
    return ChannelError(
      code, "\(place) answered \(answer.status)\(words)", retryAfter: code == .temporary ? answer.retryAfter : nil)
  }

  /// The error's name, such as `daily_quota_exceeded`; what else an answer says may name the recipient.
  private var name: String? {
    let text = String(decoding: answer.body, as: UTF8.self)
    guard let match = text.firstMatch(of: #/"name"\s*:\s*"([a-z_]{1,60})"/#) else { return nil }
    return String(match.1)
  }
}
