import TestSupport
import Testing

@testable import AppScrape

struct WorksheetListTests {
  private func items(_ script: String) -> [WorksheetList.Item] { WorksheetList.read(Array(script.utf8)) }

  @Test(
    "JavaScript's escapes are resolved",
    arguments: [
      (#""23\/11\/2026 MONDAY""#, "23/11/2026 MONDAY"), (#""a\x3db\u0026c""#, "a=b&c"),
      (#""\"q\" \\ \'""#, #""q" \ '"#),
      (#"'it\'s "x"'"#, #"it's "x""#), (#""\u0928\u092E""#, "नम"), (#""\uD83D\uDE00""#, "😀"), (#""\u{1F600}!""#, "😀!"),
      (#""\uD83D lone""#, "\u{FFFD} lone"), (#""a\tb\nc""#, "a b c"), ("\"a\\\nb\"", "ab"), (#""né""#, "né"),
    ])
  func escapes(literal: String, name: String) {
    let read = items("items.push({name: \(literal), pageUrl: \"https:\\/\\/a.b\\/c\", gid: \"1\"});")
    #expect(read == [.init(name: name, pageURL: "https://a.b/c", gid: "1")])
  }

  @Test("properties come in any order, quoted, unknown, with any white space")
  func shapes() {
    let script = """
      items.push({ "gid" : '7' , initialSheet: true, x: -1.5,
        "pageUrl":"u1", name : "A",});items.push({name:"B",pageUrl:"u2"}); items.push({name: "A again", pageUrl: "u1"})
      """
    #expect(items(script) == [.init(name: "A", pageURL: "u1", gid: "7"), .init(name: "B", pageURL: "u2", gid: nil)])
  }

  @Test(
    "values that are expressions are passed over",
    arguments: [
      "initialSheet: (\"1\" == gid)", "x: f(a, {b: [1, 2]}, \"}\")", "x: a ? \"b\" : 'c'", "x: [1, 2, 3]",
      "x: {y: {z: 1}}",
      "x: function() { return 1 }", "x: !0", "x: 1 + 2", "x: -1.5", "x: null", "x: \"a\".length",
    ])
  func expressions(property: String) {
    let item = [WorksheetList.Item(name: "A", pageURL: "u1", gid: "7")]
    #expect(items("items.push({name: \"A\", pageUrl: \"u1\", gid: \"7\",\(property)});") == item)
    #expect(items("items.push({\(property), name: 'A', pageUrl: 'u' + \"1\", gid: '7'});") == item)
  }

  @Test(
    "what is broken is passed over, what follows is read",
    arguments: [
      "items.push({name: \"A\", pageUrl: \"x", "items.push({name: \"A\"});", "items.push(other);", "items.push({",
      "items.push({name: \"A\\xZZ\", pageUrl: \"x\"});", "items.push({name: \"A\\u{110000000}\", pageUrl: \"x\"});",
      "items.push({name: {n: 1}, pageUrl: \"x\"});", "items.push({name: \"A\\u00",
      "items.push({name: \"A\n\", pageUrl: 1})",
    ])
  func broken(script: String) {
    #expect(items(script + "\nitems.push({name: \"B\", pageUrl: \"u2\"});").map(\.name) == ["B"])
    #expect(items(script) == [])
  }

  @Test("lists, strings and objects are bounded")
  func bounds() {
    let many = (0..<1_000).map { "items.push({name: \"n\", pageUrl: \"u\($0)\"});" }.joined()
    #expect(items(many).count == WorksheetList.maxItems)
    let part = LongTests.areAsked ? 1 : 10
    let long = String(repeating: "x", count: 1_000_000 / part)
    #expect(items("items.push({name: \"\(long)\", pageUrl: \"u\"})") == [])
    #expect(items(String(repeating: "items.push({a:1,", count: 50_000 / part)) == [])
    #expect(items(String(repeating: "items.push({a:(", count: 50_000 / part)) == [])
  }
}
