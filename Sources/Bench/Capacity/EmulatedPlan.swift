package import BenchEmulator
package import Plans

/// A plan that can be emulated.
package struct EmulatedPlan {
  package var plan: WebPlan
  package var limits: PlanLimits

  package init(plan: WebPlan, limits: PlanLimits) {
    self.plan = plan
    self.limits = limits
  }

  /// `Free: 0.1 CPU, 512 MB`
  package var title: String { "\(plan.name): \(PlansText.cpu(limits.cpu)) CPU, \(limits.memoryMegabytes) MB" }
}
