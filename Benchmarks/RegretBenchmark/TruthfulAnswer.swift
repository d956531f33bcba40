import ProvisionDecision

/// What the owner says when asked one thing: the truth.
extension SimulatedOwner {
  /// - Parameter key: of `values.yaml`.
  /// - Returns: false for what the simulation does not know.
  func answer(_ key: String, _ inputs: inout DecisionInputs) -> Bool {
    switch key {
    case "value_per_cold_visit": inputs.values.valuePerColdVisit = valuePerColdVisit
    case "max_affected": inputs.values.maxAffected = maxAffected
    case "keep_awake": inputs.values.keepAwakeIsAllowed = keepAwakeIsAllowed
    case "keep_awake_by": inputs.values.keepAwakeBy = pinger.kind
    case "keep_awake_miss":
      // One question asks for both.
      inputs.values.keepAwakeMiss = pinger.miss
      inputs.values.keepAwakeOutageHours = pinger.outageHoursPerMonth
    case "keep_awake_outages": inputs.values.keepAwakeOutageHours = pinger.outageHoursPerMonth
    case "keep_awake_every": inputs.values.keepAwakeEverySeconds = pinger.everySeconds
    case "growth_per_year": inputs.values.growthPerYear = traffic.growthPerYear
    case "client_time_limit": inputs.values.clientTimeLimitSeconds = timeLimit?.seconds
    case "value_per_failed_visit": inputs.values.valuePerFailedVisit = valuePerFailedVisit
    case "memory_peak": inputs.values.memoryPeakMegabytes = load.memoryMegabytes
    case "oom_kills_a_month": inputs.values.memoryKillsPerMonth = load.killsPerMonth
    case "other_service_hours": inputs.values.otherServiceHours = otherHours
    case "data": inputs.values.data = isDataPrecious ? .precious : .scrapeable
    case "data_loss_value": inputs.values.dataLossValue = dataLossValue
    default: return false
    }
    inputs.values.given.insert(key)
    return true
  }
}
