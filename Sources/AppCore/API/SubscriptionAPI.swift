package import AppDomain
package import HTTPService
import HTTPTypes
package import Hummingbird
import Wording

/// The routes by which people ask to be told of duties, and leave. Bodies are those that existing clients read.
package struct SubscriptionAPI: Sendable {
  /// The most that a body may have, in bytes.
  private static let maximumBody = 16_384

  /// The same for everybody: who is subscribed is nobody else's business.
  private static let linkSent = "If this is a subscription, a link to leave has been sent to its address"

  private let store: any SubscriberStore
  private let tokens: (any UnsubscribeTokens)?
  private let links: (any LeaveLinks)?
  private let pushProblem: PushProblem?
  private let bounds: Bounds
  private let proxies: TrustedProxies
  private let now: @Sendable () -> Double

  /// Why nothing can be pushed to an address; nil where something can be.
  package typealias PushProblem = @Sendable (NewAddress) -> String?

  /// What strangers may take.
  package struct Bounds: Sendable {
    package var joining: RequestLimit
    package var leaving: RequestLimit
    package var subscribers: Int

    package init(joining: RequestLimit, leaving: RequestLimit, subscribers: Int = 10_000) {
      self.joining = joining
      self.leaving = leaving
      self.subscribers = subscribers
    }
  }

  /// - Parameters:
  ///   - tokens: of the links in what is sent; nil where there are none.
  ///   - links: sends them to who asks; nil where no mail is sent.
  ///   - pushProblem: judges browsers' subscriptions; nil where nothing is pushed, and they are kept for later.
  ///   - now: seconds since 1970.
  package init(
    store: any SubscriberStore, tokens: (any UnsubscribeTokens)?, links: (any LeaveLinks)?,
    pushProblem: PushProblem? = nil, bounds: Bounds, proxies: TrustedProxies = TrustedProxies(),
    now: @escaping @Sendable () -> Double
  ) {
    self.store = store
    self.tokens = tokens
    self.links = links
    self.pushProblem = pushProblem
    self.bounds = bounds
    self.proxies = proxies
    self.now = now
  }

  package func addRoutes(to router: Router<ServiceContext>) {
    router.post("/subscribe") { request, context in try await subscribe(request, context) }
    router.post("/unsubscribe") { request, context in try await unsubscribe(request, context) }
    router.get("/unsubscribe/{token}") { _, context in try page(context.parameters.get("token")) }
    router.post("/unsubscribe/{token}") { request, context in
      try await leave(request, context, context.parameters.get("token"))
    }
  }

  private func subscribe(_ request: Request, _ context: ServiceContext) async throws -> Response {
    try bounds.joining.admit(request, context, behind: proxies)
    let body = try SubscriptionBody(json: try await bytes(of: request), pushProblem: pushProblem)
    guard !body.addresses.isEmpty else {
      throw HTTPProblem(.badRequest, "Either email or push_subscription is required")
    }
    let subscription: Subscription
    do {
      subscription = try await store.subscribe(body.addresses, limit: bounds.subscribers, at: now())
    } catch is SubscribersFull {
      throw HTTPProblem(
        .serviceUnavailable, "There are as many subscribers as this service takes", headers: [.retryAfter: "3600"])
    }
    return .success(subscription.isNew ? "Subscription created" : "Subscription updated") {
      $0.field("subscription_id", subscription.number)
    }
  }

  private func unsubscribe(_ request: Request, _ context: ServiceContext) async throws -> Response {
    try bounds.leaving.admit(request, context, behind: proxies)
    let body = try SubscriptionBody(json: try await bytes(of: request))
    if let token = body.token {
      guard let (subscriber, channel) = tokens?.read(token),
        try await store.unsubscribe(subscriber, channel: channel, at: now())
      else { throw Self.unknown }
      return .success("Unsubscribed successfully")
    }
    if let number = body.subscriber {
      switch try await store.leave(by: number, at: now()) {
      case .left: return .success("Unsubscribed successfully")
      case .unknown: throw Self.unknown
      case .needsProof(let subscriber): links?.send(to: subscriber)
      }
    } else if let email = body.email {
      links?.send(to: email)
    } else {
      throw HTTPProblem(.badRequest, "Either email or subscription_id is required")
    }
    return .success(Self.linkSent)
  }

  private static let unknown = HTTPProblem(.notFound, "Subscription not found")

  /// Asks before it does anything: scanners of mail follow links.
  private func page(_ token: String?) throws -> Response {
    guard let token, tokens?.read(token) != nil else {
      return UnsubscribePage.response("This link is not valid any more.", status: .notFound)
    }
    return UnsubscribePage.response("No more mail about doctors on duty?", asksFor: "Unsubscribe")
  }

  /// A person's answer to the page, or a mail program's own button. Source: RFC 8058 §3.1.
  private func leave(_ request: Request, _ context: ServiceContext, _ token: String?) async throws -> Response {
    try bounds.leaving.admit(request, context, behind: proxies)
    _ = try await bytes(of: request)
    guard let token, let (subscriber, channel) = tokens?.read(token),
      try await store.unsubscribe(subscriber, channel: channel, at: now())
    else { return UnsubscribePage.response("This link is not valid any more.", status: .notFound) }
    return UnsubscribePage.response("You get no more mail from us.")
  }

  private func bytes(of request: Request) async throws -> [UInt8] {
    try await request.wholeBody(upTo: Self.maximumBody)
  }
}
