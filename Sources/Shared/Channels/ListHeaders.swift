/// The fields by which mail programs know reminders as a list that its readers can leave.
enum ListHeaders {
  /// Names and values, unfolded.
  /// Source: RFC 2919 §3 (List-Id), RFC 2369 §3.2 (List-Unsubscribe), RFC 8058 §3.1 (List-Unsubscribe-Post).
  static func fields(of message: ChannelMessage, from sender: MailSender) -> [(name: String, value: String)] {
    let id = ("List-Id", "Doctors on duty <doctors-on-duty.\(sender.domain)>")
    let mailto = "<mailto:\(sender.address)?subject=unsubscribe>"
    guard let link = message.unsubscribe else { return [id, ("List-Unsubscribe", mailto)] }
    return [
      id, ("List-Unsubscribe", "<\(link.url)>, \(mailto)"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]
  }
}
