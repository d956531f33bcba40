import Testing

@testable import ProvisionBlueprint

@Suite struct BlueprintDifferenceTests {
  @Test("the first line that differs, on both sides")
  func line() {
    #expect(BlueprintDifference.first(expected: "a\nb\nc\n", found: "a\nb\nc\n") == nil)
    #expect(
      BlueprintDifference.first(expected: "a\nb\nc\n", found: "a\nB\nc\n")
        == BlueprintDifference(line: 2, expected: "b", found: "B"))
    #expect(
      BlueprintDifference.first(expected: "a\nb\n", found: "a\n")
        == BlueprintDifference(line: 2, expected: "b", found: ""))
    #expect(
      BlueprintDifference.first(expected: "a", found: "a\n") == BlueprintDifference(line: 2, expected: nil, found: ""))
  }

  @Test(
    "paths lose their dots",
    arguments: [
      ("deploy/../render.yaml", "render.yaml"), ("../a/b/../c", "../a/c"), ("/x/../y", "/y"), ("./a", "a"),
      ("../../a", "../../a"),
    ])
  func dots(path: String, expected: String) { #expect(Deployment.withoutDots(path) == expected) }
}
