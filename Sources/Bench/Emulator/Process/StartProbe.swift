import BenchEngine
import Glibc

/// Asks a port of this machine over and over whether anybody speaks HTTP there: one connection at a time, without
/// blocking longer than a step.
///
/// It is the platform's own health check: it reaches the service past the edge and moves no idle clock.
struct StartProbe: ~Copyable {
  private let port: UInt16
  private let path: String
  private let isStrict: Bool
  private var descriptor: Int32 = -1
  private var hasSent = false
  private var answer: [UInt8] = []
  private var givesUpAt: UInt64 = 0

  /// - Parameter healthPath: nil asks `/` and takes any status for an answer.
  init(port: UInt16, healthPath: String?) {
    self.port = port
    path = healthPath ?? "/"
    isStrict = healthPath != nil
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Goes on with the question, or begins one; takes at most `milliseconds`.
  /// - Returns: true once an answer has come.
  mutating func step(milliseconds: Int32) -> Bool {
    if descriptor < 0 {
      guard connect() else {
        usleep(useconds_t(milliseconds) * 1_000)
        return false
      }
    }
    var entry = pollfd(fd: descriptor, events: Int16(hasSent ? POLLIN : POLLOUT), revents: 0)
    let ready = poll(&entry, 1, milliseconds)
    if ready == 0 {
      if MonotonicClock.now() > givesUpAt { reset() }
      return false
    }
    if !hasSent {
      if !send() {
        reset()
        usleep(useconds_t(milliseconds) * 1_000)
      }
      return false
    }
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count > 0 { answer += buffer.prefix(count) }
    if let status = Self.status(answer) {
      reset()
      return isStrict ? (200..<400).contains(status) : true
    }
    if count <= 0 || answer.count > 4_096 {
      reset()
      usleep(useconds_t(milliseconds) * 1_000)
    }
    return false
  }

  private mutating func connect() -> Bool {
    descriptor = socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    hasSent = false
    answer = []
    givesUpAt = MonotonicClock.now() + 30_000_000_000
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
    }
    if result == 0 || errno == EINPROGRESS { return true }
    reset()
    return false
  }

  private mutating func send() -> Bool {
    let request =
      "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUser-Agent: Outgrown/emulated platform health check\r\n"
      + "Accept: */*\r\nConnection: close\r\n\r\n"
    let bytes = Array(request.utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return false }
    hasSent = true
    return true
  }

  private mutating func reset() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// Of `HTTP/1.1 200 …`.
  private static func status(_ bytes: [UInt8]) -> Int? {
    guard bytes.starts(with: Array("HTTP/1.".utf8)), let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
      return nil
    }
    let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
    return words.count >= 2 ? Int(words[1].prefix(3)) : nil
  }
}
