package import Foundation

/// Finds the number that JSON's decoder can't take, such as `1e300` or `1.5` where a whole number belongs: of these it
/// says no more than that the data is no JSON.
package enum UnreadNumber {
  /// - Parameters:
  ///   - error: what the decoder threw.
  ///   - decode: reads the whole of a document, as it was read.
  /// - Returns: where it stands, such as `plans[0].memory_mb`; nil where the error has a place of its own, or no number is
  ///   refused.
  package static func path(_ error: any Error, in document: Data, decode: (Data) throws -> Void) -> String? {
    func isPlaceless(_ error: any Error) -> Bool {
      guard case DecodingError.dataCorrupted(let context) = error else { return false }
      return context.codingPath.isEmpty
    }
    func isRefused(_ document: Data) -> Bool {
      do {
        try decode(document)
        return false
      } catch {
        return isPlaceless(error)
      }
    }
    guard isPlaceless(error) else { return nil }
    guard let tree = try? JSONSerialization.jsonObject(with: document) else { return nil }
    var numbers: [String] = []
    visit(tree, "") { numbers.append($0) }
    // Once enough of them are made 0 from the front, it is taken: the last of those is one that is not.
    func isStillRefused(without count: Int) -> Bool {
      var left = count
      let changed = zeroed(tree, &left)
      return (try? JSONSerialization.data(withJSONObject: changed)).map(isRefused) ?? true
    }
    guard !isStillRefused(without: numbers.count) else { return nil }
    var (low, high) = (0, numbers.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isStillRefused(without: middle) { low = middle } else { high = middle }
    }
    return numbers.indices.contains(high - 1) ? numbers[high - 1] : nil
  }

  /// Members in the order of their names, so that both walks go the same way.
  private static func visit(_ node: Any, _ path: String, _ found: (String) -> Void) {
    if let object = node as? [String: Any] {
      for (key, value) in object.sorted(by: { $0.key < $1.key }) {
        visit(value, path.isEmpty ? key : "\(path).\(key)", found)
      }
    } else if let list = node as? [Any] {
      for (index, value) in list.enumerated() { visit(value, "\(path)[\(index)]", found) }
    } else if isCandidate(node) {
      found(path)
    }
  }

  /// 0, 1 and what stands for a Boolean are taken wherever a number is.
  private static func isCandidate(_ node: Any) -> Bool {
    guard let number = node as? NSNumber else { return false }
    return number.doubleValue != 0 && number.doubleValue != 1
  }

  private static func zeroed(_ node: Any, _ left: inout Int) -> Any {
    if var object = node as? [String: Any] {
      for (key, value) in object.sorted(by: { $0.key < $1.key }) { object[key] = zeroed(value, &left) }
      return object
    }
    if let list = node as? [Any] {
      var changed: [Any] = []
      for value in list { changed.append(zeroed(value, &left)) }
      return changed
    }
    guard left > 0, isCandidate(node) else { return node }
    left -= 1
    return 0
  }
}
