import Foundation
import Testing

@testable import Visits

@Suite struct MutatedLineTests {
  /// `OUTGROWN_MUTATIONS` says how many lines; a thin part of them in the suite.
  private static let lines = ProcessInfo.processInfo.environment["OUTGROWN_MUTATIONS"].flatMap { Int($0) } ?? 1_400

  private struct Generator {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(1, bound)))
    }
  }

  private static let marks = Array(#"" []{}(),:;=-|.\/0123456789abcGETx"#.utf8)

  /// What a field is called that names the client: where it is called otherwise, it is another field.
  private static let names = ["x_forwarded_for", "cf-connecting-ip", "source", "srcIp", "remoteIp", "ClientIP"]

  /// One to three changes of a line, none of them within the client's own address or its field's name.
  private func mutated(_ line: [UInt8], keeping client: String, _ random: inout Generator) -> [UInt8] {
    var line = line
    for _ in 0...random.below(3) {
      let kept = ([client] + Self.names).flatMap { places(of: Array($0.utf8), in: line) }.sorted {
        $0.lowerBound < $1.lowerBound
      }
      let place = random.below(line.count)
      guard !kept.contains(where: { $0.contains(place) }) else { continue }
      switch random.below(5) {
      case 0: line[place] = Self.marks[random.below(Self.marks.count)]
      case 1: line[place] = UInt8(truncatingIfNeeded: random.below(256))
      case 2: line.insert(Self.marks[random.below(Self.marks.count)], at: place)
      case 3:
        let end = min(line.count, place + 1 + random.below(6))
        if !kept.contains(where: { $0.overlaps(place..<end) }) { line.removeSubrange(place..<end) }
      default: if let last = kept.last, place >= last.upperBound { line.removeSubrange(place...) }
      }
    }
    return line
  }

  private func places(of word: [UInt8], in line: [UInt8]) -> [Range<Int>] {
    guard line.count >= word.count else { return [] }
    return (0...(line.count - word.count)).compactMap { start in
      line[start] == word[0] && line[start..<(start + word.count)].elementsEqual(word)
        ? start..<(start + word.count) : nil
    }
  }

  @Test("a damaged line is read as its own client's, or not at all")
  func damaged() {
    let others = Set(
      LoggedRequest.all.map(\.client) + [
        "10.0.0.1", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.7", "10.0.0.9", "172.68.1.0", "172.68.1.1", "192.0.2.1",
        "192.0.2.80", "198.18.0.1", "10.1.1.1", "127.0.0.6",
      ])
    let forms = CorpusForm.all.filter(\.hasClient)
    var random = Generator(state: 7)
    var read = 0
    for number in 0..<Self.lines {
      let form = forms[number % forms.count]
      let request = LoggedRequest.all[random.below(LoggedRequest.all.count)]
      let line = mutated(Array(form.line(request).utf8), keeping: request.client, &random)
      guard let entry = LogLine.parse(line[...]) else { continue }
      read += 1
      let client = entry.client.text()
      guard client == request.client || !others.contains(client) else {
        Issue.record("\(form.name): \(client) instead of \(request.client) in \(String(decoding: line, as: UTF8.self))")
        if ProcessInfo.processInfo.environment["OUTGROWN_MUTATIONS"] == nil { return }
        continue
      }
    }
    // Most damage is somewhere that doesn't matter.
    #expect(read > Self.lines / 4)
  }
}
