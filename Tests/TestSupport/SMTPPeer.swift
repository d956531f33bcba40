import Foundation

/// A real mail server (PyPI aiosmtpd) on 127.0.0.1 with STARTTLS and AUTH, ended with this process: `scripts/smtp-peer.py`.
package final class SMTPPeer {
  package struct Login: Decodable, Sendable {
    package var port: Int
    package var user: String
    package var password: String
    package var certificate: String
  }

  /// A mail that it took.
  package struct Mail: Decodable, Sendable {
    package var from: String
    package var to: [String]
    package var tls: Bool
    package var user: String?
    /// Header and body, CRLF; bytes as Latin-1.
    package var content: String
  }

  package let login: Login
  private let peer: PythonPeer

  /// Python with aiosmtpd, or nil.
  package static let python = PythonPeer.python(with: "aiosmtpd")

  private static let missing = WireError(description: "no aiosmtpd: scripts/setup test")

  /// Starts it in `folder` and waits until it listens.
  package static func start(in folder: String, _ options: [String] = []) async throws -> SMTPPeer {
    guard let python else { throw missing }
    let peer = try PythonPeer(python, "smtp-peer.py", in: folder, options)
    return SMTPPeer(try await peer.description(as: Login.self), peer)
  }

  private init(_ login: Login, _ peer: PythonPeer) {
    self.login = login
    self.peer = peer
  }

  package var url: String { "smtp://127.0.0.1:\(login.port)" }

  /// With user and password, encoded.
  package var urlWithLogin: String {
    let password = login.password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "smtp://\(login.user):\(password)@127.0.0.1:\(login.port)"
  }

  /// What it has taken so far, in order.
  package func mails() throws -> [Mail] { try peer.lines(of: "mails.jsonl", as: Mail.self) }

  /// A mail's header fields (names in lower case, unfolded, decoded) and its parts by media type, as Python's `email` reads
  /// them: nobody of ours.
  package struct Reading: Decodable, Sendable {
    package var headers: [[String]]
    package var parts: [String: String]
    package var defects: [String]

    package subscript(name: String) -> [String] { headers.filter { $0[0] == name }.map { $0[1] } }
  }

  package static func read(_ mail: Mail) throws -> Reading {
    guard let python else { throw missing }
    let script = """
      import email, email.policy, json, sys
      mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
      parts = [part for part in mail.walk() if not part.is_multipart()]
      print(json.dumps({"headers": [[name.lower(), str(value)] for name, value in mail.items()],
        "parts": {part.get_content_type(): part.get_content().replace("\\r\\n", "\\n") for part in parts},
        "defects": [str(defect) for part in mail.walk() for defect in part.defects]}))
      """
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-c", script]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: mail.content.data(using: .isoLatin1) ?? Data())
    try input.fileHandleForWriting.close()
    // Its end is the end of what it prints: `Process` would wait for whoever has inherited what it watches.
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    return try JSONDecoder().decode(Reading.self, from: data)
  }
}
