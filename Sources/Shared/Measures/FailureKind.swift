/// Why a request got no usable answer, or a bad one. Raw values are the report's keys.
package enum FailureKind: String, Sendable, CaseIterable {
  case dns, connect, tls, write, reset, `protocol`, timeout, status
  /// Still open when its grace had run out.
  case unanswered

  /// The request ended without an answer whose time could be taken; a timeout is censored at the time it took.
  package var hasNoAnswer: Bool { self != .status && self != .timeout }
}
