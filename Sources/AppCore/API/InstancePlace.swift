/// Where an instance runs, for whoever asks several of them; nil where nobody said.
package struct InstancePlace: Sendable, Equatable {
  package var instance: String?
  package var region: String?
  package var plan: String?

  package init(instance: String? = nil, region: String? = nil, plan: String? = nil) {
    self.instance = instance
    self.region = region
    self.plan = plan
  }
}
