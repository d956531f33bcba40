import Matching
import Wording

extension Budget {
  /// Reads the two halves of a budget, as a scenario's `budgets` mapping has them.
  ///
  ///     selector  = metric [ "{" tag ":" value *( "," tag ":" value ) "}" ]
  ///     condition = method operator value [ "over" duration ] [ "abort after" duration ] [ "fail" | "warn" ]
  ///     method    = "p(" number ")" | median | med | mean | avg | max | min | rate | count | share | last | value
  ///     operator  = "<" | "<=" | ">" | ">=" | "==" | "===" | "!="
  ///     value     = duration | number | number "%" | number "/s" | number "/min" | number "/h" | bytes | bytes "/s"
  ///
  /// A tag's value may stand in double quotes, which it needs when it holds `,` or `}`. `ThresholdMetric` says what k6's
  /// names are read as; with them a number needs no unit.
  /// - Throws: `BudgetError` with the offset into `selector` or `condition`.
  package static func parse(selector: String, condition: String) throws(BudgetError) -> Budget {
    let parsed = try SelectorParser.parse(selector)
    return try ConditionParser.parse(condition, of: parsed.selector, as: parsed.threshold, selector: selector)
  }

  /// The same, ending the run when it is not met after `delay`: k6's `abortOnFail` and `delayAbortEval`. Nil where it says
  /// already what it does, by `abort after` or `warn`.
  /// - Parameter delay: as it is written; nil: from the first second on.
  package func aborting(after delay: (text: String, time: Duration)?) -> Budget? {
    guard abortAfter == nil, level == .fail else { return nil }
    var budget = self
    let time = max(delay?.time ?? .zero, .seconds(1))
    budget.abortAfter = time
    budget.conditionText += " abort after \(time == delay?.time ? delay?.text ?? "1s" : "1s")"
    return budget
  }

  /// Reads one text, as on a command line: `failed: rate < 1%`. Without a metric, it is about `response_time`:
  /// `p(95)<300ms`.
  /// - Throws: `BudgetError` with the offset into `text`.
  package static func parse(_ text: String) throws(BudgetError) -> Budget {
    let characters = Array(text)
    var depth = 0
    let colon = characters.indices.first { index in
      if characters[index] == "{" { depth += 1 }
      if characters[index] == "}" { depth -= 1 }
      return characters[index] == ":" && depth <= 0
    }
    do {
      guard let colon else { return try parse(selector: Metric.responseTime.rawValue, condition: text) }
      return try parse(
        selector: String(characters[..<colon]), condition: String(characters[(colon + 1)...]))
    } catch {
      var error = error
      if error.part == .condition, let colon { error.offset += colon + 1 }
      error.part = .whole
      throw error
    }
  }
}

/// Characters and a place among them.
private struct Scanner {
  let characters: [Character]
  var offset = 0
  let part: BudgetError.Part

  var isAtEnd: Bool { offset >= characters.count }

  mutating func skipSpaces() { while !isAtEnd, characters[offset].isWhitespace { offset += 1 } }

  mutating func take(_ character: Character) -> Bool {
    guard !isAtEnd, characters[offset] == character else { return false }
    offset += 1
    return true
  }

  mutating func take(while condition: (Character) -> Bool) -> String {
    let start = offset
    while !isAtEnd, condition(characters[offset]) { offset += 1 }
    return String(characters[start..<offset])
  }

  /// The next word or symbol, for a message.
  var rest: String {
    let text = String(characters[min(offset, characters.count)...].prefix(24))
    return text.isEmpty ? "the end" : "'\(text)'"
  }

  func error(_ code: BudgetError.Code, at place: Int, _ what: String, expected: String) -> BudgetError {
    BudgetError(code, part: part, offset: place, what: what, expected: expected)
  }
}

private enum SelectorParser {
  /// - Returns: `threshold` where k6's name stands.
  static func parse(
    _ text: String
  ) throws(BudgetError) -> (selector: MetricSelector, threshold: ThresholdMetric?) {
    var scanner = Scanner(characters: Array(text), part: .selector)
    scanner.skipSpaces()
    let start = scanner.offset
    let word = scanner.take { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    let threshold = ThresholdMetric(rawValue: word)
    guard let metric = threshold?.metric ?? Metric(rawValue: word) else {
      let known = Metric.allCases.map(\.rawValue)
      let near = Spelling.closest(to: word, among: known + ThresholdMetric.allCases.map(\.rawValue))
      throw scanner.error(
        .unknownMetric, at: start, word.isEmpty ? scanner.rest : "unknown metric '\(word)'",
        expected: near.map { "'\($0)'" } ?? Spelling.alternatives(known))
    }
    var selector = MetricSelector(metric)
    scanner.skipSpaces()
    if scanner.take("{") { try parseTags(&scanner, as: threshold, into: &selector) }
    scanner.skipSpaces()
    guard scanner.isAtEnd else {
      throw scanner.error(.syntax, at: scanner.offset, scanner.rest, expected: "'{' or the end of the metric")
    }
    guard metric != .captured || selector.captured != nil else {
      throw scanner.error(
        .syntax, at: start, "'captured' without a name", expected: "the captured value's: captured{name:queue}")
    }
    return (selector, threshold)
  }

  private static func parseTags(
    _ scanner: inout Scanner, as threshold: ThresholdMetric?, into selector: inout MetricSelector
  ) throws(BudgetError) {
    repeat {
      scanner.skipSpaces()
      let start = scanner.offset
      let word = scanner.take { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
      guard threshold == nil || word != "expected_response" else {
        throw scanner.error(
          .unknownTag, at: start, "'expected_response', which would leave failures out",
          expected: "no such tag: what has no answer ranks above every time here")
      }
      let tag = threshold == nil ? word : ThresholdMetric.tag(word)
      let known = selector.metric.tags
      // The author's own tags are known once the plan is.
      let isOwn = selector.metric.takesOwnTags && !tag.isEmpty && !MetricSelector.ownedTags.contains(tag)
      guard known.contains(tag) || isOwn else {
        let near = Spelling.closest(to: tag, among: known).map { "'\($0)'" }
        throw scanner.error(
          .unknownTag, at: start, tag.isEmpty ? scanner.rest : "unknown tag '\(tag)'",
          expected: near ?? (known.isEmpty ? "no tag" : Spelling.alternatives(known)))
      }
      scanner.skipSpaces()
      guard scanner.take(":") else {
        throw scanner.error(.syntax, at: scanner.offset, scanner.rest, expected: "':' and the \(tag)'s name")
      }
      scanner.skipSpaces()
      let valueStart = scanner.offset
      let value: String
      if scanner.take("\"") {
        value = scanner.take { $0 != "\"" }
        guard scanner.take("\"") else {
          throw scanner.error(.syntax, at: valueStart, "an open quote", expected: "a closing '\"'")
        }
      } else {
        value = scanner.take { $0 != "," && $0 != "}" }.trimmedEnd
      }
      guard !value.isEmpty else {
        throw scanner.error(.syntax, at: valueStart, "nothing after '\(tag):'", expected: "the \(tag)'s name")
      }
      let path: WritableKeyPath<MetricSelector, String?> =
        switch tag {
        case "step": \.step
        case "journey": \.journey
        case "check": \.check
        case "phase": \.phase
        case "name" where selector.metric == .captured: \.captured
        default: \.tags[tag]
        }
      guard selector[keyPath: path] == nil else {
        throw scanner.error(.syntax, at: start, "the tag '\(tag)' twice", expected: "each tag once")
      }
      selector[keyPath: path] = value
      scanner.skipSpaces()
    } while scanner.take(",")
    guard scanner.take("}") else {
      throw scanner.error(.syntax, at: scanner.offset, scanner.rest, expected: "',' or '}'")
    }
  }
}

private enum ConditionParser {
  static func parse(
    _ text: String, of selected: MetricSelector, as threshold: ThresholdMetric?, selector: String
  ) throws(BudgetError) -> Budget {
    var scanner = Scanner(characters: Array(text), part: .condition)
    scanner.skipSpaces()
    let method = try parseMethod(&scanner, of: selected.metric, as: threshold)
    scanner.skipSpaces()
    let symbolStart = scanner.offset
    let symbol = scanner.take { "<>=!".contains($0) }
    guard let comparison = symbol == "===" ? .equal : Comparison(rawValue: symbol) else {
      throw scanner.error(
        .syntax, at: symbolStart, symbol.isEmpty ? scanner.rest : "'\(symbol)'",
        expected: Spelling.alternatives(Comparison.signs.map(\.rawValue)))
    }
    scanner.skipSpaces()
    // k6's iterations are called so here too.
    let isBare = threshold != nil || selected.metric == .iterations
    let unit = selected.metric.unit(of: method)
    var bare: Double?
    if isBare { bare = parseBare(&scanner, unit) }
    let limit = if let bare { bare } else { try parseValue(&scanner, unit) }
    let endings = scanner.offset
    var window: Duration?
    var abortAfter: Duration?
    var level: Budget.Level?
    while true {
      scanner.skipSpaces()
      guard !scanner.isAtEnd else { break }
      let start = scanner.offset
      let word = scanner.take(while: \.isLetter)
      if word == "over", window == nil, abortAfter == nil, level == nil {
        let place = scanner.offset
        let duration = try parseDuration(&scanner)
        guard duration >= .seconds(1) else {
          throw scanner.error(.unit, at: place + 1, "a window under a second", expected: "at least 1s")
        }
        window = duration
        continue
      }
      if word == "abort", abortAfter == nil, level == nil {
        scanner.skipSpaces()
        let afterStart = scanner.offset
        guard scanner.take(while: \.isLetter) == "after" else {
          throw scanner.error(.syntax, at: afterStart, "'abort' alone", expected: "'abort after 10s'")
        }
        abortAfter = try parseDuration(&scanner)
        continue
      }
      if let named = Budget.Level(rawValue: word), level == nil {
        guard named == .fail || abortAfter == nil else {
          throw scanner.error(
            .syntax, at: start, "'warn' of a budget that ends the run", expected: "'abort after' or 'warn', not both")
        }
        level = named
        continue
      }
      scanner.offset = start
      throw scanner.error(
        .syntax, at: start, scanner.rest,
        expected: level != nil
          ? "the end"
          : abortAfter != nil ? "'fail' or the end" : "'over 30s', 'abort after 10s', 'warn' or the end")
    }
    guard !selected.metric.isOfWholeRun || window == nil && abortAfter == nil else {
      throw scanner.error(
        .syntax, at: endings + 1, "'over' or 'abort after' of \(selected.metric.rawValue), which is known at the end",
        expected: "neither")
    }
    return Budget(
      selector: selected, method: method, comparison: comparison, limit: limit, window: window,
      abortAfter: abortAfter, isDefault: false, level: level ?? .fail, selectorText: selector.trimmed,
      conditionText: text.trimmed)
  }

  private static func parseMethod(
    _ scanner: inout Scanner, of metric: Metric, as threshold: ThresholdMetric?
  ) throws(BudgetError) -> Method {
    let start = scanner.offset
    let word = scanner.take { $0.isLetter || $0 == "_" }
    if let threshold, !threshold.takes(word) {
      throw scanner.error(
        .unknownMethod, at: start, word.isEmpty ? scanner.rest : "'\(word)' of \(threshold.rawValue)",
        expected: Spelling.alternatives(threshold.methods))
    }
    let method: Method?
    if threshold != nil, word == "value" {
      method = .last
    } else if word == "p" {
      let percentStart = scanner.offset + 1
      guard scanner.take("(") else {
        throw scanner.error(.syntax, at: scanner.offset, scanner.rest, expected: "'(' and a percentile: p(95)")
      }
      let digits = scanner.take { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let percent = Double(digits), (0...100).contains(percent) else {
        throw scanner.error(
          .syntax, at: percentStart, digits.isEmpty ? scanner.rest : "'\(digits)'",
          expected: "a percentile from 0 to 100")
      }
      guard scanner.take(")") else {
        throw scanner.error(.syntax, at: scanner.offset, scanner.rest, expected: "')'")
      }
      method = percent == 0 ? .minimum : percent == 100 ? .maximum : .quantile(percent / 100)
    } else {
      method =
        [
          "median": .quantile(0.5), "med": .quantile(0.5), "mean": .mean, "avg": .mean, "max": .maximum,
          "min": .minimum, "rate": .rate, "count": .count, "share": .share, "last": .last,
        ][word]
    }
    guard let method, metric.takes(method) else {
      let near = Spelling.closest(to: word, among: metric.methods)
      throw scanner.error(
        .unknownMethod, at: start,
        word.isEmpty
          ? scanner.rest : method == nil ? "unknown method '\(word)'" : "'\(word)' of \(metric.rawValue)",
        expected: near.map { "'\($0)'" } ?? Spelling.alternatives(metric.methods))
    }
    return method
  }

  /// A number without a unit, as k6 has them; nil, and nothing taken, where there is another text.
  private static func parseBare(_ scanner: inout Scanner, _ unit: MetricUnit) -> Double? {
    let start = scanner.offset
    guard let number = decimal(scanner.take { !$0.isWhitespace }[...]), unit != .share || number <= 1 else {
      scanner.offset = start
      return nil
    }
    return unit == .nanoseconds ? number * 1e6 : number
  }

  private static func parseValue(_ scanner: inout Scanner, _ unit: MetricUnit) throws(BudgetError) -> Double {
    let start = scanner.offset
    let text = scanner.take { !$0.isWhitespace }
    let shown = text.isEmpty ? "the end" : "'\(text)'"
    switch unit {
    case .nanoseconds:
      if let duration = DurationText.parse(text) { return Double(duration.nanosecondCount) }
      throw scanner.error(.unit, at: start, shown, expected: "a duration such as 300ms or 1.5s")
    case .share:
      let isPercent = text.hasSuffix("%")
      if let number = decimal(isPercent ? text.dropLast() : text[...]), number <= (isPercent ? 100 : 1) {
        return isPercent ? number / 100 : number
      }
      throw scanner.error(.unit, at: start, shown, expected: "a share such as 1% or 0.01")
    case .count:
      if let number = decimal(text[...]) { return number }
      throw scanner.error(.unit, at: start, shown, expected: "a number such as 0 or 10")
    case .bytes:
      if let bytes = ByteText.parse(text[...]) { return bytes }
      throw scanner.error(.unit, at: start, shown, expected: "bytes such as 512, 20KB or 1.5MB")
    case .bytesPerSecond:
      if text.hasSuffix("/s"), let bytes = ByteText.parse(text.dropLast(2)) { return bytes }
      throw scanner.error(.unit, at: start, shown, expected: "bytes a second such as 20KB/s or 1.5MB/s")
    case .perSecond:
      if let rate = RateText.parse(text) { return rate }
      throw scanner.error(.unit, at: start, shown, expected: "a rate such as 100/s, 600/min or 3600/h")
    }
  }

  private static func parseDuration(_ scanner: inout Scanner) throws(BudgetError) -> Duration {
    scanner.skipSpaces()
    let start = scanner.offset
    let text = scanner.take { !$0.isWhitespace }
    guard let duration = DurationText.parse(text), duration > .zero else {
      throw scanner.error(
        .unit, at: start, text.isEmpty ? "the end" : "'\(text)'", expected: "a duration such as 30s")
    }
    return duration
  }

  private static func decimal(_ text: Substring) -> Double? { RateText.decimal(text) }
}

extension String {
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  fileprivate var trimmed: String { String(trimmedEnd.drop(while: \.isWhitespace)) }
}
