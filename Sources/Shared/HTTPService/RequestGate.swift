import Addresses
import NIOCore
import NIOHTTP1
import Wording

/// The first and last handler of a connection: passes one request at a time, refuses what is none, keeps the time that a
/// client may take, and tells the table how the connection stands.
///
/// Lives on its connection's event loop.
final class RequestGate: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  /// The least that is taken of an answer in the time of a stall.
  private static let leastProgress = 4_096

  /// Between an answer and the request that waits behind it already.
  private static let breath = TimeAmount.milliseconds(2)

  private let table: ConnectionTable
  private let bounds: HTTPBounds
  private let desk: FrontDesk?
  private var peer: IPAddress?
  private var intake: RequestIntake
  private var number: Int?
  private var held = ByteBuffer()
  private var isProcessing = false
  private var isReadWanted = false
  private var isInputClosed = false
  /// A refusal was written: nobody else says anything any more.
  private var isRefused = false
  private var isLingering = false
  private var isAnswered = true
  private var isAnswerBegun = false
  private var isHeadPassed = false
  private var timer: Scheduled<Void>?
  private var requestBegan: NIODeadline?
  private var idleSince = NIODeadline.now()
  private var stalled: (since: NIODeadline, bytes: Int)?

  /// - Parameter desk: is asked first of a request without a body.
  init(table: ConnectionTable, bounds: HTTPBounds, desk: FrontDesk? = nil) {
    self.table = table
    self.bounds = bounds
    self.desk = desk
    intake = RequestIntake(maximumBody: bounds.body)
  }

  /// What the request that is being answered said of its connection.
  var head: RequestHead? { intake.head }

  private var closes: Bool { intake.head?.closes ?? false }

  // MARK: The connection

  func channelActive(context: ChannelHandlerContext) {
    number = table.add(context.channel)
    peer = context.channel.remoteAddress.flatMap(IPAddress.init(_:))
    idleSince = .now()
    schedule(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    leave(context)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { leave(context) }

  private var hasLeft = false

  private func leave(_ context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
    guard !hasLeft else { return }
    hasLeft = true
    if let number { table.remove(number, context.channel) } else { table.abandoned() }
  }

  private func stand(_ standing: ConnectionOrder.Standing, _ context: ChannelHandlerContext) {
    if let number { table.move(number, context.channel, to: standing) }
  }

  // MARK: In

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused, !isLingering else { return }
    var bytes = unwrapInboundIn(data)
    if held.readableBytes == 0 { held = bytes } else { held.writeBuffer(&bytes) }
    process(context)
  }

  func read(context: ChannelHandlerContext) {
    // What waits is read first. Beyond it one more read tells of a client that left.
    if held.readableBytes > 0, intake.isComplete, !isLingering {
      isReadWanted = true
    } else {
      context.read()
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      isInputClosed = true
      if isRefused || isLingering || (!intake.isComplete && requestBegan != nil) {
        // Half a request, and no more of it to come: the client left.
        context.close(promise: nil)
        return
      }
      guard held.readableBytes == 0 else { return }
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func process(_ context: ChannelHandlerContext) {
    guard !isProcessing else { return }
    isProcessing = true
    defer { isProcessing = false }
    while held.readableBytes > 0, !isRefused, !isLingering {
      // The answer may still be under way when the next request is there.
      if intake.isComplete {
        guard isAnswered else { return }
        intake.next()
        isHeadPassed = false
      }
      if requestBegan == nil {
        requestBegan = .now()
      }
      switch held.withUnsafeReadableBytes({ intake.read($0) }) {
      case .wait:
        if isInputClosed { context.close(promise: nil) }
        return
      case .skip(let count): held.moveReaderIndex(forwardBy: count)
      case .passHead(let count):
        if answerAtOnce(count, context) {
          guard held.readableBytes > 0 else { continue }
          return resumeAfterBreath(context)
        }
        isHeadPassed = true
        isAnswered = false
        isAnswerBegun = false
        if let head = intake.head, head.expectsContinue, head.body != .none, held.readableBytes == count {
          context.writeAndFlush(
            wrapOutboundOut(.byteBuffer(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n"))), promise: nil)
        }
        pass(count, context)
      case .passBody(let count): pass(count, context)
      case .refuse(let refusal): refuse(refusal, context)
      }
    }
    if held.readableBytes == 0, isInputClosed, !isRefused {
      context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
  }

  /// - Returns: false when the framework has to answer.
  private func answerAtOnce(_ count: Int, _ context: ChannelHandlerContext) -> Bool {
    // A client that does not read its answers waits for the framework, which holds one back.
    guard let desk, let head = intake.head, intake.isComplete, context.channel.isWritable,
      let bytes = held.getSlice(at: held.readerIndex, length: count),
      let answer = desk.answer(head, bytes, from: peer)
    else { return false }
    held.moveReaderIndex(forwardBy: count)
    if held.readableBytes == 0 { held = ByteBuffer() }
    requestBegan = nil
    idleSince = .now()
    stand(.idle, context)
    context.write(wrapOutboundOut(.byteBuffer(answer.head)), promise: nil)
    if answer.body.readableBytes > 0 { context.write(wrapOutboundOut(.byteBuffer(answer.body)), promise: nil) }
    context.flush()
    return true
  }

  private func pass(_ count: Int, _ context: ChannelHandlerContext) {
    guard let bytes = held.readSlice(length: count) else { return }
    if held.readableBytes == 0 { held = ByteBuffer() }
    if intake.isComplete {
      requestBegan = nil
      if isAnswered { idleSince = .now() }
      stand(isAnswered ? .idle : .answering, context)
    }
    context.fireChannelRead(wrapInboundOut(bytes))
    context.fireChannelReadComplete()
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.fireChannelReadComplete() }

  // MARK: Out

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isRefused else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    isAnswerBegun = true
    context.write(data, promise: promise)
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    switch mode {
    case .output where !isLingering:
      linger(context, promise)
    case .output: promise?.succeed()
    case .all where isLingering:
      // It ends by itself, in a moment.
      if let promise { context.channel.closeFuture.cascade(to: promise) }
    default: context.close(mode: mode, promise: promise)
    }
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    guard event is ClosedForAnother else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    context.close(promise: promise)
  }

  /// The last byte of an answer was handed on, to be flushed.
  func answerEnded(_ context: ChannelHandlerContext) {
    isAnswered = true
    idleSince = .now()
    guard !closes else { return }
    // An answer that came before its request was complete leaves the rest to be read.
    if intake.isComplete { stand(.idle, context) }
    if held.readableBytes > 0 || isReadWanted { resumeAfterBreath(context) }
  }

  private func resumeAfterBreath(_ context: ChannelHandlerContext) {
    // By a timer: a loop whose tasks beget tasks looks at no socket, and clients that send many requests in a row, and read
    // no answer, would keep it from everybody else's.
    let loop = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.breath) {
      let (gate, context) = loop.value
      gate.resume(context)
    }
  }

  private func resume(_ context: ChannelHandlerContext) {
    guard !hasLeft else { return }
    process(context)
    if isReadWanted, !(held.readableBytes > 0 && intake.isComplete) {
      isReadWanted = false
      context.read()
    }
  }

  /// The connection's last answer has been written.
  func finish(_ context: ChannelHandlerContext) {
    guard !hasLeft, !isLingering else { return }
    linger(context)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      stalled = nil
    } else {
      stalled = (.now(), Self.buffered(context))
      schedule(context)
    }
    context.fireChannelWritabilityChanged()
  }

  // MARK: Endings

  private func refuse(_ refusal: RequestRefusal, _ context: ChannelHandlerContext) {
    requestBegan = nil
    held = ByteBuffer()
    // One request has one answer.
    guard !(isHeadPassed && isAnswerBegun) else {
      context.close(promise: nil)
      return
    }
    isRefused = true
    context.writeAndFlush(wrapOutboundOut(.byteBuffer(Self.answer(refusal))), promise: nil)
    linger(context)
    // Whoever waits for the rest of this request need not.
    if !isAnswered { context.fireErrorCaught(refusal) }
  }

  private static func answer(_ refusal: RequestRefusal) -> ByteBuffer {
    var json = JSONWriter()
    json.object { $0.field("detail", refusal.reason.description) }
    let phrase = HTTPResponseStatus(statusCode: refusal.status).reasonPhrase
    var bytes = ByteBuffer(
      string: "HTTP/1.1 \(refusal.status) \(phrase)\r\ncontent-type: application/json\r\nconnection: close\r\n"
        + "content-length: \(json.bytes.count)\r\n\r\n")
    bytes.writeBytes(json.bytes)
    return bytes
  }

  /// Ends the outward half, and the rest a moment later: closed at once, a client that is still sending would lose the
  /// answer to a reset.
  private func linger(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>? = nil) {
    isLingering = true
    held = ByteBuffer()
    guard !isInputClosed else {
      context.close(promise: promise)
      return
    }
    context.close(mode: .output, promise: promise)
    context.read()
    timer?.cancel()
    let loop = NIOLoopBound(context, eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: .nanoseconds(bounds.linger.nanosecondCount)) {
      loop.value.close(promise: nil)
    }
  }

  // MARK: Time

  /// Looks again no later than the earliest time at which anything can be due.
  private func schedule(_ context: ChannelHandlerContext) {
    guard !isLingering, !hasLeft else { return }
    timer?.cancel()
    let now = NIODeadline.now()
    let shortest = [bounds.request, bounds.idle, bounds.stall].min() ?? bounds.request
    let due = deadlines.min() ?? now
    let next = min(due, now + .nanoseconds(shortest.nanosecondCount))
    let loop = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(deadline: next) {
      let (gate, context) = loop.value
      gate.look(context)
    }
  }

  private var deadlines: [NIODeadline] {
    var deadlines: [NIODeadline] = []
    if let requestBegan {
      deadlines.append(requestBegan + .nanoseconds(bounds.request.nanosecondCount))
    } else if isAnswered {
      deadlines.append(idleSince + .nanoseconds(bounds.idle.nanosecondCount))
    }
    if let stalled { deadlines.append(stalled.since + .nanoseconds(bounds.stall.nanosecondCount)) }
    return deadlines
  }

  private func look(_ context: ChannelHandlerContext) {
    let now = NIODeadline.now()
    if let began = requestBegan, began + .nanoseconds(bounds.request.nanosecondCount) <= now {
      return refuse(RequestRefusal(408, "the request took too long to come"), context)
    }
    if requestBegan == nil, isAnswered, idleSince + .nanoseconds(bounds.idle.nanosecondCount) <= now {
      return context.close(promise: nil)
    }
    if let before = stalled, before.since + .nanoseconds(bounds.stall.nanosecondCount) <= now {
      let bytes = Self.buffered(context)
      guard before.bytes - bytes >= Self.leastProgress else { return context.close(promise: nil) }
      stalled = (now, bytes)
    }
    schedule(context)
  }

  private static func buffered(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }
}

@available(*, unavailable)
extension RequestGate: Sendable {}

/// Ends a connection at once, whatever it is at.
struct ClosedForAnother: Sendable {}

/// Tells the gate where an answer ends; the only handler that sees answers as answers.
final class AnswerEnd: ChannelOutboundHandler {
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let gate: RequestGate
  private let gateContext: ChannelHandlerContext

  init(gate: RequestGate, context: ChannelHandlerContext) {
    self.gate = gate
    gateContext = context
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head) where head.status.code >= 200:
      if let word = gate.head?.connectionWord { head.headers.replaceOrAdd(name: "connection", value: word) }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .end where gate.head?.closes == true:
      let written = promise ?? context.eventLoop.makePromise()
      let loop = NIOLoopBound((gate, gateContext), eventLoop: context.eventLoop)
      written.futureResult.whenComplete { _ in
        let (gate, context) = loop.value
        gate.finish(context)
      }
      context.write(data, promise: written)
      gate.answerEnded(gateContext)
    case .end:
      context.write(data, promise: promise)
      gate.answerEnded(gateContext)
    default: context.write(data, promise: promise)
    }
  }
}

@available(*, unavailable)
extension AnswerEnd: Sendable {}
