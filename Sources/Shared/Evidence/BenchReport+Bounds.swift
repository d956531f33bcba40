extension BenchReport: BoundedDocument {
  /// The bounds that the schema states and the types don't.
  package func checkBounds() throws(EvidenceError) {
    try bound("time_scale", timeScale > 0)
    try bound(["time_scale": timeScale])
    try bound(["duration_s": durationSeconds, "measured_s": measuredSeconds], in: FigureBounds.seconds)
    try bound("machine.cores", machine.cores >= 1)
    try scenario.checkBounds()
    try totals.checkBounds("totals")
    for (index, step) in steps.enumerated() { try step.checkBounds("steps[\(index)]") }
    for (index, step) in warmUp.enumerated() { try step.checkBounds("warm_up[\(index)]") }
    for (index, point) in timeline.enumerated() { try point.checkBounds("timeline[\(index)]") }
    try bound("generator.workers", generator.workers >= 1)
    try bound("generator", ["worker_cpu_s": generator.workerCPUSeconds])
    try bound("generator.peak_worker_busy", (0...1).contains(generator.peakWorkerBusy))
    try generator.controlLag.checkBounds("generator.control_lag")
    for (index, phase) in (phases ?? []).enumerated() { try phase.checkBounds("phases[\(index)]") }
    try setup?.checkBounds("setup")
    try teardown?.checkBounds("teardown")
    try egress?.checkBounds()
    try wake?.checkBounds()
    for (index, silence) in (silences ?? []).enumerated() {
      try bound(
        "silences[\(index)]",
        nonNegative: [silence.startSeconds, silence.endSeconds, silence.measuredSeconds, silence.due])
    }
    if let floor = generator.floor {
      try bound("generator.floor", nonNegative: [floor.p50, floor.p99, floor.ceilingPerSecond])
    }
    try bound("verdict.exit_code", (0...255).contains(verdict.exitCode))
  }
}

extension ScenarioSummary {
  func checkBounds() throws(EvidenceError) {
    let hexadecimal = Set("0123456789abcdef")
    try bound("scenario.file_sha256", fileSHA256.map { $0.count == 64 && $0.allSatisfy(hexadecimal.contains) } ?? true)
    try bound("scenario", nonNegative: [warmUpSeconds, gracefulStopSeconds])
    try model.checkBounds("scenario.model")
  }
}

extension ScenarioSummary.Model {
  fileprivate func checkBounds(_ path: String) throws(EvidenceError) {
    try bound("\(path).max_in_flight", maxInFlight.map { $0 >= 1 } ?? true)
    for stage in stages {
      try bound("\(path).stages", nonNegative: [stage.durationSeconds, stage.target])
    }
  }
}

extension LoadPhaseFigures {
  fileprivate func checkBounds(_ path: String) throws(EvidenceError) {
    try bound(path, nonNegative: [startSeconds, durationSeconds, warmUpSeconds, firstByteSeconds])
    try model.checkBounds("\(path).model")
    try totals.checkBounds("\(path).totals")
    for (index, step) in steps.enumerated() { try step.checkBounds("\(path).steps[\(index)]") }
  }
}

extension SideFigures {
  fileprivate func checkBounds(_ path: String) throws(EvidenceError) { try bound(path, ["seconds": seconds]) }
}

extension EgressFigures {
  fileprivate func checkBounds() throws(EvidenceError) {
    try bound("egress", nonNegative: [requests, bytesSent, bytesReceived])
  }
}

extension WakeFigures {
  fileprivate func checkBounds() throws(EvidenceError) {
    try bound("wake", nonNegative: [startSeconds, firstByteSeconds, budgetMetSeconds])
  }
}

extension StepFigures {
  fileprivate func checkBounds(_ path: String) throws(EvidenceError) {
    try bound("\(path).requests", ["per_second": requests.perSecond], in: FigureBounds.perSecond)
    let digits = Set("0123456789")
    for status in requests.statuses.keys {
      try bound("\(path).requests.statuses", (1...3).contains(status.count) && status.allSatisfy(digits.contains))
    }
    try responseTime.checkBounds("\(path).response_time")
    try responseTimeRaw?.checkBounds("\(path).response_time_raw")
    try serviceTime.checkBounds("\(path).service_time")
    try scheduleLag.checkBounds("\(path).schedule_lag")
    guard let phases else { return }
    for phase in [phases.dns, phases.connect, phases.tls, phases.send, phases.wait, phases.receive] {
      try bound("\(path).phases", nonNegative: [phase.mean, phase.p50, phase.p95, phase.p99, phase.maximum])
    }
  }
}

extension LatencySummary {
  func checkBounds(_ path: String) throws(EvidenceError) {
    try bound(
      path,
      [
        "mean_ms": mean, "min_ms": minimum, "p50_ms": p50, "p75_ms": p75, "p90_ms": p90, "p95_ms": p95, "p99_ms": p99,
        "p99_9_ms": p999, "max_ms": maximum,
      ])
  }
}

extension TimelineFigures {
  fileprivate func checkBounds(_ path: String) throws(EvidenceError) {
    try bound(path, nonNegative: [elapsedSeconds, p50, p95, p99, maximum, lagP99, Double(active), Double(waiting)])
  }
}
