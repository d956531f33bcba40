package import Documents

/// A month's use, as its owner expects or has read it: `usage.yaml`. `docs/plans.md` describes each key.
package struct Usage: Sendable, Equatable {
  /// `hobby`, `pro` or `scale`.
  package var workspace = "hobby"
  /// Over all services of the workspace; nil where nothing is said.
  package var bandwidthGigabytes: Double?
  package var buildMinutes: Double?
  package var customDomains: Int?
  /// Running minutes of each cron job, by its name, in the order of the file.
  package var cronMinutes: [(name: String, minutes: Double)] = []
  /// How many instances of a service that scales run on average, by its name.
  package var instances: [(name: String, count: Double)] = []
  /// Hours that all preview environments together run.
  package var previewHours: Double?
  /// Text messages, by the country that they go to (ISO 3166-1, two letters).
  package var textMessages: [(country: String, count: Double)] = []
  package var whatsAppMessages: Double?
  /// Errors that are told to Sentry.
  package var errors: Double?
  /// Seats at Vercel Pro.
  package var vercelSeats: Int?

  package init() {}

  package static func == (left: Usage, right: Usage) -> Bool { "\(left)" == "\(right)" }
}

/// Reads `usage.yaml`.
package enum UsageReader {
  /// - Throws: `DocumentError` with everything that is wrong.
  package static func read(path: String) throws(DocumentError) -> Usage {
    try decode(try DocumentReader().read(path: path), file: path)
  }

  package static func read(text: String, file: String) throws(DocumentError) -> Usage {
    try decode(try DocumentReader().read(text: text, file: file), file: file)
  }

  private static let keys = [
    "workspace", "bandwidth_gb", "build_minutes", "custom_domains", "cron_minutes", "instances", "preview_hours",
    "messages", "errors", "seats",
  ]
  private static let most = 0...1_000_000_000.0

  private static func decode(_ root: DocumentNode, file: String) throws(DocumentError) -> Usage {
    var problems = DocumentProblems(file: file)
    var usage = Usage()
    if let mapping = root.mapping(allowing: keys, &problems) {
      if let word = mapping["workspace"]?.choice(of: ["hobby", "pro", "scale"], &problems) { usage.workspace = word }
      usage.bandwidthGigabytes = mapping["bandwidth_gb"]?.number(in: 0...1_000_000, &problems)
      usage.buildMinutes = mapping["build_minutes"]?.number(in: 0...10_000_000, &problems)
      usage.customDomains = mapping["custom_domains"]?.integer(in: 0...10_000, &problems)
      // A month of 31 days has 44,640 minutes.
      usage.cronMinutes = amounts(mapping["cron_minutes"], in: 0...44_640, &problems).map { ($0.key, $0.amount) }
      usage.instances = amounts(mapping["instances"], in: 1...1_000, &problems).map { ($0.key, $0.amount) }
      usage.previewHours = mapping["preview_hours"]?.number(in: 0...1_000_000, &problems)
      usage.errors = mapping["errors"]?.number(in: most, &problems)
      if let seats = mapping["seats"]?.mapping(allowing: ["vercel"], &problems) {
        usage.vercelSeats = seats["vercel"]?.integer(in: 0...10_000, &problems)
      }
      if let messages = mapping["messages"]?.mapping(allowing: ["sms", "whatsapp"], &problems) {
        usage.whatsAppMessages = messages["whatsapp"]?.number(in: most, &problems)
        for (key, amount, position) in amounts(messages["sms"], in: most, &problems) {
          guard key.utf8.count == 2, key.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            problems.add(
              "the country '\(key.excerpt)'", expected: "two capital letters, such as US or IN", at: position)
            continue
          }
          usage.textMessages.append((key, amount))
        }
      }
    }
    try problems.throwIfAny()
    return usage
  }

  private static func amounts(
    _ node: DocumentNode?, in range: ClosedRange<Double>, _ problems: inout DocumentProblems
  ) -> [(key: String, amount: Double, position: DocumentPosition)] {
    var found: [(key: String, amount: Double, position: DocumentPosition)] = []
    for entry in node?.mapping(&problems)?.entries ?? [] {
      if let amount = entry.value.number(in: range, &problems) { found.append((entry.key, amount, entry.keyPosition)) }
    }
    return found
  }
}
