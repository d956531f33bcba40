import Statistics
import Testing

@testable import BenchCapacity

@Suite struct CapacityAnswerTests {
  private func counts(_ held: [Int], of tried: Int = 3) -> [CapacityAnswer.Count] {
    held.enumerated().map { .init(load: Double(100 + $0), tried: tried, held: $1) }
  }

  @Test(
    "the answer is the highest load that holds more often than not, within what held in all and what failed in all",
    arguments: [
      (held: [3, 3, 3, 0, 0], load: 102.0, lower: 102.0, upper: 103.0 as Double?),
      (held: [3, 3, 2, 1, 0], load: 102, lower: 101, upper: 104),
      // One bad trial below takes the lower end along, not the answer.
      (held: [3, 2, 3, 0, 0], load: 102, lower: 100, upper: 103),
      // One good trial above takes the upper end along.
      (held: [3, 3, 0, 1, 0], load: 101, lower: 101, upper: 104),
      (held: [2, 3, 3, 2, 1], load: 103, lower: 0, upper: nil),
      (held: [3, 3, 3], load: 102, lower: 102, upper: nil),
      // 0, then 3 and 3 of 3: pooled two thirds.
      (held: [0, 3, 3], load: 102, lower: 0, upper: nil),
    ])
  func answer(held: [Int], load: Double, lower: Double, upper: Double?) throws {
    let answer = try #require(CapacityAnswer(counts(held), fewest: 2))
    #expect(answer.load == load && answer.lower == lower && answer.upper == upper)
  }

  @Test("half of the trials is no majority, and nothing is no answer")
  func half() {
    #expect(CapacityAnswer(counts([1, 1], of: 2), fewest: 2) == nil)
    #expect(CapacityAnswer(counts([1, 0, 0]), fewest: 2) == nil)
    #expect(CapacityAnswer([], fewest: 2) == nil)
  }

  @Test("no end rests on fewer trials than are asked for")
  func fewest() throws {
    let counts: [CapacityAnswer.Count] = [
      .init(load: 10, tried: 2, held: 2), .init(load: 11, tried: 1, held: 1), .init(load: 12, tried: 1, held: 0),
      .init(load: 13, tried: 2, held: 0),
    ]
    let answer = try #require(CapacityAnswer(counts, fewest: 2))
    #expect(answer.load == 11 && answer.lower == 10 && answer.upper == 13)
  }

  @Test("whatever trials say, the answer lies within its interval, and more that hold never lower it")
  func properties() {
    var random = SeededGenerator(seed: 7)
    var answered = 0
    for _ in 0..<2_000 {
      var counts: [CapacityAnswer.Count] = []
      for place in 0..<Int.random(in: 1...9, using: &random) {
        let tried = Int.random(in: 1...4, using: &random)
        counts.append(.init(load: Double(place + 1), tried: tried, held: Int.random(in: 0...tried, using: &random)))
      }
      let fitted = CapacityAnswer.fitted(counts)
      #expect(zip(fitted, fitted.dropFirst()).allSatisfy { $0 >= $1 })
      let mass = zip(counts, fitted).reduce(0.0) { $0 + Double($1.0.held) - $1.1 * Double($1.0.tried) }
      #expect(abs(mass) < 1e-9, "pooling keeps what was counted")
      guard let answer = CapacityAnswer(counts, fewest: 2) else { continue }
      answered += 1
      #expect(answer.lower <= answer.load && answer.load < answer.upper ?? .infinity)
      var better = counts
      for index in better.indices where better[index].held < better[index].tried { better[index].held += 1 }
      #expect((CapacityAnswer(better, fewest: 2)?.load ?? 0) >= answer.load)
    }
    #expect(answered > 500)
  }

  @Test("a fit that does not rise is left as it is; a rise is put together by its weights")
  func fit() {
    #expect(MonotoneFit.notRising([1, 0.5, 0.5, 0], weights: [1, 1, 1, 1]) == [1, 0.5, 0.5, 0])
    #expect(MonotoneFit.notRising([0, 1], weights: [1, 3]) == [0.75, 0.75])
    #expect(MonotoneFit.notRising([1, 0, 1, 0], weights: [1, 1, 1, 1]) == [1, 0.5, 0.5, 0])
    #expect(MonotoneFit.notRising([], weights: []) == [])
  }
}
