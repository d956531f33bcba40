package import AppDomain
package import HTTPService
import HTTPTypes
package import Hummingbird
import Instants
import Wording

/// The routes that are the operator's alone. Bodies are those that existing clients read.
package struct OperatorAPI: Sendable {
  /// At once; `after` asks for more.
  private static let mostListed = 10_000

  private let subscribers: any SubscriberStore
  private let devices: any DeviceStore
  private let access: AdminAccess

  package init(subscribers: any SubscriberStore, devices: any DeviceStore, access: AdminAccess) {
    self.subscribers = subscribers
    self.devices = devices
    self.access = access
  }

  package func addRoutes(to router: Router<ServiceContext>) {
    router.get("/subscriptions") { request, _ in try await list(request) }
    router.post("/test-notification") { request, _ in try await test(request) }
  }

  private func list(_ request: Request) async throws -> Response {
    try access.admit(request)
    let after = request.uri.queryParameters.get("after") ?? "0"
    guard let first = Int64(after), first >= 0 else {
      throw HTTPProblem(.unprocessableContent, "after: the last id of the page before was expected")
    }
    let found = try await subscribers.subscribers(after: first, limit: Self.mostListed)
    var json = JSONWriter(capacity: 32 + found.count * 110)
    json.object { json in
      json.field("count", found.count)
      json.key("data")
      json.array { json in
        for subscriber in found {
          json.object { json in
            json.field("id", subscriber.id)
            json.field("email", subscriber.email)
            json.field("has_push", subscriber.hasPush)
            json.field("created_at", InstantText.utc(subscriber.createdAt))
          }
        }
      }
    }
    return Response.json(json).unkept
  }

  /// Tells how many it would reach, until there is a channel to them.
  private func test(_ request: Request) async throws -> Response {
    try access.admit(request)
    guard let text = request.uri.queryParameters.get("doctor_name") else {
      throw HTTPProblem(.unprocessableContent, "doctor_name: a doctor's name was expected in the query")
    }
    let doctor = try DeviceBody.doctor(text)
    let devices = try await devices.reachableDevices(following: doctor)
    var json = JSONWriter()
    json.object { json in
      json.field("status", "warning")
      json.field("message", "No push channel is set up: \(devices) devices would be told of \(doctor)")
      json.field("tokens_sent", 0)
      json.field("success_count", 0)
      json.field("failure_count", 0)
      json.field("doctor_name", doctor)
    }
    return Response.json(json).unkept
  }
}
