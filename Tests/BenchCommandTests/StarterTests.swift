import BenchScenario
import Terminal
import Testing

@testable import BenchCommand

@Suite struct StarterTests {
  @Test("the starter scenario is read as bench validate reads it")
  func scenario() throws {
    let scenario = try ScenarioReader.read(text: BenchInitCommand.starter.text, file: "scenario.yaml")
    #expect(scenario.budgets.count == 2 && scenario.target != nil)
  }
}
