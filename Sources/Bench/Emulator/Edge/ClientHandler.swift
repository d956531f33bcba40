import NIOCore
import NIOHTTP1

/// One client's connection to the edge: its requests one after the other, each held, forwarded or answered as
/// `EdgeState` says. Bodies stream in both directions; whoever is slower holds the other back.
///
/// Unchecked because everything happens on the one event loop of the edge.
final class ClientHandler: ChannelDuplexHandler, @unchecked Sendable {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = Never
  typealias OutboundOut = HTTPServerResponsePart

  /// Of a request that waits, so much is read before the client is held back.
  private static let bufferLimit = 256 << 10

  private let edge: EdgeProxy
  private var context: ChannelHandlerContext?
  private var exchange: ProxiedRequest?
  private var wantsRead = false

  /// A request from its head to the end of its answer.
  private struct ProxiedRequest {
    var id: UInt64
    var head: HTTPRequestHead
    var requestID: String
    var waiting: [HTTPClientRequestPart] = []
    var waitingBytes = 0
    var upstream: (any Channel)?
    var isConnecting = false
    var hasAnswered = false
    /// What is still read of the request is thrown away.
    var isOver = false
  }

  init(_ edge: EdgeProxy) { self.edge = edge }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  // MARK: From the client

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      let id = edge.nextRequestID()
      exchange = ProxiedRequest(id: id, head: head, requestID: edge.makeRequestID(), isOver: false)
      edge.receive(
        EdgeRequest(id: id, method: head.method.rawValue, target: head.uri, accept: head.headers["accept"]), self)
    case .body(let buffer): pass(.body(.byteBuffer(buffer)), bytes: buffer.readableBytes)
    case .end(let trailers): pass(.end(trailers), bytes: 0)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    exchange?.upstream?.flush()
    context.fireChannelReadComplete()
  }

  private func pass(_ part: HTTPClientRequestPart, bytes: Int) {
    guard let current = exchange, !current.isOver else { return }
    if let upstream = current.upstream {
      upstream.write(part, promise: nil)
      if case .end = part { upstream.flush() }
    } else {
      exchange?.waiting.append(part)
      exchange?.waitingBytes += bytes
    }
  }

  func read(context: ChannelHandlerContext) {
    if let exchange, !exchange.isOver {
      let isFull = exchange.upstream.map { !$0.isWritable } ?? (exchange.waitingBytes > Self.bufferLimit)
      if isFull {
        wantsRead = true
        return
      }
    }
    context.read()
  }

  /// The service's side takes more, or the request is over.
  func resumeReading() {
    guard wantsRead, let context else { return }
    wantsRead = false
    read(context: context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    abandon()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func abandon() {
    guard let exchange, !exchange.isOver else { return }
    self.exchange?.isOver = true
    exchange.upstream?.close(promise: nil)
    edge.finished(exchange.id)
  }

  // MARK: What the edge decided

  func answer(_ answer: EdgeAnswer) {
    guard let exchange, !exchange.isOver, !exchange.hasAnswered, let context else { return }
    let closes = !exchange.head.isKeepAlive
    let head = ProxyHeaders.own(answer, to: exchange.head, requestID: exchange.requestID, closes: closes)
    self.exchange?.isOver = true
    self.exchange?.waiting = []
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if exchange.head.method != .HEAD, !answer.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
    }
    end(context, trailers: nil, closes: closes)
    edge.finished(exchange.id)
    resumeReading()
  }

  func forward() {
    guard let exchange, !exchange.isOver, !exchange.isConnecting else { return }
    self.exchange?.isConnecting = true
    let id = exchange.id
    edge.connect(self, request: id).whenComplete { [self] result in
      // On the edge's loop, as all of its channels.
      switch result {
      case .success(let channel): connected(channel, id)
      case .failure: if self.exchange?.id == id { answer(edge.unreachable) }
      }
    }
  }

  private func connected(_ channel: any Channel, _ id: UInt64) {
    guard let exchange, exchange.id == id, !exchange.isOver else {
      channel.close(promise: nil)
      return
    }
    self.exchange?.upstream = channel
    self.exchange?.waiting = []
    self.exchange?.waitingBytes = 0
    let head = ProxyHeaders.forwarded(exchange.head, from: context?.remoteAddress?.ipAddress)
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    for part in exchange.waiting { channel.write(part, promise: nil) }
    channel.flush()
    resumeReading()
  }

  // MARK: From the service

  var isWritable: Bool { context?.channel.isWritable ?? false }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable, let upstream = exchange?.upstream {
      // Its handler asks again whether this side takes more.
      upstream.read()
    }
    context.fireChannelWritabilityChanged()
  }

  func returned(_ part: HTTPClientResponsePart, request id: UInt64) {
    guard let exchange, exchange.id == id, !exchange.isOver, let context else { return }
    let closes = !exchange.head.isKeepAlive
    switch part {
    case .head(let head) where (100..<200).contains(head.status.code):
      if exchange.head.speaks1_1, head.status != .switchingProtocols {
        context.writeAndFlush(
          wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: head.status, headers: head.headers))),
          promise: nil)
      }
    case .head(let head):
      self.exchange?.hasAnswered = true
      let returned = ProxyHeaders.returned(head, to: exchange.head, requestID: exchange.requestID, closes: closes)
      context.write(wrapOutboundOut(.head(returned)), promise: nil)
    case .body(let buffer):
      context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    case .end(let trailers):
      self.exchange?.isOver = true
      end(context, trailers: trailers, closes: closes)
      exchange.upstream?.close(promise: nil)
      edge.finished(exchange.id)
      resumeReading()
    }
  }

  func flushReturned() { context?.flush() }

  /// The service's connection has ended before its answer did.
  func lost(request id: UInt64) {
    guard let exchange, exchange.id == id, !exchange.isOver else { return }
    if exchange.hasAnswered {
      // A truncated answer must look truncated.
      abandon()
      context?.close(promise: nil)
    } else {
      answer(edge.unreachable)
    }
  }

  private func end(_ context: ChannelHandlerContext, trailers: HTTPHeaders?, closes: Bool) {
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(.end(trailers)), promise: written)
    if closes {
      let channel = context.channel
      written.futureResult.whenComplete { _ in channel.close(promise: nil) }
    }
  }
}
