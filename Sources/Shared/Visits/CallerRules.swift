/// By what words of a User-Agent callers are told apart: data, kept by hand.
///
/// A word counts between borders only, so that people with a phone named CUBOT are no bots.
/// - Source: what the vendors publish of their User-Agents, and captures; for names ending in `bot` that are no bots the
///   issues of isbot (#29) and http-browserdetect (#136). As of 2026-11-27.
enum CallerRules {
  /// At the User-Agent's beginning.
  private static let platforms: [StaticString] = [
    "render/", "kube-probe", "elb-healthchecker", "googlehc", "consul health check", "fly-healthcheck",
    "railwayhealthcheck", "platform health check", "digitalocean-health",
  ]
  private static let monitors: [StaticString] = [
    "uptimerobot", "uptime-kuma", "uptime kuma", "uptime", "upptime", "pingdom", "better uptime", "betteruptime",
    "betterstack", "better stack", "statuscake", "site24x7", "freshping", "hetrixtools", "updown.io", "checkly",
    "cron-job.org", "cronjob", "cron-job", "easycron", "healthchecks.io", "healthchecks", "healthcheck",
    "datadogsynthetics", "datadog/synthetics", "newrelicpinger", "new relic pinger", "nagios", "nagios-plugins",
    "check_http", "icinga", "zabbix", "blackbox exporter", "blackbox_exporter", "prometheus", "cloudprober", "monitis",
    "nodeping", "gatus", "kaffeine", "uptimia", "uptrends", "pulsetic", "oh dear", "ohdear", "openstatus", "instatus",
    "montastic", "keep-alive", "keepalive", "keep-awake", "render-ping", "github-actions", "monitor", "monitoring",
    "sentryuptimebot", "cloudwatchsynthetics",
  ]
  private static let bots: [StaticString] = [
    "slurp", "facebookexternalhit", "facebookexternalua", "meta-externalagent", "whatsapp", "embedly", "zgrab",
    "masscan", "nmap", "nuclei", "censys", "censysinspect", "expanse", "internetmeasurement", "l9explore", "l9tcpid",
    "scan", "scanner", "scrapy", "projectdiscovery", "headlesschrome", "lighthouse", "chrome-lighthouse", "archive.org",
    "ia_archiver", "semrush", "ahrefs", "dataprovider", "netcraft", "palo alto", "mediapartners-google",
    "feedfetcher-google", "google-inspectiontool", "google-read-aloud", "bingpreview", "skypeuripreview",
    "chatgpt-user",
    "perplexity-user", "claude-user", "claude-web", "anthropic-ai", "cohere-ai", "nikto", "sqlmap", "wpscan",
  ]
  /// A word of letters and digits with one of these at its end is a bot's name.
  private static let endings: [StaticString] = ["bot", "bots", "crawler", "spider", "scraper"]
  private static let people: [StaticString] = ["cubot"]

  private static let longestAgent = 400

  static func caller(_ agent: LogBytes) -> Caller {
    guard !agent.isEmpty else { return .program }
    if isLoadTest(agent) { return .loadTest }
    if agent.hasPrefix("Outgrown/") {
      return agent.index(of: "(monitor") != nil ? .ownMonitor : .monitor(name: name(agent, at: agent.startIndex))
    }
    let lowered = agent.prefix(longestAgent).map(\.lowered)[...]
    func place(_ index: Int) -> Int { agent.startIndex + index }
    if platforms.contains(where: { lowered.hasPrefix($0) }) {
      return .platform(name: name(agent, at: agent.startIndex))
    }
    for word in monitors {
      if let index = find(word, in: lowered) { return .monitor(name: name(agent, at: place(index))) }
    }
    if let index = namedBot(lowered) { return .bot(name: name(agent, at: place(index))) }
    for word in bots {
      if let index = find(word, in: lowered) { return .bot(name: name(agent, at: place(index))) }
    }
    return lowered.hasPrefix("mozilla/") || lowered.hasPrefix("opera/") ? .browser : .program
  }

  /// A load test names itself last, behind what its author wants to be called.
  private static func isLoadTest(_ agent: LogBytes) -> Bool {
    guard let mark = agent.index(of: "(load test"), let name = agent.index(of: "Outgrown/"), name < mark else {
      return false
    }
    return name == agent.startIndex || agent[name - 1].isBlank
  }

  /// Where `word` stands with borders around it.
  private static func find(_ word: StaticString, in text: LogBytes) -> Int? {
    var from = text.startIndex
    while let index = text.index(of: word, from: from) {
      let end = index + word.utf8CodeUnitCount
      let startsThere = index == text.startIndex || !(text[index - 1].isLetter || text[index - 1].isDigit)
      let endsThere = end == text.endIndex || !text[end].isLetter
      if startsThere && endsThere { return index }
      from = index + 1
    }
    return nil
  }

  /// Where a word begins whose ending says that it is a bot's.
  private static func namedBot(_ text: LogBytes) -> Int? {
    var index = text.startIndex
    while index < text.endIndex {
      let start = index
      while index < text.endIndex, text[index].isLetter || text[index].isDigit { index += 1 }
      let word = text[start..<index]
      if word.count >= 3,
        endings.contains(where: { word.count >= $0.utf8CodeUnitCount && word.suffix($0.utf8CodeUnitCount).equals($0) }),
        !people.contains(where: { word.equals($0) })
      {
        return start
      }
      index += 1
    }
    return nil
  }

  /// The product around a place in a User-Agent: `Googlebot/2.1` out of `Mozilla/5.0 (compatible; Googlebot/2.1; …)`.
  private static func name(_ agent: LogBytes, at index: Int) -> String {
    func isBorder(_ byte: UInt8) -> Bool { byte.isBlank || ";(),+".utf8.contains(byte) }
    var low = index
    while low > agent.startIndex, !isBorder(agent[low - 1]) { low -= 1 }
    var high = index
    while high < agent.endIndex, !isBorder(agent[high]) { high += 1 }
    return agent[low..<max(low, high)].text(limit: 40)
  }
}
