import ArgumentParser
import Curl
import Foundation
import MonitorProbe
import Terminal
import Timers
import Visits
import Wording

struct VerifySensorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-sensor",
    abstract: "Finds out on your own service which signs of its platform's edge can be trusted.",
    discussion: """
      What the edge answers is known from public captures, not from the platform's documentation. This asks the service \
      awake, lets it fall asleep, asks again, and wakes it once: one wake, and its idle clock reset up to three times. \
      Nobody else should visit it meanwhile. Exits with 0 when /robots.txt can be trusted, with 99 when not.
      """
  )

  @Argument(help: "The service's address; a path is what is asked of the app, / unless given.")
  var url: String

  @Option(help: "The plan's idle time.")
  var idle = "15m"

  @Flag(help: "Goes ahead without asking.")
  var yes = false

  @Flag(help: "The result as JSON.")
  var json = false

  func run() async throws {
    try Probe.requireWebAddress(url)
    guard let idle = DurationText.parse(idle), idle >= .milliseconds(500), idle <= .seconds(86_400) else {
      throw ValidationError("--idle: the plan's idle time was expected, such as 15m")
    }
    let rest = idle + max(.milliseconds(500), idle / 15)
    Console.note(
      "This takes about \(DurationText.format(rest)), wakes the service at most twice and resets its idle clock up to "
        + "three times.")
    if !yes {
      guard isatty(STDIN_FILENO) == 1 else {
        throw ValidationError("not asked for: --yes goes ahead")
      }
      print("Go ahead? [y/N] ", terminator: "")
      guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else { return }
    }
    let client = try CurlClient()
    defer { client.shutdown() }
    let (base, path) = SensorVerification.parts(of: url)
    let verification = SensorVerification(base: base, path: path, probe: Probe(client: client))
    let steps = try await verification.run(resting: rest, wait: try TimerThread().wait) { Console.note($0) }
    let findings = SensorVerification.Findings(trusted: steps.allSatisfy(\.holds), steps: steps)
    if json { try Console.write(json: findings) } else { print(SensorVerification.text(steps)) }
    if steps.first?.isReached == false { throw ExitStatus.unavailable.end }
    if !steps.allSatisfy(\.holds) { throw ExitStatus.notMet.end }
  }
}

/// The steps of `verify-sensor`.
struct SensorVerification {
  var base: String
  /// What is asked of the app itself.
  var path = "/"
  var probe: Probe

  /// The origin, where `/robots.txt` is asked, and the path with its query.
  static func parts(of url: String) -> (base: String, path: String) {
    guard let start = url.range(of: "://")?.upperBound,
      let slash = url[start...].firstIndex(where: { "/?#".contains($0) })
    else { return (url, "/") }
    let rest = url[slash...].prefix { $0 != "#" }
    return (String(url[..<slash]), rest.first == "/" ? String(rest) : "/" + rest)
  }

  struct Step: Encodable {
    var name: String
    var holds: Bool
    var saw: String
    var isReached: Bool
    /// What it did to the service.
    var effect: String

    private enum CodingKeys: String, CodingKey { case name, holds, saw, effect }
  }

  /// - Parameter rest: how long the service is left alone to fall asleep.
  func run(resting rest: Duration, wait: Wait, tell: (String) -> Void) async throws -> [Step] {
    var steps: [Step] = []
    func add(_ name: String, _ result: ProbeResult, effect: String, _ holds: Bool) {
      let answer = result.status.map { "status \($0), \(result.meaning)" } ?? result.meaning
      steps.append(
        Step(name: name, holds: holds, saw: answer, isReached: result.status != nil, effect: effect))
      tell("\(holds ? "✓" : "✗") \(name)")
    }
    let awake = await probe.ask(base + path)
    add(
      "awake: the app's own answer carries the edge's sign", awake, effect: "reset the idle clock, or woke it",
      awake.edgeClass == .awake)
    guard awake.status != nil else { return steps }
    let awakeRobots = await probe.ask(base + "/robots.txt", accept: "text/plain")
    add(
      "awake: /robots.txt comes from the app", awakeRobots, effect: "reset the idle clock",
      awakeRobots.edgeClass == .awake)
    tell("… left alone for \(DurationText.format(rest))")
    await wait(rest)
    try Task.checkCancellation()
    let asleepRobots = await probe.ask(base + "/robots.txt", accept: "text/plain", timeout: .seconds(20))
    add(
      "asleep: /robots.txt comes from the edge", asleepRobots,
      effect: asleepRobots.edgeClass == .edgeRobots ? "none" : "may have reset the idle clock",
      asleepRobots.edgeClass == .edgeRobots)
    let again = await probe.ask(base + "/robots.txt", accept: "text/plain", timeout: .seconds(20))
    add(
      "asleep: that did not wake it", again, effect: "none",
      asleepRobots.edgeClass == .edgeRobots && again.edgeClass == .edgeRobots)
    let page = await probe.ask(base + path, accept: "text/html", timeout: .seconds(20))
    add(
      "asleep: a browser gets the loading page", page, effect: "woke it", page.edgeClass == .asleep)
    let held = await probe.ask(base + path, accept: "application/json")
    let seconds = DurationText.format(.milliseconds(Int(held.phases.totalMilliseconds)))
    add(
      "waking: a program is held until the app answers (\(seconds))", held, effect: "reset the idle clock",
      held.edgeClass == .awake)
    return steps
  }

  static func text(_ steps: [Step]) -> String {
    let lines = steps.map { "  \($0.holds ? "✓" : "✗") \($0.name)\n      \($0.saw); \($0.effect)" }
    let trusted = steps.allSatisfy(\.holds)
    let advice =
      trusted
      ? "/robots.txt tells sleep here. Heartbeats disturb nothing at all: prefer them where the service can send them."
      : "Not all signs hold here: don't use the robots sensor; watch by heartbeats or an access log."
    return (lines + ["", advice]).joined(separator: "\n")
  }

  struct Findings: Encodable {
    var trusted: Bool
    var steps: [Step]
  }
}
