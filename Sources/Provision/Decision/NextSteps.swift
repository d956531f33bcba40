package import Evidence
import Statistics

/// What to do now about a decision, as commands, clicks and texts to paste. Pure; every format renders the same list.
package struct NextSteps {
  /// What the decision's document does not hold.
  package struct Context: Sendable {
    /// How often a pinger is to ask.
    package var pingEverySeconds = PingerKind.everySeconds
    /// IANA name of the zone that hours of duty are in.
    package var timeZone: String?
    package var pinger = PingerKind.cronService
    /// The share of visits that a service that sleeps would affect and that each kind of pinger leaves affected.
    var leftByPings: [PingerKind: Estimate] = [:]
    /// Plans by their ids, as people call them.
    package var planNames: [String: String] = [:]
    package var blueprint: Blueprint?
    /// Where Outgrown's repository is, https; nil where nobody said.
    package var repository: String?

    package init() {}
  }

  /// A blueprint at hand, and what is to change in it.
  package struct Blueprint: Sendable {
    package var path: String
    /// Unified; empty where there is nothing to change.
    package var diff: String
    /// Where the diff is written.
    package var diffPath: String

    package init(path: String, diff: String, diffPath: String) {
      self.path = path
      self.diff = diff
      self.diffPath = diffPath
    }
  }

  private let decision: Decision
  private let context: Context

  package init(_ decision: Decision, _ context: Context) {
    self.decision = decision
    self.context = context
  }

  package var all: [Decision.Step] {
    let steps: [Decision.Step] =
      switch decision.verdict {
      case .stay: changes.isEmpty ? [nothing] : changes
      case .upgrade, .downgrade: changes
      case .inconclusive: [measurement]
      }
    return steps + [tell]
  }

  // MARK: By verdict

  private var nothing: Decision.Step {
    let again = decision.flips.first.map { "decide again \($0.when)" } ?? "decide again in three months"
    let kept = decision.now.keepAwake == nil ? "" : " and leave the pings running"
    return .init(.act, "Change nothing\(kept); \(again)")
  }

  private var measurement: Decision.Step {
    if let question = decision.question {
      return .init(.act, "\(question.text) Say it, and decide again", text: answer(question))
    }
    guard let missing = decision.missing.first else {
      return .init(.act, "Loosen a limit in values.yaml, or look at another host: no plan keeps them all")
    }
    return .init(.run, "Settle this, then decide again: \(missing.what)", text: missing.command)
  }

  private func answer(_ question: Decision.Question) -> String {
    question.key.hasPrefix("--")
      ? "outgrown decide … \(question.key) …" : "\(question.key): …   # in values.yaml (--values)"
  }

  // MARK: Changes

  private var changes: [Decision.Step] {
    guard let candidate = decision.candidate else { return [] }
    return plans(candidate) + cache(candidate) + pings(candidate)
  }

  private func name(_ plan: String) -> String { context.planNames[plan] ?? plan }

  private func plans(_ candidate: Decision.Candidate) -> [Decision.Step] {
    var clicks: [String] = []
    if candidate.webPlan != decision.now.webPlan {
      clicks.append("the service's Settings, Instance Type: \(name(candidate.webPlan))")
    }
    if let plan = candidate.databasePlan, plan != decision.now.databasePlan {
      clicks.append(
        ["none", "external", nil].contains(decision.now.databasePlan)
          ? "New, Postgres: \(name(plan)), and move the data there" : "the database's Info, plan: \(name(plan))")
    }
    guard !clicks.isEmpty else { return [] }
    let inDashboard = "In the host's dashboard: \(clicks.joined(separator: "; then "))"
    guard let blueprint = context.blueprint, !blueprint.diff.isEmpty else {
      let lines = BlueprintChange.lines(decision).joined(separator: "\n")
      let file = context.blueprint?.path
      return [
        .init(.act, inDashboard),
        .init(
          .or,
          file.map { "\($0) names no such plan on a line of its own; it is to say" }
            ?? "Change render.yaml, and push it",
          text: lines),
      ]
    }
    return [
      .init(
        .run, "Change \(blueprint.path), and push it",
        text: "patch \(Self.quoted(blueprint.path)) \(Self.quoted(blueprint.diffPath))"),
      .init(.change, "What that changes", text: blueprint.diff),
      .init(.or, inDashboard),
    ]
  }

  private func cache(_ candidate: Decision.Candidate) -> [Decision.Step] {
    guard candidate.cache != decision.now.cache else { return [] }
    guard let plan = candidate.cache else { return [.init(.act, "Take the cache away: it is not needed")] }
    return [.init(.act, "In the host's dashboard: New, Key Value: \(name(plan)), and turn the service's cache on")]
  }

  private func pings(_ candidate: Decision.Candidate) -> [Decision.Step] {
    guard candidate.keepAwake != decision.now.keepAwake else { return [] }
    guard let hours = candidate.keepAwake else {
      let why =
        candidate.webPlan == decision.now.webPlan ? "they are not needed" : "\(name(candidate.webPlan)) never sleeps"
      return [.init(.act, "Stop the pings: \(why)")]
    }
    let job = ScheduledJob(
      name: "keep-awake", purpose: "Keeps the service awake, as outgrown decide said it is worth.",
      schedule: .init(
        everySeconds: context.pingEverySeconds, hours: Self.hours(hours), timeZone: context.timeZone),
      url: decision.service ?? "https://YOUR-SERVICE.onrender.com/")
    let often = job.schedule.words
    func steps(_ first: Decision.Step, _ others: Decision.Step...) -> [Decision.Step] { [first] + others }
    let onOwnHost = "on a machine that is always on, a line for crontab -e"
    let instead = "\(onOwnHost.prefix(1).uppercased())\(onOwnHost.dropFirst())"
    func note(_ terms: String, _ kind: PingerKind) -> String {
      ([left(kind)].compactMap(\.self) + [terms]).joined(separator: ". ")
    }
    switch context.pinger {
    case .cronService:
      return steps(
        .init(
          .act, "Let a cron service, such as cron-job.org, ask for it \(often)", text: job.cronServiceSettings,
          note: note("\(HostTerms.keepingAwake). \(HostTerms.cronService)", .cronService)),
        .init(.or, instead, text: job.crontabLine))
    case .ownHost:
      return steps(
        .init(
          .act, "Ask for it \(often): \(onOwnHost)", text: job.crontabLine,
          note: note(HostTerms.keepingAwake, .ownHost)))
    case .platformCron:
      return steps(
        .init(
          .act, "Let a cron job of the platform ask for it \(often), with this schedule and command",
          text: job.crontabLine, note: note("\(HostTerms.platformCron). \(HostTerms.keepingAwake)", .platformCron)))
    case .githubActions:
      // Nobody is handed a pinger that misses half.
      let workflow = Decision.Step(
        .or, "A workflow, .github/workflows/keep-awake.yml in the default branch, asks for it far less often",
        text: job.gitHubWorkflow, note: note(HostTerms.gitHubActions, .githubActions))
      return steps(
        .init(
          .act, "Let a cron service, such as cron-job.org, ask for it \(often): GitHub's clock misses most",
          text: job.cronServiceSettings,
          note: note("\(HostTerms.keepingAwake). \(HostTerms.cronService)", .cronService)),
        workflow)
    }
  }

  /// What such a pinger leaves over, in a sentence.
  private func left(_ kind: PingerKind) -> String? {
    guard let left = context.leftByPings[kind] else { return nil }
    let source = kind.record.source == nil ? "assumed" : "by its public record"
    return "It leaves \(Figure.percent(left)) of the visits affected that would be without it (\(source))"
  }

  /// `07:00-22:00`; nil for always.
  private static func hours(_ text: String) -> Range<Int>? {
    let ends = text.split(separator: "-").compactMap { Int($0.prefix(2)) }
    guard ends.count == 2, ends[0] < ends[1] else { return nil }
    return ends[0]..<ends[1]
  }

  /// For a POSIX shell.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      let character = Character(UnicodeScalar(byte))
      return byte < 128 && (character.isLetter || character.isNumber || "-._/+=@,:".contains(character))
    }
    return isPlain && !text.isEmpty ? text : "'\(text.replacing("'", with: "'\\''"))'"
  }

  private var tell: Decision.Step {
    guard let repository = context.repository else {
      return .init(.tell, "Was that right? Outgrown's repository takes decision.json (decide --json) in an issue")
    }
    let page =
      if repository.hasPrefix("https://github.com/") {
        "\(repository)/issues/new?template=decision.yml"
      } else if repository.hasPrefix("https://gitlab.com/") {
        "\(repository)/-/issues/new"
      } else {
        "\(repository)/issues/new"
      }
    return .init(.tell, "Was that right? Say so, with decision.json (decide --json) attached", text: page)
  }
}
