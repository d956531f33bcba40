import Foundation

/// Twilio's Messages API on 127.0.0.1, which judges messages and has Twilio's own SDK send and sign; ended with this process:
/// `scripts/twilio-peer.py`.
package final class TwilioPeer {
  package struct Description: Decodable, Sendable {
    package var port: Int
    package var account: String
    package var token: String
    package var key: String
    package var secret: String
  }

  package struct Request: Decodable, Sendable, Equatable {
    package var method: String
    package var path: String
    package var fields: [String: String]
    package var headers: [String: String]
  }

  package let description: Description
  private let folder: String
  private let peer: PythonPeer

  /// Python with what it needs, or nil.
  package static let python = PythonPeer.python(with: "twilio")

  /// Starts it in `folder` and waits until it listens.
  package static func start(in folder: String) async throws -> TwilioPeer {
    guard let python else { throw WireError(description: "no twilio: scripts/setup test") }
    let peer = try PythonPeer(python, "twilio-peer.py", in: folder)
    return TwilioPeer(try await peer.description(as: Description.self), peer, folder)
  }

  private init(_ description: Description, _ peer: PythonPeer, _ folder: String) {
    self.description = description
    self.peer = peer
    self.folder = folder
  }

  package var url: String { "http://127.0.0.1:\(description.port)" }

  /// What it has got so far, in order.
  package func requests() throws -> [Request] { try peer.lines(of: "requests.jsonl", as: Request.self) }

  /// The same, for whoever waits for it.
  package static func requests(in folder: String) -> [Request] {
    // A line that is half written is there the next time.
    (try? PythonPeer.lines(of: "requests.jsonl", in: folder, as: Request.self)) ?? []
  }

  /// Until `release`, nothing is answered.
  package func hold() { _ = FileManager.default.createFile(atPath: folder + "/hold", contents: nil) }
  package func release() { try? FileManager.default.removeItem(atPath: folder + "/hold") }
}
