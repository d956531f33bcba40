import Glibc

/// One connection together with whoever uses it: a virtual user in a closed model, a place for one iteration at a time
/// in an open one. A plain value in the worker's table.
struct Connection {
  var descriptor: Int32 = -1
  var link = Link.none
  var activity = Activity.idle
  /// It has carried a whole response before, so the peer may have closed it in the meantime.
  var isReused = false
  /// Bytes of the current response have arrived.
  var hasResponse = false
  /// A request of the current iteration has failed.
  var iterationFailed = false
  /// EPOLLOUT is asked for.
  var wantsWrite = false
  /// The request was sent anew once already.
  var wasRetried = false
  /// The current request may be made twice without another effect.
  var isIdempotent = false
  /// The last connection of this place said something that nobody had asked for.
  var hasStray = false
  /// What OpenSSL waits for that isn't what it was asked to do.
  var crossing = Crossing.none
  /// An iteration is under way, be it between two of its requests.
  var isIterating = false
  /// The body has become too large to keep, or needn't be kept.
  var bodyIsComplete = true
  /// The last body was one to drop in the kernel, and so may the next be: of it only the head is read at first.
  var expectsMuch = false
  /// Tells this socket's events from those of the one before in the same place.
  var generation: UInt32 = 0
  var session: OpaquePointer?
  /// What a TLS connection of this place needs to take up the last one's session.
  var ticket: OpaquePointer?
  /// Nanoseconds of the monotonic clock: when the current request should have started.
  var intended: UInt64 = 0
  /// When the generator acted on it: began to connect, or wrote.
  var dispatched: UInt64 = 0
  /// When the current phase of a new connection began: connecting, or the handshake.
  var phaseStart: UInt64 = 0
  /// How long the connection took to stand, from its SYN on: a round trip at least.
  var connectTime: UInt64 = 0
  /// When the request was first written to, and last.
  var sent: UInt64 = 0
  var wrote: UInt64 = 0
  /// When the answer's first byte came.
  var answered: UInt64 = 0
  /// When the request is given up whatever it waits for; `.max` without a bound on the whole.
  var cutoff: UInt64 = .max
  /// When the current wait is given up.
  var deadline: UInt64 = .max
  /// The time of the one timer that will look at `deadline`; `.max` when there is none.
  var deadlineTimer: UInt64 = .max
  /// The current request: the step's own bytes, or those that the user's state holds.
  var request: UnsafePointer<UInt8>?
  var requestCount = 0
  /// Bytes of the current request that have been written.
  var written = 0
  var journey: Int32 = 0
  /// Redirects that the current step has followed.
  var hops: Int32 = 0
  /// Position within the journey.
  var position: Int32 = 0
  /// Index of the current step in the plan.
  var step: Int32 = 0
  /// The virtual user that this place is, in a closed model.
  var user: Int32 = 0
  /// Bytes received for the current request.
  var received = 0
  /// When the current iteration was to begin.
  var iterationStart: UInt64 = 0
  /// Iterations that this place has begun.
  var iterations: UInt64 = 0
  var parser = ResponseParser()
  /// The body, as far as it is kept for checks.
  var body: UnsafeMutablePointer<UInt8>?
  var bodyCount = 0
  var bodyCapacity = 0

  enum Link: UInt8 { case none, connecting, handshaking, open }

  /// A handshake within a TLS connection makes a write wait for what comes, or a read for what can be sent.
  enum Crossing: UInt8 { case none, writeWaitsForRead, readWaitsForWrite }

  enum Activity: UInt8 {
    case idle
    /// Within an iteration, or between two of a virtual user, waiting for a timer.
    case waiting
    case requesting
    /// Within a parallel group, other connections of the user carrying its last members.
    case group
  }

  /// From this size on a body that nobody looks at is not copied out of the kernel: below, a system call costs more.
  static let leastPassed = 8_192
  /// What a head is read with where a large body is to follow.
  static let headCapacity = 2_048

  /// Bodies are kept for checks up to this size; a check on a larger one fails.
  static let maximumKeptBody = 8 << 20

  /// False when the body has become too large to keep.
  mutating func keepBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bodyCount + bytes.count <= Self.maximumKeptBody else { return false }
    if bodyCount + bytes.count > bodyCapacity {
      let capacity = max(4_096, (bodyCount + bytes.count) * 2)
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
      if let body {
        larger.update(from: body, count: bodyCount)
        body.deallocate()
      }
      body = larger
      bodyCapacity = capacity
    }
    if let body, let base = bytes.baseAddress { (body + bodyCount).update(from: base, count: bytes.count) }
    bodyCount += bytes.count
    return true
  }
}
