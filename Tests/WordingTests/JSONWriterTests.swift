import Foundation
import Testing
import Wording

struct JSONWriterTests {
  @Test("objects, arrays, numbers and nulls, keys in the order given")
  func shape() {
    var json = JSONWriter()
    json.object { json in
      json.field("z", 1)
      json.field("a", nil)
      json.key("list")
      json.array { json in
        json.string("x")
        json.object { _ in }
        json.array { _ in }
      }
      json.field("d", 0.25)
      json.field("n", Double.nan)
    }
    #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"z":1,"a":null,"list":["x",{},[]],"d":0.25,"n":null}"#)
  }

  @Test(
    "strings survive a round trip through another reader",
    arguments: [
      "", "a/b", "\"\\\u{0}\u{1f}\n\r\t", "डॉ. 🩺", "</script>", "\u{2028}", "\u{80}x\u{9f}\u{a0}", "é\u{7f}\u{85}",
      "a long text that is no small string, with \"quotes\" and \\ at its end\\",
    ])
  func strings(_ text: String) throws {
    var json = JSONWriter()
    json.string(text)
    let read = try JSONSerialization.jsonObject(with: Data(json.bytes), options: .fragmentsAllowed)
    #expect(read as? String == text)
  }
}
