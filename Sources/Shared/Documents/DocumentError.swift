package import Terminal

/// One thing that is wrong with a file.
package struct DocumentProblem: Sendable, Equatable {
  /// Nil when no single place is to blame.
  package var position: DocumentPosition?
  /// What was found, such as `unknown key 'user'`.
  package var what: String
  /// What should have been there, such as `users, ramp or hold`, or what to do.
  package var expected: String

  package init(at position: DocumentPosition?, _ what: String, expected: String) {
    self.position = position
    self.what = what
    self.expected = expected
  }

  /// `file:line:column: what, expected …`
  package func line(in file: String) -> String {
    let place = position.map { "\(file):\($0.line):\($0.column)" } ?? file
    return expected.isEmpty ? "\(place): \(what)" : "\(place): \(what), expected \(expected)"
  }
}

/// Why a file that a person wrote could not be used: everything that is wrong with it, in the order of the file.
package struct DocumentError: ExitStating, Sendable, CustomStringConvertible {
  package var code: Code
  package var file: String
  package var problems: [DocumentProblem]

  package init(_ code: Code, file: String, problems: [DocumentProblem]) {
    self.code = code
    self.file = file
    self.problems = problems
  }

  package enum Code: Sendable, Equatable {
    /// The file can't be opened or read.
    case unreadable
    /// Beyond `DocumentReader.Limits`.
    case tooLarge
    /// Not UTF-8, not YAML, or YAML that this reader refuses.
    case malformed
    /// Well-formed, but not what the format asks for.
    case invalid
  }

  /// One line a problem.
  package var description: String { problems.map { $0.line(in: file) }.joined(separator: "\n") }

  package var exitStatus: ExitStatus { .invalidConfiguration }
}

/// Collects problems, so that one run shows all of them.
package struct DocumentProblems: Sendable {
  package let file: String
  package private(set) var list: [DocumentProblem] = []
  /// More would be noise.
  private static let limit = 50

  package init(file: String) { self.file = file }

  package var isEmpty: Bool { list.isEmpty }

  package mutating func add(_ what: String, expected: String, at position: DocumentPosition?) {
    let problem = DocumentProblem(at: position, what, expected: expected)
    if list.count < Self.limit, !list.contains(problem) { list.append(problem) }
  }

  /// Throws everything collected, in the order of the file; code `.invalid`.
  package func throwIfAny() throws(DocumentError) {
    guard !list.isEmpty else { return }
    let start = DocumentPosition(line: 0, column: 0)
    let sorted = list.enumerated()
      .sorted { ($0.element.position ?? start, $0.offset) < ($1.element.position ?? start, $1.offset) }
    throw DocumentError(.invalid, file: file, problems: sorted.map(\.element))
  }
}
