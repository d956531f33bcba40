import AppDomain
import AppNotify
import ArgumentParser
import Channels
import Curl
import Foundation
import HTTPService
import Terminal
import Wording

struct TestMailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test-mail",
    abstract:
      "Sends one made-up reminder with the settings of the environment, and says what the mail server answered.",
    discussion: """
      SMTP_URL or MAIL_API_URL, MAIL_FROM, and the others of docs/notifications.md. Needs no database; nobody else is written to.

        SMTP_URL=smtp://user:password@mail.example:587 MAIL_FROM=doctors@example.org \\
          outgrown app test-mail --to you@example.org
      """
  )

  @Option(help: ArgumentHelp("Who gets it.", valueName: "address"))
  var to: String

  @Flag(help: "Print one line of JSON.")
  var json = false

  func run() async throws {
    do {
      let configuration = try NotifyConfiguration(environment: Settings.current().environment)
      guard let mail = configuration.mail else {
        throw ConfigurationError(
          "SMTP_URL names no mail server, nor MAIL_API_URL a mail API: smtp://user:password@host:587 was expected")
      }
      guard let recipient = EmailAddress(to) else {
        throw ConfigurationError("--to \(to.debugDescription): an address such as name@example.org was expected")
      }
      let channel = mail.channel(try CurlClient(maxTransfers: 1))
      let message = try Self.message(to: recipient, at: CampusClock.now())
      let start = ContinuousClock.now
      try await channel.send(message)
      report(mail, message, took: start.duration(to: .now))
    } catch let error as ChannelError {
      throw CommandFailure([.refused, .gone].contains(error.code) ? .badData : .unavailable, "not taken: \(error)")
    }
  }

  private func report(_ mail: NotifyConfiguration.Mail, _ message: ChannelMessage, took time: Duration) {
    guard json else {
      print("\(mail.place) has taken a mail to \(message.recipient) in \(DurationText.format(time))")
      return
    }
    var writer = JSONWriter(capacity: 256)
    writer.object { json in
      json.field("server", mail.place)
      json.field("recipient", message.recipient)
      json.field("message_id", message.id)
      json.field("seconds", (time.seconds * 1_000).rounded() / 1_000)
    }
    print(String(decoding: writer.bytes, as: UTF8.self))
  }

  /// A duty of nobody's, in three quarters of an hour.
  private static func message(to recipient: EmailAddress, at now: Double) throws -> ChannelMessage {
    let start = (now / 60).rounded() * 60 + 45 * 60
    let duty = Duty(
      category: .visiting, name: "Dr. Test- MBBS", timing: CampusTime.clock(at: start), room: "4", speciality: "Test")
    let date = CampusTime.day(at: start)
    let reminder = DutyReminder(
      key: DutyKey(text: "test|\(UUID().uuidString)"), date: date, duty: duty, rooms: ["4"], startsAt: start,
      endsAt: start + 4 * 3_600)
    let claim = OutboxClaim(
      id: 0, token: "", event: .startsSoon, reminder: reminder,
      recipient: SubscriberAddress(subscriber: 0, channel: .email, address: recipient.text), attempt: 1)
    return try MessageWriter().message(for: claim, at: now)
  }
}
