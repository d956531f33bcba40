import Histograms
import Measures

/// The recording end of a `RequestPhases`.
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

extension RequestPhases {
  mutating func add(_ recorder: borrowing PhaseRecorder) {
    connect.merge(recorder.connect)
    tls.merge(recorder.tls)
    send.merge(recorder.send)
    wait.merge(recorder.wait)
    receive.merge(recorder.receive)
    send.record(0, times: recorder.instantSends)
    receive.record(0, times: recorder.instantReceives)
  }
}
