import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A connection of the framework's, with the gate before it.
struct FrontChannel: ServerChildChannel {
  typealias Value = HTTP1Channel.Value

  /// What one read takes at most: bytes that wait behind a request are bounded by it.
  private static let readBytes = 16 * 1_024

  private let inner: HTTP1Channel
  private let table: ConnectionTable
  private let bounds: HTTPBounds
  private let desk: FrontDesk?

  init(
    responder: @escaping HTTPChannelHandler.Responder, table: ConnectionTable, bounds: HTTPBounds, desk: FrontDesk?
  ) {
    self.table = table
    self.bounds = bounds
    self.desk = desk
    // The gate is stricter; these are its net.
    inner = HTTP1Channel(
      responder: responder,
      configuration: .init(
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 16 * 1_024, maxHeaderListSize: 40 * 1_024, maxHeaderFieldCount: 110)))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    inner.setup(channel: channel, logger: logger).flatMapThrowing { value in
      let pipeline = channel.pipeline.syncOperations
      if let options = channel.syncOptions {
        try options.setOption(
          .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2_048, maximum: Self.readBytes))
        try options.setOption(.maxMessagesPerRead, value: 1)
      }
      let gate = RequestGate(table: table, bounds: bounds, desk: desk)
      try pipeline.addHandler(gate, position: .first)
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(
        AnswerEnd(gate: gate, context: try pipeline.context(handler: gate)), position: .after(decoder))
      return value
    }
  }

  func handle(value: Value, logger: Logger) async { await inner.handle(value: value, logger: logger) }
}
