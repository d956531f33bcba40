@testable import Matching

/// A pattern on the first line, a text behind it: the engine's matcher finds what a backtracking one does.
enum RegexTarget {
  static func run(_ input: UnsafeBufferPointer<UInt8>) {
    let input = FuzzInput(input)
    guard input.line.count <= 200, let regex = try? BoundedRegex(input.lineText) else { return }
    let text = Array(input.rest.prefix(200))
    require(regex.program.count <= 2 * RegexCompiler.limit, "\(regex.program.count) instructions")
    let found = text.withUnsafeBufferPointer { regex.firstMatch(in: $0) }
    // The oracle remembers every place at every position.
    guard regex.program.count <= 1_000 else { return }
    var oracle = BacktrackingMatcher(regex, text)
    let expected = oracle.firstMatch()
    require(found == expected, "found \(String(describing: found)), expected \(String(describing: expected))")
  }
}

/// Tries each start in turn and each branch in its order of preference; a place that failed at a position is not tried
/// there again.
private struct BacktrackingMatcher {
  private let regex: BoundedRegex
  private let text: [UInt8]
  private var tried: Set<Int> = []

  init(_ regex: BoundedRegex, _ text: [UInt8]) {
    self.regex = regex
    self.text = text
  }

  mutating func firstMatch() -> Range<Int>? {
    for start in 0...text.count {
      guard let places = match(from: start) else { continue }
      if !regex.hasGroup { return places.start..<places.end }
      let (start, end) = (places.groupStart, places.groupEnd)
      return start >= 0 && end >= start ? start..<end : 0..<0
    }
    return nil
  }

  private mutating func match(from start: Int) -> BoundedRegex.Places? {
    var branches = [(place: 0, position: start, places: BoundedRegex.Places())]
    while var (place, position, places) = branches.popLast() {
      while tried.insert(place * (text.count + 1) + position).inserted {
        switch regex.program[place] {
        case .match: return places
        case .jump(let distance):
          place += distance
          continue
        case .split(let preferred, let other):
          branches.append((place + other, position, places))
          place += preferred
          continue
        case .save(let slot): places.save(slot, position)
        case .byte, .set, .begin, .end: break
        }
        guard let width = width(of: regex.program[place], at: position) else { break }
        place += 1
        position += width
      }
    }
    return nil
  }

  /// Bytes that the instruction takes there; nil where it doesn't hold.
  private func width(of instruction: BoundedRegex.Instruction, at position: Int) -> Int? {
    switch instruction {
    case .byte(let byte): position < text.count && text[position] == byte ? 1 : nil
    case .set(let set): position < text.count && set.contains(text[position]) ? 1 : nil
    case .begin: position == 0 ? 0 : nil
    case .end: position == text.count ? 0 : nil
    case .save: 0
    case .split, .jump, .match: nil
    }
  }
}
