import Documents
package import Evidence
package import Plans
package import ProvisionBlueprint

/// What there is to look at: any of it may be missing, and all of it is a stranger's.
package struct ChecklistView {
  package var blueprint: (path: String, outline: BlueprintOutline)?
  /// The answer of `/health/full`, where one came and was an object.
  package var health: (url: String, answer: BlueprintItem)?
  package var monitor: (path: String, report: MonitorReport)?
  package var catalogue: Catalogue
  /// Seconds since 1970.
  private let now: Double

  /// A report that ends longer ago says that somebody watched once, in seconds.
  private static let recent = 30 * 86_400.0

  /// - Parameter now: seconds since 1970.
  package init(catalogue: Catalogue, now: Double) {
    self.catalogue = catalogue
    self.now = now
  }

  /// A report of the real service, which something was seen in, not long ago: an emulated one watched nothing that lives.
  var watched: (path: String, report: MonitorReport)? {
    guard let monitor, monitor.report.origin == .live, monitor.report.timeScale == 1,
      monitor.report.secondsByState.contains(where: { $0.key != "unknown" && $0.value > 0 }),
      now - monitor.report.to.seconds <= Self.recent
    else { return nil }
    return monitor
  }

  /// A text of the health answer: its place, and the text.
  func told(_ key: String) -> Checklist.Sighting? {
    guard let health, let text = health.answer.text(key) else { return nil }
    return .init(place: health.url, what: "\"\(key)\": \(text.text.excerpt)")
  }

  func told(_ key: String, as words: Set<String>) -> Bool {
    health?.answer.text(key).map { words.contains($0.text) } ?? false
  }

  func seen(_ position: DocumentPosition, _ what: String) -> Checklist.Sighting? {
    blueprint.map { .init(place: "\($0.path):\(position.line):\(position.column)", what: what) }
  }

  /// The variables of services and groups whose name begins with one of these; five at most.
  /// - Returns: whether one of them has a value: what the dashboard asks for (`sync: false`) may have stayed empty.
  func variables(_ beginnings: [String]) -> (seen: [Checklist.Sighting], isGiven: Bool) {
    guard let outline = blueprint?.outline else { return ([], false) }
    var found: (seen: [Checklist.Sighting], isGiven: Bool) = ([], false)
    for owner in outline.services + outline.groups {
      for variable in owner.items("envVars") where found.seen.count < 5 {
        guard let key = variable.text("key"), beginnings.contains(where: key.text.uppercased().hasPrefix) else {
          continue
        }
        let isGiven =
          ["fromService", "fromDatabase"].contains { variable.entry($0) != nil }
          || variable.entry("generateValue")?.value.scalar?.boolean == true
          || variable.text("value")?.text.isEmpty == false
        let what = "\(key.text.excerpt) of \(owner.name)\(isGiven ? "" : ", which the dashboard asks for")"
        if let sighting = seen(key.position, what) { found.seen.append(sighting) }
        if isGiven { found.isGiven = true }
      }
    }
    return found
  }

  var servers: [BlueprintItem] {
    blueprint?.outline.services.filter { $0.type == "web" && !$0.isStaticSite } ?? []
  }
}
