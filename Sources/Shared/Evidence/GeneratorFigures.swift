/// What the generator measured of itself, and what it makes of it.
package struct GeneratorFigures: Codable, Sendable, Equatable {
  package var workers: Int
  /// CPU time of all workers.
  package var workerCPUSeconds: Double
  /// The highest share of one second, 0...1, that a worker was on a CPU.
  package var peakWorkerBusy: Double
  /// How late a timer that does nothing else was woken in the same run.
  package var controlLag: LatencySummary
  /// Times a connection could not be opened for lack of descriptors or local ports.
  package var resourceFailures: UInt64
  /// The generator could have flipped a verdict.
  package var isBound: Bool
  /// Such as a noisy host.
  package var warnings: [String]
  /// What this host can do at best, when that has been measured.
  package var floor: FloorFigures?

  package init(
    workers: Int, workerCPUSeconds: Double, peakWorkerBusy: Double, controlLag: LatencySummary,
    resourceFailures: UInt64, isBound: Bool = false, warnings: [String] = []
  ) {
    self.workers = workers
    self.workerCPUSeconds = workerCPUSeconds
    self.peakWorkerBusy = peakWorkerBusy
    self.controlLag = controlLag
    self.resourceFailures = resourceFailures
    self.isBound = isBound
    self.warnings = warnings
  }

  private enum CodingKeys: String, CodingKey {
    case workers, warnings, floor
    case workerCPUSeconds = "worker_cpu_s"
    case peakWorkerBusy = "peak_worker_busy"
    case controlLag = "control_lag"
    case resourceFailures = "resource_failures"
    case isBound = "is_bound"
  }
}
