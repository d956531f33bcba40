package import Histograms

/// Where the time of requests went. Times are nanoseconds.
///
/// For an answered request `service time = connect + tls + send + wait + receive`, the first two only where it opened a
/// connection. Attempts without an answer are in none but the phases that they completed of a connection.
package struct RequestPhases: Sendable {
  /// By new connection: until it was accepted.
  package var connect = Histogram()
  /// By new connection: from there to the end of the handshake.
  package var tls = Histogram()
  /// From a request's first write to its last: 0 where the kernel took it at once.
  package var send = Histogram()
  /// From there to the answer's first byte.
  package var wait = Histogram()
  /// From there to its last: 0 where it came in one piece.
  package var receive = Histogram()

  package init() {}

  package mutating func add(_ other: RequestPhases) {
    connect.merge(other.connect)
    tls.merge(other.tls)
    send.merge(other.send)
    wait.merge(other.wait)
    receive.merge(other.receive)
  }
}
