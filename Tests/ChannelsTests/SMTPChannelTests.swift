import TestSupport
import Testing

@testable import Channels

/// Mail to a real server.
@Suite(.enabled(if: SMTPPeer.python != nil, "no aiosmtpd: scripts/setup test"), .timeLimit(.minutes(2)))
struct SMTPChannelTests {
  private static let now = 1_795_634_125.0

  private static func channel(
    _ peer: SMTPPeer, url: String? = nil, encryption: SMTPServer.Encryption = .required, trusting: Bool = true,
    timeout: Duration = .seconds(20)
  ) throws -> SMTPChannel {
    let server = try SMTPServer(
      url: url ?? peer.urlWithLogin, encryption: encryption, authorityFile: trusting ? peer.login.certificate : nil)
    let sender = try #require(MailSender("Health \"Centré\" <doctors@example.org>"))
    return SMTPChannel(server: server, sender: sender, timeout: timeout) { now }
  }

  private static func message(
    to recipient: String = "a@example.net", id: String = "id-1", title: String = "Dr. A at 09:00",
    text: String = "Hello\n",
    html: String? = "<p>Hello</p>\n"
  ) -> ChannelMessage {
    ChannelMessage(
      id: id, recipient: recipient, title: title, text: text, html: html, expiresAt: now + 3_600,
      unsubscribe: UnsubscribeLink(url: "https://doctors.example.org/unsubscribe/7-email-3f"))
  }

  @Test("a mail arrives over STARTTLS with the user's password, once, and reads as it was written")
  func arrives() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder)
      let text = "Dr. Ö\n.\n..two dots\n.hidden\nFrom here\n=3D \(String(repeating: "long ", count: 60))\n\ttab \n"
      try await Self.channel(peer).send(Self.message(title: "डॉ. अनिता at 09:00, room 4", text: text))
      let mail = try #require(try peer.mails().first)
      #expect(try peer.mails().count == 1)
      #expect(mail.tls && mail.user == peer.login.user && mail.to == ["a@example.net"])
      #expect(mail.from == "doctors@example.org")
      #expect(mail.content.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 998 && !$0.contains("\n") })
      let reading = try SMTPPeer.read(mail)
      #expect(reading.defects.isEmpty)
      #expect(reading["subject"] == ["डॉ. अनिता at 09:00, room 4"])
      #expect(reading["from"] == ["\"Health \\\"Centré\\\"\" <doctors@example.org>"])
      #expect(reading["message-id"] == ["<id-1@example.org>"])
      #expect(reading["date"] == ["Wed, 25 Nov 2026 19:15:25 +0000"])
      #expect(
        reading["list-unsubscribe"] == [
          "<https://doctors.example.org/unsubscribe/7-email-3f>, <mailto:doctors@example.org?subject=unsubscribe>"
        ])
      #expect(reading["list-unsubscribe-post"] == ["List-Unsubscribe=One-Click"])
      #expect(reading["list-id"] == ["Doctors on duty <doctors-on-duty.example.org>"])
      #expect(reading.parts == ["text/plain": text, "text/html": "<p>Hello</p>\n"])
    }
  }

  @Test("one connection carries many mails, many connections one each at once")
  func many() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder)
      let channel = try Self.channel(peer)
      for number in 0..<4 { try await channel.send(Self.message(id: "row-\(number)")) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<12 {
          group.addTask { try await channel.send(Self.message(to: "p\(number)@example.net", id: "wide-\(number)")) }
        }
        try await group.waitForAll()
      }
      #expect(try peer.mails().count == 16)
      #expect(Set(try peer.mails().map(\.content)).count == 16)
    }
  }

  @Test(
    "what a server refuses is final, busy, or gone where it says that the address leads nowhere",
    arguments: [
      ("gone@example.net", ChannelError.Code.gone), ("policy@example.net", .refused), ("plain@example.net", .refused),
      ("sender@example.net", .refused), ("busy@example.net", .temporary), ("big@example.net", .refused),
    ])
  func refusals(recipient: String, code: ChannelError.Code) async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder)
      let channel = try Self.channel(peer)
      let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message(to: recipient)) }
      #expect(error?.code == code, "\(String(describing: error))")
      #expect(error?.message.contains(peer.login.password) == false && error?.message.contains("gone@") == false)
      try await channel.send(Self.message())
      #expect(try peer.mails().count == 1)
    }
  }

  @Test("a wrong password, a certificate nobody vouches for, a server without STARTTLS: nothing is sent")
  func configuration() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder)
      let wrong = "smtp://mailer:wrong@127.0.0.1:\(peer.login.port)"
      for channel in [
        try Self.channel(peer, url: wrong), try Self.channel(peer, trusting: false),
        try Self.channel(peer, url: peer.url),
      ] {
        let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message()) }
        #expect(error?.code == .configuration, "\(String(describing: error))")
      }
      #expect(try peer.mails().isEmpty)
    }
    for options in [["--no-starttls"], ["--wrong-name"], ["--plain"]] {
      try await withTemporaryDirectory { folder in
        let peer = try await SMTPPeer.start(in: folder, options)
        let channel = try Self.channel(peer)
        let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message()) }
        #expect(error?.code == .configuration, "\(options) \(String(describing: error))")
        #expect(try peer.mails().isEmpty)
      }
    }
  }

  @Test("without encryption only where the operator says so")
  func plain() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder, ["--plain"])
      try await Self.channel(peer, url: peer.url, encryption: .none).send(Self.message(html: nil))
      let mail = try #require(try peer.mails().first)
      #expect(!mail.tls && mail.user == nil)
      #expect(try SMTPPeer.read(mail).parts == ["text/plain": "Hello\n"])
    }
  }

  @Test("a server that says nothing, or is not there, costs no more than the timeout")
  func silent() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder)
      for (url, recipient) in [
        (peer.urlWithLogin, "silent@example.net"), ("smtp://127.0.0.1:9", "a@example.net"),
      ] {
        let channel = try Self.channel(peer, url: url, timeout: .seconds(2))
        let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message(to: recipient)) }
        #expect(error?.code == .temporary)
      }
    }
  }

  @Test("a server that takes its time over one mail holds up no other, and its late answer is nobody else's")
  func slow() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder, ["--delay", "1"])
      let patient = try Self.channel(peer, timeout: .seconds(20))
      let start = ContinuousClock.now
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<6 { group.addTask { try await patient.send(Self.message(id: "slow-\(number)")) } }
        try await group.waitForAll()
      }
      #expect(ContinuousClock.now - start < .seconds(4), "side by side, not one after the other: 6 s")
      let hasty = try Self.channel(peer, timeout: .milliseconds(500))
      for number in 0..<3 {
        let error = await #expect(throws: ChannelError.self) {
          try await hasty.send(Self.message(id: "late-\(number)"))
        }
        #expect(error?.code == .temporary && error?.message.contains("DATA failed") == false)
      }
    }
  }

  @Test(
    "no recipient and no text reaches the header or the envelope as anything else",
    arguments: [
      "a@b.c\r\nBcc: x@y.z", "a@b.c> SIZE=1", "a b@c.d", "a@b.c,x@y.z", "<a@b.c>", "a@b.c\0", "\u{00e9}@b.c", "@", "",
    ])
  func hostileRecipients(recipient: String) async throws {
    let server = try SMTPServer(url: "smtp://127.0.0.1:9", encryption: .none)
    let channel = SMTPChannel(
      server: server, sender: try #require(MailSender("d@example.org"))
    ) { 0 }
    let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message(to: recipient)) }
    #expect(error?.code == .refused)
  }

  @Test("hostile titles arrive as one subject, with no other header and no other recipient")
  func hostileTitles() async throws {
    try await withTemporaryDirectory { folder in
      let peer = try await SMTPPeer.start(in: folder)
      let channel = try Self.channel(peer)
      let titles = [
        "x\r\nBcc: victim@example.net", "x\n\n<script>", "x\r\n.\r\nMAIL FROM:<x@y.z>", "=?utf-8?q?=0ABcc:?=",
        "\u{2028}\u{2029}\u{85}\u{0B}\u{0C}x", String(repeating: "é\r\n", count: 90),
      ]
      for (number, title) in titles.enumerated() {
        try await channel.send(Self.message(id: "t\(number)", title: title, text: title, html: title))
      }
      let mails = try peer.mails()
      #expect(mails.count == titles.count)
      for mail in mails {
        let reading = try SMTPPeer.read(mail)
        #expect(mail.to == ["a@example.net"] && reading["bcc"].isEmpty && reading["subject"].count == 1)
        #expect(reading.defects.isEmpty && Set(reading.parts.keys) == ["text/plain", "text/html"])
        #expect(reading.headers.count == 11)
      }
    }
  }
}
