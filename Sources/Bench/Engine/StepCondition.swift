package import Matching

/// Whether a step is asked, or asked again, by a value that the user has by then.
package struct StepCondition: Sendable, Equatable {
  /// A slot or a column.
  package var source: ValueSource
  package var test: Test

  package init(source: ValueSource, test: Test) {
    self.source = source
    self.test = test
  }

  package enum Test: Sendable, Equatable {
    /// There is a value, and it is neither empty nor `false`.
    case isSet
    case isNotSet
    case equals([UInt8])
    case differs([UInt8])
    case contains([UInt8])
    /// A number on both sides; a value that is none never holds.
    case compares(Comparison, JSONNumeral)
  }

  func holds(_ value: [UInt8]) -> Bool {
    switch test {
    case .isSet: return Self.isSet(value)
    case .isNotSet: return !Self.isSet(value)
    case .equals(let expected): return value == expected
    case .differs(let expected): return value != expected
    case .contains(let part): return value.withUnsafeBufferPointer { $0.contains(part) }
    case .compares(let comparison, let limit):
      guard let number = JSONNumeral(lenient: value) else { return false }
      return comparison.holds(number, limit)
    }
  }

  private static func isSet(_ value: [UInt8]) -> Bool { !value.isEmpty && value != Array("false".utf8) }
}

/// A step that is asked several times in a row, with its pause between.
package struct StepLoop: Sendable, Equatable {
  package var condition: StepCondition
  package var kind: Kind
  /// Requests at most; the journey goes on after them.
  package var atMost: Int

  package init(_ kind: Kind, _ condition: StepCondition, atMost: Int) {
    self.kind = kind
    self.condition = condition
    self.atMost = atMost
  }

  package enum Kind: Sendable, Equatable {
    /// While the condition holds: not at all when it doesn't hold before.
    case `while`
    /// Until it holds: once at least.
    case until
  }
}
