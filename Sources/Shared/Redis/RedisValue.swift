import CHiredis

/// What Redis answered. Source: Redis, "RESP protocol specification", version 2.
package enum RedisValue: Sendable, Equatable {
  case none
  case bytes([UInt8])
  case status(String)
  case integer(Int64)
  case list([RedisValue])
  /// Redis' own words.
  case error(String)

  /// Copies an answer of hiredis.
  init(_ reply: redisReply) {
    var bytes: [UInt8] {
      guard let text = reply.str else { return [] }
      return [UInt8](UnsafeRawBufferPointer(start: text, count: Int(reply.len)))
    }
    switch reply.type {
    case REDIS_REPLY_STRING: self = .bytes(bytes)
    case REDIS_REPLY_STATUS: self = .status(String(decoding: bytes, as: UTF8.self))
    case REDIS_REPLY_INTEGER: self = .integer(reply.integer)
    case REDIS_REPLY_NIL: self = .none
    case REDIS_REPLY_ARRAY:
      self = .list((0..<Int(reply.elements)).map { reply.element[$0].map { RedisValue($0.pointee) } ?? .none })
    case REDIS_REPLY_ERROR: self = .error(String(decoding: bytes.prefix(200), as: UTF8.self))
    default: self = .error("an answer of an unknown kind")
    }
  }
}

/// A command and its arguments, each as bytes: nothing in them is read as a command.
package struct RedisCommand: Sendable {
  let arguments: [[UInt8]]

  package init(_ name: StaticString, _ arguments: [UInt8]...) {
    self.arguments = [name.withUTF8Buffer { [UInt8]($0) }] + arguments
  }
}
