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

  package let description: Description
  private let folder: String
  private let peer: PythonPeer

  /// Python with what it needs, or nil.
  package static let python = PythonPeer.python(with: "http_ece, py_vapid, cryptography")

  /// Starts it in `folder` and waits until it listens.
  package static func start(in folder: String) async throws -> PushPeer {
    guard let python else { throw WireError(description: "no http-ece, py-vapid or cryptography: scripts/setup test") }
    let peer = try PythonPeer(python, "push-peer.py", in: folder)
    return PushPeer(try await peer.description(as: Description.self), peer, folder)
  }

  private init(_ description: Description, _ peer: PythonPeer, _ folder: String) {
    self.description = description
    self.peer = peer
    self.folder = folder
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
    try peer.lines(of: "requests.jsonl", as: Request.self).filter { $0.kind == kind }
  }
}
