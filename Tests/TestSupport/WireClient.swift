import Foundation
import Glibc

/// What came back over the wire.
package struct WireResponse: Sendable {
  package var status: Int
  /// Names in lower case.
  package var headers: [String: String]
  /// Everything after the blank line, whatever `Content-Length` says.
  package var body: String

  /// The body as JSON; nil when it isn't.
  package var json: Any? { try? JSONSerialization.jsonObject(with: Data(body.utf8), options: .fragmentsAllowed) }
  package var object: [String: Any] { json as? [String: Any] ?? [:] }
}

package struct WireError: Error, CustomStringConvertible {
  package var description: String
}

/// The smallest HTTP client: one request, one connection, read until the server closes it.
package enum WireClient {
  package static func send(
    _ method: String = "GET", _ path: String, port: Int, headers: [String: String] = [:]
  ) async throws -> WireResponse {
    let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
    let request = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\(fields)\r\n"
    let bytes = try await exchange(Array(request.utf8), port: port)
    return try parse(String(decoding: bytes, as: UTF8.self))
  }

  /// Writes `request` and reads until the end, on a thread of its own: on Linux a blocked dispatch thread is one that
  /// Swift's tasks don't get.
  package static func exchange(_ request: [UInt8], port: Int) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try blockingExchange(request, port: port) }) }
    }
  }

  private static func blockingExchange(_ request: [UInt8], port: Int) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw WireError(description: "socket: \(errno)") }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw WireError(description: "connect to \(port): \(errno)") }
    guard Glibc.send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
      throw WireError(description: "send: \(errno)")
    }
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count >= 0 else { throw WireError(description: "recv: \(errno)") }
      if count == 0 { return received }
      received += chunk[..<count]
    }
  }

  private static func parse(_ text: String) throws -> WireResponse {
    guard let end = text.range(of: "\r\n\r\n") else { throw WireError(description: "no head in \(text.prefix(80))") }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw WireError(description: "no status in \(lines[0])")
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    return WireResponse(status: status, headers: headers, body: String(text[end.upperBound...]))
  }
}
