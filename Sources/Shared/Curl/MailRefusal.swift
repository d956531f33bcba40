/// A line in which a mail server says that it does not take something: `550 5.1.1 no such user`. libcurl hands on the lines of
/// replies as an HTTP header's. Of the text nothing is kept: it may name the recipient.
struct MailRefusal: Equatable {
  var reply: Int
  /// `5.1.1`. Source: RFC 2034 §4, RFC 3463 §2.
  var status: String

  /// Nil for any other line.
  init?(line: some Sequence<UInt8>) {
    let text = String(decoding: Array(line), as: UTF8.self)
    guard let match = text.prefixMatch(of: #/([45][0-9]{2})[ -]([45])\.([0-9]{1,3})\.([0-9]{1,3})(?:\s|$)/#),
      let reply = Int(match.1), match.1.first == match.2.first
    else { return nil }
    self.reply = reply
    status = "\(match.2).\(match.3).\(match.4)"
  }
}
