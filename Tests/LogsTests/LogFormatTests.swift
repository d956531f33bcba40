import Foundation
import Logging
import Terminal
import TestSupport
import Testing

@testable import Logs

struct LogFormatTests {
  private static let time = 1_795_480_060.25

  private static func line(_ format: LogFormat, _ message: String, _ metadata: [(key: String, value: String)]) -> String
  {
    format.line(time: time, level: .warning, label: "app", message: message, metadata: metadata)
  }

  @Test(
    "an event is one line of the chosen form",
    arguments: [
      (.text, "00:27:40 warning  it \"broke\"  a=1  b=\"x y\"\n"),
      (.classic, "2026-11-24 00:27:40,250 - app - WARNING - it \"broke\" a=1 b=\"x y\"\n"),
      (
        .json,
        #"{"time":"2026-11-24T00:27:40.250Z","level":"warning","logger":"app","message":"it \"broke\"","a":"1","b":"x y"}"#
          + "\n"
      ),
    ] as [(LogFormat, String)])
  func golden(format: LogFormat, expected: String) {
    #expect(Self.line(format, "it \"broke\"", [("a", "1"), ("b", "x y")]) == expected)
  }

  @Test(
    "what a stranger sends makes no second line, moves no cursor and takes no other key's place",
    arguments: LogFormat.allCases)
  func hostile(format: LogFormat) throws {
    let text = Self.line(
      format, "a\nINFO forged\u{1B}[2J\u{9B}2J\r", [("level", "x\ny"), ("a b\"", "\u{7F}\\\"=")])
    #expect(text.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"] && text.hasSuffix("\n"))
    guard format == .json else { return }
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
    #expect(object["level"] == "warning" && object["level_"] == "x\ny" && object["a b\""] == "\u{7F}\\\"=")
    #expect(object["message"] == "a\nINFO forged\u{1B}[2J\u{9B}2J\r")
  }

  @Test(
    "settings are read or refused",
    arguments: [
      (["LOG_LEVEL": "loud"], "LOG_LEVEL \"loud\": one of trace, debug", Terminal.ExitStatus.invalidConfiguration),
      (["LOG_FORMAT": "xml"], "LOG_FORMAT \"xml\": one of text, json, classic", .invalidConfiguration),
      (["LOG_FILE": "/nowhere/a.log"], "LOG_FILE /nowhere/a.log can't be written: No such file", .unavailable),
    ])
  func refusals(environment: [String: String], message: String, status: Terminal.ExitStatus) throws {
    let refusal = #expect(throws: LogSettings.Refusal.self) {
      try LogSettings(environment: environment, isTerminal: false)
    }
    #expect(refusal?.description.hasPrefix(message) == true && refusal?.exitStatus == status)
  }

  @Test("people at a terminal get text, programs JSON, and whoever chooses what they chose")
  func choice() throws {
    #expect(try LogSettings(environment: [:], isTerminal: true).format == .text)
    #expect(try LogSettings(environment: ["LOG_FORMAT": ""], isTerminal: false).format == .json)
    let chosen = try LogSettings(environment: ["LOG_FORMAT": "Classic", "LOG_LEVEL": "DEBUG"], isTerminal: true)
    #expect(chosen.format == .classic && chosen.fileFormat == .classic && chosen.level == .debug)
    #expect(try LogSettings(environment: [:], level: .warning, isTerminal: true).fileFormat == .json)
  }
}
