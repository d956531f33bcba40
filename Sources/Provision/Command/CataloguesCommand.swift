import ArgumentParser
import Plans
import ProvisionCost
import Terminal

/// `outgrown provision plans`.
struct CataloguesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plans",
    abstract: "Shows the scaling guide's plans and today's beside them, with source and date.")

  @Option(help: "Show all of one catalogue: scaling-guide, render-2026-10, or a .json file of your own.")
  var catalogue: String?

  @Flag(help: "Print the catalogues as JSON.")
  var json = false

  func run() throws {
    if let catalogue {
      let catalogue = try Catalogue.named(catalogue)
      if json { return try Console.write(json: catalogue) }
      return print(CatalogueText.render(catalogue).joined(separator: "\n"))
    }
    let guide = try Catalogue.named(Catalogue.scalingGuide)
    let today = try Catalogue.named(Catalogue.render2026October)
    if json { return try Console.write(json: [guide, today]) }
    print(CatalogueText.compare(guide: guide, today: today).joined(separator: "\n"))
  }
}
