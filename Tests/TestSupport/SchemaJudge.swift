import Foundation
import Glibc
import Synchronization
import Testing

/// One Python process that validates for all tests of a run: its start and its imports take half a second.
final class SchemaJudge: Sendable {
  static let shared = SchemaJudge()

  private struct Pipes {
    var process: Process
    var questions: FileHandle
    var answers: FileHandle
    /// Read beyond the last answer.
    var rest = Data()
  }

  private let pipes = Mutex<Pipes?>(nil)

  /// A question is a line with the schema's path and how many documents follow, each on a line of its own.
  private static let script = """
    import json, sys
    from jsonschema import Draft202012Validator
    try:
        import jsonschema_rs
    except ImportError:
        jsonschema_rs = None
    validators = {}
    def validator(path):
        if path not in validators:
            schema = json.load(open(path, encoding="utf-8"))
            Draft202012Validator.check_schema(schema)
            slow = Draft202012Validator(schema)
            validators[path] = slow, jsonschema_rs.Draft202012Validator(schema) if jsonschema_rs else slow
        return validators[path]
    for line in sys.stdin.buffer:
        path, count = json.loads(line)
        slow, fast = validator(path)
        verdicts = []
        # All are taken in first, so that who asks can go on.
        for number, text in enumerate([sys.stdin.buffer.readline() for _ in range(count)]):
            document = json.loads(text)
            verdicts.append(fast.is_valid(document))
            if fast is not slow and number % 100 == 0:
                assert slow.is_valid(document) == verdicts[-1], document
        print(json.dumps(verdicts), flush=True)
    """

  /// - Parameter meanwhile: done while the other process judges.
  func judge(_ documents: [Data], by schema: String, meanwhile: () -> Void = {}) throws -> [Bool] {
    try pipes.withLock { pipes in
      var open = try pipes ?? Self.start()
      pipes = nil
      var question = try JSONSerialization.data(withJSONObject: [schema, documents.count] as [Any])
      for document in documents {
        question.append(UInt8(ascii: "\n"))
        // A line break within a document is white space between its values.
        question.append(Self.hasLineBreak(document) ? Self.oneLine(document) : document)
      }
      question.append(UInt8(ascii: "\n"))
      try open.questions.write(contentsOf: question)
      meanwhile()
      while !open.rest.contains(UInt8(ascii: "\n")) {
        let piece = open.answers.availableData
        try #require(!piece.isEmpty, "Python has ended: see its message above")
        open.rest.append(piece)
      }
      let line = open.rest.prefix { $0 != UInt8(ascii: "\n") }
      open.rest.removeFirst(line.count + 1)
      let verdicts = try JSONDecoder().decode([Bool].self, from: Data(line))
      pipes = open
      return verdicts
    }
  }

  /// By the C library, as a generic search of a debug build takes longer than judging.
  private static func hasLineBreak(_ document: Data) -> Bool {
    document.withUnsafeBytes { bytes in bytes.baseAddress.map { memchr($0, 0x0A, bytes.count) != nil } ?? false }
  }

  private static func oneLine(_ document: Data) -> Data {
    Data(document.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 })
  }

  private static func start() throws -> Pipes {
    let process = Process()
    process.executableURL = URL(filePath: try #require(SchemaCorpus.python))
    process.arguments = ["-c", script]
    let questions = Pipe()
    let answers = Pipe()
    process.standardInput = questions
    process.standardOutput = answers
    try process.run()
    return Pipes(
      process: process, questions: questions.fileHandleForWriting, answers: answers.fileHandleForReading)
  }
}
