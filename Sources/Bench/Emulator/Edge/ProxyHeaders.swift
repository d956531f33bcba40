package import NIOHTTP1

/// What a proxy changes in the headers that it passes on.
package enum ProxyHeaders {
  /// - Source: RFC 9110 §7.6.1, and the older `Keep-Alive` and `Proxy-Connection`.
  private static let hopByHop = [
    "connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade",
  ]

  /// The request as the service gets it, on a connection of its own.
  package static func forwarded(_ head: HTTPRequestHead, from client: String?) -> HTTPRequestHead {
    var head = head
    let isChunked = head.headers.contains(name: "transfer-encoding")
    head.headers = endToEnd(head.headers)
    if isChunked {
      head.headers.remove(name: "content-length")
      head.headers.add(name: "transfer-encoding", value: "chunked")
    }
    if let client {
      let chain = head.headers["x-forwarded-for"] + [client]
      head.headers.replaceOrAdd(name: "x-forwarded-for", value: chain.joined(separator: ", "))
    }
    if !head.headers.contains(name: "x-forwarded-proto") { head.headers.add(name: "x-forwarded-proto", value: "http") }
    head.headers.add(name: "connection", value: "close")
    head.version = .http1_1
    return head
  }

  /// The service's final answer as the client gets it.
  /// - Parameters:
  ///   - requestID: for `rndr-id`.
  ///   - closes: the connection ends after it.
  package static func returned(
    _ head: HTTPResponseHead, to request: HTTPRequestHead, requestID: String, closes: Bool
  ) -> HTTPResponseHead {
    var head = head
    let isChunked = head.headers.contains(name: "transfer-encoding")
    head.headers = endToEnd(head.headers)
    if isChunked { head.headers.remove(name: "content-length") }
    let server = head.headers[canonicalForm: "server"].first.map(String.init)
    head.headers.replaceOrAdd(name: "x-render-origin-server", value: server ?? "Render")
    head.headers.replaceOrAdd(name: "rndr-id", value: requestID)
    let hasBody = request.method != .HEAD && head.status.mayHaveResponseBody
    if hasBody, request.speaks1_1, !head.headers.contains(name: "content-length") {
      head.headers.add(name: "transfer-encoding", value: "chunked")
    }
    if closes { head.headers.add(name: "connection", value: "close") }
    head.version = request.speaks1_1 ? .http1_1 : .http1_0
    return head
  }

  /// The edge's own answer.
  package static func own(
    _ answer: EdgeAnswer, to request: HTTPRequestHead, requestID: String, closes: Bool
  ) -> HTTPResponseHead {
    var headers = HTTPHeaders()
    if let routing = answer.routing { headers.add(name: "x-render-routing", value: routing) }
    headers.add(name: "rndr-id", value: requestID)
    if let seconds = answer.retryAfterSeconds { headers.add(name: "retry-after", value: "\(seconds)") }
    headers.add(name: "cache-control", value: "no-store")
    if !answer.body.isEmpty { headers.add(name: "content-type", value: answer.contentType) }
    headers.add(name: "content-length", value: "\(answer.body.utf8.count)")
    if closes { headers.add(name: "connection", value: "close") }
    return HTTPResponseHead(
      version: request.speaks1_1 ? .http1_1 : .http1_0, status: .init(statusCode: answer.status),
      headers: headers)
  }

  private static func endToEnd(_ headers: HTTPHeaders) -> HTTPHeaders {
    var result = headers
    for name in headers[canonicalForm: "connection"] { result.remove(name: String(name)) }
    for name in hopByHop { result.remove(name: name) }
    return result
  }
}

extension HTTPRequestHead {
  /// HTTP/1.1: it knows chunked bodies and interim answers.
  var speaks1_1: Bool { version.major == 1 && version.minor >= 1 }
}
