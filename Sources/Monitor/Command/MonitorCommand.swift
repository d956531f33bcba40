package import ArgumentParser

/// `outgrown monitor`: watches a service without keeping it awake.
package struct MonitorCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "monitor",
    abstract: "Watches a service: uptime, sleep and wakes, without keeping it awake.",
    subcommands: [
      CheckCommand.self, MonitorRunCommand.self, ReportCommand.self, VerifySensorCommand.self, MonitorInitCommand.self,
    ]
  )

  package init() {}
}
