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
  /// Changes of the schedule, and the latest that it is not sure Redis has a word after.
  private let changes = Mutex<(count: Int, owed: Int?)>((0, nil))

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
    let owed = changes.withLock(\.owed)
    // Never the same word twice: one that comes late would make valid again what was kept under it.
    let word = setWord(onlyIfMissing: owed == nil)
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
    let change = changes.withLock { changes in
      changes.count += 1
      changes.owed = changes.count
      return changes.count
    }
    client.submit([setWord()]) { [weak self] answer in
      if case .success(let answers) = answer, let first = answers.first { self?.settle(change, first) }
    }
  }

  private func settle(_ change: Int?, _ answer: RedisValue) {
    guard let change, answer == .status("OK") else { return }
    changes.withLock { if $0.owed == change { $0.owed = nil } }
  }

  private func setWord(onlyIfMissing: Bool = false) -> RedisCommand {
    let (word, seconds) = (newWord(), bytes(String(Self.wordLifetime)))
    return onlyIfMissing
      ? RedisCommand("SET", wordName, word, bytes("EX"), seconds, bytes("NX"))
      : RedisCommand("SET", wordName, word, bytes("EX"), seconds)
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
