import Foundation
import TestSupport
import Testing

@testable import AppComposition

struct SettingsTests {
  @Test(
    "a file's lines are read as people write them",
    arguments: [
      ("A=1", ["A": "1"]), ("export A_b2 = 1 ", ["A_b2": "1"]), ("\u{FEFF}A=1\r\nB=2\r\n", ["A": "1", "B": "2"]),
      ("# A=1\n\n  # x\nB=2", ["B": "2"]), ("A=a#b c # comment", ["A": "a#b c"]), ("A=# nothing", ["A": ""]),
      ("A='x # \\n \"y\"'", ["A": "x # \\n \"y\""]),
      ("A=\"x # \\\"y\\\" \\$Z \\\\ \\n\" # c", ["A": "x # \"y\" $Z \\ \n"]),
      ("A=b=c==", ["A": "b=c=="]), ("A=1\nA=2", ["A": "2"]), ("A=\"\"", ["A": ""]), ("A=$B", ["A": "$B"]),
    ])
  func file(text: String, values: [String: String]) throws {
    #expect(try SettingsFile(text).values == values)
  }

  @Test(
    "what can't be read is told by its line, and nothing is passed over",
    arguments: [
      ("A=1\nnonsense", 2), ("=1", 1), ("A B=1", 1), ("1A=1", 1), ("A='open", 1), ("\n\nA=\"x\" y", 3), ("Ä=1", 1),
      ("A: 1", 1),
    ])
  func malformed(text: String, line: Int) {
    let error = #expect(throws: SettingsFile.Malformed.self) { try SettingsFile(text) }
    #expect(error?.line == line)
  }

  @Test("options win over the environment, that over the file, that over nothing; empty texts set nothing")
  func layers() throws {
    var settings = Settings(
      environment: ["A": "env", "B": "env", "E": ""], file: try SettingsFile("B=file\nC=file\nE=file\nF="))
    settings.set("A", "option", option: "--a")
    settings.set("C", nil, option: "--c")
    #expect(settings.environment == ["A": "option", "B": "env", "C": "file", "E": "file"])
    #expect(settings.origin(of: "A") == .option("--a") && settings.origin(of: "B") == .environment)
    #expect(settings.origin(of: "C") == .file(".env") && settings.origin(of: "F") == .standard)
    #expect(settings.fromFile == ["C", "E"])
  }

  @Test("a wrong value is told with where it was set")
  func origins() throws {
    for (settings, end) in [
      (Settings(environment: ["CACHE": "x"]), "(it is set in the environment)"),
      (Settings(environment: [:], file: try SettingsFile("CACHE=x")), "(it is set in .env)"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        try ServeConfiguration(ServeConfiguration.Options(), environment: settings.environment)
      }
      let told = settings.explaining(try #require(error)) as? ConfigurationError
      #expect(told?.description == "CACHE \"x\": on or off was expected \(end)")
    }
  }

  @Test("what is said to hold when nobody sets it is what holds")
  func standards() throws {
    func text(_ environment: [String: String]) throws -> String {
      String(describing: try ServeConfiguration(ServeConfiguration.Options(), environment: environment))
    }
    let standards = Dictionary(uniqueKeysWithValues: Setting.all.compactMap { s in s.standard.map { (s.name, $0) } })
    #expect(try text(standards) == text([:]))
    // The same where what they belong to is set.
    let parts = [
      "SMTP_URL": "smtp://h", "MAIL_FROM": "a@b.example", "HEARTBEAT_URL": "http://h/", "BACKUP_TO": "x",
      "SENTRY_DSN": "https://key@h/1", "VAPID_PRIVATE_KEY": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
      "VAPID_SUBJECT": "mailto:a@example.org",
    ]
    #expect(try text(parts.merging(standards) { $1 }) == text(parts))
    #expect(try text(parts.merging(["SMTP_TIMEOUT": "31s"]) { $1 }) != text(parts))
    var api = parts
    api["SMTP_URL"] = nil
    api.merge(["MAIL_API_URL": "https://h/emails", "MAIL_API_KEY": "re_01234567"]) { $1 }
    #expect(try text(api.merging(standards) { $1 }) == text(api))
    #expect(try text(api.merging(["MAIL_API_TIMEOUT": "31s"]) { $1 }) != text(api))
  }

  @Test("every setting that is read is listed")
  func complete() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/AppCore")
    var read: Set<String> = []
    for room in ["Composition", "Backup"] {
      let place = folder.appending(path: room)
      for file in try FileManager.default.contentsOfDirectory(atPath: place.path) {
        let text = try String(contentsOf: place.appending(path: file), encoding: .utf8)
        for match in text.matches(of: /(?:setting|most|environment|duration\(setting)[\(\[]"([A-Z][A-Z_]+)"/) {
          read.insert(String(match.1))
        }
      }
    }
    #expect(read.count > 25)
    let platform: Set = [
      "RENDER", "RENDER_EXTERNAL_URL", "RENDER_INSTANCE_ID", "AWS_ENDPOINT_URL_S", "AWS_DEFAULT_REGION", "PATH", "HOME",
      "PGPASSWORD",
    ]
    #expect(read.subtracting(Setting.all.map(\.name)).subtracting(platform) == [])
  }

  @Test("secrets and passwords are not shown")
  func redaction() {
    let lines = SettingLine.all(
      of: Settings(environment: [
        "ADMIN_TOKEN": "0123456789abcdef-secret", "DATABASE_URL": "postgres://u:secret@h/db",
        "SMTP_URL": "smtp://u:secret@h:587", "HEARTBEAT_URL": "https://h/beat?key=secret", "HOST": "::1",
      ]))
    let all = SettingLine.table(lines) + SettingLine.json(lines)
    #expect(!all.contains("secret") && all.contains("(set)") && all.contains("postgres://h/db"))
    #expect(lines.first { $0.name == "HOST" }?.value == "::1")
    #expect(lines.first { $0.name == "HOST" }?.origin == "environment")
    #expect(lines.first { $0.name == "PORT" }.map { [$0.value, $0.origin] } == ["8000", "default"])
  }
}
