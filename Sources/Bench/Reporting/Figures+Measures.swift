import BenchEngine
import Evidence
package import Histograms
import Measures
import Wording

extension LatencySummary {
  /// - Throws: `HistogramCodecError` when zlib runs out of memory.
  package init(_ histogram: Histogram) throws(HistogramCodecError) {
    self.init()
    count = histogram.count
    unanswered = histogram.unanswered
    beyondRange = histogram.beyondRange
    for quantile in Quantile.allCases {
      guard let value = histogram.value(at: quantile.share) else { continue }
      if value.isFinite { self[quantile] = value / 1e6 } else { unansweredQuantiles.append(quantile) }
    }
    if !histogram.isEmpty { hdr = try histogram.encodedHDRText() }
    guard histogram.recorded > 0 else { return }
    mean = histogram.mean.map { $0 / 1e6 }
    minimum = Double(histogram.minimum) / 1e6
    maximum = Double(histogram.maximum) / 1e6
  }
}

extension PhaseSummary {
  init(_ histogram: Histogram) {
    self.init()
    count = histogram.count
    guard histogram.recorded > 0 else { return }
    mean = histogram.mean.map { $0 / 1e6 }
    p50 = histogram.finiteMilliseconds(at: 0.5)
    p95 = histogram.finiteMilliseconds(at: 0.95)
    p99 = histogram.finiteMilliseconds(at: 0.99)
    maximum = Double(histogram.maximum) / 1e6
  }
}

extension PhaseFigures {
  init(_ tally: RequestPhases) {
    self.init()
    connect = PhaseSummary(tally.connect)
    tls = PhaseSummary(tally.tls)
    send = PhaseSummary(tally.send)
    wait = PhaseSummary(tally.wait)
    receive = PhaseSummary(tally.receive)
  }
}

extension FloorFigures {
  /// A figure below this many times the floor's is more the host's than the service's.
  static let factor = 2.0

  init(_ calibration: Calibration, responseTime: LatencySummary) {
    let floor = calibration.floor.responseTime
    self.init(
      measuredAt: calibration.measuredAt, p50: floor.p50, p99: floor.p99,
      ceilingPerSecond: calibration.ceiling.requestsPerSecond,
      near: LatencySummary.Quantile.allCases.filter { quantile in
        guard let least = floor[quantile], let figure = responseTime[quantile] else { return false }
        return figure < least * Self.factor
      })
  }
}

extension RequestFigures {
  init(_ tally: StepMeasure, seconds: Double) {
    self.init()
    attempts = tally.attempts
    answered = tally.answered
    interrupted = tally.interrupted
    failed = tally.failed
    perSecond = seconds > 0 ? Double(tally.attempts) / seconds : 0
    failures = tally.failures.filter { $0.value > 0 }.sorted {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }.map { kind, count in
      Failure(
        kind: kind.rawValue, count: count, sample: tally.failureSamples[kind].map { DisplayText.line($0, limit: 200) })
    }
    statuses = Dictionary(
      tally.statuses.filter { (0...999).contains($0.key) }.map { (String($0.key), $0.value) }, uniquingKeysWith: +)
    bytesSent = tally.bytesSent
    bytesReceived = tally.bytesReceived
  }
}

extension TimelineFigures {
  init(_ second: Second) {
    self.init()
    elapsedSeconds = Double(second.elapsedNanoseconds) / 1e9
    isWarmUp = second.isWarmUp
    active = max(0, second.active)
    waiting = max(0, second.waiting)
    completed = second.completed
    failed = second.failed
    unanswered = second.response.unanswered
    maximum = second.response.recorded > 0 ? Double(second.response.maximum) / 1e6 : nil
    setQuantiles(second.response, lag: second.lag)
  }

  mutating func setQuantiles(_ response: Histogram, lag: Histogram) {
    p50 = response.finiteMilliseconds(at: 0.5)
    p95 = response.finiteMilliseconds(at: 0.95)
    p99 = response.finiteMilliseconds(at: 0.99)
    lagP99 = lag.finiteMilliseconds(at: 0.99)
  }
}

extension Histogram {
  fileprivate func finiteMilliseconds(at quantile: Double) -> Double? {
    value(at: quantile).flatMap { $0.isFinite ? $0 / 1e6 : nil }
  }
}
