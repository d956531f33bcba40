import AppDomain
import HTTPService
import HTTPTypes
import Hummingbird
import Wording

/// Subscriptions of version 1: one is known by a token that its owner alone has, kept by a browser or mailed.
extension SubscriptionAPI {
  /// Of an export, the latest.
  private static let mostMessages = 10_000

  func addV1Routes(to router: Router<ServiceContext>) {
    router.get("/v1/channels") { _, _ in channelsAnswer() }
    router.post("/v1/subscriptions") { request, context in try await create(request, context) }
    router.get("/v1/subscriptions/{token}") { request, context in
      let (_, profile) = try await known(request, context)
      return Self.answer(profile)
    }
    router.get("/v1/subscriptions/{token}/export") { request, context in
      let (_, profile) = try await known(request, context)
      let messages = try await store.messages(to: profile.subscriber, limit: Self.mostMessages)
      var response = Response.json(ProfileJSON.export(profile, messages: messages)).unkept
      response.headers[.contentDisposition] = "attachment; filename=\"subscription.json\""
      return response
    }
    router.patch("/v1/subscriptions/{token}") { request, context in try await change(request, context) }
    router.delete("/v1/subscriptions/{token}") { request, context in
      try bounds.leaving.admit(request, context, behind: proxies)
      guard let token = context.parameters.get("token").flatMap(SubscriberToken.init), try await store.forget(token)
      else { throw Self.unknown }
      return Response.success("Subscription deleted").unkept
    }
  }

  /// What this service can reach people by.
  private func channelsAnswer() -> Response {
    var json = JSONWriter()
    json.object { json in
      json.key("channels")
      json.array { json in for channel in channels.reached { json.string(channel.rawValue) } }
      json.field("push_public_key", channels.pushPublicKey)
    }
    var response = Response.json(json)
    response.headers[.cacheControl] = "no-cache"
    return response
  }

  private func create(_ request: Request, _ context: ServiceContext) async throws -> Response {
    try bounds.joining.admit(request, context, behind: proxies)
    let bytes = try await bytes(of: request)
    let interest = try InterestBody(json: bytes, besides: ["email", "push_subscription"], channels: false)
    let body = try SubscriptionBody(json: bytes, pushProblem: pushProblem)
    try interest.check(among: try await doctors(of: interest))
    return try await roomy {
      let time = now()
      var token: SubscriberToken?
      var subscription: Subscription?
      if let push = body.push {
        let joined = try await store.subscribe([push], limit: bounds.subscribers, at: time)
        subscription = joined
        token = try await store.token(of: joined.subscriber)
        if let token { _ = try await store.change(token, interest.change, at: time) }
        onSubscription()
      }
      if let email = body.email {
        _ = try await ask(for: email, joining: subscription, wishing: interest.change, at: time)
      } else if body.push == nil {
        throw JSONObjectBody.problem("email", "an address, or a push_subscription, was expected")
      }
      var json = JSONWriter()
      json.object { json in
        json.field("token", token?.text)
        json.field("confirm_by_mail", body.email != nil)
      }
      var response = Response.json(json).unkept
      response.status = token == nil ? .accepted : .created
      return response
    }
  }

  private func change(_ request: Request, _ context: ServiceContext) async throws -> Response {
    let (token, _) = try await known(request, context)
    let body = try InterestBody(json: try await bytes(of: request), channels: true)
    try body.check(among: try await doctors(of: body))
    guard let profile = try await store.change(token, body.change, at: now()) else { throw Self.unknown }
    onSubscription()
    return Self.answer(profile)
  }

  private func known(
    _ request: Request, _ context: ServiceContext
  ) async throws -> (token: SubscriberToken, profile: SubscriberProfile) {
    try bounds.managing.admit(request, context, behind: proxies)
    guard let token = context.parameters.get("token").flatMap(SubscriberToken.init),
      let profile = try await store.profile(token)
    else { throw Self.unknown }
    return (token, profile)
  }

  /// Of the schedule, where one is named.
  private func doctors(of body: InterestBody) async throws -> [DoctorCell] {
    body.ids.isEmpty ? [] : try await finder.doctorCells()
  }

  private static func answer(_ profile: SubscriberProfile) -> Response {
    var json = JSONWriter()
    json.object { ProfileJSON.profile(profile, into: &$0) }
    return Response.json(json).unkept
  }
}
