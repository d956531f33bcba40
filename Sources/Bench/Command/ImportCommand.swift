import ArgumentParser
import BenchScenario
import Foundation
import Support

/// `outgrown bench import curl|har FILE`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Writes a scenario from curl commands or a browser's recording (HAR).",
    discussion: """
      outgrown bench import har recording.har > scenarios/mine.yaml
      pbpaste | outgrown bench import curl - > scenarios/mine.yaml

      Authorization and Cookie headers become {{env.AUTHORIZATION}} and {{env.COOKIE}}.
      Exit codes: 0 written · 64 usage · 65 the file can't become a scenario.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case curl, har }

  @Argument(help: "What the file holds: curl or har.")
  var format: Format

  @Argument(help: "The file; - for standard input.")
  var file: String

  @Option(help: "The scenario's name.")
  var name = "imported"

  private static let limit = 64 << 20

  func run() throws {
    do {
      let data =
        file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
      guard let data, data.count <= Self.limit else {
        throw BenchFailure(.badData, "\(file): can't be read, or is larger than 64 MiB")
      }
      do {
        print(try scenario(data), terminator: "")
      } catch {
        throw BenchFailure(.badData, "\(file): \(error)")
      }
    } catch {
      throw BenchFailure.exit(for: error)
    }
  }

  private func scenario(_ data: Data) throws(ImportError) -> String {
    switch format {
    case .curl: return try ScenarioText.write(CurlImport.read(String(decoding: data, as: UTF8.self)), name: name)
    case .har:
      let (requests, others) = try HARImport.read(data)
      if others > 0 {
        FileHandle.standardError.write(Data("outgrown: \(others) requests to other hosts are left out\n".utf8))
      }
      return try ScenarioText.write(requests, name: name)
    }
  }
}
