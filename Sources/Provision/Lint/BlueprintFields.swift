import ProvisionBlueprint

/// The fields of each kind of entry. Source: Render's JSON Schema for render.yaml, read 2026.
enum BlueprintFields {
  private static let shared = [
    "type", "name", "envVars", "buildFilter", "rootDir", "repo", "branch", "autoDeployTrigger",
  ]
  private static let built = ["runtime", "buildCommand", "autoDeploy"]
  private static let docker = ["dockerCommand", "dockerContext", "dockerfilePath", "registryCredential", "image"]
  private static let previews = ["previews", "pullRequestPreviewsEnabled"]
  private static let web = ["domain", "domains", "ipAllowList", "renderSubdomainPolicy"]

  static let server =
    shared + built + docker + previews + web + [
      "region", "plan", "buildSource", "numInstances", "healthCheckPath", "scaling", "startCommand",
      "preDeployCommand", "initialDeployHook", "disk", "previewPlan", "maintenanceMode", "maxShutdownDelaySeconds",
    ]
  static let cron =
    shared + built + docker + ["region", "plan", "schedule", "startCommand", "preDeployCommand"]
  static let staticSite =
    shared + built + previews + web + ["staticPublishPath", "headers", "routes", "preDeployCommand"]
  static let keyValue = [
    "type", "name", "region", "ipAllowList", "plan", "previewPlan", "maxmemoryPolicy", "persistenceMode",
  ]
  static let workflow = shared + ["runtime", "region", "buildCommand", "startCommand"]
  static let database = [
    "name", "databaseName", "user", "region", "plan", "diskSizeGB", "storageAutoscalingEnabled", "connectionPool",
    "previewPlan", "previewDiskSizeGB", "postgresMajorVersion", "highAvailability", "ipAllowList", "readReplicas",
  ]
  static let all = Set(server + cron + staticSite + keyValue + workflow + database)

  /// What messages call it.
  static func noun(for service: BlueprintItem) -> String {
    switch service.type {
    case "web": service.isStaticSite ? "a static site" : "a web service"
    case "pserv": "a private service"
    case "cron": "a cron job"
    case "keyvalue", "redis": "a key value instance"
    default: "a \(service.type)"
    }
  }

  /// Nil for a type that isn't known.
  static func known(for service: BlueprintItem) -> [String]? {
    switch service.type {
    case "web": service.isStaticSite ? staticSite : server
    case "pserv", "worker": server
    case "cron": cron
    case "keyvalue", "redis": keyValue
    case "workflow": workflow
    default: nil
    }
  }
}
