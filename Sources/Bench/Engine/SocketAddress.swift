import Glibc

/// An address that a socket connects to: IPv4 or IPv6 with its port.
package struct SocketAddress: @unchecked Sendable, Equatable {
  // Unchecked because `sockaddr_storage` is imported without Sendable; it is plain bytes.
  private var storage: sockaddr_storage
  let length: socklen_t
  let family: Int32

  init(_ info: addrinfo) {
    storage = sockaddr_storage()
    length = min(info.ai_addrlen, socklen_t(MemoryLayout<sockaddr_storage>.size))
    family = info.ai_family
    if let address = info.ai_addr {
      withUnsafeMutableBytes(of: &storage) { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
      }
    }
  }

  /// `127.0.0.1` or `::1`, without the port.
  package var numericHost: String {
    var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let result = withPointer { pointer in
      getnameinfo(pointer, length, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
    }
    guard result == 0 else { return "?" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  package static func == (left: SocketAddress, right: SocketAddress) -> Bool {
    guard left.length == right.length else { return false }
    return left.withPointer { one in right.withPointer { memcmp(one, $0, Int(left.length)) } } == 0
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
    withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }

  /// An address already, so that there is nothing to look up.
  static func isLiteral(_ host: String) -> Bool {
    var scratch = in6_addr()
    return inet_pton(AF_INET, host, &scratch) == 1 || inet_pton(AF_INET6, host, &scratch) == 1
  }

  /// Of where an endpoint's connections go.
  static func resolve(_ endpoint: Endpoint) throws(EngineError) -> [SocketAddress] {
    let place = endpoint.connectTo ?? ConnectAddress(host: endpoint.host, port: endpoint.port)
    return try resolve(host: place.host, port: place.port, family: endpoint.family)
  }

  /// All addresses of `host`, in the order that the system prefers. Blocks while the name is looked up.
  package static func resolve(
    host: String, port: UInt16, family: AddressFamily = .any
  ) throws(EngineError) -> [SocketAddress] {
    var hints = addrinfo()
    switch family {
    case .any: hints.ai_family = AF_UNSPEC
    case .ipv4: hints.ai_family = AF_INET
    case .ipv6: hints.ai_family = AF_INET6
    }
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var first: UnsafeMutablePointer<addrinfo>?
    var result = getaddrinfo(host, String(port), &hints, &first)
    if result != 0 {
      // AI_ADDRCONFIG hides loopback addresses on a machine that has no other of that family.
      hints.ai_flags = 0
      result = getaddrinfo(host, String(port), &hints, &first)
    }
    guard result == 0, let first else {
      throw EngineError(
        .unresolvable,
        "the host “\(host)” has no \(family.adjective)address (\(String(cString: gai_strerror(result)))): "
          + "check the target's spelling\(family == .any ? "" : ", or don't ask for one family")")
    }
    defer { freeaddrinfo(first) }
    var addresses: [SocketAddress] = []
    var next: UnsafeMutablePointer<addrinfo>? = first
    while let entry = next {
      if entry.pointee.ai_family == AF_INET || entry.pointee.ai_family == AF_INET6 {
        addresses.append(SocketAddress(entry.pointee))
      }
      next = entry.pointee.ai_next
    }
    return addresses
  }
}

extension AddressFamily {
  fileprivate var adjective: String {
    switch self {
    case .any: ""
    case .ipv4: "IPv4 "
    case .ipv6: "IPv6 "
    }
  }
}
