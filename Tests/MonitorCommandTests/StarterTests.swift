import Documents
import Terminal
import Testing

@testable import MonitorCommand

@Suite struct StarterTests {
  @Test("the starter monitor.yaml is read as monitor run reads it")
  func configuration() throws {
    let document = try DocumentReader().read(text: MonitorInitCommand.starter.text, file: "monitor.yaml")
    let configuration = try MonitorConfiguration(document, file: "monitor.yaml", environment: [:])
    #expect(configuration.services.map(\.name) == ["my-service"])
  }
}
