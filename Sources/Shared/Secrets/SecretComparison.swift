/// Whether somebody knows a secret, without telling how much of it.
package enum SecretComparison {
  /// In a time that depends on the lengths only.
  package static func isEqual(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
