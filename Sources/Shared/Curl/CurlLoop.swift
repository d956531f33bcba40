import CCurl
import Glibc
import Synchronization
import Timers

/// The wish of a caller's task that its request ends.
final class CurlCancellation: Sendable {
  let isWanted = Atomic(false)
}

/// Who waits for a request's end.
struct CurlTicket: Sendable {
  private let continuation: CheckedContinuation<Result<CurlResponse, CurlError>, Never>
  private let cancellation: CurlCancellation

  init(
    _ continuation: CheckedContinuation<Result<CurlResponse, CurlError>, Never>, _ cancellation: CurlCancellation
  ) {
    self.continuation = continuation
    self.cancellation = cancellation
  }

  var isCancelled: Bool { cancellation.isWanted.load(ordering: .relaxed) }

  /// Called once, by the mailbox that refuses the request or by the thread that took it.
  func resume(_ result: Result<CurlResponse, CurlError>) { continuation.resume(returning: result) }
}

/// One multi handle and the thread that drives it. The thread keeps the loop alive until `stop()`.
final class CurlLoop: Sendable {
  private struct Mailbox {
    var requests: [(CurlRequest, CurlTicket)] = []
    var isStopping = false
    /// Nil once the thread gives the handle up; waking it is only allowed under the lock.
    var multi: MultiHandle?
  }

  /// `@unchecked`: the thread alone uses the handle; `curl_multi_wakeup`, which others call, is safe from any thread.
  private struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  private let mailbox: Mutex<Mailbox>
  private let maxTransfers: Int

  /// - Throws: `CurlError` code `.other` when libcurl or the system has no handle or thread left.
  init(maxTransfers: Int) throws(CurlError) {
    guard CurlLoop.isLibraryReady, let multi = curl_multi_init() else {
      throw CurlError(.other, "libcurl could not start; is there memory left?")
    }
    self.maxTransfers = max(1, maxTransfers)
    mailbox = Mutex(Mailbox(multi: MultiHandle(pointer: multi)))
    do throws(ThreadError) {
      try OwnThread.detached { self.run() }
    } catch {
      curl_multi_cleanup(multi)
      throw CurlError(.other, "no thread for transfers: \(error); are there too many threads?")
    }
  }

  /// `curl_global_init` is for the whole process, once, and is not thread-safe in every build.
  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  func submit(_ request: CurlRequest, _ ticket: CurlTicket) {
    let isAccepted = mailbox.withLock { mailbox in
      guard !mailbox.isStopping else { return false }
      mailbox.requests.append((request, ticket))
      CurlLoop.wake(mailbox)
      return true
    }
    if !isAccepted { ticket.resume(.failure(CurlLoop.shutDown)) }
  }

  /// Lets the loop look at its tickets.
  func wake() { mailbox.withLock { CurlLoop.wake($0) } }

  func stop() {
    mailbox.withLock {
      $0.isStopping = true
      CurlLoop.wake($0)
    }
  }

  private static func wake(_ mailbox: borrowing Mailbox) {
    if let multi = mailbox.multi { curl_multi_wakeup(multi.pointer) }
  }

  private static let shutDown = CurlError(.cancelled, "the client has been shut down; make a new one")
  private static func cancelled(_ request: CurlRequest) -> CurlError {
    CurlError(.cancelled, "the request to \(CurlURL.redacted(request.url)) was cancelled by its caller")
  }

  // MARK: On the thread

  private func run() {
    guard let multi = mailbox.withLock({ $0.multi })?.pointer else { return }
    var waiting: [(CurlRequest, CurlTicket)] = []
    var failedWaits: Int32 = 0
    var active: [UnsafeMutableRawPointer: (transfer: CurlTransfer, request: CurlRequest)] = [:]
    while true {
      let (arrived, isStopping) = mailbox.withLock { mailbox in
        defer { mailbox.requests = [] }
        return (mailbox.requests, mailbox.isStopping)
      }
      waiting += arrived
      if isStopping { break }
      waiting.removeAll { request, ticket in
        guard ticket.isCancelled else { return false }
        ticket.resume(.failure(CurlLoop.cancelled(request)))
        return true
      }
      for (handle, entry) in active where entry.transfer.ticket.isCancelled {
        // First, as to remove it may wait for a resolver that doesn't answer.
        entry.transfer.ticket.resume(.failure(CurlLoop.cancelled(entry.request)))
        curl_multi_remove_handle(multi, handle)
        active[handle] = nil
      }
      let free = max(0, maxTransfers - active.count)
      for (request, ticket) in waiting.prefix(free) {
        let transfer = CurlTransfer(request, ticket: ticket)
        if let defect = transfer?.defect {
          ticket.resume(.failure(defect))
          continue
        }
        guard let transfer, curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else {
          ticket.resume(.failure(CurlError(.other, "libcurl has no handle left; is there memory left?")))
          continue
        }
        active[transfer.handle] = (transfer, request)
      }
      waiting.removeFirst(min(free, waiting.count))

      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      var hasFinished = false
      var left: Int32 = 0
      while let message = curl_multi_info_read(multi, &left) {
        guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
        let result = message.pointee.data.result
        curl_multi_remove_handle(multi, handle)
        guard let entry = active.removeValue(forKey: handle) else { continue }
        entry.transfer.ticket.resume(entry.transfer.finish(result))
        hasFinished = true
      }
      if hasFinished, !waiting.isEmpty { continue }
      // Without a descriptor or memory for it, it returns at once, again and again.
      if curl_multi_poll(multi, nil, 0, 60_000, nil) == CURLM_OK {
        failedWaits = 0
      } else {
        failedWaits += 1
        poll(nil, 0, min(10 << min(failedWaits, 7), 1_000))
      }
    }
    mailbox.withLock { $0.multi = nil }
    for (handle, entry) in active {
      curl_multi_remove_handle(multi, handle)
      entry.transfer.ticket.resume(.failure(CurlLoop.shutDown))
    }
    for (_, ticket) in waiting { ticket.resume(.failure(CurlLoop.shutDown)) }
    active = [:]
    curl_multi_cleanup(multi)
  }
}
