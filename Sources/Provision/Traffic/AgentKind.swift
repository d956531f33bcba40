import Evidence

/// Who calls, as far as a User-Agent says.
enum AgentKind: Equatable {
  /// A browser, an application, or nothing: a visitor until its rhythm says otherwise.
  case person(isBrowser: Bool)
  case setApart(Traffic.SetApart.Kind, name: String)

  /// Words of the User-Agents of uptime monitors and pingers, in lower case.
  private static let monitors: [StaticString] = [
    "uptimerobot", "uptime-kuma", "uptime kuma", "pingdom", "better uptime", "betteruptime", "betterstack",
    "better stack", "statuscake", "site24x7", "freshping", "hetrixtools", "updown.io", "checkly", "cron-job.org",
    "cronjob", "easycron", "healthchecks.io", "datadogsynthetics", "newrelicpinger", "new relic pinger", "nagios",
    "check_http", "zabbix", "blackbox exporter", "blackbox_exporter", "prometheus/", "monitis", "nodeping", "gatus",
    "kaffeine", "outgrown", "uptimia", "pulsetic", "oh dear", "ohdear", "keep-alive", "keepalive", "keep-awake",
    "render-ping", "github-actions",
  ]
  private static let platform: [StaticString] = [
    "render/", "kube-probe", "elb-healthchecker", "googlehc", "consul health check", "fly-healthcheck",
    "railwayhealthcheck",
  ]
  private static let bots: [StaticString] = [
    "bot/", "bot;", "bot ", "bot)", "bot-", "googlebot", "bingbot", "crawler", "spider", "slurp", "facebookexternalhit",
    "facebookexternalua", "whatsapp/", "telegrambot", "slackbot", "discordbot", "twitterbot", "linkedinbot", "embedly",
    "zgrab", "masscan", "nmap", "nuclei", "censys", "expanse", "internetmeasurement", "l9explore", "scan", "scrapy",
    "httpx", "headlesschrome", "lighthouse", "archive.org", "gptbot", "claudebot", "ccbot", "bytespider", "semrush",
    "ahrefs", "mj12", "dataprovider", "netcraft", "palo alto",
  ]

  /// The load generator's own: `Outgrown/0.1.0 (load test; +campus-morning)`.
  static func isLoadTest(_ agent: LogBytes) -> Bool {
    agent.hasPrefix("Outgrown/") && agent.index(of: "load test") != nil
  }

  static func classify(_ agent: LogBytes) -> AgentKind {
    guard !agent.isEmpty else { return .person(isBrowser: false) }
    var lowered = Array(agent.prefix(400))
    for index in lowered.indices { lowered[index] = lowered[index].lowered }
    let text = lowered[...]
    if platform.contains(where: { text.index(of: $0) == text.startIndex }) {
      return .setApart(.platform, name: name(agent, at: agent.startIndex))
    }
    for word in monitors {
      if let index = text.index(of: word) {
        return .setApart(.monitor, name: name(agent, at: agent.startIndex + index))
      }
    }
    if text.last == UInt8(ascii: "t"), text.suffix(3).elementsEqual("bot".utf8) {
      return .setApart(.bot, name: name(agent, at: agent.endIndex - 1))
    }
    for word in bots {
      if let index = text.index(of: word) { return .setApart(.bot, name: name(agent, at: agent.startIndex + index)) }
    }
    return .person(isBrowser: text.hasPrefix("mozilla/"))
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
