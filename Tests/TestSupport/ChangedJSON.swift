package import Foundation

/// A JSON document with one value changed.
package enum ChangedJSON {
  /// - Parameter path: names members and, by number, elements, such as `plans.0.memory_mb`; a member that is not there is
  ///   added.
  package static func setting(_ path: String, _ value: any Sendable, in document: Data) throws -> Data {
    let tree = try JSONSerialization.jsonObject(with: document)
    return try JSONSerialization.data(withJSONObject: changed(tree, path.split(separator: ".")[...], value))
  }

  private static func changed(_ node: Any, _ keys: ArraySlice<Substring>, _ value: any Sendable) -> Any {
    guard let key = keys.first else { return value }
    if var object = node as? [String: Any] {
      object[String(key)] = changed(object[String(key)] ?? NSNull(), keys.dropFirst(), value)
      return object
    }
    guard var list = node as? [Any], let index = Int(key), list.indices.contains(index) else { return value }
    list[index] = changed(list[index], keys.dropFirst(), value)
    return list
  }
}
