/// A secret that prints as `•••`.
package struct Redacted<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  package let secret: Value

  package init(_ secret: Value) { self.secret = secret }

  package var description: String { "•••" }
  package var debugDescription: String { "•••" }
}
