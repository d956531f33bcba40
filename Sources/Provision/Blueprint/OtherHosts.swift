import Foundation

/// What a deployment is written as, beside Render's Blueprint.
package enum OtherHost: String, Sendable, CaseIterable {
  case cloudflare, fly, railway

  /// Relative to the deployment's file.
  package var path: String {
    switch self {
    case .cloudflare: "cloudflare/main.tf"
    case .fly: "fly.toml"
    case .railway: "railway.json"
    }
  }

  package func make(_ deployment: Deployment, _ planSet: Deployment.PlanSet) -> String {
    switch self {
    case .cloudflare: CloudflareText.make(deployment, planSet)
    case .fly: FlyText.make(deployment, planSet)
    case .railway: RailwayText.make(deployment, planSet)
    }
  }
}

extension Deployment {
  /// Seen from where the deployment's file was.
  package func path(of host: OtherHost) -> String {
    let folder = (file as NSString).deletingLastPathComponent
    return Self.withoutDots(folder.isEmpty ? host.path : "\(folder)/\(host.path)")
  }
}

/// Fly.io's configuration. Source: fly.io/docs/reference/configuration, read 2026-11.
enum FlyText {
  static func make(_ deployment: Deployment, _ planSet: Deployment.PlanSet) -> String {
    let service = deployment.service
    let isFree = planSet.web == "free"
    let further = deployment.regions.dropFirst().map { region($0) }
    var lines = [
      "# Made by `outgrown provision blueprint --for fly` (plan set \(planSet.name)): edit the deployment.",
      "# Fly.io has no free plan: a machine that is stopped costs its root file system only.",
    ]
    if !further.isEmpty { lines.append("# More regions: fly scale count 1 --region \(further.joined(separator: ","))") }
    let secrets = service.prompted + (deployment.database.map { [$0.variable] } ?? [])
    if !secrets.isEmpty {
      lines.append("# Secrets: fly secrets set \(secrets.map { "\($0)=…" }.joined(separator: " "))")
    }
    lines += [
      "app = \"\(deployment.name)\"", "primary_region = \"\(region(deployment.home))\"", "", "[build]",
      "  dockerfile = \(toml(service.dockerfile))", "", "[env]", "  PORT = \"8080\"",
    ]
    lines += service.environment.filter { $0.key != "PORT" }.map { "  \($0.key) = \(toml($0.value))" }
    lines += [
      "", "[http_service]", "  internal_port = 8080", "  force_https = true",
      "  auto_stop_machines = \"\(isFree ? "stop" : "off")\"", "  auto_start_machines = true",
      "  min_machines_running = \(isFree ? 0 : 1)", "", "  # Asked of machines that run: it wakes none.",
      "  [[http_service.checks]]", "    method = \"GET\"", "    path = \(toml(service.healthCheck))",
      "    interval = \"30s\"", "    timeout = \"5s\"", "    grace_period = \"30s\"", "", "[[vm]]",
      "  size = \"shared-cpu-1x\"", "  memory = \"\(isFree ? "256mb" : "512mb")\"",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The nearest of Fly.io's.
  private static func region(_ region: RenderRegion) -> String {
    switch region {
    case .oregon: "sjc"
    case .ohio: "ord"
    case .virginia: "iad"
    case .frankfurt: "fra"
    case .singapore: "sin"
    }
  }

  /// A basic string. Source: TOML 1.0.0.
  private static func toml(_ text: String) -> String {
    var quoted = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return "\"\(quoted)\""
  }
}

/// Railway's configuration. Source: docs.railway.com/config-as-code/reference, read 2026-11.
enum RailwayText {
  private struct File: Encodable {
    var schema = "https://railway.com/railway.schema.json"
    var build: Build
    var deploy: Deploy

    enum CodingKeys: String, CodingKey {
      case build, deploy
      case schema = "$schema"
    }

    struct Build: Encodable {
      var builder = "DOCKERFILE"
      var dockerfilePath: String
    }

    struct Deploy: Encodable {
      var healthcheckPath: String
      var healthcheckTimeout = 60
      var numReplicas = 1
      var restartPolicyMaxRetries = 10
      var restartPolicyType = "ON_FAILURE"
      var sleepApplication: Bool
    }
  }

  static func make(_ deployment: Deployment, _ planSet: Deployment.PlanSet) -> String {
    let file = File(
      build: .init(dockerfilePath: deployment.service.dockerfile),
      deploy: .init(healthcheckPath: deployment.service.healthCheck, sleepApplication: planSet.web == "free"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(file) else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
