import BenchEngine
import BenchScenario

/// A scenario's YAML: read, and compiled when it is one. Scenarios that name other files are only read.
enum ScenarioTarget {
  static func run(_ input: UnsafeBufferPointer<UInt8>) {
    let text = String(decoding: input, as: UTF8.self)
    guard let scenario = try? ScenarioReader.read(text: text, file: "fuzz.yaml"), !text.contains("file") else { return }
    guard let plan = try? ScenarioCompiler.plan(scenario, .init(secondsSince1970: 1_795_000_000, environment: [:]))
    else { return }
    require(!plan.journeys.isEmpty, "a plan without a journey")
    for journey in plan.journeys {
      require(journey.steps.allSatisfy(plan.steps.indices.contains), "a journey of steps that aren't there")
    }
    _ = TargetPolicy.peakRate(of: plan)
  }
}
