/// A mail address that somebody brought, whose owner has not said yet that the wish is theirs: double opt-in.
package struct UnconfirmedAddress: Sendable, Hashable {
  package var id: Int64
  package var email: EmailAddress
  /// Seconds since 1970: when its owner was to be told of duties; the same for every try of one question.
  package var askedAt: Double
  /// From 1, this one included.
  package var attempt: Int

  /// How long the link in a question is good, and an address is kept after it, in seconds.
  package static let linkLifetime = 48 * 3_600.0
  /// One address is asked this often at most, in seconds.
  package static let pause = 3_600.0
  /// How long an address waits for its question where no mail can be sent, in seconds; then it is forgotten.
  package static let patience = 30 * 86_400.0

  package init(id: Int64, email: EmailAddress, askedAt: Double, attempt: Int) {
    self.id = id
    self.email = email
    self.askedAt = askedAt
    self.attempt = attempt
  }
}

/// Mail addresses from the first wish until their owner confirms it. Every adapter passes the same conformance tests.
package protocol ConfirmationStore: Sendable {
  /// Keeps the wish that an address be told of duties, and has its owner asked, unless that was done within the hour. One
  /// that is told already stays as it is; nothing shows which it was.
  /// - Parameters:
  ///   - subscriber: whose address it becomes with the confirmation, where they have one on another channel; nil: its own.
  ///     Who brings the address alone wins over who brings it beside another.
  ///   - wish: applied with the confirmation; of two, the later one.
  ///   - number: for whoever asked, where the address has none yet; no secret's.
  ///   - limit: of subscribers and unconfirmed addresses together.
  ///   - time: seconds since 1970.
  /// - Returns: the number to tell whoever asked, of the address.
  /// - Throws: `SubscribersFull`, for known and unknown addresses alike.
  func ask(
    for address: EmailAddress, joining subscriber: Int64?, wishing wish: SubscriberChange, number: Int64, limit: Int,
    at time: Double
  ) async throws -> Int64

  /// Takes addresses whose question is due. One that is taken counts as asked: were its sender to crash, it is due again an
  /// hour later.
  /// - Parameter limit: at most so many.
  func takeUnasked(limit: Int, at time: Double) async throws -> [UnconfirmedAddress]

  /// Keeps what became of a question; also for a caller whose task was cancelled. An address that can't be written to is
  /// forgotten.
  func finish(_ address: UnconfirmedAddress, _ result: DeliveryResult, at time: Double) async throws

  /// Makes an address active. The same again changes nothing.
  /// - Parameter id: of a link that is valid.
  /// - Returns: false where it is kept no longer, or its subscriber has left since.
  func confirm(_ id: Int64, at time: Double) async throws -> Bool

  /// Forgets addresses whose link has expired, and those that waited in vain to be asked.
  /// - Returns: when the next question is due; nil where none is.
  func forgetUnconfirmed(at time: Double) async throws -> Double?
}

extension ConfirmationStore {
  /// Asks for an address that is to be told of all duties.
  package func ask(
    for address: EmailAddress, joining subscriber: Int64?, number: Int64, limit: Int, at time: Double
  ) async throws -> Int64 {
    try await ask(
      for: address, joining: subscriber, wishing: SubscriberChange(), number: number, limit: limit, at: time)
  }
}

/// Makes and reads the words by which the owner of an address confirms.
package protocol ConfirmationTokens: Sendable {
  /// A word for a URL's path.
  /// - Parameter expiry: seconds since 1970.
  func token(for id: Int64, until expiry: Double) -> String

  /// The address' number; nil for a word that this service did not give out, or whose time is over at `now`.
  func read(_ token: String, at now: Double) -> Int64?

  /// What those are told who bring the address: always the same, so that it shows nothing; one of `SubscriberNumbers.claims`.
  func number(for address: EmailAddress) -> Int64
}
