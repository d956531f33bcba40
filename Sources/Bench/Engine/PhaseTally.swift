package import Histograms

/// Where the time of requests went. Times are nanoseconds.
///
/// For an answered request `service time = connect + tls + send + wait + receive`, the first two only where it opened a
/// connection. Attempts without an answer are in none but the phases that they completed of a connection.
package struct PhaseTally: Sendable {
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

  package mutating func merge(_ other: PhaseTally) {
    connect.merge(other.connect)
    tls.merge(other.tls)
    send.merge(other.send)
    wait.merge(other.wait)
    receive.merge(other.receive)
  }
}

/// The recording end of a `PhaseTally`.
struct PhaseRecorder: ~Copyable {
  var connect = HistogramRecorder()
  var tls = HistogramRecorder()
  var send = HistogramRecorder()
  var wait = HistogramRecorder()
  var receive = HistogramRecorder()
  /// Sends and receives of no time, the usual ones, which are cheaper to count than to record.
  var instantSends: UInt64 = 0
  var instantReceives: UInt64 = 0

  @inline(__always)
  mutating func record(send time: UInt64) {
    if time == 0 { instantSends &+= 1 } else { send.record(time) }
  }

  @inline(__always)
  mutating func record(receive time: UInt64) {
    if time == 0 { instantReceives &+= 1 } else { receive.record(time) }
  }

  mutating func reset() {
    instantSends = 0
    instantReceives = 0
    connect.reset()
    tls.reset()
    send.reset()
    wait.reset()
    receive.reset()
  }
}

extension PhaseTally {
  mutating func merge(_ recorder: borrowing PhaseRecorder) {
    connect.merge(recorder.connect)
    tls.merge(recorder.tls)
    send.merge(recorder.send)
    wait.merge(recorder.wait)
    receive.merge(recorder.receive)
    send.record(0, times: recorder.instantSends)
    receive.record(0, times: recorder.instantReceives)
  }
}
