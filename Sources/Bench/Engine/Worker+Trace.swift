import Measures
import Synchronization

/// Requests and responses as they were, for a plan that `tracesExchanges`.
extension Worker {
  @inline(never)
  mutating func trace(
    _ connection: UnsafeMutablePointer<Connection>, _ view: ResponseView, _ passes: [Bool], _ now: UInt64
  ) {
    var exchange = begun(connection, now, isReused: connection.pointee.isReused)
    exchange.status = view.status
    exchange.head = Array(view.head.bytes)
    exchange.body = view.body.map { Array($0) } ?? []
    exchange.checksPassed = passes
    compiled.exchanges.withLock { $0.append(exchange) }
  }

  @inline(never)
  mutating func traceFailure(
    _ connection: UnsafeMutablePointer<Connection>, _ kind: FailureKind, _ sample: String, isReused: Bool,
    _ now: UInt64
  ) {
    var exchange = begun(connection, now, isReused: isReused)
    exchange.failure = (kind, sample)
    compiled.exchanges.withLock { $0.append(exchange) }
  }

  private mutating func begun(
    _ connection: UnsafeMutablePointer<Connection>, _ now: UInt64, isReused: Bool
  ) -> Exchange {
    let start = connection.pointee.dispatched
    let request = UnsafeBufferPointer(start: connection.pointee.request, count: connection.pointee.requestCount)
    let sent = max(connection.pointee.sent, start)
    return Exchange(
      step: Int(connection.pointee.step), request: Array(request), head: [], body: [], status: nil, failure: nil,
      connected: !isReused, sendDelay: sent - start,
      firstByte: connection.pointee.hasResponse ? max(connection.pointee.answered, start) - start : nil,
      total: now - min(start, now), checksPassed: [])
  }
}
