import Testing

@testable import HTTPService

struct RouteTableTests {
  private static let table = RouteTable([
    (template: "/", method: "GET"), (template: "/a", method: "GET"), (template: "/a", method: "POST"),
    (template: "/a/{id}", method: "DELETE"), (template: "/files/**", method: "GET"),
  ])

  @Test(
    "a path's methods come from the template that it matches",
    arguments: [
      ("/", "GET HEAD"), ("/a", "GET HEAD POST"), ("/a/7", "DELETE"), ("/files/x/y", "GET HEAD"), ("/a/7/8", nil),
      ("/b", nil), ("/files", nil),
    ] as [(String, String?)])
  func methods(path: String, expected: String?) {
    #expect(Self.table.match(path)?.methods.joined(separator: " ") == expected)
  }
}
