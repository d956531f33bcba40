import Glibc
import Synchronization

/// Stands between a client and a PostgreSQL server, and cuts the connection at a word of the client's.
package final class CuttingProxy: Sendable {
  package enum Cut: Sendable, CaseIterable {
    /// The word never reaches the server.
    case before
    /// The server reads the word and acts on it, but its answer never reaches the client.
    case after
  }

  package let port: Int
  private let listener: Int32
  private let upstream: Int
  private let word: [UInt8]
  private let cut: Cut
  /// How many cuts are left.
  private let cuts: Mutex<Int>
  private let isStopped = Atomic(false)

  /// - Parameters:
  ///   - upstream: the server's port on 127.0.0.1.
  ///   - cuts: how often; later connections are left alone.
  package init(to upstream: Int, at word: String, _ cut: Cut, cuts: Int = 1) throws {
    self.upstream = upstream
    self.word = Array(word.utf8)
    self.cut = cut
    self.cuts = Mutex(cuts)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { [listener] address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else { throw LoopbackServer.Failure.cannotListen }
    port = Int(UInt16(bigEndian: address.sin_port))
    LoopbackServer.thread { [self] in accept() }
  }

  package var cutsLeft: Int { cuts.withLock { $0 } }

  package func stop() {
    isStopped.store(true, ordering: .relaxed)
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func accept() {
    while !isStopped.load(ordering: .relaxed) {
      let client = Glibc.accept(listener, nil, nil)
      guard client >= 0 else { break }
      let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = Self.loopback(upstream)
      let isConnected = withUnsafeMutablePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      guard isConnected else {
        close(client)
        close(server)
        continue
      }
      LoopbackServer.thread { [self] in relay(client, server) }
    }
    close(listener)
  }

  private func relay(_ client: Int32, _ server: Int32) {
    defer {
      close(client)
      close(server)
    }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var polled = [
      pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: server, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&polled, 2, -1) > 0 {
      for (index, other) in [(0, server), (1, client)] where polled[index].revents != 0 {
        let count = read(polled[index].fd, &buffer, buffer.count)
        guard count > 0 else { return }
        let bytes = buffer[..<count]
        guard index == 0, bytes.firstRange(of: word) != nil, takeCut() else {
          guard Self.send(bytes, to: other) else { return }
          continue
        }
        guard cut == .after else { return }
        // The server's answer is waited for, so that it has acted, and thrown away.
        guard Self.send(bytes, to: other) else { return }
        _ = read(server, &buffer, buffer.count)
        return
      }
    }
  }

  private func takeCut() -> Bool {
    cuts.withLock { cuts in
      guard cuts > 0 else { return false }
      cuts -= 1
      return true
    }
  }

  private static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) == $0.count }
  }

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
