import AppStore
import ArgumentParser
import Foundation
import HTTPService
import Wording

struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Brings the database's schema up to date; forward only.",
    discussion: """
      `app serve` does the same at its start. Two that migrate at once take turns; the second finds nothing to do.
      """
  )

  @Option(help: ArgumentHelp(stringLiteral: DatabaseOption.help))
  var database: String?

  @Flag(help: "Print one line of JSON.")
  var json = false

  func run() async throws {
    do {
      let store = try await DatabaseOption.location(database).open()
      let (place, applied) = (store.place, store.appliedMigrations)
      try await store.close()
      if json {
        var writer = JSONWriter(capacity: 256)
        writer.object { json in
          json.field("database", place)
          json.key("applied")
          json.array { json in for name in applied { json.string(name) } }
        }
        print(String(decoding: writer.bytes, as: UTF8.self))
      } else if applied.isEmpty {
        print("\(place): up to date")
      } else {
        print("\(place): applied \(applied.joined(separator: ", "))")
      }
    } catch {
      throw StoreError.explaining(error) ?? error
    }
  }
}
