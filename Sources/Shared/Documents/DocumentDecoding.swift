import Wording

/// A mapping whose keys have been checked.
package struct DocumentMapping: Sendable {
  package var entries: [DocumentEntry]
  /// Where the mapping begins.
  package var position: DocumentPosition

  package subscript(key: String) -> DocumentNode? { entry(key)?.value }

  package func entry(_ key: String) -> DocumentEntry? { entries.first { $0.key == key } }

  /// The value of a key that must be there; its absence is a problem.
  package func required(_ key: String, _ problems: inout DocumentProblems) -> DocumentNode? {
    if let value = self[key] { return value }
    problems.add("'\(key)' is missing", expected: "the key '\(key)' here", at: position)
    return nil
  }
}

/// Decoding: each call returns the value, or nil after it has noted what is wrong and what was expected.
extension DocumentNode {
  /// A mapping with no other keys than these.
  package func mapping(allowing keys: [String], _ problems: inout DocumentProblems) -> DocumentMapping? {
    guard let mapping = mapping(&problems) else { return nil }
    for entry in mapping.entries where !keys.contains(entry.key) {
      let near = Spelling.closest(to: entry.key, among: keys)
      problems.add(
        "unknown key '\(entry.key.excerpt)'",
        expected: near.map { "'\($0)'" } ?? Spelling.alternatives(keys),
        at: entry.keyPosition)
    }
    return mapping
  }

  /// A mapping whose keys are the author's own.
  package func mapping(_ problems: inout DocumentProblems) -> DocumentMapping? {
    guard case .mapping(let entries) = content else { return mismatch("a mapping", &problems) }
    return DocumentMapping(entries: entries, position: position)
  }

  /// A list of `count` values.
  package func list(of count: ClosedRange<Int> = 0...Int.max, _ problems: inout DocumentProblems) -> [DocumentNode]? {
    guard case .list(let nodes) = content else { return mismatch("a list", &problems) }
    guard count.contains(nodes.count) else {
      let bound = nodes.count < count.lowerBound ? "at least \(count.lowerBound)" : "at most \(count.upperBound)"
      problems.add("a list of \(nodes.count)", expected: "\(bound)", at: position)
      return nil
    }
    return nodes
  }

  /// Any scalar but null, as its text: `200` and `true` are fine where a text is wanted.
  package func string(_ problems: inout DocumentProblems, expected: String = "a text") -> String? {
    guard let scalar, !scalar.isNull else { return mismatch(expected, &problems) }
    return scalar.text
  }

  /// A text of 1 to `limit` characters without control characters, nor any of `forbidden`.
  package func name(
    upTo limit: Int = 80, without forbidden: String = "", _ problems: inout DocumentProblems
  ) -> String? {
    guard let text = string(&problems, expected: "a name") else { return nil }
    guard !text.isEmpty, text.count <= limit else {
      problems.add("a name of \(text.count) characters", expected: "1 to \(limit)", at: position)
      return nil
    }
    let bad = text.first { character in
      forbidden.contains(character) || character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    }
    guard let bad else { return text }
    let shown = bad.isASCII && !bad.isNewline && (bad.asciiValue ?? 0) >= 0x20 ? "'\(bad)'" : "a control character"
    problems.add("\(shown) in the name '\(text.excerpt)'", expected: "a name without it", at: position)
    return nil
  }

  package func boolean(_ problems: inout DocumentProblems) -> Bool? {
    guard let value = scalar?.boolean else { return mismatch("true or false", &problems) }
    return value
  }

  package func integer(in range: ClosedRange<Int>, _ problems: inout DocumentProblems) -> Int? {
    guard let number = scalar?.number, let value = Int(exactly: number), range.contains(value) else {
      let bounds =
        range.upperBound == .max
        ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      return mismatch("a whole number \(bounds)", &problems)
    }
    return value
  }

  package func number(in range: ClosedRange<Double>, _ problems: inout DocumentProblems) -> Double? {
    guard let value = scalar?.number, range.contains(value) else {
      return mismatch("a number from \(range.lowerBound.plain) to \(range.upperBound.plain)", &problems)
    }
    return value
  }

  /// A duration with its unit, such as `250ms`.
  package func duration(in range: ClosedRange<Duration>, _ problems: inout DocumentProblems) -> Duration? {
    guard let text = scalar?.text, let value = DurationText.parse(text) else {
      return mismatch("a duration with a unit, such as 250ms, 5s or 2m", &problems)
    }
    guard range.contains(value) else {
      return mismatch(
        "a duration from \(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound))",
        &problems)
    }
    return value
  }

  /// One of a few words.
  package func choice(of words: [String], _ problems: inout DocumentProblems) -> String? {
    guard let text = scalar?.text, words.contains(text) else {
      return mismatch(Spelling.alternatives(words), &problems)
    }
    return text
  }

  /// Notes that something else was expected here.
  package func mismatch<Value>(_ expected: String, _ problems: inout DocumentProblems) -> Value? {
    problems.add(kindName, expected: expected, at: position)
    return nil
  }
}

extension Double {
  /// Without a needless `.0`.
  package var plain: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
