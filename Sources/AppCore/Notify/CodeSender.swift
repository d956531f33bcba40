package import AppDomain
import Channels
import Digests
package import Logging
package import Secrets
import ServiceLifecycle

/// Makes the codes by which owners of phones confirm, and sends them after the one who asked has had the answer that
/// everybody gets.
///
/// Codes are in memory until they are sent, and nowhere else: one that a crash loses can be asked for anew an hour later.
package struct CodeSender: PhoneCodes, Service {
  private struct Wish: Sendable {
    var id: Int64
    var number: PhoneNumber
    var code: String
    var askedAt: Double
    var channel: NotificationChannel
  }

  /// Codes that wait; beyond it, whoever asks may ask again.
  private static let waiting = 100

  private let store: any PhoneCodeStore
  private let channels: [NotificationChannel: PaidChannel]
  private let budget: MessageBudget
  private let signature: TokenSignature
  private let codesPerHour: Int
  private let subscribers: Int
  private let logger: Logger
  private let now: @Sendable () -> Double
  private let wishes: AsyncStream<Wish>
  private let wish: AsyncStream<Wish>.Continuation

  /// - Parameters:
  ///   - channels: by which way the code goes that confirms a number on a channel.
  ///   - secret: without it, nobody who reads the database learns a code.
  ///   - subscribers: at most.
  ///   - now: seconds since 1970.
  package init(
    store: any PhoneCodeStore, channels: [NotificationChannel: PaidChannel], budget: MessageBudget,
    secret: Redacted<String>, codesPerHour: Int, subscribers: Int, logger: Logger,
    now: @escaping @Sendable () -> Double
  ) {
    self.store = store
    self.channels = channels
    self.budget = budget
    signature = TokenSignature(secret: secret)
    self.codesPerHour = codesPerHour
    self.subscribers = subscribers
    self.logger = logger
    self.now = now
    (wishes, wish) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waiting))
  }

  package func ask(for number: PhoneNumber, on channel: NotificationChannel) async throws -> PhoneCodeAnswer {
    guard let way = channels[channel] else { return .off }
    // Both it has to have a price for: the code, and what is sent afterwards.
    guard budget.prices.price(of: number, on: channel) != nil, way.takes(number) else {
      return .unpriced(budget.prices.prefixes(on: channel))
    }
    let time = now()
    if try await way.refusesCode(to: number, at: time) { return .spent(wait: SpendMonth(at: time).end - time) }
    let code = Self.code()
    switch try await store.askCode(
      for: number, on: channel, hash: hash(code, number, channel), codesPerHour: codesPerHour, limit: subscribers,
      at: time)
    {
    case .tooMany(let wait): return .tooMany(wait: wait)
    case .wasSent: return .taken
    case .send(let id):
      let result = wish.yield(Wish(id: id, number: number, code: code, askedAt: time, channel: channel))
      guard case .enqueued = result else {
        try await store.forgetCode(id)
        return .tooMany(wait: 60)
      }
      return .taken
    }
  }

  package func confirm(
    _ number: PhoneNumber, on channel: NotificationChannel, code: String
  ) async throws -> Subscription? {
    guard channels[channel] != nil else { return nil }
    return try await store.confirmCode(
      for: number, on: channel, hash: hash(code, number, channel), at: now())
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      for await wish in wishes { await send(wish) }
    }
  }

  private func send(_ wish: Wish) async {
    guard let way = channels[wish.channel] else { return }
    var logger = logger
    logger[metadataKey: "code"] = "\(wish.id)"
    logger[metadataKey: "channel"] = "\(wish.channel.rawValue)"
    do throws(ChannelError) {
      try await way.send(message(for: wish))
      logger.info("a phone was asked to confirm")
    } catch {
      logger.log(
        level: error.isSaid ? .debug : error.code == .configuration ? .error : .warning,
        "a phone was not asked to confirm",
        metadata: ["error": "\(error)"])
      // A number that takes nothing is not to be tried at once again.
      guard !error.mayHaveArrived, error.code == .temporary || error.code == .configuration else { return }
      do {
        try await store.forgetCode(wish.id)
      } catch {
        logger.warning("who asked for a code has to wait for another", metadata: ["error": "\(error)"])
      }
    }
  }

  private func message(for wish: Wish) -> ChannelMessage {
    ChannelMessage(
      id: SHA256Digest.name(of: Array("code|\(wish.id)|\(wish.askedAt)".utf8)), recipient: wish.number.text,
      title: "Confirm", text: Self.text(wish.code), expiresAt: wish.askedAt + PhoneCode.lifetime, code: wish.code)
  }

  /// One segment.
  static func text(_ code: String) -> String {
    "\(code) is your code to be told of doctors on duty. It is good for 10 minutes. If you did not ask for it, do nothing. STOP ends all messages."
  }

  /// Six digits from the system's source of randomness.
  private static func code() -> String {
    let number = String(Int.random(in: 0..<1_000_000))
    return String(repeating: "0", count: 6 - number.count) + number
  }

  private func hash(_ code: String, _ number: PhoneNumber, _ channel: NotificationChannel) -> String {
    signature.sign("outgrown code 1|\(channel.rawValue)|\(number.text)|\(code)")
  }
}
