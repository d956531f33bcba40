import AppStore
import ArgumentParser
import Curl
import Terminal
import Wording

struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Prints every setting of `app serve`, what it is, and where it came from; secrets are not shown.",
    discussion: """
      Options win over the environment, that over a file .env in the folder where it is started, that over the default. \
      Ends with 104 when `app serve` would refuse a setting.

        outgrown app config
        outgrown app config --json
      """
  )

  @OptionGroup var options: ServeOptions

  @Flag(help: "Print a JSON array with an object for each setting.")
  var json = false

  func run() async throws {
    let settings = try options.settings()
    let lines = SettingLine.all(of: settings)
    print(json ? SettingLine.json(lines) : SettingLine.table(lines))
    do {
      _ = try ServeConfiguration(ServeConfiguration.Options(), environment: settings.environment)
    } catch {
      let error = settings.explaining(error)
      throw StoreError.explaining(error) ?? error
    }
  }
}

/// A setting as it is shown.
struct SettingLine: Equatable {
  var name: String
  /// Nil where nothing holds; never a secret.
  var value: String?
  var origin: String
  var about: String

  static func all(of settings: Settings) -> [SettingLine] {
    let environment = settings.environment
    return Setting.all.map { setting in
      let text = environment[setting.name]
      let shown =
        switch setting.kind {
        case .plain: text
        case .address: text.map { $0.contains("://") ? CurlURL.redacted($0) : $0 }
        case .secret: text.map { _ in "(set)" }
        }
      let origin =
        switch settings.origin(of: setting.name) {
        case .option(let name): name
        case .environment: "environment"
        case .file(let path): path
        case .standard: setting.standard == nil ? "" : "default"
        }
      return SettingLine(name: setting.name, value: shown ?? setting.standard, origin: origin, about: setting.about)
    }
  }

  static func table(_ lines: [SettingLine]) -> String {
    var table = TextTable([.left, .left, .left])
    for line in lines {
      table.add(line.name, line.value.map { DisplayText.line($0, limit: 60) } ?? "–", line.origin)
    }
    return table.lines(indent: 0).joined(separator: "\n")
  }

  static func json(_ lines: [SettingLine]) -> String {
    var writer = JSONWriter(capacity: 4_096)
    writer.array { json in
      for line in lines {
        json.object { json in
          json.field("name", line.name)
          json.field("value", line.value)
          json.field("origin", line.origin.isEmpty ? nil : line.origin)
          json.field("about", line.about)
        }
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
