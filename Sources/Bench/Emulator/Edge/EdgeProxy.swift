import BenchEngine
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// The edge in front of one service: `EdgeState` with sockets, a clock and a process.
///
/// Unchecked because what can change is touched on `loop` only, but for what is set before it listens.
package final class EdgeProxy: @unchecked Sendable {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let loop: any EventLoop
  private let service: any EmulatedProcess
  private let isPaid: Bool
  private let observe: @Sendable (EdgeEvent) -> Void
  private let whenReady: @Sendable () -> Void
  private let origin = MonotonicClock.now()
  private var state: EdgeState
  private var clients: [UInt64: ClientHandler] = [:]
  private var lastID: UInt64 = 0
  private var timer: Scheduled<Void>?
  private var listener: (any Channel)?
  private var random = SystemRandomNumberGenerator()
  private var lastFailure: ProcessExit?

  /// - Parameters:
  ///   - observe: each event as it happens, on the edge's thread.
  ///   - whenReady: once: the service has answered first, or its first start has failed.
  package init(
    _ rule: EdgeRule, service: any EmulatedProcess, observe: @escaping @Sendable (EdgeEvent) -> Void,
    whenReady: @escaping @Sendable () -> Void
  ) {
    state = EdgeState(rule)
    isPaid = rule.idle == nil
    self.service = service
    self.observe = observe
    self.whenReady = whenReady
    loop = group.next()
  }

  /// Listens, and deploys the service. Blocks until the port is there.
  /// - Returns: the port.
  /// - Throws: `EmulatorError` code `.resources`.
  package func start(host: String, port: Int) throws(EmulatorError) -> Int {
    Self.raiseDescriptorLimit()
    do {
      let channel = try ServerBootstrap(group: group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .serverChannelOption(.backlog, value: 1_024)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { [self] channel in
          channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            var encoding = HTTPResponseEncoder.Configuration()
            // Framed as the service framed it: the answer to HEAD keeps its length, and has no body.
            encoding.automaticallySetFramingHeaders = false
            try pipeline.configureHTTPServerPipeline(withEncoderConfiguration: encoding)
            try pipeline.addHandler(ClientHandler(self))
          }
        }
        .bind(host: host, port: port).wait()
      listener = channel
      loop.execute { [self] in handle(.begin) }
      return channel.localAddress?.port ?? port
    } catch {
      try? group.syncShutdownGracefully()
      throw EmulatorError(.resources, "\(host), port \(port): can't listen there: \(error)")
    }
  }

  /// Held and forwarded requests need two descriptors each; shells often allow 1,024.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(descriptorLimit, &limit) == 0, limit.rlim_cur < 8_192 else { return }
    limit.rlim_cur = min(8_192, limit.rlim_max)
    setrlimit(descriptorLimit, &limit)
  }

  private static var descriptorLimit: __rlimit_resource_t { __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)) }

  /// Ends the service and closes the port. Blocks until both are done; not to be called from the edge's thread.
  package func stop() {
    try? loop.submit { [self] in
      handle(.stop)
      timer?.cancel()
      _ = listener?.close()
    }.wait()
    let end = MonotonicClock.now() + 30_000_000_000
    while service.isRunning {
      if MonotonicClock.now() > end { service.kill() }
      usleep(10_000)
    }
    try? group.syncShutdownGracefully()
  }

  /// Why the last process ended; nil while none has.
  package var lastExit: ProcessExit? { try? loop.submit { [self] in lastFailure }.wait() }

  // MARK: For the handlers

  var unreachable: EdgeAnswer { .unreachable(isPaid: isPaid) }

  func nextRequestID() -> UInt64 {
    lastID += 1
    return lastID
  }

  /// `3f1a2b4c-9d8e-4f70`
  func makeRequestID() -> String {
    let digits = String(UInt64.random(in: .min ... .max, using: &random), radix: 16)
    let padded = String(repeating: "0", count: 16 - digits.count) + digits
    return "\(padded.prefix(8))-\(padded.dropFirst(8).prefix(4))-\(padded.suffix(4))"
  }

  func receive(_ request: EdgeRequest, _ client: ClientHandler) {
    clients[request.id] = client
    handle(.request(request))
  }

  func finished(_ id: UInt64) {
    guard clients.removeValue(forKey: id) != nil else { return }
    handle(.finished(id))
  }

  func connect(_ client: ClientHandler, request: UInt64) -> EventLoopFuture<any Channel> {
    ClientBootstrap(group: loop)
      .connectTimeout(.seconds(10))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          var encoding = HTTPRequestEncoder.Configuration()
          encoding.automaticallySetFramingHeaders = false
          try pipeline.addHandler(HTTPRequestEncoder(configuration: encoding))
          try pipeline.addHandler(
            ByteToMessageHandler(
              HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward)))
          try pipeline.addHandler(ServiceHandler(client, request: request))
        }
      }
      .connect(host: "127.0.0.1", port: Int(service.port))
  }

  // MARK: The state machine's hands

  private var elapsed: Double { Double(MonotonicClock.now() - origin) / 1e9 }

  private func handle(_ input: EdgeState.Input) {
    for action in state.handle(input, at: elapsed) { perform(action) }
    schedule()
  }

  private func perform(_ action: EdgeState.Action) {
    switch action {
    case .startProcess:
      service.start { [self] event in loop.execute { [self] in report(event) } }
    case .terminateProcess: service.terminate()
    case .killProcess: service.kill()
    case .hold: break
    case .forward(let id): clients[id]?.forward()
    case .answer(let id, let answer): clients[id]?.answer(answer)
    case .log(let event): observe(event)
    case .ready: whenReady()
    }
  }

  private func report(_ event: ServiceProcess.Event) {
    switch event {
    case .answered: handle(.answered)
    case .memoryKill(let cause): handle(.memoryKill(cause: cause))
    case .exited(let exit):
      lastFailure = exit
      handle(.exited(cause: exit.cause))
    }
  }

  private func schedule() {
    timer?.cancel()
    timer = nil
    guard let deadline = state.nextDeadline, deadline.isFinite else { return }
    let pause = max(0, min(deadline - elapsed, 86_400)) * 1e9
    timer = loop.scheduleTask(in: .nanoseconds(Int64(pause.rounded(.up)))) { [self] in handle(.tick) }
  }
}
