package import ArgumentParser

/// `outgrown provision`: blueprints, prices and traffic.
package struct ProvisionCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "provision",
    abstract: "Writes a service's deployment, prices it, and reads its traffic.",
    subcommands: [
      CataloguesCommand.self, CostCommand.self, PathCommand.self, BlueprintCommand.self, LintCommand.self,
      ChecklistCommand.self,
      TrafficCommand.self,
    ]
  )

  package init() {}
}
