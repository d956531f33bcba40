import Digests
package import Redis
import Synchronization

/// Bodies that several instances of the service share by Redis, each until it is too old or the schedule changes.
///
/// Beside them stands a word that is changed with the schedule; a body bears the word that stood there before it was made,
/// and serves as long as that still does. Where Redis is away there is nothing to be had, and nobody waits.
package final class SharedBodies: Sendable {
  package enum Look: Sendable {
    case found([UInt8], age: Double)
    /// To be given to `keep` with what is made now.
    case missing(Word)
    /// Nothing can be had or kept.
    case away
  }

  /// What stood there before a body was made.
  package struct Word: Sendable, Equatable { fileprivate let bytes: [UInt8] }

  /// Longer than any body lives: a word that is gone ends all bodies.
  private static let wordLifetime = 2 * 86_400

  private let client: RedisClient
  private let prefix: [UInt8]
  private let lifetime: Double
  private let random: @Sendable () -> UInt64
  /// The next word, as long as it is not sure that Redis has it.
  private let owed = Mutex<[UInt8]?>(nil)

  /// - Parameters:
  ///   - prefix: of all keys: instances whose bodies are alike have the same.
  ///   - lifetime: seconds.
  package init(
    _ client: RedisClient, prefix: String, lifetime: Double,
    random: @escaping @Sendable () -> UInt64 = { .random(in: 0 ... .max) }
  ) {
    self.client = client
    self.prefix = [UInt8](prefix.utf8)
    self.lifetime = lifetime
    self.random = random
  }

  package var isThere: Bool { client.isConnected }

  package func look(for key: String) async -> Look {
    let name = name(of: key)
    let word: RedisCommand
    let owed = owed.withLock(\.self)
    if let owed {
      word = setWord(owed)
    } else {
      word = RedisCommand("SET", wordName, newWord(), bytes("EX"), bytes(String(Self.wordLifetime)), bytes("NX"))
    }
    let commands = [word, RedisCommand("MGET", wordName, name), RedisCommand("PTTL", name)]
    guard let answers = try? await client.perform(commands), answers.count == 3,
      case .list(let values) = answers[1], values.count == 2, case .bytes(let current) = values[0]
    else { return .away }
    settle(owed, answers[0])
    guard case .bytes(let kept) = values[1], case .integer(let left) = answers[2], left > 0,
      let body = KeptBody(kept), body.word == current
    else { return .missing(Word(bytes: current)) }
    // Redis' own clock: instances need not agree on the time.
    let age = body.lifetime - Double(left) / 1_000
    guard age < lifetime else { return .missing(Word(bytes: current)) }
    return .found(body.bytes, age: max(0, age))
  }

  /// Doesn't wait for it.
  package func keep(_ body: [UInt8], for key: String, under word: Word) {
    let kept = KeptBody(word: word.bytes, lifetime: lifetime, bytes: body)
    let command = RedisCommand(
      "SET", name(of: key), kept.encoded, bytes("PX"), bytes(String(Int(lifetime * 1_000))))
    client.submit([command]) { _ in }
  }

  /// What is kept serves no more: at once, or as soon as Redis can be told.
  package func invalidate() {
    let word = newWord()
    owed.withLock { $0 = word }
    client.submit([setWord(word)]) { [weak self] answer in
      if case .success(let answers) = answer, let first = answers.first { self?.settle(word, first) }
    }
  }

  private func settle(_ word: [UInt8]?, _ answer: RedisValue) {
    guard let word, answer == .status("OK") else { return }
    owed.withLock { if $0 == word { $0 = nil } }
  }

  private func setWord(_ word: [UInt8]) -> RedisCommand {
    RedisCommand("SET", wordName, word, bytes("EX"), bytes(String(Self.wordLifetime)))
  }

  private func newWord() -> [UInt8] {
    let digits = String(random(), radix: 16)
    return bytes(String(repeating: "0", count: KeptBody.wordLength - digits.count) + digits)
  }

  private var wordName: [UInt8] { prefix + bytes("word") }

  /// A digest: what clients ask may be long and hold anything.
  private func name(of key: String) -> [UInt8] {
    prefix + bytes("body:" + SHA256Digest.hexadecimal(SHA256Digest.of(bytes(key))))
  }

  private func bytes(_ text: String) -> [UInt8] { [UInt8](text.utf8) }
}

/// A body as it stands in Redis: the word, how many milliseconds it lives, a line's end, the body.
struct KeptBody: Equatable {
  static let wordLength = 16

  var word: [UInt8]
  /// Seconds.
  var lifetime: Double
  var bytes: [UInt8]

  init(word: [UInt8], lifetime: Double, bytes: [UInt8]) {
    self.word = word
    self.lifetime = lifetime
    self.bytes = bytes
  }

  /// Nil for what somebody else has put there.
  init?(_ encoded: [UInt8]) {
    guard encoded.count > Self.wordLength, encoded[Self.wordLength] == UInt8(ascii: " "),
      let end = encoded[Self.wordLength...].prefix(32).firstIndex(of: UInt8(ascii: "\n")),
      let milliseconds = Int(String(decoding: encoded[(Self.wordLength + 1)..<end], as: UTF8.self)), milliseconds > 0
    else { return nil }
    word = Array(encoded[..<Self.wordLength])
    lifetime = Double(milliseconds) / 1_000
    bytes = Array(encoded[(end + 1)...])
  }

  var encoded: [UInt8] { word + Array(" \(Int(lifetime * 1_000))\n".utf8) + bytes }
}
