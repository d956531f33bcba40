package import AppDomain
import HTTPService
import HTTPTypes
package import Hummingbird
import NIOCore

/// The routes by which people ask to be told of duties, and leave. Bodies are those that existing clients read.
package struct SubscriptionAPI: Sendable {
  /// The most that a body may have, in bytes.
  private static let maximumBody = 16_384

  private let store: any SubscriberStore
  private let tokens: (any UnsubscribeTokens)?
  private let limit: RequestLimit
  private let now: @Sendable () -> Double

  /// - Parameters:
  ///   - tokens: of the links in what is sent; nil where there are none.
  ///   - now: seconds since 1970.
  package init(
    store: any SubscriberStore, tokens: (any UnsubscribeTokens)?, limit: RequestLimit,
    now: @escaping @Sendable () -> Double
  ) {
    self.store = store
    self.tokens = tokens
    self.limit = limit
    self.now = now
  }

  package func addRoutes(to router: Router<BasicRequestContext>) {
    router.post("/subscribe") { request, _ in try await subscribe(request) }
    router.post("/unsubscribe") { request, _ in try await unsubscribe(request) }
    router.get("/unsubscribe/{token}") { _, context in try page(context.parameters.get("token")) }
    router.post("/unsubscribe/{token}") { request, context in
      try await leave(request, context.parameters.get("token"))
    }
  }

  private func subscribe(_ request: Request) async throws -> Response {
    try admit(request)
    let body = try SubscriptionBody(json: try await bytes(of: request))
    guard !body.addresses.isEmpty else {
      throw HTTPProblem(.badRequest, "Either email or push_subscription is required")
    }
    let subscription = try await store.subscribe(body.addresses, at: now())
    var json = JSONWriter()
    json.object { json in
      json.field("status", "success")
      json.field("message", subscription.isNew ? "Subscription created" : "Subscription updated")
      json.field("subscription_id", subscription.subscriber)
    }
    return .json(json)
  }

  private func unsubscribe(_ request: Request) async throws -> Response {
    try admit(request)
    let body = try SubscriptionBody(json: try await bytes(of: request))
    let isKnown: Bool
    if let subscriber = body.subscriber {
      isKnown = try await store.unsubscribe(subscriber, channel: nil, at: now())
    } else if let email = body.email {
      isKnown = try await store.unsubscribe(.email, address: email.text, at: now())
    } else {
      throw HTTPProblem(.badRequest, "Either email or subscription_id is required")
    }
    guard isKnown else { throw HTTPProblem(.notFound, "Subscription not found") }
    var json = JSONWriter()
    json.object { json in
      json.field("status", "success")
      json.field("message", "Unsubscribed successfully")
    }
    return .json(json)
  }

  /// Asks before it does anything: scanners of mail follow links.
  private func page(_ token: String?) throws -> Response {
    guard let token, tokens?.read(token) != nil else {
      return UnsubscribePage.response("This link is not valid any more.", status: .notFound)
    }
    return UnsubscribePage.response("No more mail about doctors on duty?", asksFor: "Unsubscribe")
  }

  /// A person's answer to the page, or a mail program's own button. Source: RFC 8058 §3.1.
  private func leave(_ request: Request, _ token: String?) async throws -> Response {
    try admit(request)
    _ = try await bytes(of: request)
    guard let token, let (subscriber, channel) = tokens?.read(token),
      try await store.unsubscribe(subscriber, channel: channel, at: now())
    else { return UnsubscribePage.response("This link is not valid any more.", status: .notFound) }
    return UnsubscribePage.response("You get no more mail from us.")
  }

  private func admit(_ request: Request) throws {
    guard let wait = limit.admit(request) else { return }
    throw HTTPProblem(
      .tooManyRequests, "Too many requests: try again in \(wait) s", headers: [.retryAfter: String(wait)])
  }

  private func bytes(of request: Request) async throws -> [UInt8] {
    do {
      return Array(buffer: try await request.body.collect(upTo: Self.maximumBody))
    } catch is NIOTooManyBytesError {
      throw HTTPProblem(.contentTooLarge, "at most \(Self.maximumBody) bytes were expected")
    }
  }
}
