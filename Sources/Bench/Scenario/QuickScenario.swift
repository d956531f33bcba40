import BenchEngine
import BenchVerdict
import Documents
import Wording

/// `outgrown bench URL --users 100 --for 30s`: a scenario of one request, without a file.
package struct QuickScenario: Sendable {
  package var url: String
  /// One of `users` and `rate` (`500/s`); neither means 10 users.
  package var users: Int?
  package var rate: String?
  package var maxInFlight: Int?
  /// The whole time, ramp and warm-up included.
  package var duration: Duration
  package var ramp: Duration
  package var warmUp: Duration
  package var think: Duration
  package var method: String
  /// `Name: value`.
  package var headers: [String]
  package var body: String?
  /// `p(95)<300ms`, `failed: rate < 1%`.
  package var budgets: [String]

  package init(
    url: String, users: Int? = nil, rate: String? = nil, maxInFlight: Int? = nil, duration: Duration = .seconds(30),
    ramp: Duration = .zero, warmUp: Duration = .zero, think: Duration = .zero, method: String = "GET",
    headers: [String] = [], body: String? = nil, budgets: [String] = []
  ) {
    self.url = url
    self.users = users
    self.rate = rate
    self.maxInFlight = maxInFlight
    self.duration = duration
    self.ramp = ramp
    self.warmUp = warmUp
    self.think = think
    self.method = method
    self.headers = headers
    self.body = body
    self.budgets = budgets
  }

  /// The step's and the journey's name.
  package static let stepName = "request"

  /// - Throws: `ScenarioError` code `.target` or `.quickForm`, with the option that is wrong.
  package func scenario() throws(ScenarioError) -> Scenario {
    let (origin, path) = try TargetURL.split(url)
    let method = method.uppercased()
    guard ScenarioDecoder.methods.contains(method.lowercased()) else {
      throw wrong("--method", self.method, Spelling.alternatives(ScenarioDecoder.methods))
    }
    if body != nil, ["GET", "HEAD", "OPTIONS"].contains(method) {
      throw ScenarioError(.quickForm, "--body with \(method): add --method POST, PUT, PATCH or DELETE")
    }
    guard duration > .zero, Scenario.Bounds.time.contains(duration) else {
      throw ScenarioError(.quickForm, "--for: expected a duration above 0s and up to 24h")
    }
    guard ramp <= duration, warmUp < duration else {
      throw ScenarioError(.quickForm, "--ramp and --warm-up are parts of --for: expected less than it")
    }
    let step = Scenario.Step(
      name: Self.stepName, position: nil, method: method, path: Template(literal: path),
      headers: try parsedHeaders(), body: body.map { .text(Template(literal: $0)) }, checks: [],
      thinkTime: think > .zero ? .constant(think) : .none)
    return Scenario(
      file: "command line", name: "quick", description: nil, target: origin, timeZone: "UTC", variables: [:],
      headers: [], connectTimeout: .seconds(5), responseTimeout: .seconds(30),
      load: Scenario.Load(
        shape: try shape(), ramp: ramp, hold: duration - ramp, warmUp: warmUp, gracefulStop: .seconds(10), seed: 1),
      journeys: [Scenario.Journey(name: Self.stepName, weight: 1, steps: [step])],
      budgets: try parsedBudgets())
  }

  private func shape() throws(ScenarioError) -> Scenario.Load.Shape {
    switch (users, rate) {
    case (_?, _?):
      throw ScenarioError(.quickForm, "both --users and --rate: expected one of them")
    case (let users, nil):
      let users = users ?? 10
      guard Scenario.Bounds.users.contains(users) else {
        throw wrong("--users", "\(users)", "1 to \(Scenario.Bounds.users.upperBound)")
      }
      return .users(users)
    case (nil, let text?):
      guard let rate = RateText.parse(text), Scenario.Bounds.rate.contains(rate) else {
        throw wrong("--rate", text, "a rate such as 500/s, 600/min or 3600/h")
      }
      let limit = maxInFlight ?? 1_000
      guard Scenario.Bounds.maxInFlight.contains(limit) else {
        throw wrong("--max-in-flight", "\(limit)", "1 to \(Scenario.Bounds.maxInFlight.upperBound)")
      }
      return .rate(rate, maxInFlight: limit)
    }
  }

  private func parsedHeaders() throws(ScenarioError) -> [HeaderTemplate] {
    var result: [HeaderTemplate] = []
    for header in headers {
      guard let colon = header.firstIndex(of: ":") else {
        throw wrong("--header", header.excerpt, "'Name: value'")
      }
      let name = String(header[..<colon])
      if let problem = RequestRenderer.problem(withHeader: name) { throw wrong("--header", name.excerpt, problem) }
      result.append(
        HeaderTemplate(name: name, value: Template(literal: String(header[header.index(after: colon)...]))))
    }
    return result
  }

  private func parsedBudgets() throws(ScenarioError) -> [Scenario.PlacedBudget] {
    var result: [Scenario.PlacedBudget] = []
    for text in budgets {
      do {
        result.append(Scenario.PlacedBudget(budget: try Budget.parse(text), position: nil))
      } catch {
        throw ScenarioError(.quickForm, "--budget '\(text.excerpt)': \(error)")
      }
    }
    return result
  }

  private func wrong(_ option: String, _ value: String, _ expected: String) -> ScenarioError {
    ScenarioError(.quickForm, "\(option) '\(value)': expected \(expected)")
  }
}
