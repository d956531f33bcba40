/// A regular expression whose search takes time proportional to the text and to the pattern, whatever they are.
///
/// It works on bytes: literals, `.`, `[a-z]`, `[^…]`, `\d \w \s` and their opposites, `^`, `$` (the text's ends), groups,
/// `(?:…)`, `|`, `* + ? {m,n}` and their lazy forms. No back-references and no look-around, which have no such bound.
///
/// Source: Thompson, "Regular expression search algorithm", 1968, with Pike's captures.
package struct BoundedRegex: Sendable, Equatable {
  enum Instruction: Sendable, Equatable {
    case byte(UInt8)
    case set(ByteSet)
    /// Targets are relative; the first is preferred.
    case split(Int, Int)
    case jump(Int)
    /// Remembers the place: 0 and 1 are the match's ends, 2 and 3 the first group's.
    case save(Int)
    case begin, end, match
  }

  let program: [Instruction]
  let hasGroup: Bool
  package let pattern: String

  /// - Throws: `RegexError` with the offset of what is wrong.
  package init(_ pattern: String) throws(RegexError) {
    self.pattern = pattern
    var compiler = RegexCompiler(Array(pattern.utf8))
    program = try compiler.compile()
    hasGroup = compiler.groups > 0
  }

  /// The first group of the leftmost match, or the whole match where the pattern has no group.
  package func firstMatch(in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    var steps = 0
    return firstMatch(in: text, counting: &steps)
  }

  /// - Parameter steps: grows by the instructions that were looked at, at most two a byte and instruction of the program.
  func firstMatch(in text: UnsafeBufferPointer<UInt8>, counting steps: inout Int) -> Range<Int>? {
    var current = ThreadList(program.count)
    var following = ThreadList(program.count)
    var best: Places?
    for position in 0...text.count {
      if best == nil { add(0, Places(), position, text.count, to: &current) }
      if best != nil, current.threads.isEmpty { break }
      following.clear()
      let byte = position < text.count ? text[position] : 0
      search: for (place, places) in current.threads {
        switch program[place] {
        case .match:
          best = places
          break search
        case .byte(let wanted):
          if position < text.count, byte == wanted { add(place + 1, places, position + 1, text.count, to: &following) }
        case .set(let set):
          if position < text.count, set.contains(byte) {
            add(place + 1, places, position + 1, text.count, to: &following)
          }
        case .split, .jump, .save, .begin, .end: break
        }
      }
      swap(&current, &following)
    }
    steps = current.visits + following.visits
    guard let best else { return nil }
    if !hasGroup { return best.start..<best.end }
    // A group that took no part in the match is empty.
    return best.groupEnd >= best.groupStart && best.groupStart >= 0 ? best.groupStart..<best.groupEnd : 0..<0
  }

  struct Places {
    var start = 0
    var end = 0
    var groupStart = -1
    var groupEnd = -1

    mutating func save(_ slot: Int, _ position: Int) {
      switch slot {
      case 0: start = position
      case 1: end = position
      case 2: groupStart = position
      default: groupEnd = position
      }
    }
  }

  private struct ThreadList {
    var threads: [(place: Int, places: Places)] = []
    private var marks: [Int]
    private var mark = 1
    private(set) var visits = 0
    /// Places that are still to be followed: kept, so that no byte takes an allocation.
    var stack: [(place: Int, places: Places)] = []

    init(_ count: Int) {
      marks = Array(repeating: 0, count: count)
      threads.reserveCapacity(count)
    }

    mutating func clear() {
      threads.removeAll(keepingCapacity: true)
      mark += 1
    }

    mutating func visit(_ place: Int) -> Bool {
      guard marks[place] != mark else { return false }
      marks[place] = mark
      visits += 1
      return true
    }
  }

  /// Follows everything that takes no byte, in order of preference.
  private func add(_ first: Int, _ places: Places, _ position: Int, _ count: Int, to list: inout ThreadList) {
    list.stack.append((first, places))
    while var (place, places) = list.stack.popLast() {
      while list.visit(place) {
        switch program[place] {
        case .jump(let distance): place += distance
        case .split(let preferred, let other):
          list.stack.append((place + other, places))
          place += preferred
        case .save(let slot):
          places.save(slot, position)
          place += 1
        case .begin where position == 0: place += 1
        case .end where position == count: place += 1
        case .begin, .end: break
        case .byte, .set, .match: list.threads.append((place, places))
        }
      }
    }
  }
}

/// A set of bytes.
struct ByteSet: Sendable, Equatable {
  private var words: [UInt64] = [0, 0, 0, 0]

  func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0 }

  mutating func insert(_ range: ClosedRange<UInt8>) {
    for byte in range { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
  }

  mutating func formUnion(_ other: ByteSet) { for index in 0..<4 { words[index] |= other.words[index] } }

  var inverted: ByteSet {
    var set = self
    for index in 0..<4 { set.words[index] = ~words[index] }
    return set
  }
}

/// Where a pattern stops making sense.
package struct RegexError: Error, Sendable, Equatable {
  /// In bytes.
  package var offset: Int
  package var expected: String
}
