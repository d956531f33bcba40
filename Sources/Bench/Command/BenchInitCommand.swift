import ArgumentParser
import Terminal

/// `outgrown bench init`.
struct BenchInitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes a commented scenario to begin with; never over a file that is there.")

  @Argument(help: "The file to write.")
  var file = "scenario.yaml"

  func run() throws {
    try Self.starter.write(to: file, then: "outgrown bench validate \(file) and outgrown bench run \(file)")
  }

  /// Tests hold it to what `bench validate` reads.
  static let starter = StarterFile(
    """
    # A scenario: who asks for what, how often, and what must hold. Every key: docs/scenario.md
    name: my-service
    target: http://127.0.0.1:8000     # --target says otherwise; over 50 requests a second go to loopback only
    load:
      users: 20                       # at once; rate: 50/s for requests that come whoever waits
      ramp: 5s
      hold: 20s
      warm_up: 5s                     # in no figure
    journeys:
      - name: visitor
        steps:
          - name: home
            get: /
            think: 1s..3s             # before the next step
            checks:
              status: 200
          # - name: item
          #   get: /items/{{item}}    # templates, captures and data: docs/writing-scenarios.md
    budgets:                          # exit code 99 when one is not met
      response_time: p(95) < 500ms
      failed: rate < 1%

    """)
}
