import COpenSSL
import Foundation
import Glibc
import Synchronization
import TestSupport
import Timers

@testable import BenchEngine

/// An HTTPS server on loopback with a certificate of its own for `service.test`: a thread that accepts, and serves one
/// connection after another.
final class TLSPeer: @unchecked Sendable {
  // Unchecked because of `thread` and the context: set once, used by that thread until it has been joined.
  struct Handshake: Sendable, Equatable {
    var version: String
    var isResumed: Bool
    /// The name that the client asked for.
    var serverName: String?
  }

  let port: UInt16
  /// The certificate, which is its own authority.
  let certificate: String
  let handshakes = Mutex<[Handshake]>([])
  let renegotiations = Atomic<Int>(0)
  private let listener: Int32
  private let context: OpaquePointer
  private let folder: URL
  private let shouldStop = Atomic<Bool>(false)
  private var thread: OwnThread?

  static let program = "/usr/bin/openssl"
  static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program) }

  struct Failure: Error { var what: String }

  enum Behaviour: Sendable {
    case keepsAlive, closesAfterEach
    /// Keeps alive, many connections at a time.
    case servesAll
    /// After the handshake, whatever comes.
    case hangsUp
    /// Keeps alive, and shakes hands anew before each answer: TLS 1.2.
    case renegotiates
    /// Likewise before it reads more than the first of a request.
    case renegotiatesEarly(request: Int)
    /// Answers until the end of the connection, which it announces, or cuts.
    case untilClose(announced: Bool)
    /// Answers in two records, the second of them behind the answer's end.
    case surplus
    /// After the request, bytes that are no TLS.
    case garbage
  }

  init(_ behaviour: Behaviour) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    certificate = folder.appending(path: "certificate.pem").path
    let key = folder.appending(path: "key.pem").path
    try Self.makeCertificate(certificate, key: key)
    guard let context = SSL_CTX_new(TLS_server_method()),
      SSL_CTX_use_certificate_file(context, certificate, SSL_FILETYPE_PEM) == 1,
      SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1
    else { throw Failure(what: "no context") }
    self.context = context
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { [listener] address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else { throw Failure(what: "no port") }
    port = UInt16(bigEndian: address.sin_port)
    thread = try OwnThread { [self] in serve(behaviour) }
  }

  func stop() {
    shouldStop.store(true, ordering: .relaxed)
    shutdown(listener, Int32(SHUT_RDWR))
    thread?.join()
    close(listener)
    SSL_CTX_free(context)
    try? FileManager.default.removeItem(at: folder)
  }

  private func serve(_ behaviour: Behaviour) {
    var threads: [OwnThread] = []
    defer { for thread in threads { thread.join() } }
    while !shouldStop.load(ordering: .relaxed) {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      // A client that goes away in silence must not hold the next one up.
      var limit = timeval(tv_sec: 0, tv_usec: 200_000)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      if case .servesAll = behaviour, let thread = try? OwnThread({ [self] in serve(descriptor, behaviour) }) {
        threads.append(thread)
      } else {
        serve(descriptor, behaviour)
      }
    }
  }

  private func serve(_ descriptor: Int32, _ behaviour: Behaviour) {
    if let session = SSL_new(context) {
      SSL_set_fd(session, descriptor)
      if SSL_accept(session) == 1 {
        note(session)
        switch behaviour {
        case .keepsAlive, .servesAll: answer(session, closes: false)
        case .closesAfterEach: answer(session, closes: true)
        case .hangsUp: break
        case .renegotiates: renegotiate(session)
        case .renegotiatesEarly(let count): renegotiateEarly(session, count)
        case .untilClose(let announced):
          if read(session, 1) { write(session, "HTTP/1.1 200 OK\r\n\r\nall of this") }
          if announced { SSL_shutdown(session) }
        case .surplus:
          while read(session, 1) {
            write(session, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            write(session, "more")
          }
        case .garbage:
          if read(session, 1) { _ = Glibc.send(descriptor, "no TLS at all", 13, Int32(MSG_NOSIGNAL)) }
          _ = read(session, 1)
        }
      }
      SSL_free(session)
    }
    close(descriptor)
  }

  /// Reads until so many bytes have come at least.
  private func read(_ session: OpaquePointer, _ wanted: Int) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    var left = wanted
    while left > 0 {
      let count = SSL_read(session, &buffer, Int32(buffer.count))
      guard count > 0 else { return false }
      left -= Int(count)
    }
    return true
  }

  private func write(_ session: OpaquePointer, _ text: String) {
    _ = SSL_write(session, text, Int32(text.utf8.count))
  }

  private func renegotiate(_ session: OpaquePointer) {
    var hasAsked = false
    while read(session, 1) {
      if hasAsked, SSL_renegotiate_pending(session) == 0 { renegotiations.add(1, ordering: .relaxed) }
      // This asks for the handshake; the client's side of it comes with its next bytes.
      guard SSL_renegotiate(session) == 1, SSL_do_handshake(session) == 1 else { return }
      hasAsked = true
      write(session, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    }
  }

  private func renegotiateEarly(_ session: OpaquePointer, _ count: Int) {
    var buffer = [UInt8](repeating: 0, count: 1_024)
    while true {
      let first = SSL_read(session, &buffer, Int32(buffer.count))
      guard first > 0, SSL_renegotiate(session) == 1, SSL_do_handshake(session) == 1 else { return }
      // A generator that spins for as long as it can't write has half a second to show it.
      usleep(500_000)
      guard read(session, count - Int(first)) else { return }
      if SSL_renegotiate_pending(session) == 0 { renegotiations.add(1, ordering: .relaxed) }
      write(session, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    }
  }

  private func note(_ session: OpaquePointer) {
    let name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    handshakes.withLock {
      $0.append(
        Handshake(
          version: String(cString: SSL_get_version(session)), isResumed: SSL_session_reused(session) == 1,
          serverName: name))
    }
  }

  private func answer(_ session: OpaquePointer, closes: Bool) {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let answer = "HTTP/1.1 200 OK\r\n\(closes ? "Connection: close\r\n" : "")Content-Length: 2\r\n\r\nok"
    while SSL_read(session, &buffer, Int32(buffer.count)) > 0 {
      _ = SSL_write(session, answer, Int32(answer.utf8.count))
      if closes {
        SSL_shutdown(session)
        return
      }
    }
  }

  private static func makeCertificate(_ certificate: String, key: String) throws {
    let maker = Process()
    maker.executableURL = URL(filePath: program)
    maker.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
      "/CN=service.test", "-addext", "subjectAltName=DNS:service.test,IP:127.0.0.1", "-keyout", key, "-out",
      certificate,
    ]
    maker.standardInput = FileHandle.nullDevice
    maker.standardError = FileHandle.nullDevice
    try maker.run()
    maker.waitForEnd()
    guard maker.terminationStatus == 0 else { throw Failure(what: "no certificate") }
  }
}
