import Foundation
import Testing

@testable import Statistics

struct ChangePointsTests {
  private func noise(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
    }
  }

  @Test("a step is found where it is, up and down", arguments: [3.0, -3.0])
  func step(height: Double) throws {
    var series = noise(40, seed: 3)
    for index in 25..<40 { series[index] += height }
    let changes = ChangePoints().changes(in: series)
    #expect(changes.count == 1)
    #expect(abs((try #require(changes.first)).place - 25) <= 2)
  }

  @Test("runs that went wrong by far hide no step, and are none themselves")
  func outliers() throws {
    var series = noise(60, seed: 7)
    series[12] = 900
    series[41] = 1_500
    #expect(ChangePoints().changes(in: series).isEmpty)
    for index in 35..<60 { series[index] += 3 }
    let changes = ChangePoints().changes(in: series)
    #expect(changes.count == 1)
    #expect(abs((try #require(changes.first)).place - 35) <= 2)
  }

  @Test("two steps are found, in their order")
  func steps() {
    var series = noise(45, seed: 5)
    for index in 15..<30 { series[index] += 4 }
    let places = ChangePoints().changes(in: series).map(\.place)
    #expect(places.count == 2)
    #expect(zip(places, [15, 30]).allSatisfy { abs($0 - $1) <= 2 }, "\(places)")
  }

  @Test("nothing is found in what never changes, is short, or is all the same")
  func flat() {
    #expect(ChangePoints().changes(in: noise(40, seed: 11)).isEmpty)
    #expect(ChangePoints().changes(in: noise(9, seed: 11)).isEmpty)
    #expect(ChangePoints().changes(in: Array(repeating: 1, count: 40)).isEmpty)
    #expect(ChangePoints().changes(in: []).isEmpty)
  }

  @Test("the same series has the same changes")
  func repeatable() {
    var series = noise(30, seed: 9)
    for index in 15..<30 { series[index] += 1 }
    #expect(ChangePoints().changes(in: series) == ChangePoints().changes(in: series))
  }
}
