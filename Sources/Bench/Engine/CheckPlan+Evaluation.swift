import Matching

extension CheckPlan {
  /// Whether the check needs the response's body kept.
  var needsBody: Bool {
    switch subject {
    case .status, .header, .size, .duration: return false
    case .json, .bodyContains, .bodyMatches: return true
    case .captured(let capture):
      switch capture.source {
      case .json, .regex: return true
      case .header, .cookie: return false
      }
    }
  }

  /// Whether the check needs the response's head kept.
  var needsHead: Bool {
    switch subject {
    case .status, .json, .bodyContains, .bodyMatches, .size, .duration: return false
    case .header: return true
    case .captured(let capture):
      switch capture.source {
      case .json, .regex: return false
      case .header, .cookie: return true
      }
    }
  }

  func holds(_ view: ResponseView) -> Bool {
    switch subject {
    case .status(let ranges):
      return ranges.contains { $0.contains(view.status) }
    case .bodyContains(let needle):
      guard let body = view.body else { return false }
      return body.contains(needle)
    case .bodyMatches(let pattern):
      guard let body = view.body else { return false }
      return pattern.firstMatch(in: body) != nil
    case .json(let path, let comparison, let expected):
      guard let body = view.body, let value = JSONScanner.value(at: path, in: body) else { return false }
      return comparison.holds(value, expected)
    case .header(let name, let comparison, let expected):
      guard let value = view.head.values(of: name).first else { return false }
      return comparison.holds(JSONValue(value, like: expected), expected)
    case .size(let comparison, let bytes):
      return comparison.holds(Double(view.bodyBytes), bytes)
    case .duration(let comparison, let nanoseconds):
      return comparison.holds(Double(view.duration), nanoseconds)
    case .captured(let capture):
      return capture.value(in: view) != nil
    }
  }
}
