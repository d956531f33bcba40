import AppDomain

/// Tells clients apart by the words of their User-Agent; nothing is allocated.
enum UserAgent {
  private static let platforms: [StaticString] = ["render/", "kube-probe", "googlehc", "platform health check"]
  private static let monitors: [StaticString] = [
    "(monitor)", "uptime", "pingdom", "statuscake", "betterstack", "better stack", "cron-job", "hetrixtools", "gatus",
    "freshping", "site24x7", "updown.io", "healthchecks",
  ]
  private static let bots: [StaticString] = ["bot", "crawl", "spider", "slurp", "facebookexternalhit", "preview"]

  static func client(_ agent: String) -> RequestClient {
    if platforms.contains(where: { contains(agent, $0) }) { return .platform }
    if monitors.contains(where: { contains(agent, $0) }) { return .monitor }
    if bots.contains(where: { contains(agent, $0) }) { return .bot }
    return contains(agent, "mozilla/") ? .browser : .program
  }

  /// Whether `text` contains `word`, which is ASCII in lower case; the text's case does not matter.
  static func contains(_ text: String, _ word: StaticString) -> Bool {
    word.withUTF8Buffer { word in
      let found = text.utf8.withContiguousStorageIfAvailable { text in
        guard text.count >= word.count else { return false }
        return (0...(text.count - word.count)).contains { start in
          word.indices.allSatisfy { lowercased(text[start + $0]) == word[$0] }
        }
      }
      return found ?? false
    }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  /// FNV-1a with 64 bits. Source: Fowler, Noll, Vo, http://www.isthe.com/chongo/tech/comp/fnv/
  static func hash(_ text: String, seed: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
    text.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
