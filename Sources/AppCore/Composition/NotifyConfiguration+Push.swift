import Channels
import Cryptography
import Foundation

extension NotifyConfiguration {
  /// VAPID_PRIVATE_KEY, VAPID_SUBJECT, PUSH_ALLOWED_HOSTS, and DEVELOPMENT, which lets pushes go to this machine.
  /// - Returns: nil without VAPID_PRIVATE_KEY.
  /// - Throws: `ConfigurationError`; it never repeats the key.
  static func webPush(
    _ environment: [String: String], publicURL: String?
  ) throws(ConfigurationError) -> WebPush? {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let hosts = try setting("PUSH_ALLOWED_HOSTS").map(pushHosts) ?? PushEndpointRule.standardHosts
    guard let text = setting("VAPID_PRIVATE_KEY") else {
      if setting("VAPID_SUBJECT") != nil {
        throw ConfigurationError(
          "VAPID_SUBJECT is set and VAPID_PRIVATE_KEY is not: set both, or neither; `outgrown app vapid-keys` makes a key"
        )
      }
      return nil
    }
    let key: P256PrivateKey
    do throws(VAPIDIdentity.Refusal) {
      key = try VAPIDIdentity.key(text)
    } catch {
      throw ConfigurationError("VAPID_PRIVATE_KEY: \(error), such as `outgrown app vapid-keys` makes")
    }
    guard let subject = setting("VAPID_SUBJECT") ?? publicURL else {
      throw ConfigurationError(
        "VAPID_SUBJECT: whom push services can ask was expected, mailto:name@example.org or an https:// URL; or PUBLIC_URL"
      )
    }
    do throws(VAPIDIdentity.Refusal) {
      return WebPush(
        identity: try VAPIDIdentity(key: key, subject: subject),
        rule: PushEndpointRule(hosts: hosts, allowsLoopback: setting("DEVELOPMENT") == "1"))
    } catch {
      throw ConfigurationError("VAPID_SUBJECT \(subject.prefix(100).debugDescription): \(error)")
    }
  }

  /// Names, with commas between; `default` stands for the services of the browsers.
  private static func pushHosts(_ text: String) throws(ConfigurationError) -> [String] {
    var hosts: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.trimmingCharacters(in: .whitespaces).lowercased()
      if name == "default" {
        hosts += PushEndpointRule.standardHosts
        continue
      }
      let labels = (name.hasPrefix("*.") ? name.dropFirst(2) : name[...])
        .split(separator: ".", omittingEmptySubsequences: false)
      guard
        labels.allSatisfy({ label in
          !label.isEmpty
            && label.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        }), labels.count >= 2 || !name.hasPrefix("*")
      else {
        throw ConfigurationError(
          "PUSH_ALLOWED_HOSTS \(text.prefix(200).debugDescription): hosts were expected, separated by commas, such as "
            + "default,push.example.org,*.push.example.net")
      }
      hosts.append(name)
    }
    return hosts
  }

  /// FCM_SERVICE_ACCOUNT, as JSON or the path of a file that has it, and FCM_URL.
  /// - Returns: nil without FCM_SERVICE_ACCOUNT.
  /// - Throws: `ConfigurationError`; it repeats nothing of the account.
  static func fcm(_ environment: [String: String]) throws(ConfigurationError) -> FCM? {
    func setting(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let base = setting("FCM_URL") ?? FCMChannel.standardBase
    guard ServiceAccount.isBase(base) else {
      throw ConfigurationError(
        "FCM_URL: an https:// URL was expected, such as \(FCMChannel.standardBase); http:// only of this machine")
    }
    guard let text = setting("FCM_SERVICE_ACCOUNT") else { return nil }
    var json = text
    if !text.drop(while: \.isWhitespace).hasPrefix("{") {
      let data = FileManager.default.contents(atPath: text)
      guard let data, data.count <= 100_000, let content = String(data: data, encoding: .utf8) else {
        throw ConfigurationError(
          "FCM_SERVICE_ACCOUNT: a service account's JSON was expected, or the path of a file that has it and can be read"
        )
      }
      json = content
    }
    do throws(ServiceAccount.Refusal) {
      return FCM(
        account: try ServiceAccount(json: json), base: base.hasSuffix("/") ? String(base.dropLast()) : base)
    } catch {
      throw ConfigurationError("FCM_SERVICE_ACCOUNT: \(error)")
    }
  }
}
