import Addresses
import Foundation
import HTTPTypes
import Hummingbird
import Instants
import NIOCore
import Synchronization
import Wording

/// Gives answers in front of the framework, with all that `ServiceResponder` and the framework add to theirs.
final class FrontDesk: Sendable {
  private let answers: any FrontAnswers
  private let metrics: RequestMetrics?
  private let headers: StandardHeaders
  /// Written once a second. Source: RFC 9110 §6.6.1.
  private let date = Mutex<(second: Double, text: String)>((-1, ""))

  init(_ answers: any FrontAnswers, metrics: RequestMetrics?, headers: StandardHeaders) {
    self.answers = answers
    self.metrics = metrics
    self.headers = headers
  }

  /// The head's bytes and the body's; nil where the framework has to answer.
  func answer(
    _ head: RequestHead, _ bytes: ByteBuffer, from peer: IPAddress?
  ) -> (head: ByteBuffer, body: ByteBuffer)? {
    let start = ContinuousClock.now
    guard let request = FrontRequest(head, bytes, from: peer), var answer = answers.answer(to: request) else {
      return nil
    }
    headers.add(
      to: &answer.headers, number: request.givenNumber ?? RequestID().description, origin: request.origin,
      forwardedProtocol: request.forwardedProtocol, from: peer)
    answer.headers.append(HTTPField(name: .date, value: now))
    if let metrics {
      metrics.record(
        method: "GET", route: metrics.index(ofTemplate: answer.route), status: answer.status.code,
        nanoseconds: start.duration(to: .now).nanosecondCount)
    }
    return (Self.written(answer.status, answer.headers), answer.body)
  }

  private var now: String {
    let second = Date().timeIntervalSince1970.rounded(.down)
    return date.withLock { date in
      if date.second != second { date = (second, InstantText.http(second)) }
      return date.text
    }
  }

  /// Source: RFC 9112 §4, §5.
  private static func written(_ status: HTTPResponse.Status, _ headers: HTTPFields) -> ByteBuffer {
    var bytes = ByteBufferAllocator().buffer(capacity: 512)
    bytes.writeString("HTTP/1.1 ")
    bytes.writeString(String(status.code))
    bytes.writeString(" ")
    bytes.writeString(status.reasonPhrase)
    bytes.writeStaticString("\r\n")
    for field in headers {
      bytes.writeString(field.name.rawName)
      bytes.writeStaticString(": ")
      bytes.writeString(field.value)
      bytes.writeStaticString("\r\n")
    }
    bytes.writeStaticString("\r\n")
    return bytes
  }
}
