import AppBackup
import AppStore
import ArgumentParser
import Foundation
import HTTPService
import Terminal
import Wording

struct CopyStoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copy-store",
    abstract: "Copies everything from one database into another that is empty, and proves it by checksums.",
    discussion: """
      Stop the service first. A copy that was interrupted goes on where it ended when the same command runs again; until \
      it is complete, the service refuses to start on the target.

        outgrown app copy-store --from sqlite:var/app.sqlite --to postgres://user:password@host/database
      """
  )

  @Option(help: ArgumentHelp("The database to read.", valueName: "url"))
  var from: String

  @Option(help: ArgumentHelp("The database to fill.", valueName: "url"))
  var to: String

  @Flag(help: "Throw away what an unfinished copy left in the target, and begin anew. Never empties anything else.")
  var restart = false

  @Flag(help: "Print one line of JSON.")
  var json = false

  func run() async throws {
    do {
      let source = try DatabaseLocation(url: from, from: "--from")
      let target = try DatabaseLocation(url: to, from: "--to")
      guard source != target else { throw ConfigurationError("--from and --to name the same database") }
      let digests = try await source.open(for: .read).closing { reader in
        try await target.open(for: .copyTarget).closing { writer in
          try await StoreCopy(from: reader, to: writer) { progress in
            Console.say("\(progress.table): \(CountText.plural(progress.rows, "row")) copied")
          }.run(restart: restart)
        }
      }
      report(digests, from: source.place, to: target.place)
    } catch {
      throw StoreError.explaining(error) ?? error
    }
  }

  private func report(_ digests: [TableDigest], from source: String, to target: String) {
    if json {
      var writer = JSONWriter(capacity: 512)
      writer.object { json in
        json.field("from", source)
        json.field("to", target)
        json.key("tables")
        json.array { json in for digest in digests { DigestText.write(digest, to: &json) } }
      }
      print(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      print("\(source) → \(target): complete and equal")
      for line in DigestText.lines(digests) { print(line) }
    }
  }
}
