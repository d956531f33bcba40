import Foundation
import HTTPService
import HTTPTypes
import Hummingbird
import MonitorSleep
import NIOCore
import Support
import Visits

/// `POST /heartbeat/<service>` and `GET /state`.
struct HeartbeatReceiver: Sendable {
  private let services: [String: WatchedService]

  init(_ services: [WatchedService]) {
    self.services = Dictionary(uniqueKeysWithValues: services.map { ($0.name, $0) })
  }

  func makeRouter() -> Router<BasicRequestContext> {
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
    if let token = service.token, !Self.isEqual(request.headers[.authorization] ?? "", "Bearer \(token.secret)") {
      throw HTTPProblem(
        .unauthorized, "the token is wrong: Authorization: Bearer … with the service's own was expected",
        headers: [.wwwAuthenticate: "Bearer"])
    }
    let body = try await request.body.collect(upTo: Heartbeat.maximumBytes)
    do {
      await service.take(try Heartbeat.decode(Array(body.readableBytesView)))
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

  /// In a time that depends on the lengths only.
  private static func isEqual(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
