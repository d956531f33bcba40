package import Plans
import Terminal
import Wording

/// Catalogues for people, in 100 columns.
package enum CatalogueText {
  /// The guide's tables with today's plans beside them.
  package static func compare(guide: Catalogue, today: Catalogue) -> [String] {
    var lines = ["Prices in US dollars a month: the scaling guide's tables, and what took their place", ""]
    var web = header("Render web", guide, today)
    for plan in guide.web {
      let successor = today.successor(of: plan.id, in: guide.id, table: .web)
      let now = successor.flatMap { today.web($0.successor) }
      web.add(
        plan.name, plan.monthly.description, plan.benefits, now?.monthly.description ?? "–", now.map(short) ?? "")
    }
    lines += web.lines(indent: 0) + recommendation(.web, guide) + [""]

    var database = header("PostgreSQL", guide, today)
    for plan in guide.database {
      let successor = today.successor(of: plan.id, in: guide.id, table: .database)
      let now = successor.flatMap { today.database($0.successor) }
      let price = now.flatMap { now in
        successor?.diskGigabytes.map { now.monthly(diskGigabytes: $0) ?? now.monthly } ?? now.monthly
      }
      database.add(
        plan.name, plan.monthly.description, plan.benefits, price?.description ?? "–",
        now.map { short($0, disk: successor?.diskGigabytes) } ?? "")
    }
    lines += database.lines(indent: 0) + recommendation(.database, guide) + [""]

    let read = today.extras.first { $0.id.hasPrefix("vercel-") }?.source.asOf
    var front = header("Vercel", guide, today, read: read.map { "(\($0))" })
    for extra in guide.extras where extra.id.hasPrefix("vercel-") {
      let now = today.extra(extra.id)
      let name = extra.name.split(separator: " ").dropFirst().joined(separator: " ")
      front.add(
        name, extra.price.description, extra.benefits ?? "", now?.price.description ?? "–", now?.benefits ?? "")
    }
    lines += front.lines(indent: 0) + recommendation(.frontEnd, guide) + [""]

    var others = header("Others", guide, today, read: "")
    for extra in guide.extras where !extra.id.hasPrefix("vercel-") {
      let now = today.extra(extra.id)
      others.add(
        extra.name, extra.price.description, "a \(extra.unit)", now?.price.description ?? "–",
        now.map { "a \($0.unit) (\($0.source.asOf))" } ?? "")
    }
    for id in unpricedByGuide {
      guard let now = today.extra(id) else { continue }
      let details = ["a \(now.unit)", now.benefits].compactMap { $0 }.joined(separator: ", ")
      let reading = now.source.asOf + (now.source.confidence.map { ", \($0.rawValue) confidence" } ?? "")
      others.add(now.name, "–", "", now.price.description, "\(details) (\(reading))")
    }
    for plan in today.cache.prefix(2) {
      others.add(
        "Render Key Value \(plan.name)", "–", "", plan.monthly.description,
        "a month, \(memory(plan.memoryMegabytes)) (\(today.source.asOf))")
    }
    lines += others.lines(indent: 0)
    for extra in today.extras where guide.extra(extra.id) != nil || unpricedByGuide.contains(extra.id) {
      if let note = extra.note { lines += TextLayout.wrap("\(extra.name) today: \(note)", first: "  ", rest: "    ") }
    }
    lines.append("")
    for catalogue in [guide, today] {
      lines += TextLayout.wrap(
        "\(catalogue.id): \(catalogue.source.text) (\(catalogue.source.asOf))", rest: "  ")
      for note in catalogue.notes { lines += TextLayout.wrap(note, first: "  - ", rest: "    ") }
    }
    return lines + ["", "every plan and its source: outgrown provision plans --catalogue \(today.id)"]
  }

  /// What the guide names without a price.
  private static let unpricedByGuide = [
    "sentry-developer", "cloudflare-load-balancing", "railway-free", "fly-shared-1x-256mb",
  ]

  private static func header(
    _ name: String, _ guide: Catalogue, _ today: Catalogue, read: String? = nil
  ) -> TextTable {
    var table = TextTable([.left, .right, .left, .right, .left])
    table.add(name, "guide", "(\(guide.source.asOf))", "today", read ?? "(\(today.source.asOf))")
    return table
  }

  private static func recommendation(_ table: CatalogueTable, _ guide: Catalogue) -> [String] {
    (guide.recommendations ?? []).filter { $0.table == table }.map { "  the guide advises: \($0.text)" }
  }

  private static func short(_ plan: WebPlan) -> String {
    ([plan.cpu.map { "\($0.formatted()) CPU" }, plan.memoryMegabytes.map(memory)].compactMap { $0 }
      + [plan.sleep.map { "sleeps after \(($0.idleSeconds / 60).formatted()) min" } ?? "always on"])
      .joined(separator: ", ")
  }

  private static func short(_ plan: DatabasePlan, disk: Int?) -> String {
    let storage =
      disk.map { "\($0) GB" + (plan.perFurtherGigabyte.map { " at \($0)" } ?? "") }
      ?? "\(plan.storageGigabytes.formatted()) GB"
    let end = plan.expiresAfterDays.map { ", expires after \(CountText.plural($0, "day"))" } ?? ""
    return (plan.id == "free" ? "" : "\(plan.name), ") + storage + end
  }

  private static func memory(_ megabytes: Int) -> String {
    megabytes >= 1_024 && megabytes.isMultiple(of: 1_024) ? "\(megabytes / 1_024) GB" : "\(megabytes) MB"
  }

  // MARK: One catalogue

  /// Everything that a catalogue holds.
  package static func render(_ catalogue: Catalogue) -> [String] {
    var lines = ["\(catalogue.title) (\(catalogue.id)), US dollars a month", ""]
    var web = TextTable([.left, .left, .right, .left])
    for plan in catalogue.web {
      web.add(plan.id, plan.aliases.joined(separator: ", "), plan.monthly.description, short(plan))
    }
    lines += ["Web services"] + web.lines() + [""]
    var database = TextTable([.left, .left, .right, .left])
    for plan in catalogue.database {
      let storage = plan.perFurtherGigabyte.map { "+ \($0) a GB" } ?? "\(plan.storageGigabytes.formatted()) GB"
      let facts = [plan.memoryMegabytes.map(memory), storage, plan.benefits].compactMap { $0 }
      database.add(
        plan.id, plan.aliases.joined(separator: ", "), plan.monthly.description, facts.joined(separator: ", "))
    }
    lines += ["PostgreSQL"] + database.lines() + [""]
    if !catalogue.cache.isEmpty {
      var cache = TextTable([.left, .right, .left])
      for plan in catalogue.cache { cache.add(plan.id, plan.monthly.description, memory(plan.memoryMegabytes)) }
      lines += ["Key value cache"] + cache.lines() + [""]
    }
    if !catalogue.workspace.isEmpty {
      var workspace = TextTable([.left, .right, .left])
      for plan in catalogue.workspace {
        let limits = [
          plan.services.map { CountText.plural($0, "service") },
          plan.customDomains.map { CountText.plural($0, "custom domain") },
        ]
        let facts =
          [
            "\(plan.bandwidthGigabytes.formatted()) GB egress, then \(plan.perFurtherGigabyte) a GB",
            "\(plan.pipelineMinutes) build minutes",
          ] + limits.compactMap { $0 }
        workspace.add(plan.id, plan.monthly.description, facts.joined(separator: ", "))
      }
      lines += ["Workspace"] + workspace.lines() + [""]
    }
    if !catalogue.extras.isEmpty {
      var extras = TextTable([.left, .right, .left, .left])
      for extra in catalogue.extras {
        extras.add(
          extra.id, extra.price.description, "a \(extra.unit)",
          extra.source.asOf + (extra.source.confidence.map { ", \($0.rawValue) confidence" } ?? ""))
      }
      lines += ["Extras"] + extras.lines() + [""]
    }
    lines += notes(catalogue)
    return lines
  }

  private static func notes(_ catalogue: Catalogue) -> [String] {
    var notes = catalogue.notes
    notes += catalogue.web.compactMap { plan in plan.note.map { "\(plan.id): \($0)" } }
    for plan in catalogue.database {
      if let note = plan.note { notes.append("\(plan.id): \(note)") }
      if let source = plan.source { notes.append("PostgreSQL \(plan.id): \(source.text) (\(source.asOf))") }
    }
    notes += catalogue.cache.compactMap { plan in plan.note.map { "cache \(plan.id): \($0)" } }
    notes += catalogue.extras.compactMap { extra in extra.note.map { "\(extra.id): \($0)" } }
    var sources: [String] = []
    for extra in catalogue.extras where !sources.contains(extra.source.text) { sources.append(extra.source.text) }
    var lines = TextLayout.wrap(
      "source: \(catalogue.source.text) (\(catalogue.source.asOf)); extras: \(sources.joined(separator: "; "))",
      rest: "  ")
    for note in notes { lines += TextLayout.wrap(note, first: "  - ", rest: "    ") }
    return lines
  }
}
