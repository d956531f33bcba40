import Plans

/// What deployments are called, and what changes between two of them.
struct DeploymentWords {
  private let catalogue: Catalogue
  private let now: Hosting

  init(_ inputs: DecisionInputs) {
    catalogue = inputs.catalogue
    now = inputs.now
  }

  func web(_ deployment: Hosting) -> String { catalogue.web(deployment.web)?.name ?? deployment.web }

  /// `Free, kept awake 07:00-22:00`, `Starter, database on Basic 256 MB`.
  func name(_ deployment: Hosting) -> String {
    var text = web(deployment)
    if let awake = awake(deployment.keepAwake) { text += ", \(awake)" }
    if case .plan(let id) = deployment.database, deployment.database != now.database {
      text += ", database on \(catalogue.database(id)?.name ?? id)"
    }
    if deployment.cache != nil, deployment.cache != now.cache { text += ", cache on" }
    return text
  }

  /// What is to change, what is paid for first: `web to Starter`, `database to Basic 256 MB`, `cache on`; empty where
  /// nothing does.
  func changes(to deployment: Hosting) -> [String] {
    var parts: [String] = []
    if deployment.web != now.web { parts.append("web to \(web(deployment))") }
    if deployment.database != now.database, case .plan(let id) = deployment.database {
      parts.append("database to \(catalogue.database(id)?.name ?? id)")
    }
    if deployment.cache != now.cache { parts.append(deployment.cache == nil ? "cache off" : "cache on") }
    if deployment.web == now.web, deployment.keepAwake != now.keepAwake {
      parts.append(awake(deployment.keepAwake) ?? "without pings")
    }
    return parts
  }

  private func awake(_ keepAwake: KeepAwake) -> String? {
    switch keepAwake {
    case .none: nil
    case .always: "kept awake"
    case .duty: "kept awake \(keepAwake.text ?? "")"
    }
  }
}
