/// Whether a step is asked, by a value that the user has by then.
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
    case equals([UInt8])
    case differs([UInt8])
  }

  func holds(_ value: [UInt8]) -> Bool {
    switch test {
    case .isSet: !value.isEmpty && value != Array("false".utf8)
    case .equals(let expected): value == expected
    case .differs(let expected): value != expected
    }
  }
}
