package import BenchEngine
import BenchVerdict
package import Documents
import Evidence
import Foundation

/// What a run of a scenario executes.
package struct CompiledScenario: Sendable {
  package var load: LoadPlan
  /// Before the load: one user, once.
  package var setup: LoadPlan?
  /// After it, likewise.
  package var teardown: LoadPlan?
  /// Names of the captured values, by slot.
  package var slotNames: [String]
}

/// Turns a scenario into what the engine executes: placeholders filled in, requests rendered, names made unique.
package enum ScenarioCompiler {
  package struct Options: Sendable {
    /// Instead of the scenario's.
    package var target: TargetURL?
    /// Over the scenario's, by name.
    package var variables: [String: String]
    /// What `{{today}}` is reckoned from.
    package var secondsSince1970: Int64
    package var workers: Int
    package var tick: Duration
    /// For https only: its authorities, or their absence, take the place of the scenario's.
    package var tls: TLSPlan
    /// Instead of the scenario's.
    package var connectTo: ConnectAddress?
    package var family: AddressFamily?
    package var pinsWorkers = false
    /// As the User-Agent says it.
    package var version: String
    /// For `{{env.NAME}}`.
    package var environment: [String: String]

    package init(
      target: TargetURL? = nil, variables: [String: String] = [:], secondsSince1970: Int64, workers: Int = 1,
      tick: Duration = .zero, tls: TLSPlan = TLSPlan(), version: String = Version.number,
      environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
      self.target = target
      self.variables = variables
      self.secondsSince1970 = secondsSince1970
      self.workers = workers
      self.tick = tick
      self.tls = tls
      self.version = version
      self.environment = environment
    }
  }

  /// A step's name in the plan is its own where only one journey has it, else `journey/step`: figures of different
  /// journeys are kept apart, and a budget's `{step:…}` adds their counts up (`PlanLabels`).
  /// - Throws: `DocumentError` code `.invalid`: no target, unknown variables, what a request can't hold, budgets on
  ///   steps, journeys or checks that don't exist.
  package static func plan(_ scenario: Scenario, _ options: Options) throws(DocumentError) -> LoadPlan {
    try compile(scenario, options).load
  }

  /// - Throws: as `plan`.
  package static func compile(_ scenario: Scenario, _ options: Options) throws(DocumentError) -> CompiledScenario {
    var problems = DocumentProblems(file: scenario.file)
    let target = options.target ?? scenario.target
    if target == nil {
      problems.add("no target", expected: "'target: http://…' in the scenario, or --target URL", at: nil)
    }
    guard
      let calendar = ScenarioCalendar(timeZone: scenario.timeZone, secondsSince1970: options.secondsSince1970)
    else {
      problems.add("unknown time zone '\(scenario.timeZone)'", expected: "an IANA name", at: nil)
      try problems.throwIfAny()
      let none = LoadPlan(endpoint: Endpoint(host: "", port: 0), steps: [], journeys: [], workload: .users([]))
      return CompiledScenario(load: none, slotNames: [])
    }
    let feeds = readFeeds(scenario, &problems)
    let values = TemplateValues(
      variables: scenario.variables.merging(options.variables) { _, option in option }, calendar: calendar,
      environment: options.environment,
      columns: Dictionary(
        feeds.enumerated().map { ($1.name, .init(feed: $0, names: $1.columns)) },
        uniquingKeysWith: { first, _ in first }))
    let compiler = StepCompiler(
      scenario: scenario, values: values,
      renderer: RequestRenderer(
        target: target ?? TargetURL(host: "localhost"), userAgent: userAgent(of: scenario, options)))

    let counts = Dictionary(scenario.journeys.flatMap(\.steps).map { ($0.name, 1) }, uniquingKeysWith: +)
    let slots = slots(of: scenario, values, &problems)
    let shared = slots.filter { name, _ in scenario.setup.contains { $0.captures.contains { $0.name == name } } }
    var steps: [StepPlan] = []
    var journeys: [JourneyPlan] = []
    for journey in scenario.journeys {
      var indices: [Int] = []
      var groups: [ParallelGroup] = []
      var captured = shared
      let all = shared.merging(captures(of: journey.steps, slots)) { _, own in own }
      for (number, step) in journey.steps.enumerated() {
        if let parallel = step.parallel {
          if number > 0, journey.steps[number - 1].parallel == parallel {
            groups[groups.count - 1].count += 1
          } else {
            groups.append(ParallelGroup(first: indices.count, count: 1, connections: parallel.connections))
          }
        }
        let name = counts[step.name, default: 0] > 1 ? "\(journey.name)/\(step.name)" : step.name
        indices += Array(repeating: steps.count, count: step.repetitions)
        var plan = compiler.compile(
          step, named: name, captured: captured.filter { !isSiblings($0.key, of: step, in: journey) },
          inConditions: all, slots: slots, &problems)
        plan.tags = journey.tags.merging(step.tags) { _, own in own }
        steps.append(plan)
        for capture in step.captures { captured[capture.name] = slots[capture.name] }
      }
      let used = Set(indices.flatMap { steps[$0].feeds })
      var plan = JourneyPlan(name: journey.name, weight: journey.weight, steps: indices, feeds: used.sorted())
      plan.groups = groups
      journeys.append(plan)
    }
    // Setup and teardown are nobody's iteration, so no row of data is theirs.
    var side = SideCompiler(compiler: compiler, slots: slots)
    side.compiler.values.columns = [:]
    let setup = side.steps(scenario.setup, captured: [:], &problems)
    let teardown = side.steps(scenario.teardown, captured: shared, &problems)

    let load = scenario.load
    var plan = LoadPlan(
      endpoint: Endpoint(
        host: target?.host ?? "", port: target?.port ?? 0, tls: target?.scheme == .https ? options.tls : nil),
      steps: steps, journeys: journeys, workload: workload(load), warmUp: load.warmUp,
      gracefulStop: load.gracefulStop, connectTimeout: scenario.connectTimeout,
      responseTimeout: scenario.responseTimeout, seed: load.seed, workers: max(1, options.workers),
      tick: options.tick, arrivals: load.arrivals, overflow: load.overflow, pacing: load.pacing,
      iterationLimit: load.iterationLimit)
    plan.slotCount = slots.count
    plan.keepsCookies = scenario.keepsCookies
    setTransport(of: scenario, options, in: &plan)
    let single = plan
    plan.feeds = feeds
    plan.phases = phases(of: scenario, values, &problems)
    if !plan.phases.isEmpty {
      plan.workload = .users([])
      plan.warmUp = .zero
    }
    let labels = PlanLabels(plan)
    for placed in scenario.budgets {
      if let problem = labels.problem(with: placed.budget.selector) {
        problems.add(problem.what, expected: problem.expected, at: placed.position)
      }
    }
    try problems.throwIfAny()
    return CompiledScenario(
      load: plan, setup: SideCompiler.plan("setup", setup, like: single),
      teardown: SideCompiler.plan("teardown", teardown, like: single),
      slotNames: slots.sorted { $0.value < $1.value }.map(\.key))
  }

  /// A step of the same parallel group captures it, before or after this one is sent.
  private static func isSiblings(_ name: String, of step: Scenario.Step, in journey: Scenario.Journey) -> Bool {
    guard let parallel = step.parallel else { return false }
    return journey.steps.contains {
      $0.parallel == parallel && $0.name != step.name && $0.captures.contains { $0.name == name }
    }
  }

  private static func captures(of steps: [Scenario.Step], _ slots: [String: Int]) -> [String: Int] {
    let names = Set(steps.flatMap(\.captures).map(\.name))
    return slots.filter { names.contains($0.key) }
  }

  private static func setTransport(of scenario: Scenario, _ options: Options, in plan: inout LoadPlan) {
    let transport = scenario.transport
    plan.transport.connections = transport.connections
    plan.transport.timeouts = transport.timeouts
    plan.transport.nameTTL = transport.nameTTL
    plan.transport.pinsWorkers = options.pinsWorkers
    plan.endpoint.family = options.family ?? transport.family
    plan.endpoint.connectTo = options.connectTo ?? transport.connectTo
    guard plan.endpoint.tls != nil else { return }
    var tls = transport.tls
    tls.authorityFile = tls.authorityFile.map { scenario.path(of: $0) }
    if options.tls.insecure || options.tls.authorityFile != nil {
      tls.insecure = options.tls.insecure
      tls.authorityFile = options.tls.authorityFile
    }
    plan.endpoint.tls = tls
  }

  private static func readFeeds(_ scenario: Scenario, _ problems: inout DocumentProblems) -> [FeedPlan] {
    var feeds: [FeedPlan] = []
    for source in scenario.data {
      let path = scenario.path(of: source.file)
      do {
        let file = try DataFile.read(path: path)
        feeds.append(FeedPlan(name: source.name, columns: file.columns, rows: file.rows, order: source.order))
      } catch {
        let place = error.line.map { "\(path):\($0)" } ?? path
        problems.add("\(place) \(error.what)", expected: "CSV with a line of names, or JSON lines", at: source.position)
      }
    }
    return feeds
  }

  /// A slot for each captured name; the same name in two journeys shares one. What setup captures is everybody's.
  private static func slots(
    of scenario: Scenario, _ values: TemplateValues, _ problems: inout DocumentProblems
  ) -> [String: Int] {
    var slots: [String: Int] = [:]
    let shared = Set(scenario.setup.flatMap(\.captures).map(\.name))
    for capture in scenario.journeys.flatMap(\.steps).flatMap(\.captures) where shared.contains(capture.name) {
      problems.add("'\(capture.name)' is captured by setup too", expected: "another name", at: capture.position)
    }
    let steps = scenario.setup + scenario.journeys.flatMap(\.steps) + scenario.teardown
    for capture in steps.flatMap(\.captures) {
      if values.variables[capture.name] != nil {
        problems.add("'\(capture.name)' is a variable too", expected: "another name", at: capture.position)
      }
      if slots[capture.name] == nil { slots[capture.name] = slots.count }
    }
    return slots
  }

  static func workload(_ load: Scenario.Load) -> Workload {
    func stages(to target: Double) -> [Workload.Stage] {
      var stages: [Workload.Stage] = []
      if load.ramp > .zero { stages.append(.init(duration: load.ramp, target: target)) }
      if load.hold > .zero { stages.append(.init(duration: load.hold, target: target, isStep: load.ramp == .zero)) }
      return stages
    }
    return switch load.shape {
    case .users(let users): .users(stages(to: Double(users)))
    case .rate(let rate, let maxInFlight): .rate(stages(to: rate), maxInFlight: maxInFlight)
    case .userStages(let stages): .users(stages)
    case .rateStages(let stages, let maxInFlight): .rate(stages, maxInFlight: maxInFlight)
    }
  }

  /// `Outgrown/0.1.0 (load test; +campus-morning)`: RFC 9110 §10.1.5 keeps comments to visible ASCII without
  /// parentheses.
  private static func userAgent(of scenario: Scenario, _ options: Options) -> String {
    let name = scenario.name.unicodeScalars.map { scalar in
      (0x21...0x7E).contains(scalar.value) && !"()\\".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
    }
    return "Outgrown/\(options.version) (load test; +\(String(name)))"
  }
}
