import AppDomain
import AppStore
import Channels
import Foundation
import Terminal
import TestSupport
import Testing

@testable import AppComposition

/// The running service, a real database file and a real mail server.
@Suite(.enabled(if: SMTPPeer.python != nil, "no aiosmtpd: scripts/setup test"), .timeLimit(.minutes(2)))
struct NotifyEndToEndTests {
  @Test("who subscribes and confirms is told by mail once, leaves by the link in it, and hears no more")
  func mail() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder)
      let service = try BuiltExecutable(
        ["app", "serve", "--source", "http://127.0.0.1:9/", "--ready-file", folder + "/app.json"], in: folder,
        environment: [
          "PORT": "0", "DATABASE_URL": "sqlite:app.sqlite", "SMTP_URL": peer.urlWithLogin,
          "SMTP_CA_FILE": peer.login.certificate, "MAIL_FROM": "Health Centre <doctors@example.org>",
          "PUBLIC_URL": "https://doctors.example.org", "UNSUBSCRIBE_SECRET": "0123456789abcdef",
          "NOTIFY_INTERVAL": "100ms",
        ])
      let ready = try await service.ready(folder + "/app.json")
      let mails = folder + "/mails.jsonl"
      let count = { @Sendable in
        (try? String(contentsOfFile: mails, encoding: .utf8))?.count { $0 == "\n" } ?? 0
      }
      // Confirmed by the link in the mail that came for it.
      func subscribe(_ address: String) async throws {
        let before = count()
        _ = try await ServiceInput.post("/subscribe", #"{"email":"\#(address)"}"#, port: ready.port)
        #expect(await Waiting.until { count() > before }, "\(service.log)")
        let mail = try #require(try peer.mails().last)
        #expect(mail.to == [address])
        let text = try #require(try SMTPPeer.read(mail).parts["text/plain"])
        let link = try #require(text.firstMatch(of: #/example\.org(/confirm/\S+)/#)?.1)
        #expect(try await ServiceInput.post(String(link), "", port: ready.port).contains(" 200 "))
      }
      // Nobody confirms this one.
      _ = try await ServiceInput.post("/subscribe", #"{"email":"victim@example.net"}"#, port: ready.port)
      #expect(await Waiting.until { count() == 1 }, "\(service.log)")
      try await subscribe("a@example.net")
      try await ServiceInput.schedule("Dr. Örn- MBBS", folder: folder, port: ready.port)
      #expect(await Waiting.until { count() >= 3 }, "\(service.log)")
      let mail = try #require(try peer.mails().last)
      let reading = try SMTPPeer.read(mail)
      #expect(mail.to == ["a@example.net"] && mail.tls && reading.defects.isEmpty)
      #expect(reading["subject"].first?.hasPrefix("Dr. Örn at ") == true)
      let link = try #require(
        reading["list-unsubscribe"].first?.firstMatch(of: #/example\.org(/unsubscribe/[^>]+)>/#)?.1)
      let click = try await ServiceInput.post(String(link), "List-Unsubscribe=One-Click", port: ready.port)
      #expect(click.contains(" 200 "))
      try await ServiceInput.schedule("Dr. Later", folder: folder, port: ready.port)
      // A subscriber who comes now is the proof that the later duty was looked at.
      try await subscribe("b@example.net")
      #expect(await Waiting.until { count() >= 5 }, "\(service.log)")
      service.signal(SIGTERM)
      #expect(await service.exitStatus() == 0)
      let all = try peer.mails()
      #expect(all.map { $0.to[0].prefix(1) } == ["v", "a", "a", "b", "b"])
      #expect(!service.log.contains("s3cret") && !service.log.contains("example.net"))
      #expect(try await SQLScheduleStore(path: folder + "/app.sqlite").outboxCounts() == [.sent: 2])
    }
  }
}

struct NotifyConfigurationTests {
  @Test("without a mail server nobody is told; with one the defaults are safe")
  func settings() throws {
    #expect(try NotifyConfiguration(environment: [:]).mail == nil)
    let configuration = try NotifyConfiguration(environment: [
      "SMTP_URL": "smtp://u:hush@mail.example", "MAIL_FROM": "d@example.org", "PUBLIC_URL": "https://d.example.org/",
      "UNSUBSCRIBE_SECRET": "0123456789abcdef",
    ])
    let mail = try #require(configuration.mail)
    guard case .server(let server) = mail.way else { throw ConfigurationError("a mail server was expected") }
    #expect(server.encryption == .required && server.url == "smtp://mail.example:587")
    #expect(mail.timeout == .seconds(30) && configuration.interval == .seconds(900))
    #expect(configuration.publicURL == "https://d.example.org")
    #expect(!"\(configuration)".contains("hush") && !"\(configuration)".contains("0123456789"))
    let byAPI = try NotifyConfiguration(environment: [
      "MAIL_API_URL": "https://api.mail.example/emails", "MAIL_API_KEY": "re_hush_0123", "MAIL_FROM": "d@example.org",
    ])
    #expect(byAPI.mail?.place == "https://api.mail.example/emails" && byAPI.mail?.timeout == .seconds(30))
    #expect(!"\(byAPI)".contains("hush"))
    let onRender = try NotifyConfiguration(environment: ["RENDER_EXTERNAL_URL": "https://d.onrender.com"])
    #expect(onRender.publicURL == "https://d.onrender.com")
  }

  @Test(
    "settings that can't be used are refused by name, without what is secret in them",
    arguments: [
      (["SMTP_URL": "http://u:hush@h"], "MAIL_FROM"),
      (["SMTP_URL": "http://u:hush@h", "MAIL_FROM": "d@e.org"], "SMTP_URL"),
      (["SMTP_URL": "smtp://u:hush@h/x", "MAIL_FROM": "d@e.org"], "SMTP_URL"), (["MAIL_FROM": "d@e.org"], "SMTP_URL"),
      (["SMTP_URL": "smtp://h", "MAIL_FROM": "d@e.org\r\nBcc: x@y.z, <>"], "MAIL_FROM"),
      (["SMTP_URL": "smtp://u:hush@mail.example", "MAIL_FROM": "d@e.org", "SMTP_TLS": "none"], "SMTP_URL"),
      (["SMTP_URL": "smtp://h", "MAIL_FROM": "d@e.org", "SMTP_TLS": "maybe"], "SMTP_TLS"),
      (["SMTP_URL": "smtp://h", "MAIL_FROM": "d@e.org", "SMTP_TIMEOUT": "1h"], "SMTP_TIMEOUT"),
      (["MAIL_API_KEY": "re_hush_0123"], "MAIL_API_KEY"),
      (["MAIL_API_URL": "https://api.example/", "MAIL_FROM": "d@e.org"], "MAIL_API_KEY"),
      (["MAIL_API_URL": "https://api.example/", "MAIL_API_KEY": "hush \n", "MAIL_FROM": "d@e.org"], "MAIL_API_KEY"),
      (["MAIL_API_URL": "https://api.example/", "MAIL_API_KEY": "re_hush_0123"], "MAIL_FROM"),
      (
        ["MAIL_API_URL": "http://api.example/", "MAIL_API_KEY": "re_hush_0123", "MAIL_FROM": "d@e.org"], "MAIL_API_URL"
      ),
      (
        ["MAIL_API_URL": "https://api.example/", "SMTP_URL": "smtp://u:hush@h", "MAIL_FROM": "d@e.org"], "MAIL_API_URL"
      ),
      (["UNSUBSCRIBE_SECRET": "hush"], "UNSUBSCRIBE_SECRET"), (["PUBLIC_URL": "http://d.example.org"], "PUBLIC_URL"),
      (["PUBLIC_URL": "https://u:hush@d.example.org"], "PUBLIC_URL"), (["PUBLIC_URL": "d.example.org"], "PUBLIC_URL"),
      (["PUBLIC_URL": "https://d.example.org/>\r\nBcc:"], "PUBLIC_URL"), (["NOTIFY_INTERVAL": "0s"], "NOTIFY_INTERVAL"),
    ])
  func refused(environment: [String: String], name: String) {
    let error = #expect(throws: ConfigurationError.self) { try NotifyConfiguration(environment: environment) }
    #expect(error?.description.contains(name) == true, "\(String(describing: error))")
    #expect(error?.description.contains("hush") == false)
  }
}

@Suite(.enabled(if: SMTPPeer.python != nil, "no aiosmtpd: scripts/setup test"), .timeLimit(.minutes(2)))
struct TestMessageTests {
  @Test("a test mail says what the server answered, by the right exit code")
  func command() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder)
      let settings = [
        "SMTP_URL": peer.urlWithLogin, "SMTP_CA_FILE": peer.login.certificate, "MAIL_FROM": "doctors@example.org",
      ]
      let wrong = settings.merging(["SMTP_URL": "smtp://mailer:wrong@127.0.0.1:\(peer.login.port)"]) { $1 }
      for (recipient, environment, status) in [
        ("a@example.net", settings, 0), ("gone@example.net", settings, 65), ("busy@example.net", settings, 69),
        ("a@example.net", wrong, 69), ("nobody", settings, 104), ("a@example.net", [:], 104),
      ] as [(String, [String: String], Int32)] {
        let command = try BuiltExecutable(
          ["app", "test-message", "--to", recipient, "--json"], in: folder, environment: environment)
        #expect(await command.exitStatus() == status, "\(recipient): \(command.log)")
        #expect(!command.log.contains(peer.login.password) && !command.log.contains("wrong@"))
      }
      #expect(try peer.mails().map(\.to) == [["a@example.net"]])
    }
  }
}

@Suite(.timeLimit(.minutes(1)))
struct MailByAPITests {
  @Test("a test mail goes by a mail API too, and its refusal says what the API answered, without key and recipient")
  func command() async throws {
    let server = try LoopbackServer(answeringBodies: { head, body in
      guard head.contains("Authorization: Bearer re_right_0123") else { return .init(status: "401 Unauthorized") }
      let isRefused = String(decoding: body, as: UTF8.self).contains("bad@example.net")
      return .init(
        status: isRefused ? "422 Unprocessable" : "200 OK", body: Array(#"{"name":"validation_error"}"#.utf8))
    })
    defer { server.stop() }
    try await withTemporaryDirectory { folder in
      for (recipient, key, status) in [
        ("a@example.net", "re_right_0123", 0), ("bad@example.net", "re_right_0123", 65),
        ("a@example.net", "re_wrong_0123", 69),
      ] as [(String, String, Int32)] {
        let command = try BuiltExecutable(
          ["app", "test-message", "--to", recipient], in: folder,
          environment: [
            "MAIL_API_URL": server.url + "/emails", "MAIL_API_KEY": key, "MAIL_FROM": "Centre <doctors@example.org>",
          ])
        #expect(await command.exitStatus() == status, "\(command.log)")
        #expect(!command.log.contains(key) && (status == 0 || !command.log.contains("example.net")))
      }
    }
  }
}
