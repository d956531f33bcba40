package import Evidence
import Wording

/// A calibration as people read it.
package enum CalibrationText {
  /// An idle timer of a quiet host is at most so many milliseconds late, 99 times of 100.
  private static let quietLimit = 1.0

  /// - Parameter path: of the file that it was kept in.
  package static func lines(_ calibration: Calibration, path: String) -> [String] {
    let floor = calibration.floor
    let ceiling = calibration.ceiling
    let machine = calibration.machine
    let host = [
      FigureText.plural(UInt64(max(machine.cores, 0)), "core"), machine.cpuModel, machine.kernel.map { "Linux \($0)" },
    ].compactMap(\.self)
    let times = LatencySummary.Quantile.allCases.filter { [.p50, .p99, .p999].contains($0) }.map { quantile in
      "\(quantile.rawValue.replacing("_", with: ".")) \(FigureText.quantile(quantile, of: floor.responseTime))"
    }
    let late = floor.controlLag.p99 ?? 0
    let noise =
      late > quietLimit
      ? [
        "!        An idle timer woke \(FigureText.milliseconds(late)) late: something else uses this host. "
          + "Calibrate again when it is quiet."
      ]
      : []
    let longest = floor.responseTime.maximum.map(FigureText.milliseconds) ?? "–"
    let lines = [
      "host     " + host.map { DisplayText.line($0, limit: 60) }.joined(separator: " · "),
      "floor    \(times.joined(separator: " · ")) · max \(longest)",
      "         at \(FigureText.rate(floor.requestsPerSecond)) requests/s on loopback, an idle timer late by p99 "
        + FigureText.quantile(.p99, of: floor.controlLag),
      "ceiling  \(FigureText.rate(ceiling.requestsPerSecond)) requests/s with "
        + "\(FigureText.plural(UInt64(max(ceiling.connections, 0)), "connection")), "
        + "\(FigureText.rate(ceiling.cpuSecondsPerMillion)) CPU s a million",
      "kept in  \(path)",
    ]
    return lines + noise + [
      "",
      "Reports of runs on this host say which of their figures are below twice the floor: those are mostly the",
      "host's and the generator's own time, not the service's.",
    ]
  }
}
