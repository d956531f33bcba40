import AppDomain
import AppNotify
import ArgumentParser
import Channels
import Curl
import Foundation
import HTTPService
import Terminal
import Wording

struct TestMessageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test-message",
    abstract:
      "Sends one made-up message with the settings of the environment, and says what the other side answered.",
    discussion: """
      SMTP_URL or MAIL_API_URL with MAIL_FROM, VAPID_PRIVATE_KEY or FCM_SERVICE_ACCOUNT, and the others of docs/notifications.md. Needs no \
      database; nobody else is written to.

        SMTP_URL=smtp://user:password@mail.example:587 MAIL_FROM=doctors@example.org \\
          outgrown app test-message --to you@example.org
        outgrown app test-message --channel web_push --to subscription.json
        outgrown app test-message --channel fcm --to "$TOKEN"
      """
  )

  enum Channel: String, ExpressibleByArgument, CaseIterable {
    case email
    case webPush = "web_push"
    case fcm

    var kind: NotificationChannel {
      switch self {
      case .email: .email
      case .webPush: .webPush
      case .fcm: .fcm
      }
    }
  }

  @Option(help: "By which way.")
  var channel = Channel.email

  enum Event: String, ExpressibleByArgument, CaseIterable {
    case startsSoon = "starts_soon"
    case moved, cancelled, digest
  }

  @Option(help: "What it says.")
  var event = Event.startsSoon

  @Option(
    help: ArgumentHelp(
      "Who gets it: a mail address; a browser's subscription, as JSON or a file that has it; a device's token.",
      valueName: "recipient"))
  var to: String

  @Flag(help: "Print one line of JSON.")
  var json = false

  func run() async throws {
    do {
      let configuration = try NotifyConfiguration(environment: Settings.current().environment)
      let client = try CurlClient(maxTransfers: 1)
      defer { client.shutdown() }
      let (sender, server) = try sender(configuration, client)
      let address = try address()
      let message = try Self.message(event, to: address, at: CampusClock.now())
      let start = ContinuousClock.now
      try await sender.send(message)
      report(server, message, took: start.duration(to: .now))
    } catch let error as ChannelError {
      let isFinal = error.code == .refused || error.code == .gone
      throw CommandFailure(isFinal ? .badData : .unavailable, "not taken: \(error)")
    }
  }

  /// The channel, and what stands for the other side in what is said.
  private func sender(
    _ configuration: NotifyConfiguration, _ client: CurlClient
  ) throws(ConfigurationError) -> (any MessageChannel, String) {
    switch channel {
    case .email:
      guard let mail = configuration.mail else {
        throw ConfigurationError(
          "SMTP_URL names no mail server, nor MAIL_API_URL a mail API: smtp://user:password@host:587 was expected")
      }
      return (mail.channel(client), mail.place)
    case .webPush:
      guard let channel = configuration.webPushChannel(client) else {
        throw ConfigurationError("VAPID_PRIVATE_KEY is not set: `outgrown app vapid-keys` makes one")
      }
      return (channel, "the push service")
    case .fcm:
      guard let channel = configuration.fcmChannel(client) else {
        throw ConfigurationError("FCM_SERVICE_ACCOUNT is not set: a service account's JSON, or its file, was expected")
      }
      return (channel, channel.base)
    }
  }

  private func address() throws(ConfigurationError) -> SubscriberAddress {
    func address(_ text: String, _ details: String? = nil) -> SubscriberAddress {
      SubscriberAddress(subscriber: 0, channel: channel.kind, address: text, details: details)
    }
    switch channel {
    case .email:
      guard let recipient = EmailAddress(to) else {
        throw ConfigurationError("--to \(to.debugDescription): an address such as name@example.org was expected")
      }
      return address(recipient.text)
    case .webPush:
      let isJSON = to.drop(while: \.isWhitespace).hasPrefix("{")
      let json = isJSON ? to : FileManager.default.contents(atPath: to).map { String(decoding: $0, as: UTF8.self) }
      guard let json else {
        throw ConfigurationError("--to: a browser's subscription was expected, as JSON or a file that can be read")
      }
      do throws(PushSubscription.Refusal) {
        return address(try PushSubscription(json: json).endpoint, json)
      } catch {
        throw ConfigurationError("--to: \(error)")
      }
    case .fcm: return address(to)
    }
  }

  private func report(_ server: String, _ message: ChannelMessage, took time: Duration) {
    guard json else {
      let what = channel == .email ? "a mail to \(message.recipient)" : "a notification"
      print("\(server) has taken \(what) in \(DurationText.format(time))")
      return
    }
    var writer = JSONWriter(capacity: 256)
    writer.object { json in
      json.field("channel", channel.rawValue)
      json.field("server", server)
      if channel == .email { json.field("recipient", message.recipient) }
      json.field("message_id", message.id)
      json.field("seconds", (time.seconds * 1_000).rounded() / 1_000)
    }
    print(String(decoding: writer.bytes, as: UTF8.self))
  }

  /// A duty of nobody's, in three quarters of an hour.
  private static func message(
    _ event: Event, to recipient: SubscriberAddress, at now: Double
  ) throws -> ChannelMessage {
    let start = (now / 60).rounded() * 60 + 45 * 60
    let duty = Duty(
      category: .visiting, name: "Dr. Test- MBBS", timing: CampusTime.clock(at: start), room: "4", speciality: "Test")
    let date = CampusTime.day(at: start)
    let key = DutyKey(text: "test|\(UUID().uuidString)|")
    let reminder = DutyReminder(
      key: key, date: date, duty: duty, rooms: ["4"], startsAt: start, endsAt: start + 4 * 3_600)
    let claim = OutboxClaim(
      id: 0, token: "", identity: key.text, content: content(event, reminder, at: now), recipient: recipient, attempt: 1
    )
    return try MessageWriter().message(for: claim, at: now)
  }

  private static func content(_ event: Event, _ reminder: DutyReminder, at now: Double) -> OutboxContent {
    var earlier = reminder
    earlier.startsAt -= 900
    let before = DoctorRoster(slots: [DoctorRoster.Slot(earlier)])
    let after = DoctorRoster(slots: event == .moved ? [DoctorRoster.Slot(reminder)] : [])
    switch event {
    case .startsSoon: return .reminder(reminder)
    case .moved, .cancelled:
      return .news(
        RosterNews(from: before, to: after, at: now),
        of: DoctorDay(date: reminder.date, duty: reminder.duty) ?? reminder.key.doctorDay,
        on: reminder.date)
    case .digest: return .digest(DutyDigest(date: reminder.date, duties: [earlier, reminder]))
    }
  }
}
