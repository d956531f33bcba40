import Curl
import Synchronization

/// Connections to one mail server, a thread each: libcurl blocks while it waits for a server's last word on a mail.
///
/// One that served well serves again; one that failed is closed, since an answer that came too late would be taken for that
/// to the next mail. Source: libcurl 7.88, `lib/smtp.c`, `smtp_done`.
final class SMTPConnections: Sendable {
  /// How many are kept while nobody uses them.
  private static let kept = 8

  private let idle = Mutex<[CurlClient]>([])

  /// - Throws: `CurlError` when there is no thread left.
  func send(_ mail: CurlMail) async throws(CurlError) {
    let known = idle.withLock { $0.popLast() }
    let client: CurlClient
    if let known { client = known } else { client = try CurlClient(maxTransfers: 1) }
    do {
      try await client.send(mail)
    } catch {
      client.shutdown()
      throw error
    }
    let isSpare = idle.withLock { idle in
      guard idle.count < Self.kept else { return true }
      idle.append(client)
      return false
    }
    if isSpare { client.shutdown() }
  }
}
