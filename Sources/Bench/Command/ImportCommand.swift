import ArgumentParser
import BenchScenario
import Documents
import Foundation
import Support

/// `outgrown bench import curl|har FILE`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Writes a scenario from curl commands, a browser's recording (HAR) or an OpenAPI description.",
    discussion: """
      outgrown bench import har recording.har > scenarios/mine.yaml
      pbpaste | outgrown bench import curl - > scenarios/mine.yaml
      outgrown bench import openapi openapi.yaml --target http://127.0.0.1:8000 > scenarios/mine.yaml

      Authorization and Cookie headers become {{env.AUTHORIZATION}} and {{env.COOKIE}}.
      Exit codes: 0 written · 64 usage · 65 the file can't become a scenario.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case curl, har, openapi }

  @Argument(help: "What the file holds: curl, har or openapi.")
  var format: Format

  @Argument(help: "The file; - for standard input.")
  var file: String

  @Option(help: "The scenario's name.")
  var name = "imported"

  @Option(help: "openapi: where the service is, instead of the description's first server.")
  var target: String?

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
      } catch let error as DocumentError {
        throw BenchFailure(.badData, error.description)
      } catch {
        throw BenchFailure(.badData, "\(file): \(error)")
      }
    } catch {
      throw BenchFailure.exit(for: error)
    }
  }

  private func scenario(_ data: Data) throws -> String {
    switch format {
    case .curl: return try ScenarioText.write(CurlImport.read(String(decoding: data, as: UTF8.self)), name: name)
    case .har:
      let (requests, others) = try HARImport.read(data)
      if others > 0 {
        FileHandle.standardError.write(Data("outgrown: left out because they go to other hosts: \(others)\n".utf8))
      }
      return try ScenarioText.write(requests, name: name)
    case .openapi:
      let root = try DocumentReader().read(text: String(decoding: data, as: UTF8.self), file: file)
      let (requests, leftOut) = try OpenAPIImport.read(root, server: target)
      if leftOut > 0 {
        let text = "outgrown: left out for want of an example of their body: \(leftOut)\n"
        FileHandle.standardError.write(Data(text.utf8))
      }
      return try ScenarioText.write(requests, name: name)
    }
  }
}
