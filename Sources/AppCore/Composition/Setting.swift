import AppStore
import Channels
import Sentry

/// A setting of the service: what it is called, and what holds when nobody sets it.
struct Setting {
  let name: String
  /// What holds when nobody sets it; nil: nothing.
  let standard: String?
  let kind: Kind
  let about: String

  enum Kind {
    case plain
    /// May hold a password.
    case address
    /// Never shown.
    case secret
  }

  init(_ name: String, _ standard: String?, _ kind: Kind = .plain, _ about: String) {
    self.name = name
    self.standard = standard
    self.kind = kind
    self.about = about
  }

  static let all = [
    Setting("SCHEDULE_URL", ServeConfiguration.defaultSource, .address, "the schedule's web page"),
    Setting("DATABASE_URL", DatabaseLocation.defaultURL, .address, "sqlite:path or postgres://…"),
    Setting("HOST", "127.0.0.1", "the address to listen on"),
    Setting("PORT", "8000", "the port to listen on, 0 for any"),
    Setting("LOG_LEVEL", "info", "trace to critical"),
    Setting("LOG_FORMAT", nil, "text, json or classic; else text on a terminal and json elsewhere"),
    Setting("LOG_FILE", nil, "also write the log there, moved aside at 10,000,000 bytes"),
    Setting("SCRAPER_INTERVAL_HOURS", nil, "hours between scrapes, instead of the timetable"),
    Setting("SCRAPER_CRON", nil, "when to scrape, in Asia/Kolkata"),
    Setting("CACHE", "on", "off keeps no answers"),
    Setting("CACHE_TTL", "300", "how long answers are kept"),
    Setting("INDEXES", "on", "off makes a new database without indexes, to measure what they are worth"),
    Setting("REDIS_URL", nil, .address, "a Redis by which instances share answers, redis://user:password@host:6379/0"),
    Setting("REDIS_PREFIX", RedisSettings.standardPrefix, "what their keys begin with there"),
    Setting("TRUSTED_PROXIES", nil, "whose word on clients is believed, in CIDR notation"),
    Setting("ALLOWED_ORIGINS", nil, "whose web pages may read answers"),
    Setting("ADMIN_TOKEN", nil, .secret, "opens what is the operator's"),
    Setting("DEVELOPMENT", "0", "1 opens that to everybody, on loopback only"),
    Setting("LIMIT_PER_MINUTE", "60", "what one client may ask of subscriptions and devices"),
    Setting("SUBSCRIBERS_MAX", "10000", "subscribers at most"),
    Setting("DEVICES_MAX", "10000", "devices at most"),
    Setting("INSTANCE_ID", nil, "this instance's name, for /health"),
    Setting("REGION", nil, "where it runs, for /health"),
    Setting("PLAN", nil, "on which plan it runs, for /health"),
    Setting("SMTP_URL", nil, .address, "the mail server, smtp://user:password@host:587"),
    Setting("SMTP_TLS", "required", "none sends unencrypted"),
    Setting("SMTP_CA_FILE", nil, "authorities to trust instead of the system's"),
    Setting("SMTP_TIMEOUT", "30s", "for one mail"),
    Setting("MAIL_API_URL", nil, .address, "a mail API instead of a mail server, https://api.resend.com/emails"),
    Setting("MAIL_API_KEY", nil, .secret, "shown to that API"),
    Setting("MAIL_API_TIMEOUT", "30s", "for one mail"),
    Setting("MAIL_FROM", nil, "the sender"),
    Setting("VAPID_PRIVATE_KEY", nil, .secret, "pushes to browsers; `app vapid-keys` makes one"),
    Setting("VAPID_SUBJECT", nil, "whom push services can ask, mailto: or https:; else PUBLIC_URL"),
    Setting("PUSH_ALLOWED_HOSTS", "default", "the push services that browsers may name"),
    Setting("FCM_SERVICE_ACCOUNT", nil, .secret, "pushes to mobile clients: Google's JSON, or the file that has it"),
    Setting("FCM_URL", FCMChannel.standardBase, .address, "where Firebase Cloud Messaging is"),
    Setting("TWILIO_ACCOUNT_SID", nil, "tells phones, by SMS and WhatsApp: the account at Twilio"),
    Setting("TWILIO_AUTH_TOKEN", nil, .secret, "of that account; it also verifies Twilio's webhooks"),
    Setting("TWILIO_API_KEY_SID", nil, "a key to send by instead of the account's token"),
    Setting("TWILIO_API_KEY_SECRET", nil, .secret, "of that key"),
    Setting("TWILIO_FROM", nil, "who SMS are from, +14155550100, a short code or a name"),
    Setting("TWILIO_MESSAGING_SERVICE_SID", nil, "a messaging service instead"),
    Setting("TWILIO_WHATSAPP_FROM", nil, "who WhatsApp messages are from, +14155238886"),
    Setting("TWILIO_WHATSAPP_CONTENT_SID", nil, "the template of reminders"),
    Setting("TWILIO_WHATSAPP_CODE_CONTENT_SID", nil, "the template of codes; else they go as SMS"),
    Setting("TWILIO_URL", TwilioAccount.standardBase, .address, "where Twilio is"),
    Setting("TWILIO_TIMEOUT", "15s", "for one message"),
    Setting("MESSAGE_SPEND_CAP", nil, "dollars that all messages to phones of a month may cost"),
    Setting("MESSAGE_PRICES", nil, "what a message costs, +91=0.0832@2026-11-01,whatsapp:+91=0.0065@2026-11-01"),
    Setting(
      "MESSAGE_CODES_PER_HOUR", "\(NotifyConfiguration.standardCodesPerHour)", "codes to phones, all together"),
    Setting("QUIET_HOURS", NotifyConfiguration.standardQuietHours, "when no phone is to ring; off: never"),
    Setting("PUBLIC_URL", nil, "the service's own address, for links in mails"),
    Setting("UNSUBSCRIBE_SECRET", nil, .secret, "signs links in mails"),
    Setting("NOTIFY_INTERVAL", "15m", "how often it looks for what is due at the least"),
    Setting("HEARTBEAT_URL", nil, .address, "a monitor that is told that it runs"),
    Setting("HEARTBEAT_TOKEN", nil, .secret, "shown to that monitor"),
    Setting("HEARTBEAT_INTERVAL", "60s", "how often it is told"),
    Setting("SENTRY_DSN", nil, .secret, "a project of Sentry that is told of errors, https://key@host/project"),
    Setting("SENTRY_ENVIRONMENT", SentryOptions.standardEnvironment, "what Sentry calls this deployment"),
    Setting("SENTRY_RELEASE", nil, "what Sentry calls this version; else outgrown@ and the version"),
    Setting("SENTRY_SAMPLE_RATE", "1", "the share of errors that is sent, 0 to 1"),
    Setting("BACKUP_TO", nil, "a folder or s3://bucket/folder"),
    Setting("BACKUP_EVERY", "24h", "how often"),
    Setting("BACKUP_KEEP", "7", "how many stay"),
    Setting("AWS_ACCESS_KEY_ID", nil, .secret, "for s3://"),
    Setting("AWS_SECRET_ACCESS_KEY", nil, .secret, "for s3://"),
    Setting("AWS_SESSION_TOKEN", nil, .secret, "for s3://"),
    Setting("AWS_REGION", "us-east-1", "for s3://"),
    Setting("AWS_ENDPOINT_URL", nil, .address, "for s3:// of others than Amazon"),
  ]
}

extension Setting {
  init(_ name: String, _ standard: String?, _ about: String) { self.init(name, standard, .plain, about) }
}
