import ArgumentParser

/// The one installed command: subcommands, nothing else.
@main
struct Outgrown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outgrown",
    abstract: "Has your service outgrown its free plan? Measured, priced, decided."
  )
}
