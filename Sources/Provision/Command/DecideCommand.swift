package import ArgumentParser

/// `outgrown decide`: stay, upgrade, or what is missing to say so.
package struct DecideCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: "Says whether a service has outgrown its plan: STAY, UPGRADE or INCONCLUSIVE."
  )

  package init() {}
}
