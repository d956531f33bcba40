import ArgumentParser
import BenchScenario
import Documents
import Foundation
import Terminal

/// `outgrown bench import curl|har FILE`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Writes a scenario from curl commands, a browser's recording (HAR) or an OpenAPI description.",
    discussion: """
      outgrown bench import har recording.har > scenarios/mine.yaml
      pbpaste | outgrown bench import curl - > scenarios/mine.yaml
      outgrown bench import openapi openapi.yaml --target http://127.0.0.1:8000 > scenarios/mine.yaml

      Credentials become {{env.…}}: {{env.AUTHORIZATION}}, {{env.COOKIE}}, {{env.X_API_KEY}}; so do the shell's variables.
      What a step can't do is refused or said to be left out, never changed silently.
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
    let data =
      file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
    guard let data, data.count <= Self.limit else {
      throw CommandFailure(.badData, "\(file): can't be read, or is larger than 64 MiB")
    }
    do {
      print(try scenario(data), terminator: "")
    } catch let error as DocumentError {
      throw CommandFailure(.badData, error.description)
    } catch {
      throw CommandFailure(.badData, "\(file): \(error)")
    }
  }

  private func scenario(_ data: Data) throws -> String {
    let imported: ImportedRequests
    switch format {
    case .curl:
      imported = try CurlImport.read(String(decoding: data, as: UTF8.self)) { name in
        guard let data = FileManager.default.contents(atPath: name), data.count <= Self.limit else { return nil }
        return Array(data)
      }
    case .har: imported = try HARImport.read(data)
    case .openapi:
      var limits = DocumentReader.Limits()
      limits.bytes = Self.limit
      limits.nodes = 1_000_000
      let root = try DocumentReader(limits: limits).read(text: String(decoding: data, as: UTF8.self), file: file)
      imported = try OpenAPIImport.read(root, server: target)
    }
    let (text, variables) = try ScenarioText.write(imported, name: name)
    try check(text)
    for line in imported.leftOutLines + imported.notes { Console.say(line) }
    let files = imported.requests.flatMap { [$0.bodyFile].compactMap(\.self) + $0.parts.compactMap(\.file) }
    if !files.isEmpty { Console.say("files are looked for beside the scenario: \(files.joined(separator: ", "))") }
    if !variables.isEmpty { Console.say("set in the environment before a run: \(variables.joined(separator: ", "))") }
    return text
  }

  /// What is imported is a scenario that runs.
  private func check(_ text: String) throws {
    let scenario = try ScenarioReader.read(text: text, file: "imported.yaml")
    _ = try ScenarioCompiler.plan(
      scenario, .init(secondsSince1970: 0, environment: EnvironmentNames.standIns(in: text)))
  }

}
