import AppNotify
import Channels
import Curl
import Secrets
import Wording

/// How subscribers are told of duties: SMTP_URL, SMTP_TLS, SMTP_CA_FILE, SMTP_TIMEOUT, MAIL_API_URL, MAIL_API_KEY,
/// MAIL_API_TIMEOUT, MAIL_FROM, VAPID_PRIVATE_KEY, VAPID_SUBJECT, PUSH_ALLOWED_HOSTS, FCM_SERVICE_ACCOUNT, FCM_URL, PUBLIC_URL,
/// UNSUBSCRIBE_SECRET, NOTIFY_INTERVAL, NOTIFY_CONCURRENCY, NOTIFY_RATE.
struct NotifyConfiguration: Sendable {
  struct Mail: Sendable {
    enum Way: Sendable {
      case server(SMTPServer)
      case api(MailAPI)
    }

    var way: Way
    var sender: MailSender
    var timeout: Duration

    /// For messages.
    var place: String {
      switch way {
      case .server(let server): server.url
      case .api(let api): CurlURL.redacted(api.url)
      }
    }

    /// - Parameter client: asks an API.
    func channel(_ client: CurlClient) -> any MessageChannel {
      switch way {
      case .server(let server):
        SMTPChannel(server: server, sender: sender, timeout: timeout, now: CampusClock.now)
      case .api(let api):
        MailAPIChannel(api: api, sender: sender, client: client, timeout: timeout, now: CampusClock.now)
      }
    }
  }

  struct WebPush: Sendable {
    var identity: VAPIDIdentity
    var rule: PushEndpointRule
  }

  struct FCM: Sendable {
    var account: ServiceAccount
    /// Without a slash at its end.
    var base: String
  }

  /// Nil without SMTP_URL and MAIL_API_URL: then nobody is told by mail.
  var mail: Mail?
  /// Nil without VAPID_PRIVATE_KEY.
  var webPush: WebPush?
  /// Nil without FCM_SERVICE_ACCOUNT.
  var fcm: FCM?
  /// The service's own address, without a slash at its end.
  var publicURL: String?
  var unsubscribeSecret: Redacted<String>?
  var interval: Duration
  var pacing: Notifier.Options

  /// - Throws: `ConfigurationError`; it repeats neither password nor secret.
  init(environment: [String: String]) throws(ConfigurationError) {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    interval =
      try Self.duration(setting("NOTIFY_INTERVAL"), "NOTIFY_INTERVAL", .milliseconds(100), .seconds(900))
      ?? .seconds(900)
    pacing = try Self.pacing(environment)
    unsubscribeSecret = setting("UNSUBSCRIBE_SECRET").map { Redacted($0) }
    if let secret = unsubscribeSecret?.secret, secret.utf8.count < SignedUnsubscribeTokens.minimumSecretLength {
      throw ConfigurationError(
        "UNSUBSCRIBE_SECRET: at least \(SignedUnsubscribeTokens.minimumSecretLength) characters were expected, such as "
          + "`openssl rand -hex 16` gives")
    }
    if let url = setting("PUBLIC_URL") ?? setting("RENDER_EXTERNAL_URL") { publicURL = try Self.publicURL(url) }
    webPush = try Self.webPush(environment, publicURL: publicURL)
    fcm = try Self.fcm(environment)
    mail = try Self.mail(environment)
  }

  private static func mail(_ environment: [String: String]) throws(ConfigurationError) -> Mail? {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let https = setting("MAIL_API_URL")
    guard let url = setting("SMTP_URL") ?? https else {
      guard setting("MAIL_FROM") == nil else {
        throw ConfigurationError(
          "MAIL_FROM is set, SMTP_URL and MAIL_API_URL are not: name the mail server or the mail API too, or none of them"
        )
      }
      guard setting("MAIL_API_KEY") == nil else {
        throw ConfigurationError("MAIL_API_KEY is set and MAIL_API_URL is not: name the mail API too, or neither")
      }
      return nil
    }
    guard https == nil || setting("SMTP_URL") == nil else {
      throw ConfigurationError("MAIL_API_URL and SMTP_URL are both set: name one way for mail to go")
    }
    guard let from = setting("MAIL_FROM"), let sender = MailSender(from) else {
      throw ConfigurationError(
        "MAIL_FROM: the sender was expected, doctors@example.org or Health Centre <doctors@example.org>")
    }
    if let https {
      let timeout = try duration(setting("MAIL_API_TIMEOUT"), "MAIL_API_TIMEOUT", .milliseconds(500), .seconds(120))
      return Mail(
        way: .api(try api(https, key: setting("MAIL_API_KEY"))), sender: sender, timeout: timeout ?? .seconds(30))
    }
    let timeout = try duration(setting("SMTP_TIMEOUT"), "SMTP_TIMEOUT", .milliseconds(500), .seconds(120))
    return Mail(way: .server(try server(url, environment)), sender: sender, timeout: timeout ?? .seconds(30))
  }

  private static func server(
    _ url: String, _ environment: [String: String]
  ) throws(ConfigurationError) -> SMTPServer {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let encryption: SMTPServer.Encryption
    switch setting("SMTP_TLS") {
    case nil, "required": encryption = .required
    case "none": encryption = .none
    case .some(let other):
      throw ConfigurationError("SMTP_TLS \(other.debugDescription): required or none was expected")
    }
    do {
      return try SMTPServer(url: url, encryption: encryption, authorityFile: setting("SMTP_CA_FILE"))
    } catch {
      throw ConfigurationError("SMTP_URL: \(error)")
    }
  }

  private static func api(_ url: String, key: String?) throws(ConfigurationError) -> MailAPI {
    guard let key, MailAPI.isKey(key) else {
      throw ConfigurationError(
        "MAIL_API_KEY: the key of the mail API in MAIL_API_URL was expected, 8 to 500 ASCII characters without blanks")
    }
    do {
      return try MailAPI(url: url, key: Redacted(key))
    } catch {
      throw ConfigurationError("MAIL_API_URL: \(error)")
    }
  }

  private static func duration(
    _ text: String?, _ name: String, _ least: Duration, _ most: Duration
  ) throws(ConfigurationError) -> Duration? {
    guard let text else { return nil }
    guard let duration = DurationText.parse(text), duration >= least, duration <= most else {
      throw ConfigurationError(
        "\(name) \(text.debugDescription): a duration from \(DurationText.format(least)) to \(DurationText.format(most)) "
          + "was expected, such as 15s")
    }
    return duration
  }

  /// Mail programs post to https only; http is for this machine. Source: RFC 8058 §3.1.
  private static func publicURL(_ text: String) throws(ConfigurationError) -> String {
    guard let url = CurlURL(text), !url.host.isEmpty, url.scheme == "https" || (url.scheme == "http" && url.isLoopback),
      url.query == nil, url.user == nil, text.utf8.count <= 500, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else {
      throw ConfigurationError(
        "PUBLIC_URL \(CurlURL.redacted(text)): the service's own https:// URL was expected, such as https://doctors.example.org"
      )
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }
}
