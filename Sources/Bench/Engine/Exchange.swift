package import Measures

/// One request and what became of it, as `LoadPlan.tracesExchanges` asks for. Times are nanoseconds.
package struct Exchange: Sendable {
  /// Index into the plan's steps.
  package var step: Int
  package var request: [UInt8]
  /// Status line and headers; empty without an answer.
  package var head: [UInt8]
  /// Without chunk framing; at most as much as checks see.
  package var body: [UInt8]
  package var status: Int?
  /// The failure's kind and what it looked like; nil for an answer.
  package var failure: (kind: FailureKind, sample: String)?
  /// A connection was opened for it.
  package var connected: Bool
  /// From the start until the request went out: connecting and the TLS handshake.
  package var sendDelay: UInt64
  /// From the start until the answer's first byte; nil without one.
  package var firstByte: UInt64?
  /// From the start until the end.
  package var total: UInt64
  /// By the step's checks; empty without an answer.
  package var checksPassed: [Bool]

  package init(
    step: Int, request: [UInt8], head: [UInt8] = [], body: [UInt8] = [], status: Int? = nil,
    failure: (kind: FailureKind, sample: String)? = nil, connected: Bool, sendDelay: UInt64, firstByte: UInt64?,
    total: UInt64, checksPassed: [Bool] = []
  ) {
    self.step = step
    self.request = request
    self.head = head
    self.body = body
    self.status = status
    self.failure = failure
    self.connected = connected
    self.sendDelay = sendDelay
    self.firstByte = firstByte
    self.total = total
    self.checksPassed = checksPassed
  }
}
