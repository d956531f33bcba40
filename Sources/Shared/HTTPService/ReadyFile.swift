import Foundation
import Wording

/// A file that appears when a server can be used, for scripts that start it on any port.
package struct ReadyFile: Sendable {
  private let path: String

  package init(path: String) { self.path = path }

  /// Takes the file away: before starting, for an earlier process may have left one, and when the server has stopped.
  /// - Throws: `HTTPServiceError` code `.readyFileUnwritable`.
  package func clear() throws(HTTPServiceError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw HTTPServiceError(.readyFileUnwritable, "the ready file \(path) can't be replaced: \(error)")
    }
  }

  /// Writes one line of JSON with `url`, `host`, `port`, `pid` and `boot_id`, all at once.
  /// - Throws: `HTTPServiceError` code `.readyFileUnwritable`.
  package func write(_ address: ListeningAddress, bootID: String) throws(HTTPServiceError) {
    var json = JSONWriter()
    json.object { json in
      json.field("url", address.url)
      json.field("host", address.host)
      json.field("port", address.port)
      json.field("pid", ProcessInfo.processInfo.processIdentifier)
      json.field("boot_id", bootID)
    }
    do {
      try Data(json.bytes + [UInt8(ascii: "\n")]).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw HTTPServiceError(
        .readyFileUnwritable, "the ready file \(path) can't be written: does its directory exist? (\(error))")
    }
  }
}
