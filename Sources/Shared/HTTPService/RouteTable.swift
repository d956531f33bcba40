/// The routes of a service, for what the router doesn't tell: which methods a path would have had.
struct RouteTable: Sendable {
  /// Route templates such as `/schedules` or `/subscriptions/{device_id}`, sorted.
  let templates: [String]
  private let routes: [(segments: [Substring], methods: Set<String>)]

  init(_ routes: some Sequence<(template: String, method: String)>) {
    var methods: [String: Set<String>] = [:]
    for (template, method) in routes {
      methods[template, default: []].insert(method)
      if method == "GET" { methods[template, default: []].insert("HEAD") }
    }
    templates = methods.keys.sorted()
    self.routes = methods.sorted { $0.key < $1.key }
      .map { ($0.key.split(separator: "/"), $0.value) }
  }

  /// The template that matches a path, by its index in `templates`, and the methods that it has, sorted.
  func match(_ path: String) -> (template: Int, methods: [String])? {
    let segments = path.split(separator: "/")
    guard let index = routes.firstIndex(where: { Self.matches($0.segments[...], segments[...]) }) else { return nil }
    return (index, routes[index].methods.sorted())
  }

  private static func matches(_ template: ArraySlice<Substring>, _ path: ArraySlice<Substring>) -> Bool {
    if template.last == "**" {
      return path.count >= template.count && matches(template.dropLast(), path.prefix(template.count - 1))
    }
    return template.count == path.count
      && zip(template, path).allSatisfy { $0 == $1 || $0.hasPrefix("{") || $0.hasPrefix(":") || $0 == "*" }
  }
}
