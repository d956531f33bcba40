import Testing

@testable import Statistics

@Suite struct SortedSampleTests {
  @Test(
    "the median is the middle value, or the mean of the two in the middle",
    arguments: [([3.0, 1, 2], 2.0), ([4.0, 1, 3, 2], 2.5), ([7.0], 7.0)])
  func median(values: [Double], median: Double) {
    #expect(SortedSample(values).median == median)
  }

  @Test("the least and the largest value enclose it")
  func range() {
    #expect(SortedSample([0.5, 0.3, 0.9, 0.4]).range == 0.3...0.9)
    #expect(SortedSample([]).median == nil && SortedSample([]).range == nil)
  }
}
