import Foundation
import Testing

@testable import Documents

@Suite struct DocumentReaderTests {
  private func message(_ text: String) -> String {
    do {
      _ = try DocumentReader().read(text: text, file: "f.yaml")
      return "read"
    } catch {
      return error.description
    }
  }

  @Test("every value knows its line and column, counted in characters")
  func positions() throws {
    let root = try DocumentReader().read(text: "näme: x\nlist:\n  - 1\n  - {a: 'ü', b: 2}\n", file: "f.yaml")
    var problems = DocumentProblems(file: "f.yaml")
    let mapping = try #require(root.mapping(&problems))
    #expect(mapping["näme"]?.position == DocumentPosition(line: 1, column: 7))
    let items = try #require(mapping["list"]?.list(&problems))
    #expect(items.map(\.position) == [.init(line: 3, column: 5), .init(line: 4, column: 5)])
    #expect(items[1].mapping(&problems)?["b"]?.position == DocumentPosition(line: 4, column: 17))
    #expect(problems.isEmpty)
  }

  @Test(
    "what isn't read is refused with its place",
    arguments: [
      ("a: 1\na: 2\n", "f.yaml:2:1: duplicate key 'a', expected each key once (the first is on line 1)"),
      ("a: &x 1\nb: *x\n", "f.yaml:1:4: an anchor, expected the value without it: aliases are not read"),
      ("a: !!int 1\n", "f.yaml:1:4: a tag, expected the value without it"),
      ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document, expected one document in the file"),
      ("? [a]\n: 1\n", "f.yaml:1:3: a list or mapping as a key, expected a word as a key"),
      ("", "f.yaml:1:1: an empty file, expected a document"), ("a: 1\n b: [\n", "f.yaml:2:3: malformed YAML"),
    ])
  func refused(text: String, expected: String) {
    #expect(message(text).hasPrefix(expected), "\(message(text))")
  }

  @Test(
    "scalars are what JSON would call them, and words are texts",
    arguments: [
      ("1.5e3", 1_500.0), ("007", nil), ("0x10", nil), ("yes", nil), ("'1'", nil), (".inf", nil), ("-0.5", -0.5),
    ] as [(String, Double?)])
  func numbers(text: String, expected: Double?) throws {
    #expect(try DocumentReader().read(text: text, file: "f.yaml").scalar?.number == expected)
  }

  @Test("depth, size and number of values are bounded")
  func bounds() {
    #expect(
      message(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)).contains("nested too deeply"))
    let many = "[" + Array(repeating: "1", count: 100_001).joined(separator: ",") + "]"
    #expect(message(many).contains("too many values"))
    #expect(message(String(repeating: "#", count: (1 << 20) + 1)) != "read")
  }

  @Test("an unknown key names the one that was probably meant")
  func unknownKey() throws {
    let root = try DocumentReader().read(text: "usres: 3\n", file: "f.yaml")
    var problems = DocumentProblems(file: "f.yaml")
    _ = root.mapping(allowing: ["users", "rate"], &problems)
    let error = #expect(throws: DocumentError.self) { try problems.throwIfAny() }
    #expect(error?.description == "f.yaml:1:1: unknown key 'usres', expected 'users'")
  }

  @Test("all problems are told at once, in the order of the file")
  func order() throws {
    let root = try DocumentReader().read(text: "a: x\nb: 99\nc: soon\n", file: "f.yaml")
    var problems = DocumentProblems(file: "f.yaml")
    let mapping = try #require(root.mapping(&problems))
    _ = mapping["c"]?.duration(in: .zero ... .seconds(1), &problems)
    _ = mapping["b"]?.integer(in: 1...9, &problems)
    _ = mapping["a"]?.boolean(&problems)
    let error = #expect(throws: DocumentError.self) { try problems.throwIfAny() }
    #expect(
      error?.description == """
        f.yaml:1:4: 'x', expected true or false
        f.yaml:2:4: '99', expected a whole number from 1 to 9
        f.yaml:3:4: 'soon', expected a duration with a unit, such as 250ms, 5s or 2m
        """)
  }
}
