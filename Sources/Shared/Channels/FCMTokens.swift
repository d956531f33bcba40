import Cryptography
import Curl
import Foundation
import Wording

/// Tokens that open Firebase Cloud Messaging, fetched with a signed assertion and used until shortly before they expire. Of
/// many who need one at once, one fetches it and the others wait for it.
/// Source: RFC 7523; Google, "Using OAuth 2.0 for Server to Server Applications" (2026-11).
actor FCMTokens {
  private static let scope = "https://www.googleapis.com/auth/firebase.messaging"
  private static let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
  /// Of an assertion, in seconds: the most that Google takes.
  private static let lifetime = 3_600
  /// A token is good for this long at least when it is used, in seconds.
  static let margin = 300.0
  private static let longestAnswer = 65_536

  private let account: ServiceAccount
  private let client: CurlClient
  private let timeout: Duration
  private let now: @Sendable () -> Double
  private var token: (text: String, madeAt: Double, expiresAt: Double)?
  private var isFetching = false
  private var waiters: [CheckedContinuation<Result<String, ChannelError>, Never>] = []

  init(account: ServiceAccount, client: CurlClient, timeout: Duration, now: @escaping @Sendable () -> Double) {
    self.account = account
    self.client = client
    self.timeout = timeout
    self.now = now
  }

  /// - Throws: `ChannelError` code `.configuration` where Google doesn't take the account, else `.temporary`.
  func current() async throws(ChannelError) -> String {
    let time = now()
    // One that was made later than now was made before the clock was set back.
    if let token, token.expiresAt - time >= Self.margin, token.madeAt <= time { return token.text }
    if isFetching {
      return try await withCheckedContinuation { waiters.append($0) }.get()
    }
    isFetching = true
    let result = await fetched(at: time)
    isFetching = false
    if case .success(let found) = result { token = (found.text, time, found.expiresAt) }
    let answer = result.map(\.text)
    for waiter in waiters { waiter.resume(returning: answer) }
    waiters = []
    return try answer.get()
  }

  /// The other side did not take it: the next who needs one fetches another.
  func forget(_ refused: String) {
    if token?.text == refused { token = nil }
  }

  private func fetched(at time: Double) async -> Result<(text: String, expiresAt: Double), ChannelError> {
    do throws(ChannelError) {
      return .success(try await fetch(at: time))
    } catch {
      return .failure(error)
    }
  }

  private func fetch(at time: Double) async throws(ChannelError) -> (text: String, expiresAt: Double) {
    let assertion: String
    do throws(CryptographyError) {
      assertion = try Self.assertion(of: account, at: time)
    } catch {
      throw ChannelError(.configuration, "FCM_SERVICE_ACCOUNT: \(error)")
    }
    // Letters, digits, - and _ need no encoding in a form.
    let form = "grant_type=\(Self.grant.replacing(":", with: "%3A"))&assertion=\(assertion)"
    let request = CurlRequest(
      method: "POST", url: account.tokenURL, headers: [("Content-Type", "application/x-www-form-urlencoded")],
      body: Array(form.utf8), connectTimeout: timeout, totalTimeout: timeout, maxBodyBytes: Self.longestAnswer,
      maxRedirects: 0)
    let response = try await client.answer(to: request, at: time, from: account.tokenURL)
    let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body))
    guard response.status == 200 else {
      let said = "\(account.tokenURL) answered with status \(response.status)" + (answer?.word.map { " (\($0))" } ?? "")
      guard [400, 401, 403].contains(response.status) else {
        throw ChannelError(.temporary, said, retryAfter: response.retryAfter)
      }
      throw ChannelError(
        .configuration,
        "\(said): it does not take FCM_SERVICE_ACCOUNT; check that its key is not deleted, and this machine's clock")
    }
    guard let answer, let token = answer.access_token, !token.isEmpty,
      token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw ChannelError(.temporary, "\(account.tokenURL) answered without an access_token") }
    return (token, time + min(max(answer.expires_in ?? 0, 0), Double(Self.lifetime)))
  }

  private struct Answer: Decodable {
    var access_token: String?
    /// In seconds.
    var expires_in: Double?
    var error: String?

    /// A word of RFC 6749 §5.2, such as `invalid_grant`.
    var word: String? {
      error.flatMap {
        $0.utf8.count <= 60 && $0.utf8.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) } ? $0 : nil
      }
    }
  }

  /// - Parameter time: seconds since 1970.
  static func assertion(of account: ServiceAccount, at time: Double) throws(CryptographyError) -> String {
    let issuedAt = Int64(time)
    return try SignedToken.signed(by: .rs256(account.key, identifier: account.keyIdentifier)) { json in
      json.field("iss", account.address)
      json.field("scope", scope)
      json.field("aud", account.tokenURL)
      json.field("iat", issuedAt)
      json.field("exp", issuedAt + Int64(lifetime))
    }
  }
}
