import ArgumentParser
import BenchEngine
import BenchReporting
import BenchScenario
import Foundation
import Measures
import Terminal
import Wording

/// `outgrown bench try FILE`.
struct TryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "try",
    abstract: "Goes through each journey once and shows every request and response with its times.",
    discussion: """
      Pauses are left out and the load is not made: one user, one journey after the other.

      Exit codes: 0 every check passed · 96 nothing answered · 99 a request or a check failed · 104 invalid scenario.
      """)

  @Argument(help: "The scenario, as docs/scenario.md describes it.")
  var scenario: String

  @Option(help: "Ask this service instead of the scenario's target: http://host:port or https://host.")
  var target: String?

  @OptionGroup var variables: VariableOptions

  @Option(help: "Only the journey of this name.")
  var journey: String?

  @Flag(help: "Print the exchanges as JSON on standard output.")
  var json = false

  @Flag(help: "Show bodies in full, and credentials.")
  var full = false

  @Option(help: "PEM file with the certificate authorities to trust instead of the system's.")
  var caFile: String?

  @Flag(help: "Accept any certificate.")
  var insecure = false

  func run() throws {
    let code = try tryJourneys()
    if code != .pass { throw code.end }
  }

  private func tryJourneys() throws -> ExitStatus {
    let scenario = try ScenarioReader.read(path: scenario)
    let target = try target.map { text throws(ScenarioError) in try TargetURL.parse(text) }
    let compiled = try ScenarioCompiler.compile(
      scenario,
      .init(
        target: target, variables: try variables.values,
        secondsSince1970: Int64(Date().timeIntervalSince1970), tls: TLSPlan(authorityFile: caFile, insecure: insecure)))
    let whole = compiled.load
    let journeys = whole.journeys.filter { journey == nil || $0.name == journey }
    guard !journeys.isEmpty else {
      let names = Spelling.alternatives(whole.journeys.map { "'\($0.name)'" })
      throw CommandFailure(.usage, "--journey \(journey ?? ""): expected \(names)")
    }
    let style = Console.style
    let address = try Preflight.reach(whole)
    try obey(TargetPolicy(), target ?? scenario.target, address, journeys, of: whole)
    var answered: UInt64 = 0
    var isGood = true
    var figures: [ExchangeFigures] = []
    func show(_ exchanges: [Exchange], of plan: LoadPlan, _ name: String) {
      if !json { print(DisplayText.line(name, limit: 80)) }
      for (number, exchange) in exchanges.enumerated() {
        let step = plan.steps[exchange.step]
        if json {
          figures.append(ExchangeFigures(exchange, journey: name, step: step, showsAll: full))
          continue
        }
        let lines = ExchangeText.render(exchange, number: number + 1, step: step, showsAll: full, style: style)
        print(lines.joined(separator: "\n"))
      }
    }
    func trySide(_ side: SideRun) -> SideRun.Outcome {
      let outcome = side.run(to: address, control: LoadEngine.Control())
      show(outcome.exchanges, of: side.plan, side.name)
      if let failure = outcome.failure {
        Console.say(failure.message)
        isGood = false
      }
      return outcome
    }
    let setup = compiled.setup.map { trySide(SideRun(name: "setup", plan: $0)) }
    let fixed = whole.fixing(setup?.values ?? [:])
    for journey in setup?.failure == nil ? journeys : [] {
      var once = fixed.once(journey)
      for step in once.steps.indices { once.steps[step].thinkTime = .none }
      let result = try LoadEngine.run(once, to: address)
      show(result.exchanges, of: whole, journey.name)
      answered += result.steps.reduce(0) { $0 + $1.answered }
      let checksFailed = result.steps.contains { $0.checksFailed.contains { $0 > 0 } }
      isGood = isGood && result.iterations.completed == 1 && !checksFailed
    }
    if let teardown = SideRun.teardown(compiled.teardown, values: setup?.values ?? [:]).run { _ = trySide(teardown) }
    if json {
      try Console.write(json: figures)
    }
    if let failure = setup?.failure { return failure.exitStatus }
    return answered == 0 ? .targetNeverAnswered : isGood ? .pass : .notMet
  }

  /// A journey of many requests is load too.
  private func obey(
    _ policy: TargetPolicy, _ target: TargetURL?, _ address: SocketAddress, _ journeys: [JourneyPlan],
    of plan: LoadPlan
  ) throws {
    guard let target else { return }
    let most = journeys.map { TargetPolicy.requests(of: $0, in: plan) }.max() ?? 0
    if case .refused(let reason) = policy.judge(
      target: target, endpoint: plan.endpoint, address: address.numericHost, peak: Double(most))
    {
      throw CommandFailure(.invalidConfiguration, reason)
    }
  }
}
