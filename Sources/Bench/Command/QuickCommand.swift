import ArgumentParser
import BenchScenario
import Terminal
import Wording

/// `outgrown bench URL --users 100 --for 30s --budget 'p(95)<300ms'`.
struct QuickCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "url",
    abstract: "Loads one URL without a scenario file (the default).")

  @Argument(help: "http:// or https://, with the path to ask for.")
  var url: String

  @Option(help: "Closed model: so many virtual users, each asking again when the last answer has come. (default: 10)")
  var users: Int?

  @Option(help: "Open model: requests arrive at this rate whatever the service does, such as 500/s or 600/min.")
  var rate: String?

  @Option(help: "Open model: connections at most; arrivals beyond wait, and their waiting counts. (default: 1000)")
  var maxInFlight: Int?

  @Option(name: .customLong("for"), help: "How long, ramp and warm-up included.")
  var duration: String = "30s"

  @Option(help: "Rise linearly from nothing for this long.")
  var ramp: String = "0s"

  @Option(help: "Leave requests of this first time out of every figure.")
  var warmUp: String = "0s"

  @Option(help: "Closed model: each user's pause after an answer.")
  var think: String = "0s"

  @Option(name: [.customShort("X"), .long], help: "The request's method.")
  var method: String = "GET"

  @Option(name: [.customShort("H"), .long], help: ArgumentHelp("A request header.", valueName: "name: value"))
  var header: [String] = []

  @Option(help: "The request's body.")
  var body: String?

  @Option(help: "What must hold, such as 'p(95)<300ms' or 'failed: rate < 1%'; repeatable.")
  var budget: [String] = []

  @OptionGroup var verdict: VerdictOptions

  @OptionGroup var load: LoadOptions

  func run() throws {
    let quick = QuickScenario(
      url: url, users: users, rate: rate, maxInFlight: maxInFlight,
      duration: try PlanOptions.duration("--for", duration),
      ramp: try PlanOptions.duration("--ramp", ramp), warmUp: try PlanOptions.duration("--warm-up", warmUp),
      think: try PlanOptions.duration("--think", think), method: method, headers: header, body: body, budgets: budget)
    var session = BenchSession(scenario: try quick.scenario(), target: nil, load: load)
    session.isSure = verdict.sure
    session.folderName = try FolderName.from(url: url, method: method)
    throw try session.run().end
  }
}
