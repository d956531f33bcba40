import BenchEngine
import Documents

extension ScenarioDecoder {
  static let transportKeys = ["connections", "dns", "connect_to", "tls"]
  static let timeoutKeys = ["dns", "connect", "tls", "first_byte", "response", "total"]

  /// Of `defaults`; its timeouts' `connect` and `response` are the caller's.
  mutating func transport(_ defaults: DocumentMapping, _ timeouts: DocumentMapping?) -> Scenario.Transport {
    var transport = Scenario.Transport()
    let times = Scenario.Bounds.timeout
    if let time = timeouts?["dns"]?.duration(in: times, &problems) { transport.timeouts.name = time }
    transport.timeouts.tls = timeouts?["tls"]?.duration(in: times, &problems)
    transport.timeouts.firstByte = timeouts?["first_byte"]?.duration(in: times, &problems)
    transport.timeouts.total = timeouts?["total"]?.duration(in: times, &problems)
    switch defaults["connections"]?.choice(of: ["per_user", "per_iteration", "pooled"], &problems) {
    case "per_iteration": transport.connections = .perIteration
    case "pooled": transport.connections = .pooled
    default: transport.connections = .perUser
    }
    if let names = defaults["dns"]?.mapping(allowing: ["ttl", "family"], &problems) {
      if let ttl = names["ttl"]?.duration(in: Scenario.Bounds.time, &problems) { transport.nameTTL = ttl }
      switch names["family"]?.choice(of: ["any", "ipv4", "ipv6"], &problems) {
      case "ipv4": transport.family = .ipv4
      case "ipv6": transport.family = .ipv6
      default: transport.family = .any
      }
    }
    transport.connectTo = defaults["connect_to"].flatMap { connectAddress($0) }
    if let node = defaults["tls"] { tls(node, &transport.tls) }
    return transport
  }

  private mutating func connectAddress(_ node: DocumentNode) -> ConnectAddress? {
    let expected = "host:port, such as 127.0.0.1:8443 or [::1]:8443"
    guard let text = node.string(&problems, expected: expected) else { return nil }
    if let address = ConnectAddress(text) { return address }
    problems.add("'\(text.excerpt)'", expected: expected, at: node.position)
    return nil
  }

  private mutating func tls(_ node: DocumentNode, _ plan: inout TLSPlan) {
    let keys = ["ca_file", "insecure", "resume", "min", "max", "server_name"]
    guard let mapping = node.mapping(allowing: keys, &problems) else { return }
    plan.authorityFile = mapping["ca_file"].flatMap { fileName($0) }
    plan.insecure = mapping["insecure"]?.boolean(&problems) ?? false
    plan.resumes = mapping["resume"]?.boolean(&problems) ?? true
    plan.minimumVersion = version(mapping["min"]) ?? .tls12
    plan.maximumVersion = version(mapping["max"]) ?? .tls13
    plan.serverName = mapping["server_name"].flatMap { serverName($0) }
    if plan.insecure, let entry = mapping.entry("ca_file") {
      problems.add("both 'insecure' and 'ca_file'", expected: "one of them", at: entry.keyPosition)
    }
    if plan.minimumVersion == .tls13, plan.maximumVersion == .tls12, let entry = mapping.entry("max") {
      problems.add("'max' below 'min'", expected: "tls1.3, or no 'max'", at: entry.value.position)
    }
  }

  private mutating func version(_ node: DocumentNode?) -> TLSVersion? {
    switch node?.choice(of: ["tls1.2", "tls1.3"], &problems) {
    case "tls1.2": .tls12
    case "tls1.3": .tls13
    default: nil
    }
  }

  private mutating func serverName(_ node: DocumentNode) -> String? {
    let expected = "a DNS name such as www.example.org"
    guard let text = node.string(&problems, expected: expected) else { return nil }
    let isName = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
    if isName, (1...253).contains(text.utf8.count) { return text }
    problems.add("'\(text.excerpt)'", expected: expected, at: node.position)
    return nil
  }
}
