package import AppDomain
package import Channels
import Digests
import Mustache

/// Writes the message of a claim. What comes from the schedule is text: in HTML it is escaped, in a title it is one line.
package struct MessageWriter: Sendable {
  private let reminder: Form
  private let news: Form
  private let digest: Form
  private let unsubscribe: UnsubscribeLinks?

  /// The longest name, room or speciality that is shown.
  private static let limit = 200

  /// - Parameter unsubscribe: nil where the service has no address or no secret of its own.
  package init(unsubscribe: UnsubscribeLinks? = nil) throws {
    reminder = try Form(PackageResources.reminder_txt_mustache, PackageResources.reminder_html_mustache)
    news = try Form(PackageResources.news_txt_mustache, PackageResources.news_html_mustache)
    digest = try Form(PackageResources.digest_txt_mustache, PackageResources.digest_html_mustache)
    self.unsubscribe = unsubscribe
  }

  /// - Parameter now: seconds since 1970.
  package func message(for claim: OutboxClaim, at now: Double) -> ChannelMessage {
    switch claim.content {
    case .reminder(let reminder): message(of: ReminderText(reminder: reminder, now: now), for: claim)
    case .news(let news, let doctorDay, let date):
      message(of: NewsText(news: news, doctorDay: doctorDay, date: date, now: now), for: claim)
    case .digest(let digest): message(of: DigestMessageText(digest: digest, now: now), for: claim)
    }
  }

  private func message(of words: ReminderText, for claim: OutboxClaim) -> ChannelMessage {
    let title = Self.line(words.title)
    var context: [String: Any] = [
      "title": title, "doctor": Self.line(words.doctor.name), "day": words.day, "time_range": words.timeRange,
      "category": words.reminder.duty.category.rawValue, "starts": words.starts,
    ]
    context["qualification"] = words.doctor.qualification.map(Self.line)
    context["rooms"] = words.rooms.map(Self.line)
    context["speciality"] = words.reminder.duty.speciality.flatMap { $0.isEmpty ? nil : Self.line($0) }
    return message(
      reminder, title: title, summary: words.summary, context, data: words.data,
      topic: words.reminder.key.doctorDay.text,
      for: claim)
  }

  private func message(of words: NewsText, for claim: OutboxClaim) -> ChannelMessage {
    let title = Self.line(words.title)
    var context: [String: Any] = [
      "title": title, "doctor": Self.line(words.doctor.name), "day": words.day, "lines": words.lines.map(Self.line),
      "category": words.category,
    ]
    context["qualification"] = words.doctor.qualification.map(Self.line)
    context["speciality"] = words.speciality.map(Self.line)
    return message(
      news, title: title, summary: words.summary, context, data: words.data, topic: words.doctorDay.text, for: claim)
  }

  private func message(of words: DigestMessageText, for claim: OutboxClaim) -> ChannelMessage {
    let title = Self.line(words.title)
    var context: [String: Any] = [
      "title": title,
      "lines": words.lines.map { line in
        var fields = ["time_range": line.time, "doctor": Self.line(line.doctor)]
        fields["details"] = line.details.isEmpty ? nil : Self.line(line.details)
        return fields
      },
    ]
    context["rest"] = words.rest
    return message(
      digest, title: title, summary: words.summary, context, data: words.data, topic: claim.identity, for: claim)
  }

  /// - Parameter topic: the same for all that is said of one doctor's day, and of no other.
  private func message(
    _ form: Form, title: String, summary: String, _ context: [String: Any], data: [String: String], topic: String,
    for claim: OutboxClaim
  ) -> ChannelMessage {
    let link = unsubscribe.map {
      UnsubscribeLink(url: $0.url(for: claim.recipient.subscriber, channel: claim.recipient.channel))
    }
    var context = context
    context["unsubscribe"] = link?.url
    return ChannelMessage(
      id: claim.messageID, recipient: claim.recipient.address, recipientDetails: claim.recipient.details, title: title,
      text: form.text.render(context), summary: Self.line(summary), html: form.html.render(context), data: data,
      topic: SHA256Digest.name(of: Array(topic.utf8)), expiresAt: claim.content.endsAt, unsubscribe: link)
  }

  /// A message's two bodies.
  private struct Form {
    let text: MustacheTemplate
    let html: MustacheTemplate

    init(_ text: [UInt8], _ html: [UInt8]) throws {
      self.text = try MustacheTemplate(string: String(decoding: text, as: UTF8.self))
      self.html = try MustacheTemplate(string: String(decoding: html, as: UTF8.self))
    }
  }

  /// One line of at most `limit` Unicode scalars, without control characters.
  private static func line(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      let isBlank = scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
      line.unicodeScalars.append(isBlank ? " " : scalar)
    }
    return line
  }
}

extension OutboxClaim {
  /// The same for every try of one message, on whatever instance, and for no other.
  var messageID: String {
    let name = "\(identity)|\(content.event.rawValue)|\(recipient.subscriber)|\(recipient.channel.rawValue)"
    return SHA256Digest.name(of: Array(name.utf8))
  }
}
