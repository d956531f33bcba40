import Evidence
import Plans

/// What is known of how much memory the service takes, and of how often it died for want of it.
struct MemoryEvidence {
  private let inputs: DecisionInputs
  /// The most that was seen or stated, in the megabytes of plans (2^20 bytes); nil where nobody knows.
  let peakMegabytes: Double?
  /// The file that tells it.
  let source: String
  /// As `peakMegabytes`, of the whole service: a heartbeat tells of one process, and a service may have several.
  private let wholeMegabytes: Double?

  init(_ inputs: DecisionInputs) {
    self.inputs = inputs
    func megabytes(_ bytes: UInt64?) -> Double? { bytes.map { Double($0) / 1_048_576 } }
    // Where it was killed the peak is the limit's, not its own.
    let plans = inputs.plans?.plans.filter { $0.memoryKills == 0 }.compactMap { megabytes($0.peakMemoryBytes) }.max()
    wholeMegabytes = [inputs.values.memoryPeakMegabytes, plans].compactMap(\.self).max()
    let seen = [
      (inputs.values.memoryPeakMegabytes, inputs.names.values), (plans, inputs.names.plans),
      (megabytes(inputs.countingMonitor?.memoryPeakBytes), inputs.names.monitor),
    ].compactMap { peak, name in peak.map { (peak: $0, name: name) } }
    let most = seen.max { $0.peak < $1.peak }
    peakMegabytes = most?.peak
    source = most?.name ?? inputs.names.values
  }

  /// What a service may grow by before a plan that it is moved down to kills it.
  static let headroom = 0.8

  func check(_ plan: WebPlan) -> Check? {
    guard let memory = plan.memoryMegabytes else { return nil }
    let held = "\(memory) MB on \(plan.name)"
    if let kills = inputs.values.memoryKillsPerMonth, kills > 0,
      let now = inputs.catalogue.web(inputs.now.web)?.memoryMegabytes, memory <= now
    {
      return Check(
        limit: .memory, state: .breached,
        remark: "killed for memory \(Figure.bare(kills)) \(kills == 1 ? "time" : "times") a month with \(now) MB")
    }
    if let kills = inputs.plans?.plans.first(where: { ([plan.id] + plan.aliases).contains($0.plan) })?.memoryKills,
      kills > 0
    {
      return Check(limit: .memory, state: .breached, remark: "killed for memory under load with \(held)")
    }
    guard let peakMegabytes else { return nil }
    let shown = "\(Figure.bare(peakMegabytes)) MB at most, of \(held)"
    return Check(limit: .memory, state: peakMegabytes > Double(memory) ? .breached : .clear, remark: shown)
  }

  /// Whether the service fits with room to spare, for certain.
  func fits(_ plan: WebPlan) -> Bool {
    guard wholeMegabytes != nil, let peakMegabytes, let memory = plan.memoryMegabytes, check(plan)?.state == .clear
    else { return false }
    return peakMegabytes <= Self.headroom * Double(memory)
  }
}
