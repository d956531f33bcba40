import Instants

/// One mail as it goes over the wire.
struct MailMessage: Sendable {
  /// Who writes.
  var sender: MailSender
  var message: ChannelMessage
  /// Seconds since 1970.
  var sentAt: Double

  /// The header and the body, lines ended by CRLF, nothing but ASCII.
  /// Source: RFC 5322, RFC 2046 §5.1.4 (multipart/alternative), RFC 3834 (Auto-Submitted).
  var bytes: [UInt8] {
    var lines = [
      "From: \(sender.mailbox)", "To: <\(message.recipient)>", HeaderText.field("Subject", message.title),
      "Date: \(InstantText.mail(sentAt))", "Message-ID: <\(message.id)@\(sender.domain)>", "MIME-Version: 1.0",
      "Auto-Submitted: auto-generated",
    ]
    // Folded between addresses.
    lines += ListHeaders.fields(of: message, from: sender).map {
      "\($0.name): \($0.value.replacing(", <", with: ",\r\n <"))"
    }
    guard let html = message.html else {
      lines += Self.partHeader("plain")
      return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + QuotedPrintable.encoded(message.text)).utf8)
    }
    // `=_` occurs in no text that is quoted-printable. Source: RFC 2045 §6.7.
    let boundary = "=_\(message.id.prefix(60))"
    lines.append("Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"")
    var text = lines.joined(separator: "\r\n") + "\r\n"
    for (subtype, body) in [("plain", message.text), ("html", html)] {
      text += "\r\n--\(boundary)\r\n" + Self.partHeader(subtype).joined(separator: "\r\n") + "\r\n\r\n"
      text += QuotedPrintable.encoded(body)
    }
    return Array((text + "\r\n--\(boundary)--\r\n").utf8)
  }

  private static func partHeader(_ subtype: String) -> [String] {
    ["Content-Type: text/\(subtype); charset=utf-8", "Content-Transfer-Encoding: quoted-printable"]
  }
}

/// Who writes: `doctors@example.org`, or `Health Centre <doctors@example.org>`.
package struct MailSender: Sendable, Equatable {
  package var address: String
  package var name: String?

  /// Nil when there is no address in it that can be written from.
  package init?(_ text: String) {
    let text = HeaderText.cleaned(text)
    if let open = text.lastIndex(of: "<"), text.hasSuffix(">") {
      address = String(text[text.index(after: open)...].dropLast())
      let name = HeaderText.cleaned(String(text[..<open]))
      let isQuoted = name.count >= 2 && name.hasPrefix("\"") && name.hasSuffix("\"")
      self.name = isQuoted ? String(name.dropFirst().dropLast()) : name
      if self.name?.isEmpty == true { self.name = nil }
    } else {
      address = text
    }
    guard MailAddress.isSafe(address) else { return nil }
  }

  var domain: String { String(address.drop { $0 != "@" }.dropFirst()) }

  /// As people write it, in Unicode: for JSON.
  var text: String {
    guard let name else { return address }
    return "\(HeaderText.quoted(name)) <\(address)>"
  }

  var mailbox: String {
    guard let name else { return "<\(address)>" }
    return "\(HeaderText.phrase(name)) <\(address)>"
  }
}

/// Whether an address can stand in a header, an envelope and a `mailto:` as it is.
enum MailAddress {
  /// One @ between ASCII letters, digits and a few marks; up to 254 characters.
  static func isSafe(_ address: String) -> Bool {
    let parts = address.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && address.utf8.count <= 254
      && address.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "@": true
        default: "!#$%&'*+-/=?^_`{|}~.".unicodeScalars.contains(scalar)
        }
      }
  }
}
