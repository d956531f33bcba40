import CLinux
import COpenSSL
import Glibc
import Synchronization
import Timers

/// What is checked before the first request: that the target's name resolves, that one of its addresses accepts a
/// connection and a TLS handshake, and that this process may open as many connections as the load needs.
///
/// No HTTP request is sent: a service that sleeps is not woken before the run begins.
package enum Preflight {
  /// The first address of the plan's endpoint that accepts a connection, within the plan's timeouts.
  package static func reach(_ plan: LoadPlan) throws(EngineError) -> SocketAddress {
    let timeouts = plan.transport.timeouts
    return try reach(
      plan.endpoint, timeout: plan.connectTimeout, nameTimeout: timeouts.name, tlsTimeout: timeouts.tls)
  }

  /// The first address of the endpoint that accepts a connection. Blocks, for at most about `timeout` an address and
  /// as long for its handshake and for the name, or as long as they are given of their own.
  package static func reach(
    _ endpoint: Endpoint, timeout: Duration, nameTimeout: Duration? = nil, tlsTimeout: Duration? = nil
  ) throws(EngineError) -> SocketAddress {
    let addresses = try resolve(endpoint, timeout: nameTimeout ?? timeout)
    var lastReason = "it has no address"
    for address in addresses {
      let descriptor: Int32
      switch connect(address, timeout: timeout) {
      case .success(let open): descriptor = open
      case .failure(let error):
        lastReason = error.message
        continue
      }
      defer { close(descriptor) }
      if let security = endpoint.tls {
        try handshake(
          descriptor, TLSContext(security, host: endpoint.host), endpoint, timeout: tlsTimeout ?? timeout)
      }
      return address
    }
    let place = endpoint.connectTo ?? ConnectAddress(host: endpoint.host, port: endpoint.port)
    throw EngineError(
      .unreachable,
      "no connection to \(place.host), port \(place.port): \(lastReason). Is the service running there?")
  }

  /// Raises the soft limit on descriptors if it can, and refuses a load that needs more than there are.
  package static func requireResources(for plan: LoadPlan) throws(EngineError) {
    let wanted = plan.peakConnections
    var setting = "users and connections in flight"
    if plan.phases.isEmpty {
      if case .users = plan.workload { setting = "users" } else { setting = "connections in flight" }
    }
    let lanes = plan.loads.map(\.lanes).max() ?? 1
    let each = lanes > 1 ? "connections of \(setting), \(lanes) of each," : setting
    // Three standard streams, two descriptors a worker, and some for reports and libraries.
    let needed = rlim_t(wanted + plan.allWorkers * 2 + 64)
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
    if limit.rlim_cur < needed {
      limit.rlim_cur = min(limit.rlim_max, needed)
      setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
      getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
    }
    guard limit.rlim_cur >= needed else {
      throw EngineError(
        .resources,
        "\(wanted) \(each) need \(needed) file descriptors, and this process may open \(limit.rlim_cur): "
          + "raise the limit (ulimit -n \(needed)) or ask for at most \(max(Int(limit.rlim_cur) - 66, 0) / lanes) \(setting)"
      )
    }
    if let ports = localPorts(), wanted > ports {
      throw EngineError(
        .resources,
        "\(wanted) \(each) need as many local ports, and the kernel has \(ports) "
          + "(net.ipv4.ip_local_port_range): widen the range or ask for fewer")
    }
  }

  // MARK: Steps

  /// The system's resolver can't be cut short, so it runs on a thread that is left behind when it takes too long.
  private static func resolve(_ endpoint: Endpoint, timeout: Duration) throws(EngineError) -> [SocketAddress] {
    let outcome = ResolverOutcome()
    let thread = try OwnThread.started {
      let result: Result<[SocketAddress], EngineError>
      do throws(EngineError) {
        result = .success(try SocketAddress.resolve(endpoint))
      } catch {
        result = .failure(error)
      }
      outcome.value.withLock { $0 = result }
    }
    thread.detach()
    let end = MonotonicClock.now() + timeout.nanoseconds
    while MonotonicClock.now() < end {
      if let result = outcome.value.withLock({ $0 }) { return try result.get() }
      usleep(1_000)
    }
    throw EngineError(
      .unresolvable,
      "no answer for the name “\(endpoint.connectTo?.host ?? endpoint.host)” within \(timeout): check the network's "
        + "name server")
  }

  private final class ResolverOutcome: Sendable {
    let value = Mutex<Result<[SocketAddress], EngineError>?>(nil)
  }

  private static func connect(_ address: SocketAddress, timeout: Duration) -> Result<Int32, EngineError> {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, type, 0)
    guard descriptor >= 0 else { return .failure(.init(.system, String(cString: strerror(errno)))) }
    var code = address.withPointer { Glibc.connect(descriptor, $0, address.length) } == 0 ? 0 : errno
    if code == EINPROGRESS {
      if wait(descriptor, for: POLLOUT, until: MonotonicClock.now() + timeout.nanoseconds) {
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
      } else {
        code = ETIMEDOUT
      }
    }
    guard code != 0 else { return .success(descriptor) }
    close(descriptor)
    return .failure(.init(.unreachable, "\(address.numericHost): \(String(cString: strerror(code)))"))
  }

  private static func handshake(
    _ descriptor: Int32, _ context: consuming TLSContext, _ endpoint: Endpoint, timeout: Duration
  ) throws(EngineError) {
    guard let session = context.makeSession(on: descriptor) else {
      let reason = TLSContext.lastError(otherwise: "memory is short")
      throw EngineError(.tls, "OpenSSL gave no session that checks \(endpoint.host): \(reason)")
    }
    var before = sigset_t()
    clinux_hold_broken_pipe(&before)
    defer {
      SSL_free(session)
      clinux_release_broken_pipe(&before)
    }
    let end = MonotonicClock.now() + timeout.nanoseconds
    while true {
      ERR_clear_error()
      let result = SSL_do_handshake(session)
      if result == 1 { return }
      let reason = SSL_get_error(session, result)
      guard reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE else {
        throw EngineError(
          .tls,
          "\(endpoint.host), port \(endpoint.port): \(context.failure(of: session)). "
            + "Trust its authority with tls.ca_file (--ca-file), or accept any certificate with tls.insecure "
            + "(--insecure)")
      }
      guard wait(descriptor, for: reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, until: end) else {
        throw EngineError(.tls, "\(endpoint.host), port \(endpoint.port): no TLS handshake within \(timeout)")
      }
    }
  }

  private static func wait(_ descriptor: Int32, for event: Int32, until end: UInt64) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    while true {
      let now = MonotonicClock.now()
      guard now < end else { return false }
      let ready = Glibc.poll(&entry, 1, Int32((end - now) / 1_000_000 + 1))
      if ready > 0 { return true }
      if ready < 0, errno != EINTR { return false }
    }
  }

  /// Local ports that the kernel may give to connections to one address; nil where it doesn't say.
  private static func localPorts() -> Int? {
    guard let file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let bounds = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    return bounds.count == 2 ? bounds[1] - bounds[0] + 1 : nil
  }
}
