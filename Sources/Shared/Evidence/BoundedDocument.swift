/// A document with bounds to check after decoding.
package protocol BoundedDocument: EvidenceDocument {
  func checkBounds() throws(EvidenceError)
}

func bound(_ path: String, _ holds: Bool) throws(EvidenceError) {
  guard holds else { throw EvidenceError(.malformed, "\(path) is out of bounds") }
}

func bound(_ path: String, nonNegative values: [Double?]) throws(EvidenceError) {
  try bound(path, values.allSatisfy { $0.map { $0 >= 0 } ?? true })
}
