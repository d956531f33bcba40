import AppNotify
import Channels
import Curl
import Secrets
import Wording

/// How subscribers are told of duties: SMTP_URL, SMTP_TLS, SMTP_CA_FILE, SMTP_TIMEOUT, MAIL_FROM, VAPID_PRIVATE_KEY,
/// VAPID_SUBJECT, PUSH_ALLOWED_HOSTS, FCM_SERVICE_ACCOUNT, FCM_URL, PUBLIC_URL, UNSUBSCRIBE_SECRET, NOTIFY_INTERVAL.
struct NotifyConfiguration: Sendable {
  struct Mail: Sendable {
    var server: SMTPServer
    var sender: MailSender
    var timeout: Duration
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

  /// Nil without SMTP_URL: then nobody is told by mail.
  var mail: Mail?
  /// Nil without VAPID_PRIVATE_KEY.
  var webPush: WebPush?
  /// Nil without FCM_SERVICE_ACCOUNT.
  var fcm: FCM?
  /// The service's own address, without a slash at its end.
  var publicURL: String?
  var unsubscribeSecret: Redacted<String>?
  var interval: Duration

  /// - Throws: `ConfigurationError`; it repeats neither password nor secret.
  init(environment: [String: String]) throws(ConfigurationError) {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    interval =
      try Self.duration(setting("NOTIFY_INTERVAL"), "NOTIFY_INTERVAL", .milliseconds(100), .seconds(300))
      ?? .seconds(15)
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
    guard let url = setting("SMTP_URL") else {
      if setting("MAIL_FROM") != nil {
        throw ConfigurationError("MAIL_FROM is set and SMTP_URL is not: name the mail server too, or neither")
      }
      return nil
    }
    guard let from = setting("MAIL_FROM"), let sender = MailSender(from) else {
      throw ConfigurationError(
        "MAIL_FROM: the sender was expected, doctors@example.org or Health Centre <doctors@example.org>")
    }
    let encryption: SMTPServer.Encryption
    switch setting("SMTP_TLS") {
    case nil, "required": encryption = .required
    case "none": encryption = .none
    case .some(let other):
      throw ConfigurationError("SMTP_TLS \(other.debugDescription): required or none was expected")
    }
    let server: SMTPServer
    do {
      server = try SMTPServer(url: url, encryption: encryption, authorityFile: setting("SMTP_CA_FILE"))
    } catch {
      throw ConfigurationError("SMTP_URL: \(error)")
    }
    let timeout = try duration(setting("SMTP_TIMEOUT"), "SMTP_TIMEOUT", .milliseconds(500), .seconds(120))
    return Mail(server: server, sender: sender, timeout: timeout ?? .seconds(30))
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
