import AppDomain
import HTTPService
import Hummingbird

extension SubscriptionAPI {
  func addPageRoutes(to router: Router<ServiceContext>) {
    router.get("/subscription/{token}") { request, context in
      try bounds.managing.admit(request, context, behind: proxies)
      guard let token = context.parameters.get("token").flatMap(SubscriberToken.init),
        let profile = try await store.profile(token)
      else { return Self.expired }
      return page.response(profile, doctors: Doctor.all(of: try await finder.doctorCells()), at: token.text)
    }
    router.post("/subscription/{token}") { request, context in try await submit(request, context) }
  }

  private func submit(_ request: Request, _ context: ServiceContext) async throws -> Response {
    try bounds.leaving.admit(request, context, behind: proxies)
    let bytes = try await bytes(of: request)
    let pairs = try QueryText.pairs(String(decoding: bytes, as: UTF8.self), upTo: bytes.count)
    guard let token = context.parameters.get("token").flatMap(SubscriberToken.init),
      let profile = try await store.profile(token)
    else { return Self.expired }
    let doctors = Doctor.all(of: try await finder.doctorCells())
    let change: SubscriberChange
    let said: StaticString
    switch pairs.last(where: { $0.name == "do" })?.value {
    case "delete":
      return try await store.forget(token) ? LinkPage.response("All that was kept of you is deleted.") : Self.expired
    case "leave":
      change = SubscriberChange(
        channels: Dictionary(profile.addresses.map { ($0.channel, false) }) { first, _ in first })
      said = "You are told of nothing more. A tick under Where changes that."
    case "save":
      guard let wish = SubscriptionPage.change(pairs, of: profile) else {
        return page.response(
          profile, doctors: doctors, at: token.text,
          said: "Nothing was changed: 5 to 180 minutes were expected, and, for only some doctors, 1 to 100 of them.")
      }
      change = wish
      said = "Saved."
    default:
      return page.response(profile, doctors: doctors, at: token.text)
    }
    guard let changed = try await store.change(token, change, at: now()) else { return Self.expired }
    onSubscription()
    return page.response(changed, doctors: doctors, at: token.text, said: said)
  }
}
