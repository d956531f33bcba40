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

  package typealias Store = SubscriberStore & ConfirmationStore & ProfileStore

  let store: any Store
  private let tokens: (any UnsubscribeTokens)?
  private let links: (any LeaveLinks)?
  let pushProblem: PushProblem?
  private let confirmations: (any ConfirmationTokens)?
  private let onQuestion: @Sendable () -> Void
  let onSubscription: @Sendable () -> Void
  let finder: any DutyFinder
  let channels: Channels
  let page: SubscriptionPage
  let bounds: Bounds
  let proxies: TrustedProxies
  let now: @Sendable () -> Double

  /// What this service can reach people by.
  package struct Channels: Sendable {
    package var reached: [NotificationChannel]
    /// What browsers subscribe with, in base64url; nil where nothing is pushed.
    package var pushPublicKey: String?

    package init(_ reached: [NotificationChannel] = [], pushPublicKey: String? = nil) {
      self.reached = reached
      self.pushPublicKey = pushPublicKey
    }
  }

  /// Why nothing can be pushed to an address; nil where something can be.
  package typealias PushProblem = @Sendable (NewAddress) -> String?

  /// What strangers may take.
  package struct Bounds: Sendable {
    package var joining: RequestLimit
    package var leaving: RequestLimit
    /// Looks and changes by token: apart, so that whoever guesses keeps nobody from leaving.
    package var managing: RequestLimit
    package var subscribers: Int

    package init(joining: RequestLimit, leaving: RequestLimit, managing: RequestLimit, subscribers: Int = 10_000) {
      self.joining = joining
      self.leaving = leaving
      self.managing = managing
      self.subscribers = subscribers
    }
  }

  /// - Parameters:
  ///   - tokens: of the links in what is sent; nil where there are none.
  ///   - links: sends them to who asks; nil where no mail is sent.
  ///   - pushProblem: judges browsers' subscriptions; nil where nothing is pushed, and they are kept for later.
  ///   - confirmations: of the links by which addresses are confirmed; nil where there is no secret to sign them.
  ///   - finder: knows the doctors that can be chosen.
  ///   - now: seconds since 1970.
  ///   - onQuestion: told when an address' owner is to be asked.
  ///   - onSubscription: told when there is an address more to be told of duties.
  /// - Throws: what the page's template throws.
  package init(
    store: any Store, tokens: (any UnsubscribeTokens)?, links: (any LeaveLinks)?, pushProblem: PushProblem? = nil,
    confirmations: (any ConfirmationTokens)?, finder: any DutyFinder, channels: Channels = Channels(), bounds: Bounds,
    proxies: TrustedProxies = TrustedProxies(),
    now: @escaping @Sendable () -> Double, onQuestion: @escaping @Sendable () -> Void = {},
    onSubscription: @escaping @Sendable () -> Void = {}
  ) throws {
    self.store = store
    self.tokens = tokens
    self.links = links
    self.pushProblem = pushProblem
    self.confirmations = confirmations
    self.finder = finder
    self.channels = channels
    page = try SubscriptionPage()
    self.onQuestion = onQuestion
    self.onSubscription = onSubscription
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
    addV1Routes(to: router)
    addPageRoutes(to: router)
    router.get("/confirm/{token}") { _, context in confirmationPage(context.parameters.get("token")) }
    router.post("/confirm/{token}") { request, context in
      try await confirm(request, context, context.parameters.get("token"))
    }
  }

  private func subscribe(_ request: Request, _ context: ServiceContext) async throws -> Response {
    try bounds.joining.admit(request, context, behind: proxies)
    let body = try SubscriptionBody(json: try await bytes(of: request), pushProblem: pushProblem)
    return try await roomy {
      let time = now()
      var subscription: Subscription?
      if let push = body.push {
        subscription = try await store.subscribe([push], limit: bounds.subscribers, at: time)
        onSubscription()
      }
      var claim: Int64?
      if let email = body.email { claim = try await ask(for: email, joining: subscription, at: time) }
      guard let number = subscription?.number ?? claim else {
        throw HTTPProblem(.badRequest, "Either email or push_subscription is required")
      }
      return .success(subscription?.isNew == false ? "Subscription updated" : "Subscription created") {
        $0.field("subscription_id", number)
      }
    }
  }

  /// - Throws: `HTTPProblem` in place of what says that there is no room.
  func roomy(_ work: () async throws -> Response) async throws -> Response {
    do {
      return try await work()
    } catch is SubscribersFull {
      throw HTTPProblem(
        .serviceUnavailable, "There are as many subscribers as this service takes", headers: [.retryAfter: "3600"])
    }
  }

  /// An endpoint is known to its owner alone; a mail address to many, so that its owner is asked, and nobody learns from the
  /// answer whether it is subscribed.
  func ask(
    for email: EmailAddress, joining subscription: Subscription?, wishing wish: SubscriberChange = SubscriberChange(),
    at time: Double
  ) async throws -> Int64 {
    let number = confirmations?.number(for: email) ?? SubscriberNumbers.random().claim
    let told = try await store.ask(
      for: email, joining: subscription?.subscriber, wishing: wish, number: number, limit: bounds.subscribers, at: time)
    onQuestion()
    return told
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
      // Whether an address that was asked for is known is nobody else's business either.
      case .unknown: guard SubscriberNumbers.claims.contains(number) else { throw Self.unknown }
      case .needsProof(let subscriber): links?.send(to: subscriber)
      }
    } else if let email = body.email {
      links?.send(to: email)
    } else {
      throw HTTPProblem(.badRequest, "Either email or subscription_id is required")
    }
    return .success(Self.linkSent)
  }

  static let unknown = HTTPProblem(.notFound, "Subscription not found")

  /// Asks before it does anything: scanners of mail follow links.
  private func page(_ token: String?) throws -> Response {
    guard let token, tokens?.read(token) != nil else {
      return Self.expired
    }
    return LinkPage.response("No more mail about doctors on duty?", asksFor: "Unsubscribe")
  }

  /// A person's answer to the page, or a mail program's own button. Source: RFC 8058 §3.1.
  private func leave(_ request: Request, _ context: ServiceContext, _ token: String?) async throws -> Response {
    try bounds.leaving.admit(request, context, behind: proxies)
    _ = try await bytes(of: request)
    guard let token, let (subscriber, channel) = tokens?.read(token),
      try await store.unsubscribe(subscriber, channel: channel, at: now())
    else { return Self.expired }
    return LinkPage.response("You get no more mail from us.")
  }

  static var expired: Response { LinkPage.response("This link is not valid any more.", status: .notFound) }

  /// Asks before it does anything, like the page for leaving.
  private func confirmationPage(_ token: String?) -> Response {
    guard let token, confirmations?.read(token, at: now()) != nil else { return Self.outdated }
    return LinkPage.response(
      "Be told by mail of doctors on duty?",
      note: "If you did not ask for it, close this page: nothing is sent, and the address is forgotten.",
      asksFor: "Yes, tell me")
  }

  private func confirm(_ request: Request, _ context: ServiceContext, _ token: String?) async throws -> Response {
    try bounds.joining.admit(request, context, behind: proxies)
    _ = try await bytes(of: request)
    let time = now()
    guard let token, let id = confirmations?.read(token, at: time), try await store.confirm(id, at: time) else {
      return Self.outdated
    }
    onSubscription()
    return LinkPage.response("You will be told of doctors on duty.", note: "Each mail has a link to leave.")
  }

  private static var outdated: Response {
    LinkPage.response(
      "This link is not valid any more.", note: "It is good for two days. Subscribe once more to get another.",
      status: .notFound)
  }

  func bytes(of request: Request) async throws -> [UInt8] {
    try await request.wholeBody(upTo: Self.maximumBody)
  }
}
