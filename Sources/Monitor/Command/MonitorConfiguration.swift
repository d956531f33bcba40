import Curl
import Documents
import HTTPService
import MonitorProbe
import MonitorSleep
import Secrets
import Visits
import Wording

/// What `monitor.yaml` says, as `docs/monitor.md` describes it; validated.
struct MonitorConfiguration: Sendable {
  var ledger: String
  var listen: ListeningAddress?
  var timeScale: Double
  var services: [Watched]

  /// One service to watch.
  struct Watched: Sendable {
    var name: String
    /// Without a trailing slash.
    var url: String?
    var sensor: SleepInference.Sensor
    var rules: SleepRules
    var token: Redacted<String>?
    var accessLog: String?
    /// Of the access log's lines, where it is none that is known.
    var logFormat: LogForm?
    var healthPath: String
    var conditions: [Condition]
  }

  static let defaultLedger = "var/monitor.sqlite"
  static let defaultListen = ListeningAddress(host: "127.0.0.1", port: 8787)

  /// - Throws: `DocumentError` with every problem and its place.
  init(path: String, environment: [String: String]) throws(DocumentError) {
    try self.init(DocumentReader().read(path: path), file: path, environment: environment)
  }

  init(_ document: DocumentNode, file: String, environment: [String: String]) throws(DocumentError) {
    var problems = DocumentProblems(file: file)
    let root = document.mapping(allowing: ["ledger", "listen", "time_scale", "services"], &problems)
    ledger = root?["ledger"]?.string(&problems, expected: "a path") ?? Self.defaultLedger
    listen = root?["listen"].flatMap { Self.address($0, &problems) }
    timeScale = root?["time_scale"]?.number(in: 1e-3...1e6, &problems) ?? 1
    services = []
    var names: [String: DocumentPosition] = [:]
    for node in root?.required("services", &problems)?.list(of: 1...100, &problems) ?? [] {
      guard let service = Watched(node, environment: environment, &problems) else { continue }
      if names[service.name] != nil {
        problems.add("a second service '\(service.name)'", expected: "each name once", at: node.position)
      }
      names[service.name] = node.position
      if service.sensor == .heartbeats, service.token == nil, let listen, !listen.isLoopback {
        problems.add(
          "no token for a listener that others can reach",
          expected: "'token_env', the name of a variable that holds one",
          at: node.position)
      }
      services.append(service)
    }
    try problems.throwIfAny()
  }

  private static func address(_ node: DocumentNode, _ problems: inout DocumentProblems) -> ListeningAddress? {
    guard let text = node.string(&problems, expected: "host:port") else { return nil }
    guard let address = ListeningAddress(parsing: text) else {
      return node.mismatch("host:port, such as 127.0.0.1:8787", &problems)
    }
    return address
  }
}

extension ListeningAddress {
  /// Reads `host:port`; an IPv6 address in brackets.
  init?(parsing text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    let host = text[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: port)
  }
}

extension MonitorConfiguration.Watched {
  private static let keys = [
    "name", "url", "sensor", "idle", "heartbeat_every", "grace", "start_within", "wake_time", "confirm_every",
    "poll_every",
    "failures", "successes", "token_env", "access_log", "log_format", "health", "conditions",
  ]
  private static let sensors: [(word: String, sensor: SleepInference.Sensor)] = [
    ("heartbeats", .heartbeats), ("access_log", .accessLog), ("robots", .robots), ("health", .health),
  ]

  init?(_ node: DocumentNode, environment: [String: String], _ problems: inout DocumentProblems) {
    guard let mapping = node.mapping(allowing: Self.keys, &problems) else { return nil }
    name = mapping.required("name", &problems)?.name(upTo: 60, without: "/?#% ", &problems) ?? ""
    url = mapping["url"].flatMap { Self.url($0, &problems) }
    let word = mapping["sensor"]?.choice(of: Self.sensors.map(\.word), &problems)
    sensor = Self.sensors.first { $0.word == word }?.sensor ?? .heartbeats
    accessLog = mapping["access_log"]?.string(&problems, expected: "the path of a log")
    logFormat = mapping["log_format"].flatMap { Self.logFormat($0, &problems) }
    healthPath = mapping["health"]?.string(&problems, expected: "a path such as /health") ?? "/health"
    conditions = mapping["conditions"]?.list(of: 0...50, &problems)?.compactMap { Self.condition($0, &problems) } ?? []
    token = nil
    rules = Self.rules(mapping, canProbe: mapping["url"] != nil, &problems)
    if let variable = mapping["token_env"], let name = variable.string(&problems, expected: "a variable's name") {
      if let value = environment[name], !value.isEmpty {
        token = Redacted(value)
      } else {
        problems.add("the variable '\(name.excerpt)' is not set", expected: "a token in it", at: variable.position)
      }
    }
    if sensor == .accessLog, mapping["access_log"] == nil {
      problems.add("sensor access_log without a log", expected: "'access_log', its path", at: node.position)
    }
    if let place = mapping.entry("log_format"), mapping["access_log"] == nil {
      problems.add("a form of no log", expected: "'access_log' beside it", at: place.keyPosition)
    }
    if sensor == .robots || sensor == .health, mapping["url"] == nil {
      problems.add("a sensor that asks, without a URL", expected: "'url'", at: node.position)
    }
    if !conditions.isEmpty, sensor != .health, let place = mapping.entry("conditions") {
      problems.add(
        "conditions without an answer to judge",
        expected: "sensor: health (it keeps a sleeping service awake), or none",
        at: place.keyPosition)
    }
  }

  private static func rules(
    _ mapping: DocumentMapping, canProbe: Bool, _ problems: inout DocumentProblems
  ) -> SleepRules {
    func seconds(_ key: String, _ range: ClosedRange<Duration>) -> Double? {
      mapping[key]?.duration(in: range, &problems)?.seconds
    }
    var idle: Double? = 900
    if let node = mapping["idle"] {
      idle =
        node.scalar?.text == "never"
        ? nil : node.duration(in: .milliseconds(500)...(.seconds(86_400)), &problems)?.seconds
    }
    let heartbeat = seconds("heartbeat_every", .milliseconds(50)...(.seconds(3_600))) ?? 60
    if let idle, heartbeat > idle / 3 {
      problems.add(
        "heartbeats every \(DurationText.format(.seconds(heartbeat))) under an idle time of "
          + DurationText.format(.seconds(idle)),
        expected: "at least three within the idle time, to tell sleep from death",
        at: (mapping.entry("heartbeat_every") ?? mapping.entry("idle"))?.keyPosition ?? mapping.position)
    }
    let poll = seconds("poll_every", .milliseconds(100)...(.seconds(86_400)))
    if let idle, let poll, poll <= idle, let place = mapping.entry("poll_every") {
      problems.add(
        "a poll every \(DurationText.format(.seconds(poll))) would keep the service awake",
        expected: "longer than its idle time of \(DurationText.format(.seconds(idle)))", at: place.value.position)
    }
    return SleepRules(
      idle: idle, heartbeat: heartbeat, grace: seconds("grace", .milliseconds(10)...(.seconds(3_600))),
      wake: seconds("wake_time", .milliseconds(1)...(.seconds(600))),
      start: seconds("start_within", .milliseconds(100)...(.seconds(3_600))) ?? 120,
      confirm: seconds("confirm_every", .milliseconds(50)...(.seconds(3_600))), poll: poll, canProbe: canProbe,
      failures: mapping["failures"]?.integer(in: 1...20, &problems) ?? 3,
      successes: mapping["successes"]?.integer(in: 1...20, &problems) ?? 2)
  }

  private static func logFormat(_ node: DocumentNode, _ problems: inout DocumentProblems) -> LogForm? {
    guard let text = node.string(&problems, expected: "a form such as nginx's log_format") else { return nil }
    do {
      return try LogForm(notation: text)
    } catch {
      problems.add("\(error)", expected: "nginx's or Apache's notation of the log's lines", at: node.position)
      return nil
    }
  }

  private static func url(_ node: DocumentNode, _ problems: inout DocumentProblems) -> String? {
    guard let text = node.string(&problems, expected: "a URL") else { return nil }
    guard let url = CurlURL(text), ["http", "https"].contains(url.scheme), !url.host.isEmpty, url.query == nil else {
      return node.mismatch("an http:// or https:// URL without a query", &problems)
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  private static func condition(_ node: DocumentNode, _ problems: inout DocumentProblems) -> Condition? {
    guard let text = node.string(&problems, expected: "a condition such as \"[STATUS] == 200\"") else { return nil }
    do {
      return try Condition(parsing: text)
    } catch {
      let place = node.scalar?.position(ofOffset: error.column - 1, in: node.position) ?? node.position
      problems.add(error.what, expected: error.expected, at: place)
      return nil
    }
  }
}
