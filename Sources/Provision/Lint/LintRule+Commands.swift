import Addresses
import Documents
import Instants
import ProvisionBlueprint

extension LintRule {
  /// What builds a service, starts it, and when.
  static let commandRules: [LintRule] = [
    LintRule("missing-command", .warning, "a service of a native runtime says how it is built and started") {
      outline, _ in
      outline.services.flatMap { service -> [Breach] in
        guard ["web", "pserv", "worker", "cron"].contains(service.type), service.entry("buildSource") == nil,
          RenderVocabulary.nativeRuntimes.contains(service.runtime ?? "")
        else { return [] }
        return ["buildCommand", "startCommand"].filter { service.entry($0) == nil }.map { key in
          Breach("\(service.type) \(service.name) has no \(key)", "add \(key):", at: service.place)
        }
      }
    },
    LintRule("workflow-source", .error, "a workflow says how it is built, and from which repository") { outline, _ in
      outline.services.filter { $0.type == "workflow" }.flatMap { service in
        ["buildCommand", "repo"].filter { service.entry($0) == nil }.map { key in
          Breach(
            "the workflow \(service.name) has no \(key), which Render asks for though its schema doesn't",
            key == "repo" ? "add repo: with the URL of the Git repository, also of this one" : "add buildCommand:",
            at: service.place)
        }
      }
    },
    LintRule("missing-image", .error, "a service of runtime image names its image, and no other does") { outline, _ in
      outline.services.compactMap { service in
        guard let runtime = service.text("runtime") ?? service.text("env"), service.entry("buildSource") == nil else {
          return nil
        }
        let image = service.entry("image")
        if runtime.text == "image", image == nil {
          return Breach(
            "\(service.name) of runtime image names no image", "add image: { url: … }", at: runtime.position)
        }
        guard let image, runtime.text != "image", RenderVocabulary.runtimes.contains(runtime.text) else { return nil }
        return Breach(
          "image on \(service.name), whose runtime is \(runtime.text)", "write runtime: image, or take it out",
          at: image.keyPosition)
      }
    },
    LintRule("no-publish-path", .warning, "a static site says which folder it publishes") { outline, _ in
      outline.services.filter { $0.isStaticSite && $0.entry("staticPublishPath") == nil }.map { service in
        Breach(
          "the static site \(service.name) doesn't say which folder it publishes",
          "add staticPublishPath: such as ./dist", at: service.place)
      }
    },
    LintRule("cron-schedule", .error, "a cron job's schedule is an expression of five fields that comes some day") {
      outline, _ in
      outline.services.filter { $0.type == "cron" }.compactMap { service in
        guard let schedule = service.text("schedule") else { return nil }
        guard let fields = CronFields(schedule.text) else {
          let count = schedule.text.split(whereSeparator: \.isWhitespace).count
          return Breach(
            "the schedule '\(schedule.text.excerpt)' of \(service.name) is no cron expression"
              + (count == 5 || count > 20 ? "" : ": \(count) fields"),
            "write minute, hour, day, month and weekday, such as '0 3 * * *' (UTC)", at: schedule.position)
        }
        return fields.everComes
          ? nil
          : Breach(
            "the schedule '\(schedule.text.excerpt)' of \(service.name) never comes",
            "name a day that its months have", at: schedule.position)
      }
    },
    LintRule("job-in-two-regions", .warning, "a job that is to run once runs in one region") { outline, _ in
      var first: [[String]: BlueprintItem] = [:]
      return outline.services.compactMap { service in
        guard let job = job(service) else { return nil }
        guard let earlier = first[job] else {
          first[job] = service
          return nil
        }
        guard earlier.region != service.region else { return nil }
        return Breach(
          "\(service.name) in \(service.region) does the same as \(earlier.name) in \(earlier.region), and at the same "
            + "times: whatever it sends is sent twice",
          "keep one of them, or let them agree through the database who is to act", at: service.place)
      }
    },
    LintRule("field-without-effect", .warning, "a field stands where it does something") { outline, _ in
      outline.services.flatMap { service -> [Breach] in
        guard ["pserv", "worker"].contains(service.type) else { return [] }
        return service.entries.filter { webOnly.contains($0.key) }.map { entry in
          Breach(
            "\(entry.key) on \(BlueprintFields.noun(for: service)) \(service.name): it is for web services",
            "take it out", at: entry.keyPosition)
        }
      }
    },
    LintRule("path-shape", .warning, "a path that a service is asked or given begins with /") { outline, _ in
      outline.services.flatMap { service in
        [service.entry("healthCheckPath"), service.item("disk")?.entry("mountPath")].compactMap { entry -> Breach? in
          guard let entry, let scalar = entry.value.scalar, !scalar.isNull, !scalar.text.hasPrefix("/") else {
            return nil
          }
          return Breach(
            "\(entry.key): '\(scalar.text.excerpt)' on \(service.name)", "begin it with /", at: entry.value.position)
        }
      }
    },
    LintRule("address-source", .error, "who may connect is an address or a CIDR block") { outline, _ in
      (outline.services + outline.databases).flatMap { item in
        item.items("ipAllowList").compactMap { entry -> Breach? in
          guard let source = entry.text("source"), AddressBlock(source.text) == nil else { return nil }
          return Breach(
            "source: '\(source.text.excerpt)' on \(item.name)",
            "write an address such as 203.0.113.4 or 203.0.113.0/24",
            at: source.position)
        }
      }
    },
    LintRule("branch-in-previews", .warning, "a preview is of the pull request's branch") { outline, _ in
      guard let generation = outline.file?.item("previews")?.text("generation")?.text,
        ["automatic", "manual"].contains(generation)
      else { return [] }
      return outline.services.compactMap { service in
        guard let entry = service.entry("branch"), service.entry("repo") == nil else { return nil }
        return Breach(
          "branch on \(service.name): preview environments take it instead of the pull request's",
          "take it out, or link the branch in the dashboard", at: entry.keyPosition)
      }
    },
  ]

  private static let webOnly: Set<String> = [
    "healthCheckPath", "domain", "domains", "renderSubdomainPolicy", "maintenanceMode",
  ]

  /// What makes two services one job done twice; nil for what may well run in several places.
  private static func job(_ service: BlueprintItem) -> [String]? {
    let command = (service.text("startCommand") ?? service.text("dockerCommand"))?.text
    let source = ["repo", "branch", "rootDir", "dockerfilePath", "buildSource"].map { service.text($0)?.text ?? "" }
    let image = service.item("image")?.text("url")?.text ?? ""
    switch service.type {
    case "cron":
      guard let schedule = service.text("schedule")?.text else { return nil }
      return ["cron", schedule, command ?? "", image] + source
    case "worker":
      guard let command else { return nil }
      let words = command.lowercased().split { !$0.isLetter }
      guard words.contains(where: schedulers.contains) else { return nil }
      return ["worker", command, image] + source
    default: return nil
    }
  }

  /// Words of commands that begin work by the clock: Celery beat, clockwork, rq-scheduler, `node scheduler.js`.
  private static let schedulers: Set<Substring> = ["beat", "clock", "clockwork", "scheduler", "cron", "crond"]
}
