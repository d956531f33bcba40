import Foundation

/// A push service, and Firebase Cloud Messaging, on 127.0.0.1, which open and verify what they get by PyPI's http-ece, py-vapid
/// and cryptography; ended with this process: `scripts/push-peer.py`.
package final class PushPeer {
  package struct Description: Decodable, Sendable {
    package var port: Int
    package var p256dh: String
    package var auth: String
    /// A service account's JSON.
    package var account: String
  }

  /// What it got; of the fields those that belong to its kind.
  package struct Request: Decodable, Sendable {
    package var kind: String
    package var path: String?
    package var headers: [String: String]?
    /// Opened by http-ece.
    package var payload: String?
    package var verified: Bool?
    package var header: [String: String]?
    package var claims: Claims?
    package var key: String?
    package var error: String?
    package var authorization: String?
    package var message: Message?
    package var grant: String?
  }

  package struct Claims: Decodable, Sendable {
    package var aud: String
    package var exp: Double
    package var iat: Double?
    package var sub: String?
    package var iss: String?
    package var scope: String?
  }

  package struct Message: Decodable, Sendable {
    package var token: String
    package var notification: [String: String]
    package var data: [String: String]
    package var android: Android

    package struct Android: Decodable, Sendable {
      package var priority: String
      package var ttl: String
      package var notification: [String: String]
    }
  }

  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  package private(set) var description = Description(port: 0, p256dh: "", auth: "", account: "")
  private let folder: String
  private let process = Process()
  /// While it is open, the peer runs.
  private let input = Pipe()

  /// Python with what it needs, or nil.
  package static let python: String? = {
    let path = SchemaCorpus.root.appending(path: ".venv/bin/python").path
    guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = ["-c", "import http_ece, py_vapid, cryptography"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    process.waitForEnd()
    return process.terminationStatus == 0 ? path : nil
  }()

  /// Starts it in `folder` and waits until it listens.
  package static func start(in folder: String) async throws -> PushPeer {
    guard let python else { throw Failure(description: "no http-ece, py-vapid or cryptography: scripts/setup test") }
    let peer = PushPeer(folder: folder)
    try peer.launch(python)
    let pid = peer.process.processIdentifier
    let file = folder + "/peer.json"
    guard await FileArrival.wait(for: file, upTo: 30, while: { kill(pid, 0) == 0 }) else {
      throw Failure(description: "the push service did not start")
    }
    peer.description = try JSONDecoder().decode(Description.self, from: Data(contentsOf: URL(filePath: file)))
    return peer
  }

  package var url: String { "http://127.0.0.1:\(description.port)" }
  package var accountFile: String { folder + "/account.json" }

  /// - Parameter word: how it is answered.
  package func endpoint(_ word: String = "ok") -> String { "\(url)/push/\(word)" }

  /// As a browser writes it.
  package func subscription(_ word: String = "ok") -> String {
    #"{"endpoint":"\#(endpoint(word))","expirationTime":null,"#
      + #""keys":{"p256dh":"\#(description.p256dh)","auth":"\#(description.auth)"}}"#
  }

  /// What it has got so far, in order.
  package func requests(_ kind: String) throws -> [Request] {
    guard let text = try? String(contentsOfFile: folder + "/requests.jsonl", encoding: .utf8) else { return [] }
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
      .filter { $0.kind == kind }
  }

  private init(folder: String) { self.folder = folder }

  private func launch(_ python: String) throws {
    process.executableURL = URL(filePath: python)
    process.arguments = [SchemaCorpus.root.appending(path: "scripts/push-peer.py").path, folder]
    process.standardInput = input
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}
