import CHiredis
import Glibc
import Secrets
import Wording

/// One connection, used by the thread that opened it and by nobody else. Every wait has an end, however slowly a server
/// speaks, and so has every answer.
final class RedisConnection {
  /// Bytes of the answers to one call.
  private static let longestAnswer = 16 << 20

  private let context: UnsafeMutablePointer<redisContext>
  private let timeout: Duration

  /// Connects, shows the password and chooses the database: at most `timeout` for each (and what the system's resolver
  /// takes).
  init(_ configuration: RedisConfiguration, timeout: Duration) throws(RedisError) {
    let limit = timeval(
      tv_sec: Int(timeout.components.seconds), tv_usec: Int(timeout.components.attoseconds / 1_000_000_000_000))
    guard let context = redisConnectWithTimeout(configuration.host, Int32(configuration.port), limit) else {
      throw RedisError(.away, "there is no memory for a connection")
    }
    self.context = context
    self.timeout = timeout
    guard context.pointee.err == 0 else { throw failure(.away) }
    // A write would wait for ever for a server that doesn't read.
    redisSetTimeout(context, limit)
    redisEnableKeepAlive(context)
    var commands: [RedisCommand] = []
    if let password = configuration.password {
      let secret = [UInt8](password.secret.utf8)
      commands.append(
        configuration.user.map { RedisCommand("AUTH", [UInt8]($0.utf8), secret) } ?? RedisCommand("AUTH", secret))
    }
    if configuration.database > 0 {
      commands.append(RedisCommand("SELECT", [UInt8](String(configuration.database).utf8)))
    }
    for answer in try perform(commands + [RedisCommand("PING")]) {
      if case .error(let text) = answer { throw RedisError(.refused, text) }
    }
  }

  deinit { redisFree(context) }

  /// Whether it can't be used, or something came that nobody asked for, such as its end.
  var isStale: Bool {
    if context.pointee.err != 0 { return true }
    var polled = pollfd(fd: context.pointee.fd, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, 0) != 0
  }

  /// Sends commands together and reads their answers, within `timeout` for all.
  /// - Throws: `RedisError` code `.lost`, after which the connection is of no use.
  func perform(_ commands: [RedisCommand]) throws(RedisError) -> [RedisValue] {
    let deadline = ContinuousClock.now + timeout
    for command in commands { append(command) }
    var isSent: Int32 = 0
    repeat {
      try wait(for: POLLOUT, until: deadline)
      guard redisBufferWrite(context, &isSent) == REDIS_OK else { throw failure(.lost) }
    } while isSent == 0
    var answers: [RedisValue] = []
    var read = 0
    while answers.count < commands.count {
      if let answer = try next() {
        answers.append(answer)
        continue
      }
      guard read < Self.longestAnswer else {
        throw RedisError(.lost, "the answer is longer than \(Self.longestAnswer) bytes")
      }
      try wait(for: POLLIN, until: deadline)
      guard redisBufferRead(context) == REDIS_OK else { throw failure(.lost) }
      // Its own bound for one reading. Source: hiredis, `redisBufferRead`.
      read += 16_384
    }
    return answers
  }

  private func append(_ command: RedisCommand) {
    var lengths = command.arguments.map(\.count)
    let flat = command.arguments.flatMap(\.self)
    flat.withUnsafeBytes { bytes in
      let base = bytes.bindMemory(to: CChar.self).baseAddress
      var offset = 0
      var pointers: [UnsafePointer<CChar>?] = lengths.map { length in
        defer { offset += length }
        return base.map { $0 + offset }
      }
      // A failure is kept in the context, and seen by what follows.
      redisAppendCommandArgv(context, Int32(lengths.count), &pointers, &lengths)
    }
  }

  /// The next answer of those that have come; nil where it has not come whole.
  private func next() throws(RedisError) -> RedisValue? {
    var reply: UnsafeMutableRawPointer?
    guard redisReaderGetReply(context.pointee.reader, &reply) == REDIS_OK else {
      throw RedisError(.lost, "the answer is none of Redis'")
    }
    guard let reply else { return nil }
    defer { freeReplyObject(reply) }
    return RedisValue(reply.assumingMemoryBound(to: redisReply.self).pointee)
  }

  private func wait(for events: Int32, until deadline: ContinuousClock.Instant) throws(RedisError) {
    while true {
      let left = deadline - .now
      guard left > .zero else { throw RedisError(.lost, "no answer within \(DurationText.format(timeout))") }
      var polled = pollfd(fd: context.pointee.fd, events: Int16(events), revents: 0)
      let count = poll(&polled, 1, Int32(min(left.nanosecondCount / 1_000_000 + 1, 60_000)))
      if count > 0 { return }
      if count < 0, errno != EINTR { throw failure(.lost) }
    }
  }

  private func failure(_ code: RedisError.Code) -> RedisError {
    var text = context.pointee.errstr
    let message = withUnsafeBytes(of: &text) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    return RedisError(code, message.isEmpty ? "the connection was lost" : message)
  }
}
