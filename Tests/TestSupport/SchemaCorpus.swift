package import Foundation
package import Testing

/// A JSON Schema of `schemas/` as PyPI's jsonschema reads it, to be held against a decoder of ours.
package struct SchemaCorpus: Sendable {
  private let schema: URL

  /// - Parameter schema: the file's name without `.schema.json`.
  package init(_ schema: String) { self.schema = Self.root.appending(path: "schemas/\(schema).schema.json") }

  package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Python with jsonschema, or nil.
  package static let python: String? = [root.appending(path: ".venv/bin/python").path, "/usr/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
      && (try? run($0, ["-c", "import jsonschema"], input: Data()))?.status == 0
  }

  /// The schema's word on each document.
  package func judge(_ documents: [Data]) throws -> [Bool] {
    let script = """
      import json, sys
      from jsonschema import Draft202012Validator
      schema = json.load(open(sys.argv[1], encoding="utf-8"))
      Draft202012Validator.check_schema(schema)
      validator = Draft202012Validator(schema)
      print(json.dumps([validator.is_valid(json.loads(line)) for line in sys.stdin.buffer]))
      """
    let python = try #require(Self.python)
    let lines = documents.map { String(decoding: $0, as: UTF8.self).replacing("\n", with: " ") }
    let (status, output) = try Self.run(
      python, ["-c", script, schema.path], input: Data(lines.joined(separator: "\n").utf8))
    try #require(status == 0)
    return try JSONDecoder().decode([Bool].self, from: output)
  }

  /// Changes `original` in one place at a time, in many ways, and expects schema and decoder to judge each alike.
  /// - Parameters:
  ///   - extra: further values to put at each place, such as a date where dates are.
  ///   - beyondSchema: paths whose values only the decoder can judge, such as a time zone's name.
  ///   - expecting: how many changed documents there are at least, and how many of them are refused.
  package func expectAlike(
    _ original: Data, extra: [(String, any Sendable)] = [], beyondSchema: Set<String> = [],
    expecting: (documents: Int, refused: Int),
    decoder isAccepted: (Data) -> Bool, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(isAccepted(original), "the unchanged document", sourceLocation: sourceLocation)
    let tree = try JSONSerialization.jsonObject(with: original)
    var corpus: [(label: String, data: Data)] = [("unchanged", original)]
    for path in Self.paths(of: tree) where !beyondSchema.contains(path.map { "\($0)" }.joined(separator: ".")) {
      for (label, change) in Self.changes + extra.map({ ($0.0, Change.set($0.1)) }) {
        guard let changed = Self.apply(change, at: path[...], to: tree) else { continue }
        let data = try JSONSerialization.data(withJSONObject: changed, options: [.fragmentsAllowed])
        corpus.append(("\(path.map { "\($0)" }.joined(separator: ".")) \(label)", data))
      }
    }
    let verdicts = try judge(corpus.map(\.data))
    #expect(verdicts.count == corpus.count && corpus.count >= expecting.documents, sourceLocation: sourceLocation)
    #expect(verdicts.first == true, "the schema refuses the unchanged document", sourceLocation: sourceLocation)
    #expect(verdicts.filter { !$0 }.count >= expecting.refused, sourceLocation: sourceLocation)
    let unlike = zip(corpus, verdicts).filter { isAccepted($0.data) != $1 }.map { "\($0.label): schema says \($1)" }
    #expect(unlike.isEmpty, "\(unlike.count) of \(corpus.count): \(unlike.prefix(20))", sourceLocation: sourceLocation)
  }

  private static func run(_ path: String, _ arguments: [String], input: Data) throws -> (status: Int32, output: Data) {
    let file = URL(filePath: NSTemporaryDirectory()).appending(path: "schema-\(UUID().uuidString)")
    try input.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, data)
  }

  private enum Part: CustomStringConvertible {
    case key(String)
    case index(Int)

    var description: String {
      switch self {
      case .key(let key): key
      case .index(let index): "\(index)"
      }
    }
  }

  private enum Change: @unchecked Sendable {
    case remove, add
    /// A value of JSON that nobody changes.
    case set(Any)
  }

  private static let changes: [(String, Change)] = [
    ("removed", .remove), ("with a key more", .add), ("null", .set(NSNull())), ("true", .set(true)),
    ("-1", .set(-1)), ("0", .set(0)), ("1.5", .set(1.5)), ("300", .set(300)), ("text", .set("text")),
    ("empty text", .set("")), ("array", .set([Int]())), ("object", .set([String: Int]())),
    ("time", .set("2026-11-24T00:00:00.000Z")), ("other time", .set("2026-13-24T00:00:00.000Z")),
  ]

  /// To every value but array elements after the first.
  private static func paths(of value: Any) -> [[Part]] {
    var found: [[Part]] = [[]]
    if let object = value as? [String: Any] {
      for key in object.keys.sorted() { found += paths(of: object[key] ?? NSNull()).map { [.key(key)] + $0 } }
    } else if let first = (value as? [Any])?.first {
      found += paths(of: first).map { [.index(0)] + $0 }
    }
    return found
  }

  private static func apply(_ change: Change, at path: ArraySlice<Part>, to value: Any) -> Any? {
    guard let part = path.first else {
      switch change {
      case .remove: return nil
      case .set(let new): return new
      case .add:
        guard var object = value as? [String: Any] else { return nil }
        object["more"] = 1
        return object
      }
    }
    switch part {
    case .key(let key):
      guard var object = value as? [String: Any], let old = object[key] else { return nil }
      if case .remove = change, path.count == 1 {
        object[key] = nil
      } else {
        guard let new = apply(change, at: path.dropFirst(), to: old) else { return nil }
        object[key] = new
      }
      return object
    case .index(let index):
      guard var array = value as? [Any], array.indices.contains(index) else { return nil }
      if case .remove = change, path.count == 1 {
        array.remove(at: index)
      } else {
        guard let new = apply(change, at: path.dropFirst(), to: array[index]) else { return nil }
        array[index] = new
      }
      return array
    }
  }
}
