package import AppDomain
import Foundation
package import HTTPService
import HTTPTypes
package import Hummingbird
import Wording

/// The routes of mobile clients. A device's number opens what is its own, and is told to nobody. Bodies are those that
/// existing clients read.
package struct DeviceAPI: Sendable {
  /// The most that a body may have, in bytes.
  private static let maximumBody = 16_384

  private let store: any DeviceStore
  private let limit: RequestLimit
  private let maximumDevices: Int
  private let proxies: TrustedProxies
  private let now: @Sendable () -> Double
  private let onSubscription: @Sendable () -> Void

  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - onSubscription: told when there is a device, or a doctor of one's, more to be told of duties.
  package init(
    store: any DeviceStore, limit: RequestLimit, maximumDevices: Int = 10_000,
    proxies: TrustedProxies = TrustedProxies(), now: @escaping @Sendable () -> Double,
    onSubscription: @escaping @Sendable () -> Void = {}
  ) {
    self.store = store
    self.limit = limit
    self.maximumDevices = maximumDevices
    self.proxies = proxies
    self.now = now
    self.onSubscription = onSubscription
  }

  package func addRoutes(to router: Router<ServiceContext>) {
    router.post("/register-fcm-token") { request, context in try await register(request, context) }
    router.post("/subscribe-doctor") { request, context in try await follow(request, context) }
    router.post("/unsubscribe-doctor") { request, context in try await unfollow(request, context) }
    router.get("/subscriptions/{device_id}") { request, context in try await doctors(request, context) }
  }

  private func register(_ request: Request, _ context: ServiceContext) async throws -> Response {
    let body = try await body(of: request, context)
    let token = try body.token
    let isNew = try await roomy {
      try await store.register(body.device, token: token, limit: maximumDevices, at: now())
    }
    onSubscription()
    return .success(isNew ? "FCM token registered" : "FCM token updated") {
      $0.field("device_id", body.device.text)
    }
  }

  private func follow(_ request: Request, _ context: ServiceContext) async throws -> Response {
    let body = try await body(of: request, context)
    let doctor = try body.doctor
    let isNew = try await roomy {
      try await store.follow(doctor, by: body.device, limit: maximumDevices, at: now())
    }
    if isNew { onSubscription() }
    return .success(isNew ? "Subscribed to \(doctor)" : "Already subscribed to this doctor")
  }

  private func unfollow(_ request: Request, _ context: ServiceContext) async throws -> Response {
    let body = try await body(of: request, context)
    let doctor = try body.doctor
    guard try await store.unfollow(doctor, by: body.device) else {
      throw HTTPProblem(.notFound, "Subscription not found")
    }
    return .success("Unsubscribed from \(doctor)")
  }

  private func doctors(_ request: Request, _ context: ServiceContext) async throws -> Response {
    try limit.admit(request, context, behind: proxies)
    // What can be no device's is answered as one that is not known: nobody learns from it.
    let text = context.parameters.get("device_id")?.removingPercentEncoding ?? ""
    let doctors = if let device = DeviceID(text) { try await store.doctors(followedBy: device) } else { [String]() }
    var json = JSONWriter()
    json.object { json in
      json.field("device_id", text)
      json.key("subscribed_doctors")
      json.array { json in
        for doctor in doctors { json.string(doctor) }
      }
      json.field("count", doctors.count)
    }
    return Response.json(json).unkept
  }

  private func body(of request: Request, _ context: ServiceContext) async throws -> DeviceBody {
    try limit.admit(request, context, behind: proxies)
    return try DeviceBody(json: try await request.wholeBody(upTo: Self.maximumBody))
  }

  /// - Throws: `HTTPProblem` in place of what says that there is no room.
  private func roomy(_ work: () async throws -> Bool) async throws -> Bool {
    do {
      return try await work()
    } catch is DevicesFull {
      throw HTTPProblem(
        .serviceUnavailable, "There are as many devices as this service takes", headers: [.retryAfter: "3600"])
    } catch is DoctorsFull {
      throw HTTPProblem(.conflict, "A device is told of at most \(DoctorsFull.limit) doctors")
    }
  }
}
