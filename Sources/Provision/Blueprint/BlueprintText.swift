import Documents
import Foundation
import Terminal
import Wording

/// Writes a deployment as Render's Blueprint: same deployment, same bytes.
package enum BlueprintText {
  /// The file's text.
  /// - Source: render.com/docs/blueprint-spec, read 2025-12-03.
  package static func make(_ deployment: Deployment, _ planSet: Deployment.PlanSet) -> String {
    var lines = head(deployment, planSet)
    lines.append("services:")
    for region in deployment.regions {
      lines += service(deployment, planSet, in: region)
      lines.append("")
    }
    if let database = deployment.database {
      lines += databaseLines(database, deployment, planSet)
    } else {
      lines.removeLast()
    }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Parts

  private static func head(_ deployment: Deployment, _ planSet: Deployment.PlanSet) -> [String] {
    let file = (deployment.file as NSString).lastPathComponent
    var notes = [
      "Made by `outgrown provision blueprint` from \(file) (plan set \(planSet.name)): edit that."
    ]
    if let note = regionNote(deployment) { notes.append(note) }
    if planSet.web == "free" {
      let count = deployment.regions.count
      notes.append(
        count == 1
          ? "The free service sleeps after 15 minutes without a request and may run 750 hours a month."
          : "The \(count) free services sleep after 15 minutes without a request and share 750 hours a month: one can be "
            + "kept awake (744 hours in a month of 31 days), \(count) can't (\(NumberText.grouped(744 * count))).")
    }
    if planSet.database == "free" {
      notes.append(
        "The free database expires 30 days after its creation; 14 days later its data is deleted.")
    }
    return notes.flatMap { TextLayout.wrap($0, first: "# ", rest: "#   ") } + [""]
  }

  /// Says when a region that isn't used is nearer to the audience than all that are.
  static func regionNote(_ deployment: Deployment) -> String? {
    guard let audience = deployment.audience else { return nil }
    func distance(_ region: RenderRegion) -> Double { region.location.kilometres(to: audience.location) }
    guard let nearest = RenderRegion.allCases.min(by: { distance($0) < distance($1) }),
      let used = deployment.regions.min(by: { distance($0) < distance($1) })
    else { return nil }
    func shown(_ region: RenderRegion) -> String {
      "\(NumberText.grouped(Int((distance(region) / 100).rounded()) * 100)) km"
    }
    guard nearest != used else {
      return "\(used.name) is the region nearest to \(audience.place) (about \(shown(used)))."
    }
    return "\(nearest.name) is nearer to \(audience.place) (about \(shown(nearest))) than any region used here "
      + "(\(used.name): \(shown(used))). A region can't be changed later."
  }

  private static func service(
    _ deployment: Deployment, _ planSet: Deployment.PlanSet, in region: RenderRegion
  ) -> [String] {
    let service = deployment.service
    var lines = [
      "  - type: web",
      "    name: \(deployment.serviceName(in: region))",
      "    runtime: docker",
      "    region: \(region.rawValue)" + (region == deployment.home && deployment.regions.count > 1 ? " # home" : ""),
      "    plan: \(planSet.web)",
      "    dockerfilePath: \(BlueprintScalar.text(service.dockerfile))",
      "    healthCheckPath: \(BlueprintScalar.text(service.healthCheck))",
    ]
    var variables: [String] = []
    for variable in service.environment {
      variables.append("      - key: \(variable.key)")
      let value = variable.isNumber ? variable.value : BlueprintScalar.text(variable.value)
      variables.append("        value: \(value)")
    }
    if let database = deployment.database {
      variables.append("      - key: \(database.variable)")
      if region == deployment.home {
        variables += [
          "        fromDatabase:",
          "          name: \(database.name)",
          "          property: connectionString",
        ]
      } else {
        variables.append(
          "        sync: false # the database's external URL: the private network ends at the region")
      }
    }
    for key in service.prompted {
      variables.append("      - key: \(key)")
      variables.append("        sync: false")
    }
    if !variables.isEmpty { lines += ["    envVars:"] + variables }
    return lines
  }

  private static func databaseLines(
    _ database: Deployment.Database, _ deployment: Deployment, _ planSet: Deployment.PlanSet
  ) -> [String] {
    var lines = [
      "databases:",
      "  - name: \(database.name)",
      "    region: \(deployment.home.rawValue)",
      "    plan: \(planSet.database ?? "free")",
    ]
    if let disk = planSet.diskGigabytes {
      let note = planSet.database.flatMap(RenderVocabulary.defaultDiskGigabytes).map { " # \($0) GB unless said" } ?? ""
      lines.append("    diskSizeGB: \(disk)\(note)")
    }
    return lines
  }
}

/// A text as YAML takes it back unchanged, in versions 1.1 and 1.2.
enum BlueprintScalar {
  static func text(_ text: String) -> String {
    isPlain(text) ? text : YAMLScalar.quoted(text)
  }

  /// Letters, `/` or `./` first, then only what is never YAML's own; no word that means something else.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first,
      ("a"..."z").contains(first) || ("A"..."Z").contains(first) || first == "/"
        || text.hasPrefix("./")
    else { return false }
    let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
    guard !words.contains(text.lowercased()), text.last != ":" else { return false }
    return text.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        || "/._-:?=&+%@".unicodeScalars.contains($0)
    }
  }
}
