package import ArgumentParser

/// `outgrown app`: the doctor schedule of a campus health centre.
package struct AppCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "app",
    abstract: "The bundled service: the doctor schedule of a campus health centre.",
    subcommands: [
      ServeCommand.self, ScrapeCommand.self, MigrateCommand.self, CopyStoreCommand.self, BackupCommand.self,
      OutboxCommand.self, TestMessageCommand.self, VAPIDKeysCommand.self, ConfigCommand.self, SampleSiteCommand.self,
    ]
  )

  package init() {}
}
