package import AppDomain
package import Channels
import Digests
import Mustache

/// Writes the message of a claim. What comes from the schedule is text: in HTML it is escaped, in a title it is one line.
package struct MessageWriter: Sendable {
  private let text: MustacheTemplate
  private let html: MustacheTemplate
  private let unsubscribe: UnsubscribeLinks?

  /// The longest name, room or speciality that is shown.
  private static let limit = 200

  /// - Parameter unsubscribe: nil where the service has no address or no secret of its own.
  package init(unsubscribe: UnsubscribeLinks? = nil) throws {
    text = try MustacheTemplate(string: String(decoding: PackageResources.reminder_txt_mustache, as: UTF8.self))
    html = try MustacheTemplate(string: String(decoding: PackageResources.reminder_html_mustache, as: UTF8.self))
    self.unsubscribe = unsubscribe
  }

  /// - Parameter now: seconds since 1970.
  package func message(for claim: OutboxClaim, at now: Double) -> ChannelMessage {
    let words = ReminderText(reminder: claim.reminder, now: now)
    let link = unsubscribe.map {
      UnsubscribeLink(url: $0.url(for: claim.recipient.subscriber, channel: claim.recipient.channel))
    }
    let title = Self.line(words.title)
    // Nobody's phone is to ring for a duty that has started, and nobody is to pay for it.
    let isOverAtStart = claim.event == .startsSoon && NotificationChannel.phones.contains(claim.recipient.channel)
    var context: [String: Any] = [
      "title": title, "doctor": Self.line(words.doctor.name), "day": words.day, "time_range": words.timeRange,
      "category": claim.reminder.duty.category.rawValue, "starts": words.starts,
    ]
    context["qualification"] = words.doctor.qualification.map(Self.line)
    context["rooms"] = words.rooms.map(Self.line)
    context["speciality"] = claim.reminder.duty.speciality.flatMap { $0.isEmpty ? nil : Self.line($0) }
    context["unsubscribe"] = link?.url
    return ChannelMessage(
      id: claim.messageID, recipient: claim.recipient.address, recipientDetails: claim.recipient.details, title: title,
      text: text.render(context), summary: Self.line(words.summary), html: html.render(context), data: words.data,
      topic: claim.reminder.topic, expiresAt: isOverAtStart ? claim.reminder.startsAt : claim.reminder.endsAt,
      unsubscribe: link, reference: claim.id)
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

extension DutyReminder {
  /// The same for all that is said of one duty, and of no other.
  fileprivate var topic: String {
    SHA256Digest.name(of: Array(key.text.utf8))
  }
}

extension OutboxClaim {
  /// The same for every try of one message, on whatever instance, and for no other.
  var messageID: String {
    let name = "\(reminder.key.text)|\(event.rawValue)|\(recipient.subscriber)|\(recipient.channel.rawValue)"
    return SHA256Digest.name(of: Array(name.utf8))
  }
}
