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
  private let tester: (any DeviceTester)?
  private let access: AdminAccess

  /// - Parameter tester: nil where no channel leads to devices.
  package init(
    subscribers: any SubscriberStore, devices: any DeviceStore, tester: (any DeviceTester)? = nil, access: AdminAccess
  ) {
    self.subscribers = subscribers
    self.devices = devices
    self.tester = tester
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
            json.field("email", subscriber.email.map(EmailAddress.masked))
            json.field("has_push", subscriber.hasPush)
            json.field("created_at", InstantText.utc(subscriber.createdAt))
          }
        }
      }
    }
    return Response.json(json).unkept
  }

  /// Tells the devices that follow a doctor; where there is no channel to them, only how many it would reach.
  private func test(_ request: Request) async throws -> Response {
    try access.admit(request)
    guard let text = request.uri.queryParameters.get("doctor_name") else {
      throw HTTPProblem(.unprocessableContent, "doctor_name: a doctor's name was expected in the query")
    }
    let doctor = try DeviceBody.doctor(text)
    let test: DeviceTest
    let message: String
    if let tester {
      test = try await tester.test(doctor)
      message = "Test notification sent to \(test.sent) of \(test.reachable) devices"
    } else {
      test = DeviceTest(reachable: try await devices.reachableDevices(following: doctor), sent: 0, failed: 0)
      message = "No push channel is set up: \(test.reachable) devices would be told of \(doctor)"
    }
    var json = JSONWriter()
    json.object { json in
      json.field("status", test.sent > 0 ? "success" : "warning")
      json.field("message", message)
      json.field("tokens_sent", test.sent + test.failed)
      json.field("success_count", test.sent)
      json.field("failure_count", test.failed)
      json.field("doctor_name", doctor)
    }
    return Response.json(json).unkept
  }
}
