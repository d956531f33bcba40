/// Numbers of things.
package enum CountText {
  /// `1 day`, `14 days`, `0 days`.
  /// - Parameter several: for a noun that takes no `s`: `duty`, `duties`.
  package static func plural(_ count: some BinaryInteger, _ noun: String, _ several: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : several ?? noun + "s")"
  }
}
