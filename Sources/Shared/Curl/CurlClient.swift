import Synchronization

/// Sends HTTP requests by libcurl on a thread of its own; callers suspend, never block.
///
/// Connections are kept and reused between requests. The thread ends with `shutdown()` or with the last reference.
package final class CurlClient: Sendable {
  private let loop: CurlLoop

  /// - Parameter maxTransfers: how many run at once; further ones wait their turn, without a timeout.
  /// - Throws: `CurlError` code `.other` when libcurl can't start.
  package init(maxTransfers: Int = 64) throws(CurlError) { loop = try CurlLoop(maxTransfers: maxTransfers) }

  deinit { loop.stop() }

  /// Fetches one response; any status is a response. Cancelling the task aborts the transfer.
  package func send(_ request: CurlRequest) async throws(CurlError) -> CurlResponse {
    try request.validate()
    return try await transfer(request)
  }

  /// Runs a validated transfer to its end.
  func transfer(_ request: CurlRequest) async throws(CurlError) -> CurlResponse {
    let slot = CurlTicketSlot()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ticket = CurlTicket(continuation)
        slot.fill(ticket)
        loop.submit(request, ticket)
      }
    } onCancel: {
      slot.cancel()
      loop.wake()
    }
    return try result.get()
  }

  /// Ends the thread; requests under way and later ones throw `.cancelled`. Returns at once.
  package func shutdown() { loop.stop() }
}

/// Carries a cancellation to the ticket, also one that comes before there is a ticket.
private final class CurlTicketSlot: Sendable {
  private let state = Mutex<(ticket: CurlTicket?, isCancelled: Bool)>((nil, false))

  func fill(_ ticket: CurlTicket) {
    state.withLock {
      $0.ticket = ticket
      if $0.isCancelled { ticket.isCancelled.store(true, ordering: .relaxed) }
    }
  }

  func cancel() {
    state.withLock {
      $0.isCancelled = true
      $0.ticket?.isCancelled.store(true, ordering: .relaxed)
    }
  }
}
