import Dispatch
package import Foundation
import Synchronization
package import Testing

/// A JSON Schema of `schemas/` as others read it, to be held against a decoder of ours: PyPI's jsonschema-rs, which is a
/// hundred times as fast, where it is there, and its jsonschema for a sample of the same documents, or for all.
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

  /// The places of intervals' figures, whose order no schema can tell.
  package static func estimates(_ paths: [String]) -> Set<String> {
    Set(paths.flatMap { path in ["value", "lower", "upper"].map { "\(path).\($0)" } })
  }

  /// The schema's word on each document.
  package func judge(_ documents: [Data]) throws -> [Bool] { try SchemaJudge.shared.judge(documents, by: schema.path) }

  /// Changes `original` in one place at a time, in many ways, and expects schema and decoder to judge each alike.
  /// - Parameters:
  ///   - extra: further values to put at each place, such as a date where dates are.
  ///   - beyondSchema: paths whose values only the decoder can judge, such as a time zone's name.
  ///   - stricter: paths at which the decoder may refuse what the schema can't, such as a bound beyond its figure.
  ///   - expecting: how many changed documents there are at least, and how many of them are refused.
  package func expectAlike(
    _ original: Data, extra: [(String, any Sendable)] = [], beyondSchema: Set<String> = [],
    stricter: Set<String> = [],
    expecting: (documents: Int, refused: Int),
    decoder isAccepted: @Sendable (Data) -> Bool, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(isAccepted(original), "the unchanged document", sourceLocation: sourceLocation)
    // Without the white space, of which a report for people is half.
    let compact = try Self.fragment(JSONSerialization.jsonObject(with: original))
    let tree = try #require(JSONText(compact), sourceLocation: sourceLocation)
    let changes = try Self.changes + extra.map { ($0.0, .set(try Self.fragment($0.1))) }
    var corpus: [(label: String, data: Data, isStricter: Bool)] = [("unchanged", compact, false)]
    var count = 0
    var refused = 0
    var unlike: [String] = []
    func judgeCorpus() throws {
      let documents = corpus.map(\.data)
      var accepted: [Bool] = []
      let verdicts = try SchemaJudge.shared.judge(documents, by: schema.path) {
        accepted = Self.decode(documents, isAccepted)
      }
      if count == 0 {
        #expect(verdicts.first == true, "the schema refuses the unchanged document", sourceLocation: sourceLocation)
      }
      count += corpus.count
      refused += verdicts.count { !$0 }
      for (index, verdict) in verdicts.enumerated() {
        let isAlike = accepted[index] ? verdict : !verdict || corpus[index].isStricter
        if !isAlike { unlike.append("\(corpus[index].label): schema says \(verdict)") }
      }
      corpus = []
    }
    for node in tree.nodes where !beyondSchema.contains(node.path) {
      for (label, change) in changes {
        guard let data = tree.changed(at: node, change) else { continue }
        corpus.append(("\(node.path) \(label)", data, stricter.contains(node.path)))
      }
      // Kept by the hundreds, not all of a large document's at once.
      if corpus.count >= 500 { try judgeCorpus() }
    }
    try judgeCorpus()
    #expect(count >= expecting.documents && refused >= expecting.refused, sourceLocation: sourceLocation)
    #expect(unlike.isEmpty, "\(unlike.count) of \(count): \(unlike.prefix(20))", sourceLocation: sourceLocation)
  }

  /// The decoder's word on each, on as many threads as there are cores.
  private static func decode(_ documents: [Data], _ isAccepted: @Sendable (Data) -> Bool) -> [Bool] {
    let accepted = Mutex(Array(repeating: false, count: documents.count))
    DispatchQueue.concurrentPerform(iterations: documents.count) { index in
      let verdict = isAccepted(documents[index])
      accepted.withLock { $0[index] = verdict }
    }
    return accepted.withLock { $0 }
  }

  private static func fragment(_ value: Any) throws -> Data {
    try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed])
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
    process.waitForEnd()
    return (process.terminationStatus, data)
  }

  private static let changes: [(String, JSONText.Change)] =
    [
      ("removed", .remove), ("with a key more", .add(Data("\"more\":1".utf8))),
    ]
    + [
      ("null", "null"), ("true", "true"), ("-1", "-1"), ("0", "0"), ("1.5", "1.5"), ("300", "300"),
      ("text", "\"text\""),
      ("empty text", "\"\""), ("array", "[]"), ("object", "{}"), ("time", "\"2026-11-24T00:00:00.000Z\""),
      ("other time", "\"2026-13-24T00:00:00.000Z\""),
    ].map { ($0.0, .set(Data($0.1.utf8))) }
}
