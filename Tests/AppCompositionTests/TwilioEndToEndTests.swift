import AppDomain
import AppStore
import Channels
import Foundation
import Plans
import Secrets
import TestSupport
import Testing

@testable import AppComposition

/// The running service, a real database file, and Twilio as its own SDK knows it.
@Suite(.enabled(if: TwilioPeer.python != nil, "no twilio: scripts/setup test"), .timeLimit(.minutes(3)))
struct TwilioEndToEndTests {
  private static let phone = "+14155552671"

  private static func settings(_ peer: TwilioPeer, _ changes: [String: String] = [:]) -> [String: String] {
    [
      "TWILIO_ACCOUNT_SID": peer.description.account, "TWILIO_AUTH_TOKEN": peer.description.token,
      "TWILIO_FROM": "+14155550100", "TWILIO_URL": peer.url, "TWILIO_TIMEOUT": "2s", "MESSAGE_SPEND_CAP": "20",
      "QUIET_HOURS": "off", "UNSUBSCRIBE_SECRET": "0123456789abcdef", "PUBLIC_URL": "https://doctors.example.org",
      "PORT": "0", "DATABASE_URL": "sqlite:app.sqlite", "NOTIFY_INTERVAL": "100ms",
    ].merging(changes) { $1 }
  }

  private struct Service {
    let executable: BuiltExecutable
    let port: Int
    let peer: TwilioPeer
    let folder: String

    init(in folder: String, _ peer: TwilioPeer, _ changes: [String: String] = [:]) async throws {
      try? FileManager.default.removeItem(atPath: folder + "/app.json")
      executable = try BuiltExecutable(
        ["app", "serve", "--source", "http://127.0.0.1:9/", "--ready-file", folder + "/app.json"], in: folder,
        environment: settings(peer, changes))
      port = try await executable.ready(folder + "/app.json").port
      self.peer = peer
      self.folder = folder
    }

    func ask(_ number: String = phone) async throws -> String {
      try await ServiceInput.post("/v1/phones", #"{"phone":"\#(number)","channel":"sms"}"#, port: port)
    }

    func confirm(_ number: String, _ code: String) async throws -> String {
      try await ServiceInput.post(
        "/v1/phones/confirm", #"{"phone":"\#(number)","channel":"sms","code":"\#(code)"}"#, port: port)
    }

    /// With the code that was sent.
    func subscribe(_ number: String = phone) async throws {
      #expect(try await ask(number).contains(" 200 "))
      let folder = folder
      #expect(await Waiting.until { Self.code(number, in: folder) != nil }, "\(executable.log)")
      let answer = try await confirm(number, try code(number))
      #expect(answer.contains("Subscription confirmed") && answer.contains("\"subscription_id\":"), "\(answer)")
    }

    func code(_ number: String) throws -> String { try #require(Self.code(number, in: folder)) }

    static func code(_ number: String, in folder: String) -> String? {
      TwilioPeer.requests(in: folder).reversed().lazy.filter { $0.fields["To"] == number }.compactMap {
        $0.fields["Body"]?.firstMatch(of: #/^(\d{6}) is your code/#).map { String($0.1) }
      }.first
    }

    static func reminders(in folder: String) -> [TwilioPeer.Request] {
      TwilioPeer.requests(in: folder).filter { $0.fields["StatusCallback"] != nil }
    }

    func reminders() -> [TwilioPeer.Request] { Self.reminders(in: folder) }

    func waits(forReminders count: Int, upTo seconds: Int = 60) async -> Bool {
      let folder = folder
      return await Waiting.until(upTo: seconds) { Self.reminders(in: folder).count >= count }
    }

    func webhook(
      _ path: String, _ fields: [(name: String, value: String)], signedAs token: String? = nil, for url: String? = nil
    ) async throws -> String {
      let fields = fields + [("AccountSid", peer.description.account)]
      let form = fields.map {
        "\($0.name)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
      }
      .joined(separator: "&")
      let signature = TwilioSignature(token: Redacted(token ?? peer.description.token)).signature(
        of: url ?? "https://doctors.example.org" + path, fields)
      let request =
        "POST \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Twilio-Signature: \(signature)\r\n"
        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n\r\n\(form)"
      return String(decoding: try await WireClient.exchange(Array(request.utf8), port: port), as: UTF8.self)
    }

    func health() async throws -> [String: Any]? {
      try await WireClient.send("GET", "/health/full", port: port).object["messages"] as? [String: Any]
    }
  }

  @Test("a phone that is confirmed is told once; Twilio says what became of it, STOP ends it, START brings it back")
  func whole() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await TwilioPeer.start(in: folder)
      let service = try await Service(in: folder, peer)
      #expect(try await service.ask("+919876543210").contains(" 403 "), "a country without a price")
      #expect(try await service.ask("98765").contains(" 422 "))
      try await service.subscribe()
      // Nobody learns from the answer that it is subscribed, nor is another code sent within the hour.
      #expect(try await service.ask().contains(" 200 "))
      #expect(try await service.confirm(Self.phone, "000000").contains(" 404 "))
      #expect(try await service.confirm("+14155552672", "000000").contains(" 404 "))
      try await ServiceInput.schedule("Dr. Anil Kumar- MBBS", folder: folder, port: service.port)
      #expect(await service.waits(forReminders: 1), "\(service.executable.log)")
      let reminder = try #require(service.reminders().first)
      #expect(reminder.fields["To"] == Self.phone && reminder.fields["From"] == "+14155550100")
      #expect(reminder.fields["Body"]?.hasPrefix("Dr. Anil Kumar at ") == true)
      let seconds = Int(reminder.fields["ValidityPeriod"] ?? "") ?? 0
      #expect((1_500...1_860).contains(seconds), "\(seconds)")
      let health = try #require(try await service.health())
      #expect(health["month_dollars"] as? String == "0.0166" && health["cap_dollars"] as? String == "20")

      let callback = try #require(reminder.fields["StatusCallback"])
      let path = callback.replacing("https://doctors.example.org", with: "")
      let status: [(name: String, value: String)] = [
        ("MessageSid", "SM1"), ("MessageStatus", "delivered"), ("To", Self.phone), ("From", "+14155550100"),
      ]
      #expect(try await service.webhook(path, status).contains(" 200 "))
      let stop: [(name: String, value: String)] = [
        ("MessageSid", "SM2"), ("From", Self.phone), ("To", "+14155550100"), ("Body", " Stop \r\n"),
      ]
      // What Twilio has not signed changes nothing.
      for answer in [
        try await service.webhook("/webhooks/twilio/inbound", stop, signedAs: "another-token"),
        try await service.webhook("/webhooks/twilio/inbound", stop, for: "https://doctors.example.org/"),
        try await service.webhook(
          "/webhooks/twilio/inbound?x=1", stop, for: "https://doctors.example.org/webhooks/twilio/inbound"),
        try await ServiceInput.post("/webhooks/twilio/inbound", "From=%2B14155552671&Body=STOP", port: service.port),
      ] { #expect(answer.contains(" 403 "), "\(answer.prefix(100))") }
      let huge = String(repeating: "x", count: 20_000)
      #expect(try await service.webhook("/webhooks/twilio/inbound", [("Body", huge)]).contains(" 413 "))
      func active() async throws -> [NotificationChannel: Int] {
        let store = try await SQLScheduleStore(path: folder + "/app.sqlite")
        defer { Task { try? await store.close() } }
        return try await store.activeAddresses()
      }
      #expect(try await active() == [.sms: 1])
      #expect(try await service.webhook("/webhooks/twilio/inbound", stop).contains("<Response/>"))
      #expect(try await active().isEmpty)
      let start = [("MessageSid", "SM3"), ("From", Self.phone), ("OptOutType", "START"), ("Body", "go on")]
      #expect(try await service.webhook("/webhooks/twilio/inbound", start).contains(" 200 "))
      #expect(try await active() == [.sms: 1])
      #expect(try await service.webhook("/webhooks/twilio/inbound", stop).contains(" 200 "))
      #expect(try await active() == [.sms: 1], "the same message once more")

      let metrics = try await WireClient.send("GET", "/metrics", port: service.port).body
      for line in [
        #"message_deliveries_total{channel="sms",status="delivered"} 1"#,
        #"phone_replies_total{channel="sms",reply="stop"} 2"#,
        #"message_spend_cap_dollars 20"#, #"message_spend_reached{channel="sms"} 0"#,
      ] { #expect(metrics.contains(line), "\(line)") }
      service.executable.signal(SIGTERM)
      #expect(await service.executable.exitStatus() == 0)
      #expect(service.reminders().count == 1)
      #expect(try peer.requests().count == 2)
      let code = try service.code(Self.phone)
      for secret in ["415555", code, peer.description.token, "98765"] {
        #expect(!service.executable.log.contains(secret), "\(secret)")
      }
      #expect(!metrics.contains("415555"))
    }
  }

  @Test("killed while a message is under way: it is sent once more at the most, and both are paid for")
  func killed() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await TwilioPeer.start(in: folder)
      let first = try await Service(in: folder, peer)
      try await first.subscribe()
      peer.hold()
      try await ServiceInput.schedule("Dr. A", folder: folder, port: first.port)
      #expect(await first.waits(forReminders: 1), "\(first.executable.log)")
      first.executable.signal(SIGKILL)
      _ = await first.executable.exitStatus()
      peer.release()
      let second = try await Service(in: folder, peer)
      #expect(await second.waits(forReminders: 2), "\(second.executable.log)")
      // Somebody who comes now is the proof that it was looked at again.
      try await second.subscribe("+14155552672")
      #expect(await second.waits(forReminders: 3), "\(second.executable.log)")
      second.executable.signal(SIGTERM)
      #expect(await second.executable.exitStatus() == 0)
      #expect(second.reminders().map { $0.fields["To"] } == [Self.phone, Self.phone, "+14155552672"])
      let store = try await SQLScheduleStore(path: folder + "/app.sqlite")
      #expect(try await store.outboxCounts() == [.sent: 2])
      let spent = try await store.spending(in: SpendMonth(at: Date().timeIntervalSince1970))
      #expect(spent.total == Money(microdollars: 5 * 8_300))
      try await store.close()
    }
  }

  @Test(
    "codes take half of the cap at the most; at the cap nothing is sent any more, which is said once; raised, it goes on"
  )
  func cap() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await TwilioPeer.start(in: folder)
      // Five segments: two codes, and a reminder of two.
      let service = try await Service(in: folder, peer, ["MESSAGE_SPEND_CAP": "0.0415"])
      try await service.subscribe()
      try await service.subscribe("+14155552672")
      let refused = try await service.ask("+14155552673")
      #expect(refused.contains(" 503 ") && refused.lowercased().contains("retry-after: "), "\(refused)")
      let name = "Dr. " + String(repeating: "Long", count: 40)
      try await ServiceInput.schedule(name, folder: folder, port: service.port)
      #expect(await service.waits(forReminders: 1), "\(service.executable.log)")
      var health = try #require(try await service.health())
      while (health["stopped"] as? [String])?.isEmpty == true { health = try #require(try await service.health()) }
      #expect(health["stopped"] as? [String] == ["sms"] && health["month_dollars"] as? String == "0.0332")
      var metrics = ""
      while !metrics.contains(#"message_spend_reached{channel="sms"} 1"#) {
        metrics = try await WireClient.send("GET", "/metrics", port: service.port).body
      }
      service.executable.signal(SIGTERM)
      #expect(await service.executable.exitStatus() == 0)
      #expect(service.reminders().count == 1)
      let said = service.executable.log.split(separator: "\n").count {
        $0.contains("cap for messages to phones is reached")
      }
      #expect(said == 1, "\(service.executable.log)")
      let again = try await Service(in: folder, peer, ["MESSAGE_SPEND_CAP": "1"])
      #expect(await again.waits(forReminders: 2, upTo: 40), "\(again.executable.log)")
      again.executable.signal(SIGTERM)
      #expect(await again.executable.exitStatus() == 0)
      #expect(Set(again.reminders().map { $0.fields["To"] }) == [Self.phone, "+14155552672"])
      #expect(again.reminders().count == 2)
    }
  }

  @Test("a phone is told by WhatsApp with a template, once confirmed by a code that came as SMS")
  func whatsApp() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await TwilioPeer.start(in: folder)
      let template = "HX" + String(repeating: "0", count: 32)
      let service = try await Service(
        in: folder, peer,
        [
          "TWILIO_WHATSAPP_FROM": "+14155238886", "TWILIO_WHATSAPP_CONTENT_SID": template,
          "MESSAGE_PRICES": "whatsapp:+1415=0.03@2026-11-01",
        ])
      func post(_ path: String, _ more: String) async throws -> String {
        try await ServiceInput.post(
          path, #"{"phone":"\#(Self.phone)","channel":"whatsapp"\#(more)}"#, port: service.port)
      }
      #expect(try await post("/v1/phones", "").contains(" 200 "))
      #expect(await Waiting.until { Service.code(Self.phone, in: folder) != nil }, "\(service.executable.log)")
      #expect(try await post("/v1/phones/confirm", #","code":"\#(try service.code(Self.phone))""#).contains(" 200 "))
      try await ServiceInput.schedule("Dr. Örn- MBBS", folder: folder, port: service.port)
      #expect(await service.waits(forReminders: 1), "\(service.executable.log)")
      let reminder = try #require(service.reminders().first)
      #expect(reminder.fields["To"] == "whatsapp:" + Self.phone && reminder.fields["Body"] == nil)
      #expect(reminder.fields["ContentSid"] == template && reminder.fields["From"] == "whatsapp:+14155238886")
      #expect(reminder.fields["ContentVariables"]?.hasPrefix(#"{"1":"Dr. Örn at "#) == true)
      #expect(try await service.health()?["month_dollars"] as? String == "0.0383")
      service.executable.signal(SIGTERM)
      #expect(await service.executable.exitStatus() == 0)
    }
  }

  @Test("a test message says what it costs, and what Twilio answered, by the right exit code")
  func command() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await TwilioPeer.start(in: folder)
      let whatsApp = [
        "TWILIO_WHATSAPP_FROM": "+14155238886", "TWILIO_WHATSAPP_CONTENT_SID": "HX" + String(repeating: "0", count: 32),
        "MESSAGE_PRICES": "whatsapp:+1=0.03@2026-11-01",
      ]
      for (channel, recipient, changes, status, words) in [
        ("sms", "+1 415 555 2671", [:], 0, #""dollars":"0.0083","price_as_of":"2026-11-09""#),
        ("whatsapp", "+14155552671", whatsApp, 0, #""dollars":"0.03","price_as_of":"2026-11-01""#),
        ("sms", "+14155551610", [:], 65, "STOP"), ("sms", "+14155550429", [:], 69, "20429"),
        ("sms", "+14155550003", [:], 69, "TWILIO_AUTH_TOKEN"), ("sms", "+919876543210", [:], 104, "MESSAGE_PRICES"),
        ("whatsapp", "+14155552671", [:], 104, "TWILIO_WHATSAPP_FROM"), ("sms", "4155552671", [:], 104, "--to"),
        ("sms", "+14155552671", ["TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": ""], 104, "TWILIO_"),
      ] as [(String, String, [String: String], Int32, String)] {
        let file = folder + "/output"
        let command = try BuiltExecutable(
          ["app", "test-message", "--channel", channel, "--to", recipient, "--json"], in: folder,
          environment: Self.settings(peer, changes), output: file)
        #expect(await command.exitStatus() == status, "\(channel) \(recipient): \(command.log)")
        let said = command.log + ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
        #expect(said.contains(words) && !said.contains("41555526") && !said.contains("9876543210"), "\(said)")
      }
      #expect(try peer.requests().count == 5)
    }
  }
}
