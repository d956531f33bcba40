/// Counts under fixed names: they add up over spans of time, and stand in evidence under their keys.
package protocol Counters: Codable, Sendable, Equatable {
  init()
  static var fields: [Counter<Self>] { get }
}

/// One of them.
package struct Counter<Owner>: Sendable {
  /// In evidence.
  package let key: String
  let path: any WritableKeyPath<Owner, UInt64> & Sendable
  /// Evidence of earlier versions does without it: then it reads as 0.
  let isRecent: Bool

  init(_ key: String, _ path: any WritableKeyPath<Owner, UInt64> & Sendable, isRecent: Bool = false) {
    self.key = key
    self.path = path
    self.isRecent = isRecent
  }
}

extension Counters {
  package mutating func add(_ other: Self) {
    for field in Self.fields { self[keyPath: field.path] += other[keyPath: field.path] }
  }

  /// What has been added to `earlier`.
  package func since(_ earlier: Self) -> Self {
    var added = self
    for field in Self.fields { added[keyPath: field.path] &-= earlier[keyPath: field.path] }
    return added
  }

  package init(from decoder: any Decoder) throws { try self.init(fieldsFrom: decoder) }

  init(fieldsFrom decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CounterKey.self)
    for field in Self.fields {
      let key = CounterKey(stringValue: field.key)
      self[keyPath: field.path] =
        field.isRecent
        ? try values.decodeIfPresent(UInt64.self, forKey: key) ?? 0 : try values.decode(UInt64.self, forKey: key)
    }
  }

  package func encode(to encoder: any Encoder) throws { try encodeFields(to: encoder) }

  func encodeFields(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CounterKey.self)
    for field in Self.fields {
      try values.encode(self[keyPath: field.path], forKey: CounterKey(stringValue: field.key))
    }
  }
}

private struct CounterKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }

  init?(intValue: Int) { nil }
}
