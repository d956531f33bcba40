import Testing

@testable import Visits

extension CorpusForm: CustomTestStringConvertible {
  var testDescription: String { name }
}

@Suite struct LogCorpusTests {
  private static func bytes(_ text: String) -> LogBytes { Array(text.utf8)[...] }

  /// Visits among entries, as everybody counts them.
  private func visits(_ entries: [LogEntry]) -> Int {
    var counter = VisitCounter()
    return entries.reduce(0) { $0 + (counter.begins($1, at: Double($1.seconds ?? 0)) ? 1 : 0) }
  }

  @Test("the corpus is worth its name")
  func size() {
    let alike = CorpusForm.all.filter { !$0.needsFormat && $0.hasTime && $0.hasClient }
    #expect(CorpusForm.all.count >= 40 && alike.count >= 34)
    #expect(Set(CorpusForm.all.map(\.name)).count == CorpusForm.all.count)
  }

  @Test("every form tells of the same requests", arguments: CorpusForm.all.filter { !$0.needsFormat })
  func alike(form: CorpusForm) {
    var entries: [LogEntry] = []
    for request in LoggedRequest.all {
      guard let entry = LogLine.parse(Self.bytes(form.line(request))) else {
        Issue.record("not read: \(form.line(request))")
        return
      }
      let told = [entry.client.text(), entry.agent.text(), entry.seconds.map { "\($0)" } ?? "no time"]
      let wanted = [
        form.hasClient ? request.client : "", form.hasAgent ? request.agent : "",
        form.hasTime ? "\(request.seconds)" : "no time",
      ]
      guard told == wanted, entry.path.text().hasSuffix(request.path) else {
        Issue.record("\(told) \(entry.path.text()) of: \(form.line(request))")
        return
      }
      entries.append(entry)
    }
    if form.hasTime, form.hasClient { #expect(entries.count == 192 && visits(entries) == 96) }
  }

  @Test(
    "a form that isn't known is not read, and what is proposed for its first line reads it",
    arguments: CorpusForm.all.filter(\.needsFormat))
  func proposed(form: CorpusForm) throws {
    let lines = LoggedRequest.all.map { (request: $0, bytes: Self.bytes(form.line($0))) }
    #expect(lines.allSatisfy { LogLine.parse($0.bytes) == nil && RequestText.isSpokenOf(in: $0.bytes) })
    let notation = try #require(LogForm.proposal(for: lines[0].bytes))
    let read = try LogForm(notation: notation)
    let entries = lines.compactMap { line -> LogEntry? in
      guard let entry = read.read(line.bytes), entry.client.text() == line.request.client,
        entry.seconds == Int64(line.request.seconds)
      else { return nil }
      return entry
    }
    #expect(entries.count == 192 && visits(entries) == 96, "\(notation)")
  }
}
