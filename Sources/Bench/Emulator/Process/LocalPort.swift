import Glibc

/// A port of the loopback address that nobody listens on now.
package enum LocalPort {
  /// - Parameter wanted: 0 for any.
  /// - Throws: `EmulatorError` code `.resources` when somebody has it already.
  package static func free(_ wanted: UInt16 = 0) throws(EmulatorError) -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw EmulatorError(.resources, "no socket: \(GroupFileSystem.reason(errno))") }
    defer { close(descriptor) }
    var reuse: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = wanted.bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        guard bind(descriptor, generic, size) == 0, listen(descriptor, 1) == 0 else { return errno }
        return getsockname(descriptor, generic, &size) == 0 ? 0 : errno
      }
    }
    guard result == 0 else {
      throw EmulatorError(
        .resources, "port \(wanted) of this machine can't be had: \(GroupFileSystem.reason(result))")
    }
    return UInt16(bigEndian: address.sin_port)
  }

  /// Two of them.
  package static func two() throws(EmulatorError) -> [UInt16] {
    let first = try free()
    var second = try free()
    for _ in 0..<100 where second == first { second = try free() }
    return [first, second]
  }
}
