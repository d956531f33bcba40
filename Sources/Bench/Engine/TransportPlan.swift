/// How requests travel: which connection they take, and how long each part of the way may last.
package struct TransportPlan: Sendable, Equatable {
  package var connections = ConnectionUse.perUser
  package var timeouts = PhaseTimeouts()
  /// A target's name is looked up anew after this long, on a thread of its own; zero: only before the run.
  package var nameTTL = Duration.seconds(60)
  /// Each worker stays on one of the processors that this process may use.
  package var pinsWorkers = false

  package init() {}
}

/// Whose connections are.
package enum ConnectionUse: Sendable, Equatable {
  /// Kept by a virtual user for the whole run, as a browser's tab would. In an open model, where every arrival is
  /// somebody else, kept by a place and taken over by the next arrival: the same as `pooled`.
  case perUser
  /// Closed when an iteration ends.
  case perIteration
  /// Given back after every answer and taken by whoever asks next, the last one first, as services call each other.
  case pooled
}

/// Bounds of single phases; those of connecting and of the response are the plan's own.
package struct PhaseTimeouts: Sendable, Equatable {
  /// For a look-up before the run; a later one that takes longer counts as failed, and nobody waits for it.
  package var name = Duration.seconds(5)
  /// From the connection to the end of the handshake; nil: the handshake is within the plan's `connectTimeout`.
  package var tls: Duration?
  /// From the request's first byte to the answer's; nil: as the response's.
  package var firstByte: Duration?
  /// From the moment the generator acts on a request, connecting included, to the end of its answer.
  package var total: Duration?

  package init() {}
}

/// Which addresses of a name are used.
package enum AddressFamily: Sendable, Equatable { case any, ipv4, ipv6 }

/// Where connections go instead of the target's own host and port; requests, SNI and the certificate's name stay the
/// target's.
package struct ConnectAddress: Sendable, Equatable {
  package var host: String
  package var port: UInt16

  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }
}

package enum TLSVersion: Sendable, Equatable { case tls12, tls13 }
