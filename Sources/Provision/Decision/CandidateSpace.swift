import Evidence
import Foundation
import Plans

/// Every deployment worth weighing: what there is, the remedies that cost nothing, and dearer plans; the least change
/// first.
struct CandidateSpace {
  let deployments: [Hosting]
  /// On cheaper web plans than now, weighed only where they hold for certain: they never keep anybody from an answer.
  let cheaper: [Hosting]

  /// - Parameter capacity: a cache is weighed only where a plan may not hold the peak without one.
  init(_ inputs: DecisionInputs, visits: VisitEvidence, capacity: CapacityEvidence) {
    let now = inputs.catalogue.web(inputs.now.web)
    let floor = now?.monthly ?? .zero
    let isPingable = inputs.values.keepAwakeIsAllowed
    func ways(_ plan: WebPlan) -> [KeepAwake] {
      plan.sleep == nil ? [.none] : isPingable ? [.none, .always] + Self.dutyHours(inputs, visits) : [.none]
    }
    let databases = Self.databases(inputs)
    cheaper = databases.flatMap { database in
      inputs.catalogue.web.filter { $0.monthly < floor }.sorted { $0.monthly < $1.monthly }.flatMap { plan in
        ways(plan).map { Hosting(web: plan.id, database: database, cache: inputs.now.cache, keepAwake: $0) }
      }
    }
    let dearer = inputs.catalogue.web.filter { $0.id != now?.id && $0.monthly > floor }
      .sorted { $0.monthly < $1.monthly }
    var webs: [(String, KeepAwake)] = [(inputs.now.web, inputs.now.keepAwake)]
    if let now, now.sleep != nil {
      webs += ways(now).filter { $0 != inputs.now.keepAwake }.map { (inputs.now.web, $0) }
    }
    // Three are enough, unless none of them carries the peak for certain.
    let carrying = dearer.firstIndex { (capacity.check($0, cache: inputs.now.cache)?.state ?? .clear) == .clear }
    webs += dearer.prefix(max(3, (carrying ?? dearer.count - 1) + 1)).map { ($0.id, .none) }
    var caches: [String?] = [inputs.now.cache]
    if inputs.now.cache == nil, inputs.values.cacheRemedy == .untried, inputs.plans != nil,
      let now, let check = capacity.check(now, cache: nil), check.state != .clear,
      let free = inputs.catalogue.cache.first(where: { $0.monthly == .zero })
    {
      caches.append(free.id)
    }
    deployments = databases.flatMap { database in
      caches.flatMap { cache in
        webs.map { Hosting(web: $0.0, database: database, cache: cache, keepAwake: $0.1) }
      }
    }
  }

  private static func databases(_ inputs: DecisionInputs) -> [Hosting.Database] {
    let needsBetter = inputs.values.data == .precious || inputs.values.given.contains("database_gb")
    guard needsBetter, inputs.now.database != .external else { return [inputs.now.database] }
    var floor = Money.zero
    if case .plan(let id) = inputs.now.database { floor = inputs.catalogue.database(id)?.monthly ?? .zero }
    let better = inputs.catalogue.database.filter { $0.monthly > floor }.sorted { $0.monthly < $1.monthly }.prefix(3)
    return [inputs.now.database] + better.map { .plan($0.id) }
  }

  /// Fewer than these don't show at what hours people come.
  private static let fewestVisits = 100

  /// For some lengths of duty the hours of the day that meet most cold starts; none where the workspace's hours carry
  /// the whole day anyway.
  private static func dutyHours(_ inputs: DecisionInputs, _ visits: VisitEvidence) -> [KeepAwake] {
    guard inputs.services > 1 || (inputs.values.otherServiceHours ?? 0) > 0 else { return [] }
    // Short hours that are fitted to a handful of visits meet those, and not the next ones.
    var lengths = Array(stride(from: 6, through: 22, by: 2))
    if case .counted(let history) = visits.source, history.visitCount < fewestVisits { lengths.removeAll { $0 < 16 } }
    var weights = [Double](repeating: 0, count: 24)
    switch visits.source {
    case .counted(let history):
      for start in history.starts {
        weights[Int(start.secondOfDay) / 3_600 % 24] += Double(start.visitDelays.count)
      }
    case .stated(let stated):
      for (hour, rate) in stated.perHour.enumerated() {
        weights[hour % 24] += rate * exp(-rate * (stated.idleSeconds + stated.visitSeconds) / 3_600)
      }
    case nil: return []
    }
    return lengths.map { length in
      let best =
        (0...(24 - length)).max { left, right in
          weights[left..<(left + length)].reduce(0, +) < weights[right..<(right + length)].reduce(0, +)
        } ?? 0
      return .duty(from: best, to: best + length)
    }
  }
}
