import AppAPI
import AppDomain
import AppStore
import Foundation
import HTTPService
import Secrets
import TestSupport
import Testing

struct DeviceAPITests {
  private static let device = "0123456789abcdef"

  private struct Service {
    var port: Int

    /// Status and body.
    func ask(
      _ method: String, _ path: String, _ body: String = "", token: String? = nil
    ) async throws -> (status: Int, body: String, head: String) {
      let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
      let request =
        "\(method) \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n"
        + "\(authorization)\r\n\(body)"
      let text = String(decoding: try await WireClient.exchange(Array(request.utf8), port: port), as: UTF8.self)
      let end = try #require(text.range(of: "\r\n\r\n"))
      let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      return (try #require(status), String(text[end.upperBound...]), String(text[..<end.lowerBound]))
    }
  }

  private static func run(
    access: AdminAccess = .nobody, limit: RequestLimit = RequestLimit { 0 }, devices: Int = 100,
    tester: (any DeviceTester)? = nil,
    _ body: @Sendable (Service) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      let router = ServiceRouter.make()
      DeviceAPI(store: store, limit: limit, maximumDevices: devices, now: { 1 }).addRoutes(to: router)
      OperatorAPI(subscribers: store, devices: store, tester: tester, access: access).addRoutes(to: router)
      _ = try await store.subscribe([NewAddress(.email, "a@example.org")], at: 1_795_480_060.25)
      try await withServer(router) { port in try await body(Service(port: port)) }
    }
  }

  @Test("devices register, choose and leave doctors as in the first version of the service")
  func contract() async throws {
    try await Self.run { service in
      let token = #"{"device_id":"\#(Self.device)","fcm_token":"abc:DEF-1"}"#
      for message in ["FCM token registered", "FCM token updated"] {
        let answer = try await service.ask("POST", "/register-fcm-token", token)
        #expect(answer.status == 200)
        #expect(answer.body == #"{"status":"success","message":"\#(message)","device_id":"\#(Self.device)"}"#)
      }
      let doctor = #"{"device_id":"\#(Self.device)","doctor_name":"Dr. \"A\""}"#
      for message in [#"Subscribed to Dr. \"A\""#, "Already subscribed to this doctor"] {
        let answer = try await service.ask("POST", "/subscribe-doctor", doctor)
        #expect(answer.status == 200)
        #expect(answer.body == #"{"status":"success","message":"\#(message)"}"#)
      }
      let chosen = try await service.ask("GET", "/subscriptions/\(Self.device)")
      #expect(chosen.body == #"{"device_id":"\#(Self.device)","subscribed_doctors":["Dr. \"A\""],"count":1}"#)
      #expect(chosen.head.lowercased().contains("cache-control: private, no-store"))
      let left = try await service.ask("POST", "/unsubscribe-doctor", doctor)
      #expect(left.body == #"{"status":"success","message":"Unsubscribed from Dr. \"A\""}"#)
      #expect(try await service.ask("POST", "/unsubscribe-doctor", doctor).status == 404)
      let unknown = try await service.ask("GET", "/subscriptions/ffff%2D56789abcdef0")
      #expect(unknown.body == #"{"device_id":"ffff-56789abcdef0","subscribed_doctors":[],"count":0}"#)
    }
  }

  @Test(
    "what is out of bounds is 422, and says what was expected of which key",
    arguments: [
      ("/register-fcm-token", "[]", "body"), ("/register-fcm-token", "{}", "device_id"),
      ("/register-fcm-token", #"{"device_id":"0123456789abcde","fcm_token":"a"}"#, "device_id"),
      ("/register-fcm-token", #"{"device_id":"0123456789abcde/","fcm_token":"a"}"#, "device_id"),
      ("/register-fcm-token", #"{"device_id":1234567890123456,"fcm_token":"a"}"#, "device_id"),
      ("/register-fcm-token", #"{"device_id":"0123456789abcdef","fcm_token":""}"#, "fcm_token"),
      ("/register-fcm-token", #"{"device_id":"0123456789abcdef","fcm_token":"a b"}"#, "fcm_token"),
      ("/subscribe-doctor", #"{"device_id":"0123456789abcdef"}"#, "doctor_name"),
      ("/subscribe-doctor", #"{"device_id":"0123456789abcdef","doctor_name":" "}"#, "doctor_name"),
      ("/subscribe-doctor", #"{"device_id":"0123456789abcdef","doctor_name":"Dr.\u0000"}"#, "doctor_name"),
      ("/unsubscribe-doctor", #"{"device_id":"0123456789abcdef","doctor_name":7}"#, "doctor_name"),
    ])
  func bounds(path: String, body: String, key: String) async throws {
    try await Self.run { service in
      let answer = try await service.ask("POST", path, body)
      #expect(answer.status == 422)
      #expect(answer.body.hasPrefix(#"{"detail":"\#(key): "#))
    }
  }

  @Test("one client may ask so often, and devices are as many as there is room for")
  func limits() async throws {
    let limit = RequestLimit(perClient: .init(burst: 2, perMinute: 1), overall: .init(burst: 2, perMinute: 1)) { 0 }
    try await Self.run(limit: limit, devices: 1) { service async throws in
      func register(_ device: String) async throws -> Int {
        try await service.ask("POST", "/register-fcm-token", #"{"device_id":"\#(device)","fcm_token":"a"}"#).status
      }
      #expect(try await register(Self.device) == 200)
      #expect(try await register("another-device-0") == 503)
      #expect(try await register(Self.device) == 429)
      #expect(try await service.ask("GET", "/subscriptions/\(Self.device)").status == 429)
    }
  }

  private struct Tester: DeviceTester {
    var sent: Int
    func test(_ doctor: String) async throws -> DeviceTest { DeviceTest(reachable: 3, sent: sent, failed: 3 - sent) }
  }

  @Test("a test notification says how many it reached", arguments: [(2, "success"), (0, "warning")])
  func test(sent: Int, status: String) async throws {
    try await Self.run(access: .everybody, tester: Tester(sent: sent)) { service in
      let tested = try await service.ask("POST", "/test-notification?doctor_name=Dr.%20A")
      #expect(
        tested.body
          == #"{"status":"\#(status)","message":"Test notification sent to \#(sent) of 3 devices","tokens_sent":3,"#
          + #""success_count":\#(sent),"failure_count":\#(3 - sent),"doctor_name":"Dr. A"}"#)
    }
  }

  @Test("what is the operator's alone takes the token, and nobody gets it where there is none")
  func access() async throws {
    let token = "0123456789abcdef0123456789abcdef"
    let list = #"{"count":1,"data":[{"id":1,"email":"a…@example.org","has_push":false,"created_at":"2026-11-24T"#
    try await Self.run(access: .token(BearerToken(Redacted(token)))) { service in
      for (path, method) in [("/subscriptions", "GET"), ("/test-notification?doctor_name=Dr.%20A", "POST")] {
        let refused = try await service.ask(method, path)
        #expect(refused.status == 401)
        #expect(refused.head.lowercased().contains("www-authenticate: bearer"))
        #expect(try await service.ask(method, path, token: token + "x").status == 401)
        #expect(try await service.ask(method, path, token: token).status == 200)
      }
      let listed = try await service.ask("GET", "/subscriptions", token: token)
      #expect(listed.body.hasPrefix(list))
      #expect(try await service.ask("GET", "/subscriptions?after=1", token: token).body == #"{"count":0,"data":[]}"#)
      #expect(try await service.ask("GET", "/subscriptions?after=x", token: token).status == 422)
      #expect(try await service.ask("POST", "/test-notification", token: token).status == 422)
    }
    try await Self.run { service in
      let refused = try await service.ask("GET", "/subscriptions", token: token)
      #expect(refused.status == 503 && refused.body.contains("ADMIN_TOKEN is not set"))
    }
    try await Self.run(access: .everybody) { service in
      #expect(try await service.ask("GET", "/subscriptions").body.hasPrefix(list))
      _ = try await service.ask(
        "POST", "/register-fcm-token", #"{"device_id":"\#(Self.device)","fcm_token":"a"}"#)
      _ = try await service.ask("POST", "/subscribe-doctor", #"{"device_id":"\#(Self.device)","doctor_name":"Dr. A"}"#)
      let tested = try await service.ask("POST", "/test-notification?doctor_name=Dr.%20A")
      #expect(
        tested.body
          == #"{"status":"warning","message":"No push channel is set up: 1 devices would be told of Dr. A","tokens_sent":0,"#
          + #""success_count":0,"failure_count":0,"doctor_name":"Dr. A"}"#)
    }
  }
}
