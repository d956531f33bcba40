import ArgumentParser
import Curl
import Foundation
import MonitorProbe
import Terminal
import Wording

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Asks a service once: who answered, how long each phase took, whether conditions hold.",
    discussion: """
      The request goes to the path that is given and counts as a visit: it resets the idle clock of a service that \
      sleeps, and wakes one that is asleep. Exits with 0, with 99 when a condition is not met, with 69 without an answer.

      Conditions: [STATUS] == 200, [RESPONSE_TIME] < 300ms, [BODY].status == healthy, [CONNECTED], \
      [HEADER].x-version == pat(1.*), [STATUS] == any(200, 204), len([BODY].items) > 0, has([BODY].error) == false, \
      [CERTIFICATE_EXPIRATION] > 48h.
      """
  )

  @Argument(help: "What to ask, http:// or https://.")
  var url: String

  @Option(name: .long, help: ArgumentHelp("What must hold of the answer; repeatable.", valueName: "condition"))
  var condition: [String] = []

  @Option(help: "Gives up after this long; a sleeping service may take a minute.")
  var timeout = "120s"

  @Option(help: "The Accept header: text/html gets the loading page of a sleeping service at once.")
  var accept = "*/*"

  @Option(help: ArgumentHelp("PEM file of authorities to trust instead of the system's.", valueName: "file"))
  var authorities: String?

  @Flag(help: "The result as JSON.")
  var json = false

  func run() async throws {
    try Probe.requireWebAddress(url)
    guard let timeout = DurationText.parse(timeout), timeout > .zero, timeout <= .seconds(600) else {
      throw ValidationError("--timeout: a duration up to 10m was expected, such as 30s")
    }
    var conditions: [Condition] = []
    for text in condition {
      do {
        conditions.append(try Condition(parsing: text))
      } catch {
        throw ValidationError("--condition '\(text)', column \(error.column): \(error)")
      }
    }
    let client = try CurlClient()
    defer { client.shutdown() }
    Console.note("note: this request resets the service's idle clock, and wakes it if it sleeps")
    let result = await Probe(client: client).ask(url, accept: accept, timeout: timeout, authorityFile: authorities)
    let outcomes = conditions.map { $0.evaluate(result) }
    let report = CheckReport(result, outcomes)
    if json { try Console.write(json: report) } else { print(report.text) }
    if let failure = result.failure {
      Console.say(failure.message)
      throw ExitStatus.unavailable.end
    }
    if !outcomes.allSatisfy(\.isMet) { throw ExitStatus.notMet.end }
  }
}

extension Probe {
  /// Before anything is asked.
  static func requireWebAddress(_ url: String) throws(ValidationError) {
    guard let parsed = CurlURL(url), ["http", "https"].contains(parsed.scheme) else {
      throw ValidationError("'\(url.prefix(100))' is no http:// or https:// URL")
    }
  }
}
