import AppDomain
import AppNotify
import Foundation

extension NotifyConfiguration {
  /// NOTIFY_CONCURRENCY and NOTIFY_RATE, by channel.
  /// - Throws: `ConfigurationError`.
  static func pacing(_ environment: [String: String]) throws(ConfigurationError) -> Notifier.Options {
    var options = Notifier.Options()
    for (channel, number) in try pairs(
      environment, "NOTIFY_CONCURRENCY", "messages at once, 1 to 64", "email=2", 1...64, isWhole: true)
    {
      options.concurrencies[channel] = Int(number)
    }
    for (channel, number) in try pairs(
      environment, "NOTIFY_RATE", "messages a second, 0.1 to 1000", "email=2,web_push=50", 0.1...1_000)
    {
      options.rates[channel] = number
    }
    return options
  }

  /// `email=2,web_push=50`.
  private static func pairs(
    _ environment: [String: String], _ name: String, _ meaning: String, _ example: String, _ range: ClosedRange<Double>,
    isWhole: Bool = false
  ) throws(ConfigurationError) -> [(NotificationChannel, Double)] {
    guard let text = environment[name], !text.isEmpty else { return [] }
    var found: [(NotificationChannel, Double)] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard words.count == 2, let channel = NotificationChannel(rawValue: words[0]),
        !found.contains(where: { $0.0 == channel }),
        words[1].utf8.allSatisfy({ $0 >= 0x2E && $0 <= 0x39 && $0 != 0x2F }),
        let number = Double(words[1]), range.contains(number),
        !isWhole || number == number.rounded()
      else {
        throw ConfigurationError(
          "\(name) \(text.prefix(200).debugDescription): \(meaning), were expected by channel, such as \(example)")
      }
      found.append((channel, number))
    }
    return found
  }
}
