/// A statement's text. It is written as a literal without interpolation, so that no value gets into it by mistake.
package struct PostgresSQL: Sendable, Hashable, ExpressibleByStringLiteral {
  package let text: String

  package init(stringLiteral text: String) { self.text = text }

  /// For text that is put together from names which the program knows; never from anything that came from outside.
  package init(trusted text: String) { self.text = text }
}
