import AppDomain
import AppStore
import Channels
import Foundation
import Terminal
import TestSupport
import Testing

@testable import AppComposition

/// The running service, a real database file, and a push service and Firebase Cloud Messaging that others' code stands for.
@Suite(
  .enabled(if: PushPeer.python != nil, "no http-ece, py-vapid or cryptography: scripts/setup test"),
  .timeLimit(.minutes(2)))
struct PushEndToEndTests {
  private static let key = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"

  private static func settings(_ peer: PushPeer) -> [String: String] {
    [
      "VAPID_PRIVATE_KEY": key, "VAPID_SUBJECT": "mailto:doctors@example.org", "FCM_URL": peer.url,
      "FCM_SERVICE_ACCOUNT": peer.accountFile, "DEVELOPMENT": "1",
    ]
  }

  @Test("browsers and devices are told once; a subscription that is over, and a device that follows another, are not")
  func pushed() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await PushPeer.start(in: folder)
      let service = try BuiltExecutable(
        ["app", "serve", "--source", "http://127.0.0.1:9/", "--ready-file", folder + "/app.json"], in: folder,
        environment: Self.settings(peer).merging([
          "PORT": "0", "DATABASE_URL": "sqlite:app.sqlite", "NOTIFY_INTERVAL": "100ms",
        ]) { $1 })
      let ready = try await service.ready(folder + "/app.json")
      func post(_ path: String, _ body: String) async throws -> String {
        try await ServiceInput.post(path, body, port: ready.port)
      }
      for word in ["ok", "410"] {
        let answer = try await post("/subscribe", #"{"push_subscription":\#(peer.subscription(word))}"#)
        #expect(answer.contains("Subscription created"))
      }
      let hostile = peer.subscription().replacing(peer.url, with: "https://169.254.169.254")
      let refused = try await post("/subscribe", #"{"push_subscription":\#(hostile)}"#)
      #expect(refused.contains(" 422 ") && refused.contains("PUSH_ALLOWED_HOSTS"))
      for (device, token, doctor) in [
        ("number-of-device-a", "device:a", "Dr. Örn- MBBS"), ("number-of-device-b", "device:b", "Dr. Other"),
        ("number-of-device-c", "unregistered-c", "Dr. Örn- MBBS"),
      ] {
        _ = try await post("/register-fcm-token", #"{"device_id":"\#(device)","fcm_token":"\#(token)"}"#)
        _ = try await post("/subscribe-doctor", #"{"device_id":"\#(device)","doctor_name":"\#(doctor)"}"#)
      }
      try await ServiceInput.schedule("Dr. Örn- MBBS", folder: folder, port: ready.port)
      let count = { @Sendable in
        (try? String(contentsOfFile: folder + "/requests.jsonl", encoding: .utf8))?.count { $0 == "\n" } ?? 0
      }
      // Two pushes, a token, two messages.
      #expect(await Waiting.until { count() >= 5 }, "\(service.log)")
      let health = try await WireClient.send("GET", "/health/full", port: ready.port).object
      #expect(health["firebase"] as? String == "loaded")
      let tested = try await post("/test-notification?doctor_name=Dr.%20Other", "")
      #expect(tested.contains(#""tokens_sent":1,"success_count":1"#), "\(tested)")
      service.signal(SIGTERM)
      #expect(await service.exitStatus() == 0)
      let pushes = try peer.requests("push")
      #expect(Set(pushes.compactMap(\.path)) == ["/push/ok", "/push/410"] && pushes.count == 2)
      for push in pushes {
        #expect(push.error == nil && push.verified == true)
        #expect(push.payload?.contains(#""title":"Dr. Örn at "#) == true)
      }
      let messages = try peer.requests("fcm").compactMap(\.message)
      #expect(messages.map(\.token).sorted() == ["device:a", "device:b", "unregistered-c"])
      #expect(messages.first { $0.token == "device:a" }?.data["doctor_name"] == "Dr. Örn- MBBS")
      #expect(messages.first { $0.token == "device:b" }?.notification["title"] == "Test notification")
      let store = try await SQLScheduleStore(path: folder + "/app.sqlite")
      #expect(try await store.outboxCounts() == [.sent: 2, .dead: 2])
      #expect(try await store.activeAddresses() == [.webPush: 1, .fcm: 2])
      try await store.close()
      for secret in ["/push/", "device:a", "unregistered-c", "number-of-device", Self.key, peer.description.auth] {
        #expect(!service.log.contains(secret), "\(secret)")
      }
    }
  }

  @Test("a test message says what the other side answered, by the right exit code")
  func command() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await PushPeer.start(in: folder)
      let settings = Self.settings(peer)
      try peer.subscription().write(toFile: folder + "/subscription.json", atomically: true, encoding: .utf8)
      let shut = settings.merging(["DEVELOPMENT": "0"]) { $1 }
      for (channel, recipient, environment, status) in [
        ("web_push", "subscription.json", settings, 0), ("web_push", peer.subscription("410"), settings, 65),
        ("web_push", peer.subscription("429"), settings, 69), ("web_push", peer.subscription("apple"), settings, 69),
        ("web_push", peer.subscription(), shut, 65), ("web_push", "{}", settings, 104),
        ("web_push", peer.subscription(), [:], 104), ("fcm", "device:1", settings, 0),
        ("fcm", "unregistered-1", settings, 65), ("fcm", "internal-1", settings, 69), ("fcm", "device:1", [:], 104),
        ("sms", "device:1", settings, 104), ("pigeon", "device:1", settings, 64),
      ] as [(String, String, [String: String], Int32)] {
        let command = try BuiltExecutable(
          ["app", "test-message", "--channel", channel, "--to", recipient, "--json"], in: folder,
          environment: environment)
        #expect(await command.exitStatus() == status, "\(channel) \(recipient): \(command.log)")
        #expect(!command.log.contains("/push/") && !command.log.contains("-1"))
      }
      #expect(try peer.requests("push").count == 4 && peer.requests("fcm").count == 3)
    }
  }

  @Test("the keys that are printed are a pair that the service takes")
  func keys() async throws {
    try await withTemporaryDirectory { folder in
      let file = folder + "/keys.json"
      let command = try BuiltExecutable(["app", "vapid-keys", "--json"], in: folder, output: file)
      #expect(await command.exitStatus() == 0)
      let keys = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: URL(filePath: file)))
      let configuration = try NotifyConfiguration(environment: [
        "VAPID_PRIVATE_KEY": try #require(keys["private_key"]), "PUBLIC_URL": "https://doctors.example.org",
      ])
      #expect(configuration.webPush?.identity.publicKey == keys["public_key"])
      #expect(configuration.webPush?.identity.subject == "https://doctors.example.org")
    }
  }

  @Test(
    "settings that can't be used are refused by name, without what is secret in them",
    arguments: [
      (["VAPID_PRIVATE_KEY": "hush"], "VAPID_PRIVATE_KEY"),
      (["VAPID_SUBJECT": "mailto:a@example.org"], "VAPID_SUBJECT"),
      (["VAPID_PRIVATE_KEY": key], "VAPID_SUBJECT"),
      (["VAPID_PRIVATE_KEY": key, "VAPID_SUBJECT": "mailto:a@localhost"], "VAPID_SUBJECT"),
      (["PUSH_ALLOWED_HOSTS": "https://push.example.org"], "PUSH_ALLOWED_HOSTS"),
      (["PUSH_ALLOWED_HOSTS": "*"], "PUSH_ALLOWED_HOSTS"), (["PUSH_ALLOWED_HOSTS": "*.org,"], "PUSH_ALLOWED_HOSTS"),
      (["FCM_SERVICE_ACCOUNT": "/nowhere/hush"], "FCM_SERVICE_ACCOUNT"), (["FCM_URL": "http://example.org"], "FCM_URL"),
      (["FCM_SERVICE_ACCOUNT": #"{"type":"service_account","private_key":"hush"}"#], "FCM_SERVICE_ACCOUNT: project_id"),
    ])
  func refused(environment: [String: String], name: String) {
    let error = #expect(throws: ConfigurationError.self) { try NotifyConfiguration(environment: environment) }
    #expect(error?.description.hasPrefix(name) == true, "\(String(describing: error))")
    #expect(error?.description.contains("hush") == false)
  }

  @Test("hosts come beside those of the browsers, or in their place")
  func hosts() throws {
    func rule(_ hosts: String?) throws -> PushEndpointRule? {
      var environment = ["VAPID_PRIVATE_KEY": Self.key, "VAPID_SUBJECT": "mailto:a@example.org"]
      environment["PUSH_ALLOWED_HOSTS"] = hosts
      return try NotifyConfiguration(environment: environment).webPush?.rule
    }
    #expect(try rule(nil) == PushEndpointRule())
    #expect(
      try rule("default, push.example.org,*.push.example.net")
        == PushEndpointRule(hosts: PushEndpointRule.standardHosts + ["push.example.org", "*.push.example.net"]))
    #expect(try rule("push.example.org") == PushEndpointRule(hosts: ["push.example.org"]))
  }
}
