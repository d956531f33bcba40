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
    let cancellation = CurlCancellation()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        loop.submit(request, CurlTicket(continuation, cancellation))
      }
    } onCancel: {
      cancellation.isWanted.store(true, ordering: .relaxed)
      loop.wake()
    }
    return try result.get()
  }

  /// Ends the thread; requests under way and later ones throw `.cancelled`. Returns at once.
  package func shutdown() { loop.stop() }
}
