import Testing

@testable import AppAPI

struct AcceptFieldTests {
  @Test(
    "a field takes what it names with a weight above 0",
    arguments: [
      ("text/html", true), ("text/html,application/xhtml+xml,*/*;q=0.8", true), ("*/*", false), ("", false),
      ("application/json, TEXT/HTML;level=1", true), ("text/html;q=0", false), ("text/html; q=0.0", false),
      ("text/html;q=0.01", true), ("text/htmlx", false), ("text/*", false), (" \t text/html\t", true),
      (",,;q=0,", false), ("text/html;q=", true), ("text/html;Q=0", false),
    ])
  func names(field: String, takes: Bool) {
    #expect(AcceptField(field).takes("text/html") == takes)
  }
}
