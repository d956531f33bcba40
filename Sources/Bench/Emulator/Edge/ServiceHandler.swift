import NIOCore
import NIOHTTP1

/// The service's side of one forwarded request.
///
/// Unchecked because everything happens on the one event loop of the edge.
final class ServiceHandler: ChannelDuplexHandler, @unchecked Sendable {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  private let client: ClientHandler
  private let request: UInt64

  init(_ client: ClientHandler, request: UInt64) {
    self.client = client
    self.request = request
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    client.returned(unwrapInboundIn(data), request: request)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    client.flushReturned()
    context.fireChannelReadComplete()
  }

  func read(context: ChannelHandlerContext) {
    if client.isWritable { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { client.resumeReading() }
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    client.lost(request: request)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    client.lost(request: request)
    context.close(promise: nil)
  }
}
