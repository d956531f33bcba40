package import BenchEngine
import Measures
package import Terminal
import Wording

/// One request and its response for people, with its checks and times.
package struct ExchangeText {
  /// Lines of a body that are shown unless all are wanted.
  static let bodyLines = 20
  static let columns = 200

  let exchange: Exchange
  let step: StepPlan
  let style: ConsoleStyle
  let showsAll: Bool

  /// - Parameters:
  ///   - number: the request's place among its journey's.
  ///   - showsAll: bodies in full, and credentials.
  package static func render(
    _ exchange: Exchange, number: Int, step: StepPlan, showsAll: Bool, style: ConsoleStyle
  ) -> [String] {
    let text = ExchangeText(exchange: exchange, step: step, style: style, showsAll: showsAll)
    return [text.title(number)] + text.request + text.response + text.checks + [""]
  }

  private func title(_ number: Int) -> String {
    var times = ["\(FigureText.milliseconds(Double(exchange.total) / 1e6))"]
    if exchange.connected { times.append("sent after \(FigureText.milliseconds(Double(exchange.sendDelay) / 1e6))") }
    if let first = exchange.firstByte { times.append("first byte \(FigureText.milliseconds(Double(first) / 1e6))") }
    let outcome: String
    if let failure = exchange.failure {
      outcome = style("\(failure.kind.rawValue): \(DisplayText.line(failure.sample, limit: 200))", .bad)
    } else {
      let status = exchange.status ?? 0
      let isAccepted = status < 400 || step.acceptedStatuses.contains { $0.contains(status) }
      outcome = style("\(status)", isAccepted ? .good : .bad)
    }
    let name = style(DisplayText.line(step.name, limit: 60), .strong)
    return "  \(number)  \(name)  \(outcome)  \(times.joined(separator: ", "))"
  }

  private var request: [String] {
    let (head, body) = Self.parts(exchange.request)
    return marked(head.map { Self.masked($0, showsAll) }, ">") + marked(bodyText(body), ">")
  }

  private var response: [String] {
    marked(Self.lines(exchange.head).filter { !$0.isEmpty }, "<") + marked(bodyText(exchange.body[...]), "<")
  }

  private var checks: [String] {
    zip(step.checks, exchange.checksPassed).map { check, passed in
      let line = "\(passed ? "✓" : "✗") \(DisplayText.line(check.label, limit: 120))"
      return "     " + style(line, passed ? .good : .bad)
    }
  }

  private func marked(_ lines: [String], _ mark: String) -> [String] {
    let limit = showsAll ? Int.max / 8 : Self.columns
    return lines.map { line in
      "     " + style(mark, .faint) + (line.isEmpty ? "" : " " + DisplayText.line(line, limit: limit))
    }
  }

  /// The request as text; its credentials are masked unless all is wanted.
  static func requestText(_ request: [UInt8], showsAll: Bool) -> String {
    let (head, body) = parts(request)
    return head.map { masked($0, showsAll) + "\r\n" }.joined() + "\r\n" + String(decoding: body, as: UTF8.self)
  }

  private static func masked(_ line: String, _ showsAll: Bool) -> String {
    guard !showsAll, line.lowercased().hasPrefix("authorization:") else { return line }
    let scheme = line.dropFirst("authorization:".count).split(separator: " ").first ?? ""
    return "\(line.prefix("authorization:".count)) \(scheme) •••"
  }

  private func bodyText(_ body: ArraySlice<UInt8>) -> [String] {
    guard !body.isEmpty else { return [] }
    guard let text = String(validating: body, as: UTF8.self), !body.contains(0) else {
      return ["", "(\(FigureText.plural(UInt64(body.count), "byte")) that \(body.count == 1 ? "is" : "are") no text)"]
    }
    let lines = Self.lines(Array(text.utf8))
    guard !showsAll else { return [""] + lines }
    var shown = Array(lines.prefix(Self.bodyLines))
    let isCut = lines.count > shown.count || shown.contains { $0.count > Self.columns }
    if isCut { shown.append("(\(FigureText.count(UInt64(body.count))) bytes in all; --full shows them)") }
    return [""] + shown
  }

  /// A message's lines up to the empty one, and its body.
  private static func parts(_ message: [UInt8]) -> (head: [String], body: ArraySlice<UInt8>) {
    let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    for index in message.indices where message[index...].starts(with: end) {
      return (lines(Array(message[..<index])), message[(index + 4)...])
    }
    return (lines(message), [])
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self) }
  }
}
