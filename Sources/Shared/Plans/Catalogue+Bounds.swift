/// Why a catalogue could not be read, in words that follow its name.
package struct CatalogueError: Error, Sendable, CustomStringConvertible {
  package var description: String

  /// - Parameter error: what JSON's decoder said.
  init(_ error: any Error) {
    guard let error = error as? DecodingError else {
      description = "\(error)"
      return
    }
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
      return path.isEmpty ? "" : " at \(path.hasPrefix(".") ? String(path.dropFirst()) : path)"
    }
    description =
      switch error {
      case .keyNotFound(let key, let context): "'\(key.stringValue)' is missing\(place(context))"
      case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
        "\(context.debugDescription)\(place(context))"
      @unknown default: "\(error)"
      }
  }

  init(_ path: String, _ value: Any, expected: String) {
    description = "\(path) is \(value), expected \(expected)"
  }
}

extension Catalogue {
  /// What the types don't say: every price, size and time within what sums stay exact for.
  func checkBounds() throws(CatalogueError) {
    guard !web.isEmpty else { throw CatalogueError("web", "empty", expected: "at least one plan") }
    // 744 is the longest month.
    try Self.bound("hours_per_month", hoursPerMonth, in: 1...744)
    for (index, plan) in web.enumerated() { try plan.checkBounds("web[\(index)]") }
    for (index, plan) in database.enumerated() { try plan.checkBounds("database[\(index)]") }
    for (index, plan) in cache.enumerated() {
      try Self.bound("cache[\(index)].monthly", plan.monthly)
      try Self.bound("cache[\(index)].memory_mb", plan.memoryMegabytes, in: 1...16_777_216)
    }
    for (index, plan) in workspace.enumerated() {
      let path = "workspace[\(index)]"
      try Self.bound("\(path).monthly", plan.monthly)
      try Self.bound("\(path).bandwidth_gb", plan.bandwidthGigabytes, in: 0...1_000_000)
      try Self.bound("\(path).per_further_gb", plan.perFurtherGigabyte, most: 1_000)
      try Self.bound("\(path).pipeline_minutes", plan.pipelineMinutes, in: 0...1_000_000_000)
      try Self.bound("\(path).services", plan.services, in: 0...1_000_000)
      try Self.bound("\(path).custom_domains", plan.customDomains, in: 0...1_000_000)
    }
    for (index, extra) in extras.enumerated() { try Self.bound("extras[\(index)].price", extra.price) }
    for (index, successor) in (successors ?? []).enumerated() {
      try Self.bound("successors[\(index)].disk_gb", successor.diskGigabytes, in: 0...1_000_000)
    }
  }

  fileprivate static func bound<Value: Comparable>(
    _ path: String, _ value: Value?, in range: ClosedRange<Value>
  ) throws(CatalogueError) {
    guard let value, !range.contains(value) else { return }
    throw CatalogueError(path, value, expected: "\(range.lowerBound) to \(range.upperBound)")
  }

  fileprivate static func bound(_ path: String, _ price: Money?, most: Int64 = 1_000_000) throws(CatalogueError) {
    try bound(path, price, in: .zero...Money(dollars: most))
  }
}

extension WebPlan {
  fileprivate func checkBounds(_ path: String) throws(CatalogueError) {
    try Catalogue.bound("\(path).monthly", monthly)
    try Catalogue.bound("\(path).cpu", cpu, in: 0.001...10_000)
    try Catalogue.bound("\(path).memory_mb", memoryMegabytes, in: 1...16_777_216)
    guard let sleep else { return }
    try Catalogue.bound("\(path).sleep.idle_s", sleep.idleSeconds, in: 1...(30 * 86_400))
    try Catalogue.bound("\(path).sleep.pooled_hours_per_month", sleep.pooledHoursPerMonth, in: 0...1_000_000)
    guard let wake = sleep.platformWake else { return }
    let place = "\(path).sleep.platform_wake"
    let day = 0.0...86_400
    try Catalogue.bound("\(place).lower_s", wake.lower, in: day)
    try Catalogue.bound("\(place).upper_s", wake.upper, in: day)
    try Catalogue.bound("\(place).value_s", wake.seconds, in: day)
    guard wake.lower <= wake.seconds, wake.seconds <= wake.upper else {
      throw CatalogueError("\(place).value_s", wake.seconds, expected: "lower_s to upper_s around it")
    }
  }
}

extension DatabasePlan {
  fileprivate func checkBounds(_ path: String) throws(CatalogueError) {
    try Catalogue.bound("\(path).monthly", monthly)
    try Catalogue.bound("\(path).per_further_gb", perFurtherGigabyte, most: 1_000)
    try Catalogue.bound("\(path).storage_gb", storageGigabytes, in: 0...1_000_000)
    try Catalogue.bound("\(path).memory_mb", memoryMegabytes, in: 1...16_777_216)
    try Catalogue.bound("\(path).default_disk_gb", defaultDiskGigabytes, in: 0...1_000_000)
    try Catalogue.bound("\(path).expires_after_days", expiresAfterDays, in: 1...36_500)
    try Catalogue.bound("\(path).grace_days", graceDays, in: 0...36_500)
  }
}
