import Testing
import Wording

@Suite struct NumberTextTests {
  @Test(
    "thousands are told apart by commas",
    arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234, "-1,234"), (-999, "-999"), (1_234_567, "1,234,567")])
  func grouped(number: Int, text: String) {
    #expect(NumberText.grouped(number) == text)
  }

  @Test("decimals are rounded, and trimmed where that is asked; what is close to nothing has no minus")
  func decimals() {
    #expect([0.005, 1.234, 999.999].map { NumberText.fixed($0, 2) } == ["0.01", "1.23", "1000.00"])
    #expect([0.0, -0.001, -0.5, 12].map { NumberText.trimmed($0, 2) } == ["0", "0", "-0.5", "12"])
    #expect(NumberText.fixed(.infinity, 1) == "∞" && NumberText.fixed(2.5, 0) == "3")
  }
}
