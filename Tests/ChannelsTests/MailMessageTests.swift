import Secrets
import Testing

@testable import Channels

struct MailMessageTests {
  @Test(
    "a header's text is one field, whatever it holds",
    arguments: [
      "Dr. A\r\nBcc: everybody@example.org", "Dr. A\nSubject: x", "Dr. A\r\n\r\n<b>body</b>", "\u{2028}x\u{85}y\0z",
      "=?utf-8?q?=0D=0ABcc:_x@example.org?=", String(repeating: "x", count: 400), String(repeating: "é", count: 400),
      "डॉ. अनिता शर्मा, कमरा 4", "", " ", "\u{1F468}\u{200D}\u{2695}\u{FE0F} on duty",
      "a \u{202E}gnp.exe", String(repeating: "word ", count: 60),
    ])
  func fields(text: String) {
    let field = HeaderText.field("Subject", text)
    let lines = field.split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("Subject:") && lines.dropFirst().allSatisfy { $0.hasPrefix(" ") && $0.count > 1 })
    #expect(lines.allSatisfy { $0.utf8.count <= 76 })
    #expect(field.utf8.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 13 || $0 == 10 })
    #expect(!field.replacing("\r\n ", with: "").contains { $0.isNewline })
  }

  @Test("plain text stays readable; the rest is encoded in whole characters")
  func encoding() {
    #expect(HeaderText.field("Subject", "Dr. A. Kumar at 09:30, room 4") == "Subject: Dr. A. Kumar at 09:30, room 4")
    #expect(HeaderText.field("Subject", "Dr. Ö") == "Subject: =?UTF-8?B?RHIuIMOW?=")
    #expect(HeaderText.phrase("Health \"Centre\" \\ x") == "\"Health \\\"Centre\\\" \\\\ x\"")
    #expect(
      HeaderText.field("S", "Mä") == "S: =?UTF-8?B?TcOk?=" && HeaderText.field("S", "éé") == "S: =?UTF-8?B?w6nDqQ==?=")
    #expect(HeaderText.field("S", "") == "S:")
  }

  @Test("a quoted-printable body has short lines of ASCII and keeps what was written")
  func quotedPrintable() {
    #expect(QuotedPrintable.encoded("a\nb\r\nc") == "a\r\nb\r\nc\r\n")
    #expect(QuotedPrintable.encoded("=\n x \t\n.\n") == "=3D\r\n x =09\r\n.\r\n")
    let long = QuotedPrintable.encoded(String(repeating: "ä", count: 40) + String(repeating: "x", count: 80))
    #expect(long.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
    #expect(
      long.replacing("=\r\n", with: "") == String(repeating: "=C3=A4", count: 40) + String(repeating: "x", count: 80)
        + "\r\n")
    #expect(!long.contains("=C3=\r\n"), "a character stays on one line")
  }

  @Test(
    "a sender is an address, with or without a name",
    arguments: [
      ("d@example.org", "<d@example.org>"), ("Health Centre <d@example.org>", "\"Health Centre\" <d@example.org>"),
      ("\"A, B\" <d@example.org>", "\"A, B\" <d@example.org>"), (" <d@example.org>", "<d@example.org>"),
      ("Zoë <d@example.org>", "=?UTF-8?B?Wm/Dqw==?= <d@example.org>"), ("nobody", nil), ("a@b@c", nil), ("<>", nil),
      ("x <a b@c.d>", nil), ("a@b.c>\r\nBcc: <x@y.z", nil), ("a,b@c.d", nil),
    ] as [(String, String?)])
  func senders(text: String, mailbox: String?) { #expect(MailSender(text)?.mailbox == mailbox) }

  @Test(
    "a server's URL is read whole, and never repeated",
    arguments: [
      ("smtp://u:p%40s@mail.example:2525", "smtp://mail.example:2525", "u", "p@s"),
      ("smtps://mail.example", "smtps://mail.example:465", nil, nil), ("smtp://h", "smtp://h:587", nil, nil),
      ("smtp://[::1]:25/", "smtp://[::1]:25", nil, nil),
    ] as [(String, String, String?, String?)])
  func servers(url: String, bare: String, user: String?, password: String?) throws {
    let server = try SMTPServer(url: url)
    #expect(server.url == bare && server.user == user && server.password?.secret == password)
  }

  @Test(
    "URLs of no mail server are refused without the password",
    arguments: ["http://u:hush@h", "smtp://u:hush@h/path", "smtp://u:hush@h?x=1", "u:hush@h", "smtp://", ""])
  func refusedServers(url: String) {
    let refusal = #expect(throws: SMTPServer.Refusal.self) { try SMTPServer(url: url) }
    #expect(refusal?.description.contains("hush") == false)
  }

  @Test("without encryption no password goes to another machine")
  func unencrypted() throws {
    #expect(throws: SMTPServer.Refusal.self) { try SMTPServer(url: "smtp://u:p@mail.example", encryption: .none) }
    #expect(throws: SMTPServer.Refusal.self) { try SMTPServer(url: "smtps://127.0.0.1", encryption: .none) }
    #expect(try SMTPServer(url: "smtp://u:p@127.0.0.1:25", encryption: .none).encryption == .none)
    #expect(try SMTPServer(url: "smtp://relay.internal", encryption: .none).encryption == .none)
  }
}
