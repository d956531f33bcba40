import ArgumentParser
import Plans
import ProvisionCost

/// `outgrown provision plans`.
struct PlansCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plans",
    abstract: "Shows the scaling guide's plans and today's beside them, with source and date.")

  @Option(help: "Show all of one catalogue: scaling-guide, render-2026-10, or a .json file of your own.")
  var catalogue: String?

  @Flag(help: "Print the catalogues as JSON.")
  var json = false

  func run() throws {
    do {
      if let catalogue {
        let catalogue = try CatalogueOption.load(catalogue)
        if json { return try JSONOutput.write(catalogue) }
        return print(PlansText.render(catalogue).joined(separator: "\n"))
      }
      let guide = try CatalogueOption.bundled(Catalogue.scalingGuide)
      let today = try CatalogueOption.bundled(Catalogue.render2026October)
      if json { return try JSONOutput.write([guide, today]) }
      print(PlansText.compare(guide: guide, today: today).joined(separator: "\n"))
    } catch {
      throw ProvisionFailure.exit(for: error)
    }
  }
}
