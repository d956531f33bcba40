import Foundation
import HTTPService
import HTTPTypes
import Hummingbird
import MonitorSleep
import Visits
import Wording

/// `POST /heartbeat/<service>` and `GET /state`.
struct HeartbeatReceiver: Sendable {
  private let services: [String: WatchedService]

  private let ledger: LedgerWriter?

  /// - Parameter ledger: what writes to it, for `/state` to tell whether it does.
  init(_ services: [WatchedService], ledger: LedgerWriter? = nil) {
    self.ledger = ledger
    self.services = Dictionary(uniqueKeysWithValues: services.map { ($0.name, $0) })
  }

  func makeRouter() -> Router<ServiceContext> {
    let router = ServiceRouter.make()
    router.post("/heartbeat/:service") { request, context in
      try await take(request, service: context.parameters.get("service") ?? "")
    }
    router.get("/state") { _, _ in await state() }
    return router
  }

  private func take(_ request: Request, service name: String) async throws -> Response {
    guard let service = services[name], service.takesHeartbeats else {
      throw HTTPProblem(.notFound, "no service of this name sends heartbeats here")
    }
    if let token = service.token, !BearerToken(token).isShown(by: request) {
      throw HTTPProblem(
        .unauthorized, "the token is wrong: Authorization: Bearer … with the service's own was expected",
        headers: [.wwwAuthenticate: "Bearer"])
    }
    let body = try await request.wholeBody(upTo: Heartbeat.maximumBytes)
    do {
      await service.take(try Heartbeat.decode(body))
    } catch {
      throw HTTPProblem(.badRequest, "\(error)")
    }
    return Response(status: .noContent)
  }

  private func state() async -> Response {
    var json = JSONWriter()
    var standings: [(String, String, Double)] = []
    for name in services.keys.sorted() {
      guard let standing = await services[name]?.standing else { continue }
      standings.append((name, standing.state, standing.since))
    }
    json.object { json in
      if let ledger {
        json.key("ledger")
        json.object { json in
          json.field("waiting", ledger.unwritten.waiting)
          json.field("lost", ledger.unwritten.lost)
          json.field("error", ledger.failure)
        }
      }
      json.key("services")
      json.array { json in
        for (name, state, since) in standings {
          json.object { json in
            json.field("name", name)
            json.field("state", state)
            json.field("since", MonitorClock.text(since))
          }
        }
      }
    }
    return .json(json)
  }
}
