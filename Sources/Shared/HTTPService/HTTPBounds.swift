/// What a client may take of a server.
package struct HTTPBounds: Sendable {
  /// From a request's first byte to its last.
  package var request = Duration.seconds(30)
  /// Between two requests, and before the first.
  package var idle = Duration.seconds(75)
  /// How long a client may take no bytes of its answer: 4 KiB at least in this time.
  package var stall = Duration.seconds(30)
  /// How long a connection stays half open after its last answer, so that the answer is not lost to a reset.
  package var linger = Duration.seconds(1)
  /// Bytes of a request's body.
  package var body = 1 << 20
  /// Connections at once; nil: what the descriptors allow.
  package var connections: Int?

  package init() {}
}
