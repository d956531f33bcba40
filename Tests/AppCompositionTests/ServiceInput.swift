import AppDomain
import AppStore
import Foundation
import TestSupport
import Testing

/// What tests of a running service put into it.
enum ServiceInput {
  /// Puts a duty into the store that starts half an hour after the service's own time, which a test's may not be.
  static func schedule(_ name: String, folder: String, port: Int) async throws {
    let started = try #require(try await WireClient.send("GET", "/health", port: port).object["started_at"] as? String)
    let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    let start = try format.parse(started).timeIntervalSince1970 + 1_800
    let date = CampusTime.day(at: start)
    let duty = Duty(
      category: .regular, name: name,
      timing: "\(CampusTime.clock(at: start)) to \(CampusTime.clock(at: start + 7_200))", room: "4")
    let store = try await SQLScheduleStore(path: folder + "/app.sqlite")
    _ = try await store.replace([ScheduleDay(date: date, sheet: date.dayMonthYear, duties: [duty])], at: start)
    try await store.close()
  }

  /// The whole answer.
  static func post(_ path: String, _ body: String, port: Int) async throws -> String {
    let request =
      "POST \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    return String(decoding: try await WireClient.exchange(Array(request.utf8), port: port), as: UTF8.self)
  }
}
