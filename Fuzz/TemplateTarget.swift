import BenchEngine
import Documents

@testable import BenchScenario

/// A text with placeholders, and a data file's rows behind its first line.
enum TemplateTarget {
  static func run(_ input: UnsafeBufferPointer<UInt8>) {
    let input = FuzzInput(input)
    let text = input.lineText
    var problems = DocumentProblems(file: "fuzz")
    let template = Template(DocumentScalar(text: text), at: DocumentPosition(line: 1, column: 1), &problems)
    if text.utf8.firstRange(of: "{{".utf8) == nil { require(template.literal == text, "'\(text)' is not literal") }
    guard let calendar = ScenarioCalendar(timeZone: "Asia/Kolkata", secondsSince1970: 1_795_000_000) else { return }
    let data = (try? DataFile.csv(input.rest)) ?? (try? DataFile.jsonLines(input.rest))
    if let data {
      for row in data.rows { require(row.count == data.columns.count, "a row of \(row.count) values") }
    }
    let values = TemplateValues(
      variables: ["ward": "dental"], calendar: calendar, environment: ["HOME": "/"],
      columns: ["data": .init(feed: 0, names: data?.columns ?? [])])
    _ = values.render(template, &problems)
    _ = PauseText.parse(text)
    _ = CheckExpression.parse(text, isText: true)
  }
}
