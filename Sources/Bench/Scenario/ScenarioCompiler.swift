package import BenchEngine
import BenchVerdict
package import Documents
import Support

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
    /// For https only.
    package var tls: TLSPlan
    /// As the User-Agent says it.
    package var version: String

    package init(
      target: TargetURL? = nil, variables: [String: String] = [:], secondsSince1970: Int64, workers: Int = 1,
      tick: Duration = .zero, tls: TLSPlan = TLSPlan(), version: String = Version.number
    ) {
      self.target = target
      self.variables = variables
      self.secondsSince1970 = secondsSince1970
      self.workers = workers
      self.tick = tick
      self.tls = tls
      self.version = version
    }
  }

  /// A step's name in the plan is its own where only one journey has it, else `journey/step`: figures of different
  /// journeys are kept apart, and a budget's `{step:…}` adds their counts up (`PlanLabels`).
  /// - Throws: `DocumentError` code `.invalid`: no target, unknown variables, what a request can't hold, budgets on
  ///   steps, journeys or checks that don't exist.
  package static func plan(_ scenario: Scenario, _ options: Options) throws(DocumentError) -> LoadPlan {
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
      return LoadPlan(endpoint: Endpoint(host: "", port: 0), steps: [], journeys: [], workload: .users([]))
    }
    let values = TemplateValues(
      variables: scenario.variables.merging(options.variables) { _, option in option }, calendar: calendar)
    let compiler = StepCompiler(
      scenario: scenario, values: values,
      renderer: RequestRenderer(
        target: target ?? TargetURL(host: "localhost"), userAgent: userAgent(of: scenario, options)))

    let counts = Dictionary(scenario.journeys.flatMap(\.steps).map { ($0.name, 1) }, uniquingKeysWith: +)
    var steps: [StepPlan] = []
    var journeys: [JourneyPlan] = []
    for journey in scenario.journeys {
      var indices: [Int] = []
      for step in journey.steps {
        let name = counts[step.name, default: 0] > 1 ? "\(journey.name)/\(step.name)" : step.name
        indices.append(steps.count)
        steps.append(compiler.compile(step, named: name, &problems))
      }
      journeys.append(JourneyPlan(name: journey.name, weight: journey.weight, steps: indices))
    }

    let load = scenario.load
    let plan = LoadPlan(
      endpoint: Endpoint(
        host: target?.host ?? "", port: target?.port ?? 0, tls: target?.scheme == .https ? options.tls : nil),
      steps: steps, journeys: journeys, workload: workload(load), warmUp: load.warmUp,
      gracefulStop: load.gracefulStop, connectTimeout: scenario.connectTimeout,
      responseTimeout: scenario.responseTimeout, seed: load.seed, workers: max(1, options.workers),
      tick: options.tick, arrivals: load.arrivals, overflow: load.overflow, pacing: load.pacing,
      iterationLimit: load.iterationLimit)
    let labels = PlanLabels(plan)
    for placed in scenario.budgets {
      if let problem = labels.problem(with: placed.budget.selector) {
        problems.add(problem.what, expected: problem.expected, at: placed.position)
      }
    }
    try problems.throwIfAny()
    return plan
  }

  private static func workload(_ load: Scenario.Load) -> Workload {
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

/// Fills in and renders one step.
private struct StepCompiler {
  var scenario: Scenario
  var values: TemplateValues
  var renderer: RequestRenderer

  func compile(_ step: Scenario.Step, named name: String, _ problems: inout DocumentProblems) -> StepPlan {
    var headers: [(name: String, value: String, position: DocumentPosition?)] = []
    for header in scenario.headers + step.headers {
      headers.append((header.name, values.render(header.value, &problems), header.value.position))
    }
    var body: [UInt8]?
    var contentType: String?
    switch step.body {
    case .text(let template)?:
      body = Array(values.render(template, &problems).utf8)
      contentType = "text/plain; charset=utf-8"
    case .json(let node)?:
      body = JSONBody.render(node, values, &problems)
      contentType = "application/json"
    case nil:
      break
    }
    let request = renderer.render(
      method: step.method, path: values.render(step.path, &problems), headers: headers, body: body,
      contentType: contentType, at: step.path.position, &problems)

    var accepted: [StatusRange] = []
    var checks: [CheckPlan] = []
    for check in step.checks {
      if case .status(let ranges) = check.kind { accepted += ranges }
      if let plan = compile(check, &problems) { checks.append(plan) }
    }
    return StepPlan(
      name: name, request: request ?? [], isHead: step.method == "HEAD", acceptedStatuses: accepted, checks: checks,
      thinkTime: step.thinkTime)
  }

  private func compile(_ check: CheckTemplate, _ problems: inout DocumentProblems) -> CheckPlan? {
    switch check.kind {
    case .status(let ranges):
      return CheckPlan(
        label: "status is \(Spelling.alternatives(ranges.map(\.text)))", subject: .status(ranges))
    case .bodyContains(let template):
      let text = values.render(template, &problems)
      return CheckPlan(label: "body contains \(text.excerpt)", subject: .bodyContains(Array(text.utf8)))
    case .json(let path, let pathText, let expected, let isText):
      let text = values.render(expected, &problems)
      guard let expression = CheckExpression.parse(text, isText: isText) else {
        problems.add(
          "'\(text.excerpt)'", expected: "a number after the comparison, such as '> 0'", at: expected.position)
        return nil
      }
      return CheckPlan(
        label: "\(pathText) \(expression.text)",
        subject: .json(path, expression.comparison, expression.scalar))
    }
  }
}
