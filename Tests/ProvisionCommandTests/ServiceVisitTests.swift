import Foundation
import ProvisionDecision
import Terminal
import TestSupport
import Testing

@testable import ProvisionCommand

@Suite struct ServiceVisitTests {
  @Test(
    "an error of the service, or the host's own answer, is a service that is down; sleep and a missing page are not",
    arguments: [
      (200, nil, false), (404, nil, false), (401, nil, false), (500, nil, true), (503, nil, true),
      (503, "suspend", true), (503, "suspend-by-user", true), (404, "no-server", true),
      (502, "dynamic-free-error", true),
      (503, "hibernate-pending-wake", false), (503, "hibernate-wake-error", true),
    ] as [(Int, String?, Bool)])
  func finding(status: Int, routing: String?, isDown: Bool) {
    let finding = ServiceVisit.finding("https://a", status: status, routing: routing, took: "1 s", isSlow: false)
    #expect(finding.isDown == isDown, "\(finding.text)")
    #expect((finding.alert == nil) == !isDown)
  }

  @Test("nobody listens: down")
  func refused() async {
    let finding = await ServiceVisit.visit("http://127.0.0.1:9/")
    #expect(finding.isDown && finding.text.contains("gave no answer"))
  }
}

@Suite struct StarterTests {
  @Test("the starter values are read, and take nothing for told that nobody said")
  func values() throws {
    let values = try OwnerValuesReader.read(text: DecideCommand.starter.text, file: "values.yaml")
    #expect(values.given == ["keep_awake"])
    // Every comment that holds a key is one that would be read.
    let all = DecideCommand.starter.text.split(separator: "\n").map { line in
      line.hasPrefix("# ") && line.contains(": ") && !line.hasPrefix("# Every") && !line.hasPrefix("# What")
        ? String(line.dropFirst(2)) : String(line)
    }
    _ = try OwnerValuesReader.read(text: all.joined(separator: "\n"), file: "values.yaml")
  }

  @Test("a file that is there stays as it is")
  func refuses() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "values-\(UUID().uuidString).yaml").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try DecideCommand.starter.write(to: path, then: "go on")
    #expect(throws: CommandFailure.self) { try StarterFile("other").write(to: path, then: "go on") }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == DecideCommand.starter.text)
  }
}
