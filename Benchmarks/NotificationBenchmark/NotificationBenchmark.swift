import AppDomain
import AppStore
import Channels
import Cryptography
import Foundation
import Wording

/// What telling 100,000 people of one duty costs, before anything goes out: `NotificationBenchmark [URL…]`, each an empty
/// database, or one that has these people already; `NotificationBenchmark schema URL…` makes their tables only.
///
/// Prints, for each, the processor time of this process and the growth of its memory for planning the messages, the
/// processor time for claiming all of them in batches of 500, and how many pushes a core seals in a second; ends with 1 when
/// a bound is missed.
@main
enum NotificationBenchmark {
  private static let people = 100_000
  private static let batch = 500
  /// Processor time of claiming, in seconds; growth of memory while planning, in MB.
  private static let bounds = (claiming: 1.0, planning: 32.0)

  static func main() async throws {
    var isWithin = true
    if CommandLine.arguments.dropFirst().first == "schema" {
      for url in CommandLine.arguments.dropFirst(2) { try await DatabaseLocation(url: url).open().close() }
      return
    }
    for url in CommandLine.arguments.dropFirst() {
      let store = try await DatabaseLocation(url: url).open()
      let (reminder, now) = try await fill(store)
      let memory = try residentMegabytes()
      var start = processorSeconds()
      let planned = try await store.enqueue([reminder], event: .startsSoon, channel: .email, at: now)
      let planning = processorSeconds() - start
      let growth = max(0, try residentMegabytes() - memory)
      start = processorSeconds()
      var claimed = 0
      while true {
        let found = try await store.claim(.email, limit: batch, lease: .seconds(86_400), at: now, under: nil)
        if found.isEmpty { break }
        claimed += found.claims.count
      }
      let claiming = processorSeconds() - start
      guard planned == people, claimed == people else {
        throw StoreError(.differs, "\(planned) planned and \(claimed) claimed of \(people)")
      }
      print(
        "\(store.place): \(people) messages planned in \(text(planning)) s of processor time, memory grew by "
          + "\(text(growth)) MB; claimed by \(batch) in \(text(claiming)) s of processor time")
      isWithin = isWithin && claiming < bounds.claiming && growth < bounds.planning
      try await store.close()
    }
    print("\(Int(try sealedASecond())) pushes sealed in a second of processor time")
    guard isWithin else {
      FileHandle.standardError.write(
        Data("a bound was missed: \(bounds.claiming) s for claiming, \(bounds.planning) MB for planning\n".utf8))
      exit(1)
    }
  }

  /// People who are told by mail, and a duty that starts soon.
  private static func fill(_ store: SQLScheduleStore) async throws -> (DutyReminder, now: Double) {
    let there = try await store.activeAddresses()[.email] ?? 0
    for number in min(there, people)..<people {
      _ = try await store.subscribe([NewAddress(.email, "p\(number)@example.org")], at: 1)
    }
    let date = CalendarDay(daysSinceEpoch: 20_780)
    let duty = Duty(category: .regular, name: "Dr. A. Kumar, MBBS", timing: "09:00-12:00", room: "4")
    _ = try await store.replace([ScheduleDay(date: date, sheet: date.dayMonthYear, duties: [duty])], at: 1)
    guard let reminder = DutyReminder.duties(of: [(date, duty)]).values.first else {
      throw StoreError(.differs, "a duty without a start")
    }
    return (reminder, reminder.startsAt - 1_800)
  }

  private static func sealedASecond() throws -> Double {
    let browser = try P256PrivateKey()
    let keys = [
      "p256dh": Base64URL.encoded(browser.publicKey.point), "auth": Base64URL.encoded([UInt8](repeating: 7, count: 16)),
    ]
    let json = try JSONSerialization.data(withJSONObject: ["endpoint": "https://push.example/1", "keys": keys])
    let subscription = try PushSubscription(json: String(decoding: json, as: UTF8.self))
    let message = [UInt8](repeating: 0x61, count: 300)
    let start = processorSeconds()
    var count = 0
    while processorSeconds() - start < 2 {
      for _ in 0..<100 { _ = try PushEncryption.sealed(message, for: subscription) }
      count += 100
    }
    return Double(count) / (processorSeconds() - start)
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func residentMegabytes() throws -> Double {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").compactMap { Double($0) }.first ?? 0) / 1_024
  }

  private static func text(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
