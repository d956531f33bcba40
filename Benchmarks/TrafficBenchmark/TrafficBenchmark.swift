import Evidence
import Foundation
import ProvisionTraffic

/// `TrafficBenchmark FILE…`: how long reading access logs takes, and how much memory.
@main
struct TrafficBenchmark {
  static func main() throws {
    let files = Array(CommandLine.arguments.dropFirst())
    guard !files.isEmpty, let zone = TimeZone(identifier: "UTC") else {
      print("usage: TrafficBenchmark FILE…")
      exit(64)
    }
    let started = Date()
    let traffic = try LogTraffic(timeZone: zone, logTimeZone: zone).read(files, build: .init(version: "0", commit: nil))
    let seconds = Date().timeIntervalSince(started)
    let requests = traffic.counted?.requests ?? 0
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    print("\(requests) requests in \((seconds * 100).rounded() / 100) s, \(peak)")
  }
}
