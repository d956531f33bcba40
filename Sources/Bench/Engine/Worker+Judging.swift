import Matching

/// Checks and captures of an answer. Only steps that have any come here, or plans that trace.
extension Worker {
  /// - Returns: false when a value wasn't found that later requests need.
  @inline(never)
  mutating func judge(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ recorder: UnsafeMutablePointer<StepRecorder>,
    _ now: UInt64
  ) -> Bool {
    let parser = connection.pointee.parser
    var body: UnsafeBufferPointer<UInt8>?
    if connection.pointee.bodyIsComplete {
      if connection.pointee.bodyCount == 0 {
        // The usual case: the whole body lies in the read buffer still.
        body = UnsafeBufferPointer(start: readBuffer + parser.pieceStart, count: parser.pieceCount)
      } else {
        keepPiece(connection)
        if connection.pointee.bodyIsComplete {
          body = UnsafeBufferPointer(start: connection.pointee.body, count: connection.pointee.bodyCount)
        }
      }
    }
    var decoded: [UInt8]?
    if let whole = body, parser.bodyBytes > 0 {
      switch ContentCoding.decoded(whole, ResponseHead(bytes: parser.head), limit: Connection.maximumKeptBody) {
      case .asItCame: break
      case .decoded(let bytes): decoded = bytes
      case nil: body = nil
      }
    }
    return (decoded ?? []).withUnsafeBufferPointer { bytes in
      judge(connection, place, recorder, now, body: decoded == nil ? body : bytes)
    }
  }

  private mutating func judge(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ recorder: UnsafeMutablePointer<StepRecorder>,
    _ now: UInt64, body: UnsafeBufferPointer<UInt8>?
  ) -> Bool {
    let parser = connection.pointee.parser
    let view = ResponseView(
      status: Int(parser.status), body: body, head: ResponseHead(bytes: parser.head), bodyBytes: parser.bodyBytes,
      duration: now &- connection.pointee.intended)
    let checks = compiled.plan.steps[Int(connection.pointee.step)].checks
    var goesOn = true
    var passes: [Bool] = []
    for index in checks.indices {
      let passed: Bool
      if case .captured(let capture) = checks[index].subject {
        let value = capture.value(in: view)
        passed = value != nil || capture.isOptional
        if passed { keep(value, in: capture.slot, place) }
        if let measured = capture.measuredAt, value != nil || !capture.isOptional {
          recorder.pointee.record(captured: value.flatMap { JSONNumeral(lenient: $0)?.nearest }, at: measured)
        }
        goesOn = goesOn && passed
      } else {
        passed = checks[index].holds(view)
      }
      recorder.pointee.countCheck(index, passed: passed)
      if traces { passes.append(passed) }
    }
    if traces { trace(connection, view, passes, now) }
    return goesOn
  }
}
